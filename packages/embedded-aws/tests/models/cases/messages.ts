import type { World } from "../world";
import { putTopic } from "../topics";
import { type Case, cases } from "./case";

const queue = { name: "jobs" };
const budget = {
  name: "month",
  budgetType: "COST",
  timeUnit: "MONTHLY",
  limitAmount: "100",
  limitUnit: "USD",
};
const notice = (change: object) => ({
  notifications: [
    {
      ...{ notificationType: "FORECASTED", comparisonOperator: "GREATER_THAN", threshold: 100 },
      ...{ thresholdType: "PERCENTAGE", subscriberEmailAddresses: ["ops@example.com"] },
      ...change,
    },
  ],
});

export const messages: readonly Case[] = [
  ...cases("sqs/queue", "AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html", queue, {
    accepts: [
      ["two weeks", { messageRetentionSeconds: 1_209_600 }],
      ["order", { name: "jobs.fifo", fifoQueue: true, contentBasedDeduplication: true }],
      [
        "order by group",
        {
          name: "jobs.fifo",
          fifoQueue: true,
          deduplicationScope: "messageGroup",
          fifoThroughputLimit: "perMessageGroupId",
        },
      ],
    ],
    refuses: [
      ["a period in the name", { name: "chat.jobs" }],
      ["a minute less a second", { messageRetentionSeconds: 59 }],
      ["a wait of 21 seconds", { receiveWaitTimeSeconds: 21 }],
      ["a delay of 901 seconds", { delaySeconds: 901 }],
      ["twelve hours and a second", { visibilityTimeoutSeconds: 43_201 }],
      ["order in a plain queue", { contentBasedDeduplication: true }],
      ["a scope in a plain queue", { deduplicationScope: "queue" }],
      [
        "a limit by group without its scope",
        {
          name: "jobs.fifo",
          fifoQueue: true,
          fifoThroughputLimit: "perMessageGroupId",
          deduplicationScope: "queue",
        },
      ],
      ["dead letters to nowhere", { redrivePolicy: JSON.stringify({ maxReceiveCount: 5 }) }],
      [
        "a plain queue for the dead letters of an ordered one",
        (world: World) => ({
          name: "jobs.fifo",
          fifoQueue: true,
          redrivePolicy: JSON.stringify({
            deadLetterTargetArn: world.create("sqs/queue", { name: "dead" }).outputs.arn,
            maxReceiveCount: 5,
          }),
        }),
      ],
    ],
  }),
  ...cases(
    "sns/topic",
    "sns/latest/api/API_CreateTopic.html",
    { name: "alerts" },
    {
      accepts: [
        ["order", { name: "alerts.fifo", fifoTopic: true, contentBasedDeduplication: true }],
        ["a name of 256 characters", { name: "a".repeat(256) }],
      ],
      refuses: [
        ["a period in the name", { name: "chat.alerts" }],
        ["a displayed name of 101 characters", { displayName: "a".repeat(101) }],
        ["order without the name's end", { fifoTopic: true }],
        ["order in a plain topic", { contentBasedDeduplication: true }],
      ],
    },
  ),
  ...cases(
    "sns/topicSubscription",
    "sns/latest/api/API_Subscribe.html",
    (world) => ({ topic: putTopic(world), protocol: "email", endpoint: "ops@example.com" }),
    {
      accepts: [
        ["a telephone", { protocol: "sms", endpoint: "+491701234567" }],
        [
          "some messages",
          { filterPolicy: JSON.stringify({ severity: ["high"] }), filterPolicyScope: "MessageBody" },
        ],
        [
          "a raw queue",
          { protocol: "sqs", endpoint: "arn:aws:sqs:us-east-1:123456789012:jobs", rawMessageDelivery: true },
        ],
      ],
      refuses: [
        ["a protocol that there is not", { protocol: "mail" }],
        ["a page without TLS as one with it", { protocol: "https", endpoint: "http://example.com" }],
        ["raw mail", { rawMessageDelivery: true }],
        ["a filter that is no JSON", { filterPolicy: "severity" }],
        ["a filter by a value alone", { filterPolicy: JSON.stringify({ severity: "high" }) }],
      ],
    },
  ),
  ...cases(
    "budgets/budget",
    "aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html",
    budget,
    {
      accepts: [
        ["a forecast by mail", notice({})],
        [
          "hours of use",
          {
            budgetType: "USAGE",
            limitUnit: "Hrs",
            costFilters: [{ name: "UsageTypeGroup", values: ["EC2: Running Hours"] }],
          },
        ],
        [
          "a reservation's use",
          { budgetType: "RI_UTILIZATION", limitAmount: "100", limitUnit: "PERCENTAGE" },
        ],
      ],
      refuses: [
        ["a week", { timeUnit: "WEEKLY" }],
        ["an amount below nothing", { limitAmount: "-1" }],
        ["a forecast for a day", { timeUnit: "DAILY", ...notice({}) }],
        [
          "eleven readers",
          notice({ subscriberEmailAddresses: Array.from({ length: 11 }, (_, at) => `${at}@example.com`) }),
        ],
        ["a reader without address", notice({ subscriberEmailAddresses: ["ops"] })],
        [
          "two notices of one kind",
          { notifications: [...notice({}).notifications, ...notice({}).notifications] },
        ],
      ],
    },
  ),
];
