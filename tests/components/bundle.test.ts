import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";

describe("the code of a Lambda function", () => {
  const project = mkdtempSync(join(tmpdir(), "bundle-"));
  const modules = join(project, "node_modules");
  const write = (file: string, text: string) => writeFileSync(join(project, file), text);
  const bundle = (env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, ["--require", "./typescript.cjs", "main.ts"], {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
  /** Nothing can be bundled: what comes then was kept. */
  const withoutEsbuild = { ESBUILD_BINARY_PATH: "/bin/false" };

  before(() => {
    for (const folder of ["components", "release", "node_modules"]) mkdirSync(join(project, folder));
    for (const name of ["esbuild", "@esbuild", "source-map-support", "source-map", "buffer-from"]) {
      symlinkSync(join(projectFolder, "node_modules", name), join(modules, name));
    }
    for (const file of [
      "components/bundle.ts",
      "typescript.cjs",
      "cache.cjs",
      "compileCache.cjs",
      "lazyModules.cjs",
      "nodeVersion.cjs",
      "package.json",
    ]) {
      cpSync(join(projectFolder, file), join(project, file));
    }
    write(
      "main.ts",
      'import { bundle } from "./components/bundle"; console.log(bundle("release/function.ts"));',
    );
    write(
      "release/function.ts",
      'import { answer } from "./answer"; export const handler = () => "the answer: " + answer;',
    );
    write("release/answer.ts", 'export const answer = "first" as const;');
  });
  after(() => rmSync(project, { recursive: true }));

  it("is one file, and kept for the next run", () => {
    const { stdout, stderr } = bundle();
    expect(stdout, stderr).to.contain("first").and.to.not.contain("./answer");
    expect(bundle(withoutEsbuild).stdout).to.equal(stdout);
  });

  it("is never older than a file that went into it, nor than the packages", () => {
    write("release/answer.ts", 'export const answer = "second" as const;');
    expect(bundle(withoutEsbuild).status).to.not.equal(0);
    expect(bundle().stdout).to.contain("second");
    write("node_modules/.package-lock.json", "{}");
    expect(bundle(withoutEsbuild).status).to.not.equal(0);
    expect(bundle().stdout).to.contain("second");
  });

  it("leaves nothing of its former versions", () => {
    const kept = readdirSync(join(modules, ".cache", "chatpop")).filter((name) => name.endsWith(".json"));
    expect(kept).to.have.length(1);
  });
});
