import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { engines } from "../../package.json";

const project = join(__dirname, "..", "..");

describe("a Node that is too old", () => {
  const folder = mkdtempSync(join(tmpdir(), "node-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs a command whose Node says that it is of this version. */
  const runOn = (version: string, command: string, ...args: string[]) => {
    const pretence = join(folder, "version.cjs");
    const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
    writeFileSync(pretence, `Object.defineProperty(process, "versions", { value: ${versions} });`);
    return spawnSync(command, args, {
      cwd: project,
      encoding: "utf8",
      env: {
        ...process.env,
        // Below another make it would say which folder it enters.
        MAKEFLAGS: "",
        MAKELEVEL: "0",
        CHATPOP_OFFLINE_HOME: join(folder, "home"),
        NODE_OPTIONS: `--require ${pretence}`,
      },
    });
  };
  const wanted = engines.node.replace(">=", "");

  for (const [entry, ...line] of [
    ["make up", "make", "up"],
    ["the installation of the packages", "make", "--always-make", "node_modules/.package-lock.json"],
    ["offline/pulumi", "offline/pulumi", "preview", "--stack", "small"],
    ["the program, as Pulumi.yaml starts it", process.execPath, "--require", "./typescript.cjs", "index.ts"],
    ["the policy pack", process.execPath, "policy/main.js"],
    ["delivery/recover", "delivery/recover", "small"],
    ["offline/aws", "offline/aws", "true"],
  ] as const)
    it(`is refused by ${entry} before anything else`, () => {
      const { status, stdout, stderr } = runOn("20.18.3", ...(line as unknown as [string, ...string[]]));
      expect(status, stderr).not.to.equal(0);
      expect(stdout).to.equal("");
      expect(stderr.split("\n")[0]).to.equal(
        `ChatPop on AWS needs Node ${wanted} or newer, and this is Node 20.18.3 (${process.execPath}). ` +
          "Install a newer one (https://nodejs.org), or put it first on the PATH.",
      );
      expect(stderr).not.to.match(/\n +at /);
    });

  it("is one below the version of package.json, which itself and any later one may run", () => {
    const ends = ["18.20.8", "20.18.9", wanted + ".0", "20.20.0", "22.0.0", "24.1.0"].map(
      (version) => runOn(version, process.execPath, "./nodeVersion.cjs").status,
    );
    expect(ends).to.deep.equal([1, 1, 0, 0, 0, 0]);
  });
});
