import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { itInAll } from "../exhaustive";

/** Starts a policy pack with Pulumi's own runner, and returns what it prints until it has named its port. */
async function start(files: Readonly<Record<string, string>>): Promise<{ port: string; said: string }> {
  const pack = mkdtempSync(join(tmpdir(), "pack-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(pack, name), text);
  symlinkSync(join(projectFolder, "node_modules"), join(pack, "node_modules"));
  const runner = createRequire(__filename).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const hook = `--require ${JSON.stringify(join(projectFolder, "lazyModules.cjs"))}`;
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
    cwd: pack,
    env: { ...process.env, NODE_OPTIONS: hook },
  });
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said += String(text)));
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.on("data", (text: Buffer) => resolve(String(text).trim()));
      child.on("exit", (code) => reject(new Error(`the pack ended with ${code}: ${said}`)));
    });
    return { port, said };
  } finally {
    child.removeAllListeners("exit").kill();
    rmSync(pack, { recursive: true });
  }
}

const packageOf = (main: string) => JSON.stringify({ name: "pack", version: "0.0.1", main });

describe("what Pulumi loads at every start", () => {
  it("leaves npm as it is, which inherits the option in whatever the engine starts", () => {
    const hook = `--require ${JSON.stringify(join(projectFolder, "lazyModules.cjs"))}`;
    const { status, stdout, stderr } = spawnSync("npm", ["ls", "zod"], {
      cwd: projectFolder,
      env: { ...process.env, NODE_OPTIONS: hook },
      encoding: "utf8",
    });
    expect(status, stderr).to.equal(0);
    expect(stdout).to.contain("zod@");
  });

  it("does without the parts that are seldom used, and has each at its first use", () => {
    const folder = mkdtempSync(join(tmpdir(), "program-"));
    try {
      const one = join(folder, "node_modules", "one");
      mkdirSync(one, { recursive: true });
      const named = { name: "here", version: "1.0.0", dependencies: { one: "1.0.0" } };
      writeFileSync(join(folder, "package.json"), JSON.stringify(named));
      writeFileSync(join(one, "package.json"), JSON.stringify({ name: "one", version: "1.0.0" }));
      const script = `
        const load = require("node:module").createRequire(${JSON.stringify(join(projectFolder, "index.ts"))});
        const [pulumi, zod] = [load("@pulumi/pulumi"), load("zod")];
        const parts = [/pulumi.automation/, /normalize-package-data/, /locales.de/];
        const loaded = () => parts.map((part) => Object.keys(require.cache).some((file) => part.test(file)));
        const before = loaded();
        const uses = [typeof pulumi.automation.LocalWorkspace.createStack, typeof zod.locales.de().localeError];
        pulumi.runtime.computeCodePaths().then((paths) =>
          console.log(JSON.stringify({ before, uses, paths: [...paths.keys()], after: loaded() })));`;
      const hook = join(projectFolder, "lazyModules.cjs");
      const { stdout, stderr } = spawnSync(process.execPath, ["--require", hook, "--eval", script], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(stderr).to.equal("");
      expect(JSON.parse(stdout)).to.deep.equal({
        before: [false, false, false],
        uses: ["function", "function"],
        paths: [join("node_modules", "one")],
        after: [true, true, true],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("does without the TypeScript compiler in a pack of JavaScript", async () => {
    const { port, said } = await start({
      "package.json": packageOf("main.js"),
      "main.js": `
        const compilers = Object.keys(require.cache).filter((file) => /typescript(@[\\d.]+)?\\/(lib\\/)?typescript/.test(file));
        console.error("compilers:", compilers.length);
        new (require("@pulumi/policy").PolicyPack)("pack", { policies: [] });`,
    });
    expect(port).to.match(/^\d+$/);
    expect(said).to.contain("compilers: 0");
  });

  itInAll("has the compiler at hand for a pack of TypeScript, which it also type-checks", async () => {
    const pack = (name: string) => ({
      "package.json": packageOf("index.ts"),
      "index.ts": `
        import { PolicyPack } from "@pulumi/policy";
        const name: string = ${name};
        new PolicyPack(name, { policies: [] });`,
    });
    expect((await start(pack('"pack"'))).port).to.match(/^\d+$/);
    const refused = await start(pack("1")).catch((error: Error) => error);
    expect(String(refused)).to.contain("Type 'number' is not assignable to type 'string'");
  });
});
