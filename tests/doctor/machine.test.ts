import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeChecks } from "../../doctor/check";
import { machineChecks } from "../../doctor/machine";
import { readStackFile } from "../../doctor/stackFile";
import { report } from "../../doctor/text";

describe("make doctor on this machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "chatpop-"));
  after(() => rmSync(folder, { recursive: true }));
  const tool = (name: string, lines: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const diagnose = (
    env: NodeJS.ProcessEnv = {},
    rest: { imageContext?: string; secretsProvider?: string } = {},
  ) =>
    makeChecks(machineChecks, {
      stack: "small",
      imageContext: undefined,
      ...rest,
      env: { PATH: folder, ...env },
    });
  const missing = async (...args: Parameters<typeof diagnose>) =>
    (await diagnose(...args)).filter(({ state }) => state === "missing").map(({ name }) => name);

  it("misses what is not installed, Docker only where an image is built", async () => {
    expect(await missing()).to.deep.equal(["engine", "state"]);
    expect(await missing({}, { imageContext: "/nowhere" })).to.deep.equal([
      "engine",
      "docker",
      "checkout",
      "state",
    ]);
  });

  it("finds the place of the state, and asks for a key unless the backend or a provider has one", async () => {
    const loggedIn = (url: string) =>
      tool("pulumi", `case $1 in version) echo v3.246.0;; *) echo '{"user": "me", "url": "${url}"}';; esac`);
    loggedIn("file://~");
    expect(await missing()).to.deep.equal(["key"]);
    expect(await missing({ PULUMI_CONFIG_PASSPHRASE: "" })).to.deep.equal([]);
    expect(await missing({}, { secretsProvider: "awskms://alias/chatpop-state" })).to.deep.equal([]);
    loggedIn("https://app.pulumi.com/me");
    expect(await missing()).to.deep.equal([]);
  });

  it("reads a stack's file as the program is given it", () => {
    const config =
      "config:\n  aws:region: eu-west-1\n  chatpop:scale: small\n  chatpop:rooms: 200\n  chatpop:secrets:\n    secure: v1:x\n  chatpop:workers: {a: {tasks: 1}}\n";
    writeFileSync(join(folder, "Pulumi.one.yaml"), `secretsprovider: awskms://key\n${config}`);
    const file = readStackFile("one", folder)!;
    expect(file.settings).to.deep.equal({ scale: "small", rooms: "200", workers: '{"a":{"tasks":1}}' });
    expect([...file.secretKeys]).to.deep.equal(["secrets"]);
    expect(file).to.include({ region: "eu-west-1", secretsProvider: "awskms://key" });
    expect(readStackFile("two", folder)).to.equal(undefined);
  });

  it("ends with the price, the time and how much is missing; JSON says the same", () => {
    const findings = [
      { name: "node", state: "ok", says: "Node 20" },
      { name: "state", state: "missing", says: "no login", remedy: "pulumi login" },
      { name: "role", state: "advised", says: "none yet", remedy: "aws iam create" },
    ] as const;
    const diagnosis = {
      stack: "small",
      findings,
      cost: { fixed: 77, usage: 23, region: "us-east-1" },
      asked: true,
      offline: false,
    };
    const lines = report(diagnosis).split("\n");
    expect(lines.slice(0, 3)).to.deep.equal([
      "✓ node   Node 20",
      "✗ state  no login",
      "         → pulumi login",
    ]);
    expect(lines.slice(-2)).to.deep.equal([
      "Stack small: ✗ 1 missing, ! 1 advised.",
      "Next: the commands after →, then make doctor",
    ]);
    expect(JSON.parse(report(diagnosis, true))).to.deep.include({ ready: false, findings });
    const next = (changes: object) =>
      report({ ...diagnosis, ...changes })
        .split("\n")
        .at(-1);
    expect(next({ offline: true, accountFile: "x/settings.json" })).to.match(
      /here rm x\/settings\.json .* make doctor OFFLINE=yes$/,
    );
    // Without the file there is nothing to remove.
    expect(next({ offline: true }))
      .to.match(/^Next: the commands after → .*OFFLINE=yes$/)
      .and.not.to.include("rm ");
  });

  it("says why the account was not asked", () => {
    const without = (name: string) =>
      report({
        ...{
          stack: "small",
          cost: { fixed: 77, usage: 23, region: "us-east-1" },
          asked: false,
          offline: true,
        },
        findings: [{ name, state: "missing", says: "no", remedy: "mend" }],
      });
    expect(without("credentials")).to.include("not asked: without credentials nobody answers.");
    expect(without("account")).to.include("not asked: its file is wrong.");
  });
});
