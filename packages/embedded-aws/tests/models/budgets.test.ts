import { expect } from "chai";
import { putTopic } from "./topics";
import { refuses, World } from "./world";

const elsewhere = "arn:aws:sns:us-east-1:123456789012:elsewhere";

const notice = (topic: string, change: object = {}) => ({
  notificationType: "ACTUAL",
  comparisonOperator: "GREATER_THAN",
  threshold: 80,
  thresholdType: "PERCENTAGE",
  subscriberSnsTopicArns: [topic],
  ...change,
});

describe("budgets", () => {
  refuses(
    "budgets/budget",
    (world) => ({
      name: "month",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "500",
      limitUnit: "USD",
      costFilters: [{ name: "TagKeyValue", values: ["user:Stack$small"] }],
      notifications: [notice(putTopic(world))],
    }),
    [
      ["a name with a colon", { name: "a:month" }, /is not a budget's name/],
      ["an amount of nothing", { limitAmount: "0.00" }, /is not an amount above 0/],
      ["a cost in gigabytes", { limitUnit: "GB" }, /a COST budget is in USD/],
      [
        "a tag without its origin",
        { costFilters: [{ name: "TagKeyValue", values: ["Stack$small"] }] },
        /"Stack\$small" is not a tag: user:<key>\$<value>/,
      ],
      ["a topic that is not there", { notifications: [notice(elsewhere)] }, /InvalidParameterException/],
      [
        "a notice to nobody",
        { notifications: [notice(elsewhere, { subscriberSnsTopicArns: [] })] },
        /must have at least one subscriber/,
      ],
      [
        "a notice to two topics",
        { notifications: [notice(elsewhere, { subscriberSnsTopicArns: [elsewhere, elsewhere] })] },
        /takes one subscriber of type SNS/,
      ],
      [
        "six notices",
        { notifications: Array.from({ length: 6 }, () => notice(elsewhere)) },
        /at most five notifications/,
      ],
    ],
  );
});

const specification = JSON.stringify({ Tags: { Key: "Stack", Values: ["small"] } });

describe("Cost Anomaly Detection", () => {
  refuses(
    "costexplorer/anomalyMonitor",
    () => ({ name: "small", monitorType: "CUSTOM", monitorSpecification: specification }),
    [
      ["without what it monitors", { monitorSpecification: undefined }, /has a MonitorSpecification/],
      ["with the dimension of the other kind", { monitorDimension: "SERVICE" }, /has a MonitorSpecification/],
      ["a specification that is no JSON", { monitorSpecification: "Stack" }, /invalid JSON/],
      [
        "a specification with an unknown part",
        { monitorSpecification: JSON.stringify({ Tag: { Key: "Stack" } }) },
        /Tag is no part of an Expression/,
      ],
    ],
  );

  const subscription = (world: World) => ({
    name: "small",
    frequency: "IMMEDIATE",
    monitorArnLists: [
      world.create("costexplorer/anomalyMonitor", { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" })
        .id,
    ],
    subscribers: [{ type: "SNS", address: putTopic(world) }],
    thresholdExpression: {
      dimension: {
        key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        matchOptions: ["GREATER_THAN_OR_EQUAL"],
        values: ["50"],
      },
    },
  });
  refuses("costexplorer/anomalySubscription", subscription, [
    ["a daily summary to a topic", { frequency: "DAILY" }, /DAILY is not for SNS: IMMEDIATE goes to SNS/],
    [
      "single anomalies to an address",
      { subscribers: [{ type: "EMAIL", address: "on-call@example.com" }] },
      /IMMEDIATE is not for EMAIL/,
    ],
    ["no threshold", { thresholdExpression: undefined }, /thresholdExpression/],
    [
      "a monitor that is not there",
      { monitorArnLists: ["arn:aws:ce::123456789012:anomalymonitor/1"] },
      /UnknownMonitorException/,
    ],
  ]);

  it("keeps a monitor that has a subscription", () => {
    const world = new World();
    const { inputs } = world.create("costexplorer/anomalySubscription", subscription(world));
    const [arn] = inputs["monitorArnLists"] as readonly string[];
    expect(() => world.remove(world.resources.find(({ id }) => id === arn)!)).to.throw(/ValidationException/);
  });
});
