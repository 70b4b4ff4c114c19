import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { describeInAll } from "../exhaustive";

const project = join(__dirname, "..", "..");
const isRoot = process.getuid?.() === 0;

/** A user of every Linux, with a login that nobody has. */
const ordinary = ["setpriv", "--reuid=1", "--regid=1", "--clear-groups"];

describeInAll("a project in a strange place", function () {
  this.timeout(900_000);
  const place = mkdtempSync(join(tmpdir(), "chatpop-"));
  const copy = join(place, "Über Größe", "it's ChatPop");
  const readOnly = join(place, "home");

  before(() => {
    mkdirSync(copy, { recursive: true });
    const left = new Set(["node_modules", ".engine", ".offline", ".git"]);
    cpSync(project, copy, {
      recursive: true,
      filter: (path) => !left.has(relative(project, path).split("/")[0]!),
    });
    symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
    // The engine's language host is written anew for the place of its project.
    execFileSync("cp", ["-a", "--reflink=auto", join(project, ".engine"), copy]);
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o555);
    chmodSync(place, 0o755);
  });
  after(() => rmSync(place, { recursive: true, force: true }));

  const preview = (home: string, env: Readonly<Record<string, string>>, as: readonly string[] = []) => {
    const [command, ...line] = [...as, join(copy, "offline", "pulumi"), "preview", "--policy-pack", "policy"];
    const { status, stdout, stderr } = spawnSync(command!, line, {
      ...{ cwd: copy, encoding: "utf8" },
      env: { PATH: process.env["PATH"], CHATPOP_OFFLINE_HOME: home, ...env },
    });
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.match(/\+ \d+ to create/);
  };

  it("previews its stack under the pack, without HOME and TMPDIR, from a path with blanks, umlauts and quotes", () =>
    preview(join(copy, ".offline"), {}));

  it("does so for an ordinary user who may write neither to HOME nor to the project, in a second offline home", function () {
    const reachable =
      isRoot && spawnSync(ordinary[0]!, [...ordinary.slice(1), "test", "-x", dirname(project)]);
    // The test of a user who is no root is the one above.
    if (!reachable || reachable.status !== 0) return this.skip();
    const home = join(place, "second home");
    mkdirSync(home);
    execFileSync("chown", ["1:1", home]);
    preview(home, { HOME: readOnly }, ordinary);
  });
});
