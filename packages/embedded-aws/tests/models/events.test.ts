import { expect } from "chai";
import { putTopic } from "./topics";
import { refuses, World } from "./world";

const serviceArn = "arn:aws:ecs:us-east-1:123456789012:service/chatpop/web";
const pattern = (change: object = {}) => ({
  eventPattern: JSON.stringify({
    source: ["aws.ecs"],
    resources: [serviceArn],
    detail: { eventName: ["X"] },
    ...change,
  }),
});

describe("cloudwatch/eventRule", () => {
  const sensible = (world: World) => {
    world.put("aws:ecs/service:Service", "web", { arn: serviceArn });
    return { name: "failed", description: "A deployment failed", ...pattern() };
  };
  refuses("cloudwatch/eventRule", sensible, [
    ["that waits for nothing", { eventPattern: undefined }, /give eventPattern or scheduleExpression/],
    ["a pattern that is no JSON", { eventPattern: "{" }, /invalid JSON/],
    [
      "a pattern with a plain text",
      pattern({ source: "aws.ecs" }),
      /Event pattern is not valid\. Reason: "source" must be an object or an array/,
    ],
    [
      "a pattern with a plain text below",
      pattern({ detail: { eventName: "X" } }),
      /"detail\.eventName" must be an object or an array/,
    ],
    ["a pattern with an empty list", pattern({ source: [] }), /source is an empty list/],
    [
      "a service that is not there",
      pattern({ resources: [`${serviceArn}-gone`] }),
      /would never match: .*-gone does not exist/,
    ],
    [
      "a schedule that is none",
      { eventPattern: undefined, scheduleExpression: "every day" },
      /is not of the form cron/,
    ],
    ["a name with a blank", { name: "a b" }, /is not a rule's name/],
  ]);
});

describe("cloudwatch/eventTarget", () => {
  const sensible = (world: World) => {
    world.put("aws:cloudwatch/eventRule:EventRule", "failed", { name: "failed" });
    return {
      rule: "failed",
      arn: putTopic(world),
      inputTransformer: { inputPaths: { reason: "$.detail.reason" }, inputTemplate: '"It failed: <reason>"' },
    };
  };
  const template = (inputTemplate: string) => ({
    inputTransformer: { inputPaths: { reason: "$.detail.reason" }, inputTemplate },
  });
  refuses("cloudwatch/eventTarget", sensible, [
    ["of a rule that is not there", { rule: "gone" }, /ResourceNotFoundException/],
    [
      "that is not there",
      { arn: "arn:aws:sns:us-east-1:123456789012:gone" },
      /Nobody would hear of the rule failed: the topic .*:gone does not exist/,
    ],
    ["a text without quotes", template("It failed: <reason>"), /neither JSON nor a text in double quotes/],
    ["a text with a value that nobody picks", template('"<reasons>"'), /<reasons> is not in inputPaths/],
    ["two inputs", { input: "{}" }, /give one of input, inputPath and inputTransformer/],
    [
      "a role where the topic's policy counts",
      { roleArn: "arn:aws:iam::123456789012:role/x" },
      /an SNS topic is reached by its own policy/,
    ],
  ]);

  it("takes JSON with values in it, and lines of text", () => {
    for (const inputTemplate of ['{"text": "it <reason>", "reason": <reason>}', '"one <reason>"\n"two"']) {
      const world = new World();
      world.create("cloudwatch/eventTarget", { ...sensible(world), ...template(inputTemplate) });
    }
  });

  it("keeps its rule from being deleted", () => {
    const world = new World();
    world.put("aws:ecs/service:Service", "web", { arn: serviceArn });
    const rule = world.create("cloudwatch/eventRule", { name: "failed", ...pattern() });
    const target = world.create("cloudwatch/eventTarget", { rule: "failed", arn: putTopic(world) });
    expect(() => world.remove(rule)).to.throw(/ValidationException/);
    world.remove(target);
    world.remove(rule);
  });

  it("is refused where the topic hears no events", () => {
    const world = new World();
    const arn = putTopic(world, [{ service: "cloudwatch.amazonaws.com" }]);
    world.put("aws:cloudwatch/eventRule:EventRule", "failed", { name: "failed" });
    expect(() => world.create("cloudwatch/eventTarget", { rule: "failed", arn })).to.throw(
      /does not let events\.amazonaws\.com publish/,
    );
  });
});
