import { expect } from "chai";
import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";

import { install } from "../../../launcher/engine/install";
import { requiredVersion } from "../../../launcher/engine/version";
import { temporaryFolders } from "../../../../../tests/offline/temporaryFolder";

describe("installing an engine", () => {
  const folder = temporaryFolders();
  const silent = () => {};

  async function fill(draft: string): Promise<void> {
    mkdirSync(join(draft, "bin"));
    writeFileSync(join(draft, "bin", "pulumi"), `#!/bin/sh\necho v${requiredVersion}\n`);
    chmodSync(join(draft, "bin", "pulumi"), 0o755);
  }

  it("moves a complete engine into place and leaves nothing else", async () => {
    const home = folder();
    const answer = await install(home, silent, fill);
    expect(answer).to.deep.equal({ executable: join(home, "bin", "pulumi"), version: requiredVersion });
    expect(readdirSync(home).sort()).to.deep.equal(["bin", "versions.json"]);
  });

  it("leaves nothing of an engine whose making failed", async () => {
    const home = folder();
    const failing = async (draft: string) => {
      await fill(draft);
      throw new Error("cut off");
    };
    const error = await install(home, silent, failing).catch((failure: Error) => failure);
    expect(error).to.have.property("message", "cut off");
    expect(readdirSync(home)).to.deep.equal([]);
  });

  it("replaces an engine whose version no longer fits", async () => {
    const home = folder();
    await fill(home);
    writeFileSync(join(home, "bin", "pulumi"), "#!/bin/sh\necho v3.1.0\n");
    expect(await install(home, silent, fill)).to.have.property("version", requiredVersion);
  });

  it("replaces an engine whose bytes have changed, and says why", async () => {
    const home = folder();
    await install(home, silent, fill);
    appendFileSync(join(home, "bin", "pulumi"), "# changed\n");
    const said: string[] = [];
    expect(await install(home, (line) => said.push(line), fill)).to.have.property("version", requiredVersion);
    expect(said.join()).to.match(/^replacing \S+\/bin\/pulumi: its SHA-256 is /);
    expect(readFileSync(join(home, "bin", "pulumi"), "utf8")).not.to.contain("changed");
  });

  it("makes one engine when two runs want it at once, and tells the second what it waits for", async () => {
    const home = folder();
    let made = 0;
    const said: string[] = [];
    let release = () => {};
    const secondWaits = new Promise<void>((resolve) => (release = resolve));
    const slow = async (draft: string) => {
      made += 1;
      await secondWaits;
      await fill(draft);
    };
    const hear = (line: string) => {
      said.push(line);
      release();
    };
    const both = await Promise.all([install(home, silent, slow), install(home, hear, slow)]);
    expect(made).to.equal(1);
    expect(both[0]).to.deep.equal(both[1]);
    expect(said).to.deep.equal([`waiting for process ${process.pid}, which is providing the engine already`]);
  });

  it("takes over from a run that was killed, and clears away what that one left", async () => {
    const home = folder();
    const { pid } = spawnSync("true");
    writeFileSync(join(home, "lock"), String(pid));
    mkdirSync(join(home, "draft-left"));
    await install(home, silent, fill);
    expect(readdirSync(home).sort()).to.deep.equal(["bin", "versions.json"]);
  });
});
