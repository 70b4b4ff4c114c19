import { expect } from "chai";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { layout, run } from "../../offline/environment";
import { startApi } from "../../packages/embedded-aws/api/server";
import { models } from "../../packages/embedded-aws/models/registry";
import { AccountFile } from "../../packages/embedded-aws/provider/accountFile";
import { contextFor } from "../../packages/embedded-aws/provider/context";
import { sdkVariables } from "../delivery/deployApi";
import { OfflineStack, shortName } from "./offlineStack";

const adopted = [
  "aws:cloudwatch/logGroup:LogGroup chatpop-backend",
  "aws:ecr/repository:Repository chatpop-backend",
  "aws:rds/instance:Instance chatpop-db",
  "aws:s3/bucket:Bucket chatpop-media",
  "aws:secretsmanager/secret:Secret chatpop-db-password",
  "aws:secretsmanager/secret:Secret chatpop-django-secret-key",
];

describe("an environment that the guide's commands have made", function () {
  this.timeout(600_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());
  let printed = "";

  /** Identifiers of a type's resources in the account. */
  const account = new AccountFile(layout(stack.home).account, (type) => models.get(type)?.sensitive ?? []);
  const idsOf = (type: string) =>
    account
      .read()
      .resources.filter((each) => each.type === type)
      .map(({ id }) => id);

  before(async () => {
    const made = await run(
      [
        "up",
        "--cwd",
        "tests/adoption/guide",
        "--stack",
        "byhand",
        "--yes",
        "--skip-preview",
        "--non-interactive",
      ],
      { home: stack.home },
    );
    expect(made.code, made.stdout + made.stderr).to.equal(0);
    const file = join(stack.home, "adopt.json");
    const api = await startApi({
      session: "person",
      get context() {
        return contextFor(account.read(), { region: "us-east-1", urn: "", home: layout(stack.home).account });
      },
    });
    try {
      const words = ["stack=small", `file=${file}`, "mediaBucket=chatpop-voice-messages"];
      const command = ["--require", "./typescript.cjs", "adoption/main.ts", ...words];
      const env = { ...process.env, ...sdkVariables(api) };
      printed = (await promisify(execFile)(process.execPath, command, { env })).stdout;
    } finally {
      await api.close();
    }
  });

  it("is taken over by the commands that make adopt prints: nothing that holds data is replaced or deleted", async () => {
    const typed = printed.split("Next:\n")[1]!.split("\n");
    const [set, take] = typed.map((line) =>
      [...line.trim().matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!),
    );
    // OfflineStack names the stack itself.
    const words = (line: readonly string[]) =>
      line.slice(1).filter((word, index, all) => word !== "--stack" && all[index - 1] !== "--stack");
    await stack.succeeds(...words(set!));
    const imported = await stack.succeeds(...words(take!), "--non-interactive");
    expect(imported).not.to.include("failed to validate");

    // The commands that are the operator's: the policy pack passes with them.
    const accepted = /echo '(.*)' > \S+/.exec(printed)![1]!;
    const policies = join(stack.home, "policies.json");
    writeFileSync(policies, accepted);
    await stack.succeeds("config", "set", "chatpop:deletionProtection", "true");
    const pack = ["--policy-pack", "policy", "--policy-pack-config", policies];

    const preview = JSON.parse(await stack.succeeds("preview", "--json", ...pack)) as {
      steps: { op: string; urn: string }[];
    };
    const others = preview.steps.filter(({ op }) => !["create", "same", "read"].includes(op));
    expect(others.map(({ op }) => op)).to.satisfy((ops: string[]) => ops.every((op) => op === "update"));
    expect(others.map(({ urn }) => shortName(urn)).sort()).to.deep.equal(adopted);
  });

  it("is the same afterwards, mended, and a second preview changes nothing", async () => {
    const kept = adopted.map((name) => name.split(" ")[0]!);
    const before = kept.map(idsOf);
    await stack.succeeds("up", "--yes", "--skip-preview", "--non-interactive");
    kept.forEach((type, index) => expect(idsOf(type)).to.include.members(before[index]!));
    const database = account.read().resources.find(({ outputs }) => outputs["identifier"] === "chatpop-db");
    expect(database?.outputs).to.include({ publiclyAccessible: false });
    expect(Number(database?.outputs["backupRetentionPeriod"])).to.be.at.least(7);
    await stack.succeeds("preview", "--expect-no-changes", "--non-interactive");
  });
});
