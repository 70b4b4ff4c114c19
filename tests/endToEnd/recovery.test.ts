import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { ways } from "../../delivery/recovery/imports";
import { layout } from "../../offline/environment";
import { models } from "../../packages/embedded-aws/models";
import { upserts } from "../../packages/embedded-aws/models/upserts";
import { AccountFile } from "../../packages/embedded-aws/provider/accountFile";
import { exhaustive } from "../exhaustive";
import { repeatable } from "../delivery/repeatable";
import { processes, treeOf, tryKill } from "../offline/processes";
import { OfflineStack, type State } from "./offlineStack";

const project = join(__dirname, "..", "..");
const run = promisify(execFile);

/** Kills a process group and all that stands below it: the engine gives each plugin a group of its own. */
function killTree(leader: number): void {
  const all = treeOf(leader, processes());
  process.kill(-leader, "SIGKILL");
  all.forEach(tryKill);
}

describe("an update whose processes are all killed", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());
  const env = { ...process.env, CHATPOP_OFFLINE_HOME: stack.home, NO_COLOR: "1" };

  /** Updates, and kills engine, program and providers once so many resources are there. */
  const killed = (created: number) =>
    new Promise<void>((resolve, reject) => {
      const line = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack.name];
      const child = spawn(join(project, "offline", "pulumi"), line, {
        ...{ env, detached: true },
        stdio: ["ignore", "pipe", "ignore"],
      });
      let said = "";
      child.stdout.on("data", (text: Buffer) => {
        said += text.toString();
        if (said.split(" created (").length > created) killTree(child.pid!);
      });
      child.on("close", (_, signal) =>
        signal === "SIGKILL" ? resolve() : reject(new Error(`it ended by itself:\n${said}`)),
      );
    });
  const recover = (...options: string[]) =>
    run(join(project, "offline", "aws"), [join(project, "delivery", "recover"), stack.name, ...options], {
      cwd: project,
      env: { ...env, PULUMI: join(project, "offline", "pulumi") },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        stdout: `${stdout}\n${stderr}`,
      }),
    );
  const state = async () => JSON.parse(await stack.succeeds("stack", "export")) as State;
  /** Resources of the account that the state does not know, but for those that a second creation passes. */
  const orphans = async () => {
    const known = new Set(
      ((await state()).deployment.resources ?? []).map(({ type, id }) => `${type} ${id}`),
    );
    const account = new AccountFile(layout(stack.home).account, (type) => models.get(type)?.sensitive ?? []);
    return account
      .read()
      .resources.filter(({ type }) => !repeatable.has(type))
      .map(({ type, id }) => `${type} ${id}`)
      .filter((each) => !known.has(each));
  };

  for (const created of exhaustive ? [15, 70] : [70]) {
    it(`is recovered after ${created} resources: nothing is pending, and nothing is unknown to the state`, async () => {
      await killed(created);
      const lost = await orphans();
      const dry = await recover();
      expect(await orphans(), `a dry run changes nothing: ${dry.stdout}`).to.deep.equal(lost);
      expect(dry.code, dry.stdout).to.equal(0);

      const applied = await recover("--apply");
      expect(applied.code, applied.stdout).to.equal(0);
      expect(applied.stdout).to.contain("Nothing is pending");
      expect((await state()).deployment).not.to.have.property("pending_operations");
      // A resource that may be made again under its own name is made again.
      const left = (await orphans()).filter((each) => {
        const type = each.split(" ")[0]!;
        return ways[type] !== undefined || !upserts.has(type);
      });
      expect(left).to.deep.equal([]);
    });
  }

  it("goes on to its end, and then there is nothing left to do", async () => {
    await stack.up();
    if (exhaustive) await stack.succeeds("preview", "--expect-no-changes");
    expect(await orphans()).to.deep.equal([]);
    const { code, stdout } = await recover();
    expect(stdout).to.contain("Nothing to recover");
    expect(code).to.equal(0);
  });
});
