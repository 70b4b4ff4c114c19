import { expect } from "chai";
import { describeInAll } from "../exhaustive";
import { withoutPreview, OfflineStack, shortName, type Step } from "./offlineStack";

const primary = "aws:rds/instance:Instance chatpop-db";
const replica = "aws:rds/instance:Instance chatpop-db-replica";
const target = "aws:rds/proxyTarget:ProxyTarget chatpop-proxy";
/** The new database has another name, after which its log groups are named. */
const names = [
  "random:index/randomId:RandomId chatpop-db-name",
  ...["chatpop-db-log", "chatpop-db-replica-log"].map((name) => `aws:cloudwatch/logGroup:LogGroup ${name}`),
];
const taskDefinitions = ["chatpop-backend", "chatpop-worker-outbox-relay"].map(
  (name) => `aws:ecs/taskDefinition:TaskDefinition ${name}`,
);
const replace = ["--replace", "**rds/instance:Instance::chatpop-db", "--replace", "**::chatpop-db-name"];

describeInAll("restoring the database of the large scale in place", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("large");
  after(() => stack.remove());

  /** Steps of an update: `replace aws:rds/instance:Instance chatpop-db`. */
  const steps = async (...args: string[]) => {
    const preview = JSON.parse(await stack.succeeds("preview", "--json", ...args)) as { steps: Step[] };
    return preview.steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${shortName(urn)}`);
  };

  /** The primary and its replica. */
  const instances = async () => {
    const resources = stack.resources();
    return [primary, replica].flatMap((name) => resources.filter(({ urn }) => shortName(urn) === name));
  };

  before(async () => {
    await stack.upAsCommitted();
    await stack.set("snapshotIdentifier", "before-the-fire");
  });

  it("never happens by naming a snapshot", async () => {
    const planned = await steps();
    expect(planned.filter((step) => !step.startsWith("update"))).to.deep.equal([
      "replace random:index/randomId:RandomId chatpop-db-final",
    ]);
    expect(planned).to.include(`update ${primary}`);
  });

  it("is refused while the database is protected", async () => {
    const printed = await stack.fails("preview", ...replace);
    expect(printed).to.match(/unable to replace resource .*chatpop-db/);
    expect(printed).to.contain("marked for protection");
  });

  it("makes replicas of the new primary, and gives the proxy one target at a time (G-107, G-111, GAP-51)", async () => {
    await stack.set("snapshotIdentifier", "auto");
    await stack.set("deletionProtection", "false");
    await stack.succeeds("up", ...withoutPreview);
    const former = await instances();
    const planned = await steps(...replace);
    const replaced = planned.filter((step) => /^(replace|delete)/.test(step) && !step.includes("Invocation"));
    expect(replaced).to.have.members(
      [primary, replica, target, ...names, ...taskDefinitions].map((name) => `replace ${name}`),
    );

    // The embedded AWS refuses a second target beside the first, and a replica another source.
    await stack.succeeds("up", ...withoutPreview, ...replace);
    const [database, copy] = await instances();
    expect([database, copy].map((each) => each?.id)).to.not.include.members(former.map(({ id }) => id!));
    const identifier = database?.outputs?.["identifier"];
    expect(copy?.inputs?.["replicateSourceDb"]).to.equal(identifier);
    const [registered] = stack.resources().filter(({ urn }) => shortName(urn) === target);
    expect(registered?.inputs?.["dbInstanceIdentifier"]).to.equal(identifier);
    await stack.succeeds("preview", "--expect-no-changes");
  });
});
