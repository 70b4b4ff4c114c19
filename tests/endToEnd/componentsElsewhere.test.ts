import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../offline/environment";

describe("components in a program that is not the chat's", function () {
  this.timeout(200_000);
  const home = mkdtempSync(join(tmpdir(), "chatpop-elsewhere-"));
  after(() => rmSync(home, { recursive: true, force: true }));

  it("make the example's network and database, under names and settings of its own", async () => {
    const { code, stdout, stderr } = await run(
      ["preview", "--cwd", "examples/network-and-database", "--json", "--non-interactive"],
      { home },
    );
    expect(code, stdout + stderr).to.equal(0);
    const { steps } = JSON.parse(stdout) as {
      steps: { newState?: { type: string; urn: string; inputs?: Record<string, unknown> } }[];
    };
    const states = steps.flatMap(({ newState }) => newState ?? []);
    const database = states.find(({ type }) => type === "aws:rds/instance:Instance");
    expect(database?.inputs).to.include({ backupRetentionPeriod: 14, publiclyAccessible: false });
    expect(states.filter(({ type }) => type === "aws:ec2/subnet:Subnet")).to.have.lengthOf(4);
    expect(states.filter(({ urn }) => urn.includes("::chatpop-"))).to.deep.equal([]);
  });
});
