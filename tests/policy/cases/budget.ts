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

export const budgets: Cases = {
  violations: [
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
  allowances: [{ what: "a budget that the stack exceeds", scale: "large", config: { monthlyBudget: "1" } }],
};
