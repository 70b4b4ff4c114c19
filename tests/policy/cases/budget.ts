import { types } from "../../recording/types";
import { set } from "../mutations";
import type { Cases } from "./case";

/** Lets services of AWS publish to the topic of the alarms. */
const publishers = (...services: readonly string[]) =>
  set(
    { type: types.topicPolicy },
    "policy",
    JSON.stringify({
      Version: "2012-10-17",
      Statement: services.map((service) => ({
        Effect: "Allow",
        Principal: { Service: `${service}.amazonaws.com` },
        Action: "sns:Publish",
        Resource: "*",
      })),
    }),
  );

const budget = { type: types.budget };

export const budgets: Cases = {
  violations: [
    {
      what: "a budget below what the stack costs without a user (GAP-12)",
      scale: "large",
      config: { monthlyBudget: "300" },
      policy: "monthly-budget",
      blames: `${types.budget} chatpop`,
      says: /\$300 a month, but the stack costs \$\d[\d,]+ without a user \(list prices of us-east-1, fewest tasks\)/,
    },
    {
      what: "a topic that Budgets may not publish to",
      scale: "small",
      config: { monthlyBudget: "500" },
      mutation: publishers("cloudwatch", "events", "costalerts"),
      policy: "notices-arrive",
      blames: `${types.topicPolicy} chatpop-alerts`,
      says: /does not let budgets\.amazonaws\.com publish: a budget's notices are lost/,
    },
    {
      what: "a topic that Cost Anomaly Detection may not publish to",
      scale: "small",
      config: { monthlyBudget: "500" },
      mutation: publishers("cloudwatch", "events", "budgets"),
      policy: "notices-arrive",
      blames: `${types.topicPolicy} chatpop-alerts`,
      says: /does not let costalerts\.amazonaws\.com publish: notices of unusual cost are lost/,
    },
  ],
  allowances: [
    { what: "a budget that the stack keeps", scale: "small", config: { monthlyBudget: "500" } },
    {
      what: "a small budget for a day",
      scale: "large",
      config: { monthlyBudget: "300" },
      mutation: set(budget, "timeUnit", "DAILY"),
    },
    {
      what: "a small budget for one service of AWS",
      scale: "large",
      config: { monthlyBudget: "300" },
      mutation: set(budget, "costFilters", [{ name: "Service", values: ["AWS Key Management Service"] }]),
    },
  ],
};
