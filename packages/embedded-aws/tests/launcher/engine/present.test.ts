import { expect } from "chai";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";

import { engineInProject, engineOnPath } from "../../../launcher/engine/present";
import { requiredVersion, versionObjection } from "../../../launcher/engine/version";
import { temporaryFolders } from "../../../../../tests/offline/temporaryFolder";

/** An executable that reports `version`, and leaves a mark whenever it is asked. */
function fakeEngine(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "pulumi");
  writeFileSync(path, `#!/bin/sh\necho asked >> "${folder}/asked"\necho v${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

const timesAsked = (folder: string) =>
  existsSync(join(folder, "asked"))
    ? readFileSync(join(folder, "asked"), "utf8").trim().split("\n").length
    : 0;

describe("engine versions", () => {
  const [major, minor, patch] = requiredVersion.split(".").map(Number) as [number, number, number];

  for (const version of [
    requiredVersion,
    `v${requiredVersion}`,
    `${major}.${minor}.${patch + 1}`,
    `${major}.999.0`,
  ]) {
    it(`accepts ${version}`, () => expect(versionObjection(version)).to.equal(undefined));
  }
  for (const [version, objection] of [
    [`${major}.${minor - 1}.99`, "older than the SDK's"],
    [`${major + 1}.0.0`, "another major version"],
    [`${major - 1}.999.0`, "another major version"],
    ["", "reports no version"],
  ] as const) {
    it(`refuses ${version || "an empty version"}: ${objection}`, () =>
      expect(versionObjection(version)).to.contain(objection));
  }
});

describe("engine on the PATH", () => {
  const folder = temporaryFolders();

  it("is none when no folder holds one, or only a file that cannot be run", async () => {
    const [empty, file] = [folder(), folder()];
    writeFileSync(join(file, "pulumi"), "");
    expect(await engineOnPath([empty, file].join(delimiter), folder())).to.deep.equal({
      reason: "there is none",
    });
  });

  it("is refused without its own language host", async () => {
    const bin = folder();
    fakeEngine(bin, requiredVersion);
    expect(await engineOnPath(bin, folder()))
      .to.have.property("reason")
      .that.contains("no pulumi-language-nodejs");
  });

  it("is refused when it is too old, naming the file", async () => {
    const bin = folder();
    fakeEngine(bin, "3.100.0");
    writeFileSync(join(bin, "pulumi-language-nodejs"), "");
    expect(await engineOnPath(bin, folder())).to.deep.equal({
      reason: `${bin}/pulumi: it is 3.100.0, older than the SDK's ${requiredVersion}`,
    });
  });

  it("is found through a symbolic link, its language host beside the real file", async () => {
    const [bin, real] = [folder(), folder()];
    fakeEngine(real, requiredVersion);
    writeFileSync(join(real, "pulumi-language-nodejs"), "");
    symlinkSync(join(real, "pulumi"), join(bin, "pulumi"));
    expect(await engineOnPath(bin, folder())).to.deep.equal({
      executable: join(bin, "pulumi"),
      version: requiredVersion,
    });
  });

  it("is asked for its version once, and again only after it has changed", async () => {
    const [bin, memory] = [folder(), folder()];
    const path = fakeEngine(bin, requiredVersion);
    writeFileSync(join(bin, "pulumi-language-nodejs"), "");
    await engineOnPath(bin, memory);
    await engineOnPath(bin, memory);
    expect(timesAsked(bin)).to.equal(1);
    appendFileSync(path, "# another build\n");
    await engineOnPath(bin, memory);
    expect(timesAsked(bin)).to.equal(2);
  });
});

describe("engine in the project's folder", () => {
  const folder = temporaryFolders();

  it("is none in an empty folder", async () => {
    expect(await engineInProject(folder())).to.deep.equal({ reason: "there is none yet" });
  });

  it("receives this project's language host when it came without one", async () => {
    const home = folder();
    fakeEngine(join(home, "bin"), requiredVersion);
    expect(await engineInProject(home)).to.have.property("version", requiredVersion);
    expect(readFileSync(join(home, "bin", "pulumi-language-nodejs"), "utf8")).to.contain(
      "packages/embedded-aws/languageHost/main.ts",
    );
  });

  it("keeps the language host it came with", async () => {
    const home = folder();
    fakeEngine(join(home, "bin"), requiredVersion);
    writeFileSync(join(home, "bin", "pulumi-language-nodejs"), "its own");
    await engineInProject(home);
    expect(readFileSync(join(home, "bin", "pulumi-language-nodejs"), "utf8")).to.equal("its own");
  });

  it("is refused, and never started, when its bytes are others than those installed, even of the same age and size", async () => {
    const home = folder();
    const path = fakeEngine(join(home, "bin"), requiredVersion);
    expect(await engineInProject(home)).to.have.property("executable", path);
    const { atime, mtime } = statSync(path);
    writeFileSync(path, readFileSync(path, "utf8").replace("echo asked", "echo ASKED"));
    utimesSync(path, atime, mtime);
    const record = readFileSync(`${path}.sha256`, "utf8").split(" ")[0];
    const answer = await engineInProject(home);
    expect(answer)
      .to.have.property("reason")
      .that.matches(/^\S+\/bin\/pulumi: its SHA-256 is [0-9a-f]{64}, and \S+\.sha256 says /)
      .and.contains(`says ${record}: it was changed after it was installed. Delete ${join(home, "bin")} `);
    expect(timesAsked(join(home, "bin"))).to.equal(1);
    // The remedy.
    rmSync(join(home, "bin"), { recursive: true });
    fakeEngine(join(home, "bin"), requiredVersion);
    expect(await engineInProject(home)).to.have.property("version", requiredVersion);
  });

  it("is refused on the PATH too", async () => {
    const home = folder();
    const path = fakeEngine(join(home, "bin"), requiredVersion);
    await engineInProject(home);
    appendFileSync(path, "# changed\n");
    expect(await engineOnPath(join(home, "bin"), folder()))
      .to.have.property("reason")
      .that.contains("it was changed after it was installed");
  });
});
