import { expect } from "chai";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

const config = { monthlyBudget: "500" };
const topicArn = "arn:aws:sns:us-east-1:123456789012:chatpop-alerts-1a2b3c4";

describe("the budget of a stack", () => {
  it("exists only where an amount is set, and lets nobody else publish before", () =>
    everywhere((recording) => {
      for (const type of [types.budget, types.anomalyMonitor, types.anomalySubscription]) {
        expect(recording.ofType(type), type).to.be.empty;
      }
      for (const type of [types.key, types.topicPolicy]) {
        expect(JSON.stringify(recording.one(type).wireInputs)).not.to.match(/budgets|costalerts/);
      }
    }));

  it("counts the cost of the stack in a month, by its tag (GAP-12)", () =>
    everywhere((recording) => {
      expect(recording.one(types.budget).inputs).to.deep.include({
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: "500",
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: ["user:Stack$test"] }],
      });
      const { monitorType, monitorSpecification } = recording.one(types.anomalyMonitor).inputs;
      expect(monitorType).to.equal("CUSTOM");
      expect(JSON.parse(String(monitorSpecification))).to.deep.include({
        Tags: { Key: "Stack", MatchOptions: null, Values: ["test"] },
      });
    }, config));

  it("reports a forecast and what is spent to the topic of the alarms, once the topic lets it", async () => {
    const recording = await record("small", "update", config);
    const budget = recording.one(types.budget);
    const notice = { thresholdType: "PERCENTAGE", comparisonOperator: "GREATER_THAN" };
    expect(budget.inputs["notifications"]).to.deep.equal(
      (
        [
          ["FORECASTED", 100],
          ["ACTUAL", 80],
          ["ACTUAL", 100],
        ] as const
      ).map(([notificationType, threshold]) => ({
        ...notice,
        notificationType,
        threshold,
        subscriberSnsTopicArns: [topicArn],
      })),
    );
    expect(recording.namesOf(budget, "notifications", types.topicPolicy)).to.deep.equal(["chatpop-alerts"]);
  });

  it("reports single anomalies from a tenth of the budget on, and from a dollar at least", async () => {
    const recording = await record("small", "update", config);
    const subscription = recording.one(types.anomalySubscription);
    expect(subscription.inputs).to.deep.include({
      frequency: "IMMEDIATE",
      subscribers: [{ type: "SNS", address: topicArn }],
      thresholdExpression: {
        dimension: {
          key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          matchOptions: ["GREATER_THAN_OR_EQUAL"],
          values: ["50"],
        },
      },
    });
    expect(recording.namesOf(subscription, "monitorArnLists")).to.deep.equal([
      recording.one(types.anomalyMonitor).name,
    ]);
    expect(recording.namesOf(subscription, "subscribers", types.topicPolicy)).to.deep.equal([
      "chatpop-alerts",
    ]);
    const least = (await record("small", "update", { monthlyBudget: "1" })).one(types.anomalySubscription);
    expect(least.inputs).to.have.nested.property("thresholdExpression.dimension.values[0]", "1");
  });

  it("lets both services publish and use the key, for this account alone", async () => {
    const recording = await record("small", "update", config);
    for (const type of [types.key, types.topicPolicy]) {
      const { Statement } = JSON.parse(String(recording.one(type).inputs["policy"])) as {
        Statement: { Principal: { Service?: string }; Condition?: object }[];
      };
      for (const service of ["budgets.amazonaws.com", "costalerts.amazonaws.com"]) {
        const [statement, ...others] = Statement.filter(({ Principal }) => Principal.Service === service);
        expect(others, service).to.be.empty;
        expect(statement?.Condition, service).to.deep.equal({
          StringEquals: { "aws:SourceAccount": "123456789012" },
        });
      }
    }
  });
});
