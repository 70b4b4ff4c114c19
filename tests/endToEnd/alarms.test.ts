import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { makePlan } from "../../stacks/plan";
import { itInAll } from "../exhaustive";
import { OfflineStack } from "./offlineStack";
import { OtherProgram } from "./otherProgram";

interface Kept {
  readonly type: string;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const kept = (home: string) =>
  (JSON.parse(readFileSync(join(home, "account", "account.json"), "utf8")) as { resources: readonly Kept[] })
    .resources;
const ofType = (home: string, end: string) => kept(home).filter(({ type }) => type.endsWith(end));

describe("alarms of a stack at the large scale, in the account", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("large");
  after(() => stack.remove());
  const webhook = "https://events.example.com/sns/hunter2";

  it("stand one for one as the Plan has them, each with somebody who hears it (G-115 … G-129, G-195)", async () => {
    await stack.upAsCommitted();
    await stack.set("alarmEmail", "on-call@example.com");
    await stack.succeeds("config", "set", "--secret", "chatpop:alarmWebhook", webhook);
    await stack.set("monthlyBudget", "5000");
    await stack.up();
    const { alarms } = makePlan({ scale: "large" }).monitoring;
    const standing = ofType(stack.home, ":MetricAlarm");
    expect(standing.map(({ id }) => id.replace(/^chatpop-large-(.*)-[0-9a-f]{7}$/, "$1"))).to.have.members([
      ...Object.keys(alarms),
      "deployment",
    ]);
    const [topic] = ofType(stack.home, ":Topic");
    for (const alarm of [...standing, ...ofType(stack.home, ":CompositeAlarm")]) {
      expect(alarm.inputs["alarmActions"], alarm.id).to.deep.equal([topic!.id]);
      expect(alarm.inputs["okActions"], alarm.id).to.deep.equal([topic!.id]);
    }
  });

  it("look at the resources that stand there, the primary and its replica apart", () => {
    const identifiers = ofType(stack.home, "instance:Instance").map(({ outputs }) => outputs["identifier"]);
    const watched = ofType(stack.home, ":MetricAlarm")
      .filter(({ inputs }) => inputs["metricName"] === "CPUUtilization" && inputs["namespace"] === "AWS/RDS")
      .map(({ inputs }) => (inputs["dimensions"] as Record<string, string>)["DBInstanceIdentifier"]);
    expect(watched).to.have.members(identifiers).and.to.have.length(2);
  });

  it("have two listeners; what is posted to stands nowhere in plain text", async () => {
    const listeners = ofType(stack.home, ":TopicSubscription").map(({ inputs }) => inputs["protocol"]);
    expect(listeners).to.have.members(["email", "https"]);
    expect(readFileSync(join(stack.home, "account", "account.json"), "utf8")).to.not.contain("hunter2");
    expect(await stack.succeeds("stack", "export")).to.not.contain("hunter2");
  });

  it("share their topic with the budget, which finds the stack by its tag (GAP-12)", () => {
    const [topic] = ofType(stack.home, ":Topic");
    const [budget] = ofType(stack.home, ":Budget");
    const [subscription] = ofType(stack.home, ":AnomalySubscription");
    expect(JSON.stringify(budget!.inputs["notifications"])).to.contain(topic!.id);
    expect(subscription!.inputs["subscribers"]).to.deep.equal([{ type: "SNS", address: topic!.id }]);
    const tag = `user:Stack$${String((topic!.outputs["tagsAll"] as Record<string, string>)["Stack"])}`;
    expect(budget!.inputs["costFilters"]).to.deep.equal([{ name: "TagKeyValue", values: [tag] }]);
  });

  it("stand on the dashboard that the output names (G-184)", async () => {
    const [dashboard] = ofType(stack.home, ":Dashboard");
    expect((await stack.outputs())["dashboardUrl"]).to.match(
      new RegExp(`dashboards/dashboard/${dashboard!.id}$`),
    );
    const body = String(dashboard!.inputs["dashboardBody"]);
    for (const { outputs } of ofType(stack.home, ":MetricAlarm")) expect(body).to.contain(outputs["arn"]);
  });

  itInAll("take another threshold, or go with a reason; nothing else changes", async () => {
    const reason = "measured, and harmless";
    const alarms = { "database-cpu": { threshold: 85 }, "cache-swap": { enabled: false, reason } };
    await stack.set("alarms", JSON.stringify(alarms));
    const steps = (await stack.upSteps()).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
    expect(steps).to.have.members([
      "update chatpop-large-database-cpu",
      "update chatpop-large-database-cpu-2",
      "update chatpop",
      "delete chatpop-large-cache-swap",
    ]);
  });

  itInAll("refuse a key that does not exist, with those that do, before anything changes", async () => {
    await stack.set("alarms", `{"database-cpus":{"threshold":85}}`);
    const printed = (await stack.fails("up", "--yes", "--non-interactive")).replace(/\s+/g, " ");
    expect(printed).to.match(
      /chatpop:alarms names "database-cpus", which is no alarm\. Did you mean "database-cpu"\? The alarms are .*database-cpu,/,
    );
    expect(printed).to.not.match(/at .*\.ts:\d+/);
  });
});

/** Alarms of somebody else: on a database that is not there, and told to a topic that lets nobody in. */
const mistaken = `
  import * as aws from "@pulumi/aws";
  const alarm = (name: string, identifier: string, topic: string) => new aws.cloudwatch.MetricAlarm(name, {
    namespace: "AWS/RDS", metricName: "CPUUtilization", dimensions: { DBInstanceIdentifier: identifier },
    statistic: "Average", period: 300, evaluationPeriods: 2, threshold: 80,
    comparisonOperator: "GreaterThanThreshold", alarmActions: [topic as any],
  });
  const topic = new aws.sns.Topic("alerts");
  const deaf = new aws.sns.Topic("deaf", { kmsMasterKeyId: "alias/aws/sns" });
  alarm("nowhere", "gone", topic.arn as any);
  new aws.cloudwatch.MetricAlarm("unheard", {
    metricQueries: [
      { id: "value", expression: "topics * 1", returnData: true },
      { id: "topics", metric: { namespace: "AWS/SNS", metricName: "NumberOfMessagesPublished",
        dimensions: { TopicName: topic.name }, period: 60, stat: "Sum" } },
    ],
    evaluationPeriods: 1, threshold: 1, comparisonOperator: "GreaterThanThreshold", alarmActions: [deaf.arn],
  });`;

describe("alarms that could never work", function () {
  this.timeout(900_000);
  const program = new OtherProgram(mistaken, "dev");
  after(() => program.remove());

  it("are refused by the embedded AWS, with the reason", async () => {
    const { code, stdout, stderr } = await program.pulumi(["up", "--yes", "--continue-on-error"]);
    const printed = (stdout + stderr).replace(/\s+/g, " ");
    expect(code).to.not.equal(0);
    expect(printed).to.match(
      /The alarm nowhere-[0-9a-f]{7} would never have data: DBInstanceIdentifier gone is no identifier/,
    );
    expect(printed).to.match(
      /Nobody would hear of unheard-[0-9a-f]{7}: .* alias\/aws\/sns, which lets no service publish/,
    );
  });
});
