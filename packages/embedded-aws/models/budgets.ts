// Supervision of an account's cost: AWS Budgets, and monitors of Cost Anomaly Detection with their subscriptions.
import { z } from "zod";
import type { Context, Model } from "./model";
import { refusal } from "./refusal";
import { arn, json, modelled, tags, text } from "./schema";
import { topicType } from "./sns";

const monitorType = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";

/** Random ids in the form of Cost Explorer. */
const uuid = ({ hex }: Context) => [8, 4, 4, 4, 12].map((digits) => hex(digits)).join("-");

const notification = z
  .strictObject({
    notificationType: z.enum(["ACTUAL", "FORECASTED"]),
    comparisonOperator: z.enum(["GREATER_THAN", "LESS_THAN", "EQUAL_TO"]),
    threshold: z.number().positive().max(1_000_000_000),
    thresholdType: z.enum(["PERCENTAGE", "ABSOLUTE_VALUE"]),
    subscriberEmailAddresses: z
      .array(text(/^[^\s@]+@[^\s@]+$/, "an e-mail address"))
      .max(10)
      .optional(),
    subscriberSnsTopicArns: z
      .array(arn("sns"))
      .max(1, { error: "A notification takes one subscriber of type SNS" })
      .optional(),
  })
  .superRefine(({ subscriberEmailAddresses = [], subscriberSnsTopicArns = [] }, context) => {
    if (subscriberEmailAddresses.length + subscriberSnsTopicArns.length === 0) {
      refusal(context)("subscriberSnsTopicArns", "Notification must have at least one subscriber");
    }
  });

/** Values of a cost filter; only those of tags are checked. */
const costFilter = z.strictObject({ name: z.string(), values: z.array(z.string()).min(1) });

const budget: Model = {
  type: "aws:budgets/budget:Budget",
  inputs: z
    .strictObject({
      name: text(/^[^:\\]{1,100}$/, "a budget's name: at most 100 characters, without : and \\").optional(),
      budgetType: modelled(
        ["COST", "USAGE"],
        ["RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"],
        "budget of the type",
      ),
      timeUnit: z.enum(["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY"]),
      limitAmount: text(/^(?!0*\.?0*$)\d+(\.\d+)?$/, "an amount above 0"),
      limitUnit: z.string().min(1),
      costFilters: z.array(costFilter).optional(),
      notifications: z
        .array(notification)
        .max(5, { error: "CreationLimitExceededException: a budget has at most five notifications" })
        .optional(),
      tags: tags.optional(),
    })
    .superRefine(({ costFilters = [], budgetType, limitUnit, timeUnit, notifications = [] }, context) => {
      const refuse = refusal(context);
      if (
        timeUnit === "DAILY" &&
        notifications.some(({ notificationType }) => notificationType === "FORECASTED")
      )
        refuse("notifications", "InvalidParameterException: a DAILY budget has no FORECASTED notification");
      const kinds = notifications.map((each) =>
        [each.notificationType, each.comparisonOperator, each.threshold, each.thresholdType].join(),
      );
      if (new Set(kinds).size < kinds.length)
        refuse("notifications", "DuplicateRecordException: two notifications of a budget are the same");
      if (budgetType === "COST" && limitUnit !== "USD") refuse("limitUnit", "a COST budget is in USD");
      for (const { name, values } of costFilters) {
        const wrong = values.find((value) => name === "TagKeyValue" && !/^(user|aws):[^$]+\$/.test(value));
        if (wrong !== undefined) {
          refuse(
            "costFilters",
            `${JSON.stringify(wrong)} is not a tag: user:<key>$<value> or aws:<key>$<value>`,
          );
        }
      }
    }),
  autoName: { property: "name", maxLength: 100 },
  unique: [{ property: "name", taken: "DuplicateRecordException" }],
  references: [
    {
      path: "notifications.*.subscriberSnsTopicArns.*",
      to: topicType,
      by: "arn",
      missing: "InvalidParameterException",
      holds: false,
    },
  ],
  computed: ["accountId", "arn", "timePeriodEnd", "timePeriodStart"],
  identify: (given, { accountId }) => `${accountId}:${String(given.name)}`,
  describe: (given, _id, { accountId, clock }, previous) => ({
    accountId,
    arn: `arn:aws:budgets::${accountId}:budget/${String(given.name)}`,
    timePeriodEnd: "2087-06-15_00:00",
    timePeriodStart: previous?.outputs.timePeriodStart ?? `${clock.now().toISOString().slice(0, 7)}-01_00:00`,
  }),
};

