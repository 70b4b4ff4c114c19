import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";

describe("TypeScript that runs without a build step", () => {
  const project = mkdtempSync(join(tmpdir(), "typescript-"));
  const loader = join(project, "typescript.cjs");
  const compiled = () =>
    readdirSync(join(project, "node_modules", ".cache", "chatpop"))
      .filter((name) => !/^v8/.test(name))
      .sort();
  const run = (source: string): string => {
    writeFileSync(join(project, "main.ts"), source);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", loader, "main.ts"], {
      cwd: project,
      encoding: "utf8",
    });
    expect(status, stderr).to.equal(0);
    return stdout.trim();
  };
  before(() => {
    mkdirSync(join(project, "node_modules"));
    for (const name of ["esbuild", "@esbuild", "source-map-support", "source-map", "buffer-from"]) {
      symlinkSync(join(projectFolder, "node_modules", name), join(project, "node_modules", name));
    }
    for (const file of [
      ...["typescript.cjs", "cache.cjs", "compileCache.cjs", "lazyModules.cjs", "nodeVersion.cjs"],
      "package.json",
    ])
      cpSync(join(projectFolder, file), join(project, file));
  });
  after(() => rmSync(project, { recursive: true }));

  it("loads a file beside this one by import(), without an ending, and a package as Node does", () => {
    writeFileSync(join(project, "beside.ts"), "export const answer: number = 42;\n");
    const source =
      'async function main(): Promise<void> { const { answer } = await import("./beside"); ' +
      'const { sep } = await import("node:path"); console.log(answer, sep); }\nvoid main();';
    expect(run(source)).to.equal("42 /");
    rmSync(join(project, "node_modules", ".cache"), { recursive: true });
  });

  it("is compiled once, and again when it changes", () => {
    expect(run("const one: number = 1; console.log(one);")).to.equal("1");
    const first = compiled();
    expect(run("const one: number = 1; console.log(one);")).to.equal("1");
    expect(compiled()).to.deep.equal(first);
    expect(run("const two: number = 2; console.log(two);")).to.equal("2");
    expect(compiled()).to.not.deep.equal(first);
  });

  it("leaves nothing of its former versions", () => {
    expect(compiled()).to.have.length(2);
    expect(compiled()[1]).to.equal(`${compiled()[0]}.map`);
  });

  it("shows the lines of the source in every trace, of the same place again as well", () => {
    const source =
      "interface Unused { readonly name: string }\nconst place = (): string => new Error().stack!.split('\\n')[1]!;\n" +
      "console.log([place(), place()].map((line) => /main.ts:(\\d+)/.exec(line)?.[1]).join());";
    expect(run(source)).to.equal("2,2");
  });

  it("is compiled again when it is to be compiled in another way", () => {
    const source = "console.log(typeof {}?.constructor);";
    run(source);
    const before = compiled();
    writeFileSync(loader, readFileSync(loader, "utf8").replace('target: "node20"', 'target: "es2019"'));
    run(source);
    expect(compiled()).to.not.deep.equal(before);
  });
});