/** Keys of a JSON object; empty if the text is refused elsewhere. */
function keysOf(text = "{}"): readonly string[] {
  try {
    return Object.keys(JSON.parse(text) as object);
  } catch {
    return [];
  }
}

const kinds = ["And", "CostCategories", "Dimensions", "Not", "Or", "Tags"];

const monitor: Model = {
  type: monitorType,
  inputs: z
    .strictObject({
      name: z.string().min(1).max(1024).optional(),
      monitorType: z.enum(["CUSTOM", "DIMENSIONAL"]),
      monitorDimension: z.enum(["COST_CATEGORY", "LINKED_ACCOUNT", "SERVICE", "TAG"]).optional(),
      monitorSpecification: json.optional(),
      tags: tags.optional(),
    })
    .superRefine(({ monitorType, monitorDimension, monitorSpecification }, context) => {
      const refuse = refusal(context);
      const custom = monitorType === "CUSTOM";
      if ((monitorSpecification === undefined) === custom || (monitorDimension !== undefined) === custom) {
        refuse(
          "monitorType",
          "ValidationException: a CUSTOM monitor has a MonitorSpecification, a DIMENSIONAL one a MonitorDimension",
        );
        return;
      }
      const unknown = keysOf(monitorSpecification).find((key) => !kinds.includes(key));
      if (unknown !== undefined) {
        refuse("monitorSpecification", `${unknown} is no part of an Expression: ${kinds.join(", ")}`);
      }
    }),
  autoName: { property: "name", maxLength: 1024 },
  replace: ["monitorDimension", "monitorSpecification", "monitorType"],
  inUse: "ValidationException",
  computed: ["arn"],
  identify: (_given, context) => `arn:aws:ce::${context.accountId}:anomalymonitor/${uuid(context)}`,
  describe: (_given, id) => ({ arn: id }),
};

const dimension = z.strictObject({
  key: z.enum(["ANOMALY_TOTAL_IMPACT_ABSOLUTE", "ANOMALY_TOTAL_IMPACT_PERCENTAGE"]),
  matchOptions: z.array(z.literal("GREATER_THAN_OR_EQUAL")).length(1),
  values: z.array(text(/^\d+(\.\d+)?$/, "a number")).length(1),
});

const subscription: Model = {
  type: "aws:costexplorer/anomalySubscription:AnomalySubscription",
  inputs: z
    .strictObject({
      name: z.string().min(1).max(1024).optional(),
      frequency: z.enum(["DAILY", "IMMEDIATE", "WEEKLY"]),
      monitorArnLists: z.array(arn("ce", "anomalymonitor/")).min(1),
      subscribers: z.array(z.strictObject({ type: z.enum(["EMAIL", "SNS"]), address: z.string() })).min(1),
      thresholdExpression: z.strictObject({ dimension }),
      tags: tags.optional(),
    })
    .superRefine(({ frequency, subscribers }, context) => {
      const wrong = subscribers.find(({ type }) => (type === "SNS") !== (frequency === "IMMEDIATE"));
      if (wrong) {
        refusal(context)(
          "frequency",
          `ValidationException: ${frequency} is not for ${wrong.type}: IMMEDIATE goes to SNS, DAILY and WEEKLY to EMAIL`,
        );
      }
    }),
  autoName: { property: "name", maxLength: 1024 },
  references: [{ path: "monitorArnLists.*", to: monitorType, by: "arn", missing: "UnknownMonitorException" }],
  replace: ["name"],
  computed: ["accountId", "arn"],
  identify: (_given, context) => `arn:aws:ce::${context.accountId}:anomalysubscription/${uuid(context)}`,
  describe: (_given, id, { accountId }) => ({ accountId, arn: id }),
};

export const models: readonly Model[] = [budget, monitor, subscription];
