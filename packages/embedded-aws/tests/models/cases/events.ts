import { putRole, type World } from "../world";
import { definition } from "../task";
import { putTopic } from "../topics";
import { type Case, cases } from "./case";

const pattern = (eventPattern: object) => ({ eventPattern: JSON.stringify(eventPattern) });
const filter = (text: string, change: object = {}) => ({
  pattern: text,
  metricTransformation: { name: "errors", namespace: "Chat", value: "1", ...change },
});
const schedule = (world: World) => ({
  name: "tidy",
  scheduleExpression: "rate(1 hours)",
  flexibleTimeWindow: { mode: "OFF" },
  target: {
    arn: world.create("ecs/cluster", { name: "chatpop" }).outputs.arn,
    roleArn: putRole(world, "scheduler", "scheduler.amazonaws.com", ["ecs:RunTask", "iam:PassRole"]),
    ecsParameters: {
      taskDefinitionArn: world.create("ecs/taskDefinition", definition(world)).outputs.arn,
      launchType: "FARGATE",
      networkConfiguration: { subnets: ["subnet-0000000a"], securityGroups: ["sg-00000001"] },
    },
  },
});
const alarm = {
  ...{ name: "busy", comparisonOperator: "GreaterThanThreshold", threshold: 80, evaluationPeriods: 3 },
  ...{ namespace: "Chat", metricName: "Busy", statistic: "Average", period: 60 },
};
const heard = (world: World) => ({ ...alarm, alarmActions: [putTopic(world)] });
const percentile = (extendedStatistic: string) => ({ statistic: undefined, extendedStatistic });

export const events: readonly Case[] = [
  ...cases(
    "cloudwatch/eventRule",
    "eventbridge/latest/userguide/eb-create-rule-schedule.html",
    { name: "tidy" },
    {
      accepts: [
        ["every day", { scheduleExpression: "rate(1 day)" }],
        ["weekdays at work", { scheduleExpression: "cron(0/15 8-17 ? * MON-FRI *)" }],
        ["the last day of a month", { scheduleExpression: "cron(0 3 L * ? *)" }],
        [
          "none of several beginnings",
          pattern({ source: [{ "anything-but": { prefix: ["aws.", "test."] } }] }),
        ],
        ["nothing at all", pattern({ detail: { error: [null] } })],
        ["a wildcard", pattern({ detail: { file: [{ wildcard: "dir/*.png" }] } })],
      ],
      refuses: [
        ["one in the plural", { scheduleExpression: "rate(1 days)" }],
        ["every second", { scheduleExpression: "rate(30 seconds)" }],
        ["two fixed days", { scheduleExpression: "cron(0 3 1 * MON *)" }],
        ["the month 13", { scheduleExpression: "cron(0 3 1 13 ? *)" }],
        ["a single moment", { scheduleExpression: "at(2030-01-01T00:00:00)" }],
        ["a value alone", pattern({ source: "aws.ecs" })],
        ["an empty list", pattern({ source: [] })],
        ["a number as a beginning", pattern({ detail: { n: [{ prefix: 5 }] } })],
        ["two lower bounds", pattern({ detail: { n: [{ numeric: [">", 0, ">", 5] }] } })],
        ["a name with a blank", { name: "tidy up", scheduleExpression: "rate(1 day)" }],
        ["two wildcards in a row", pattern({ detail: { file: [{ wildcard: "dir/**" }] } })],
      ],
    },
  ),
  ...cases("scheduler/schedule", "scheduler/latest/UserGuide/schedule-types.html", schedule, {
    accepts: [
      ["one moment", { scheduleExpression: "at(2030-01-01T00:00:00)", actionAfterCompletion: "DELETE" }],
      [
        "the third Tuesday",
        { scheduleExpression: "cron(0 10 ? * 3#3 *)", scheduleExpressionTimezone: "Europe/Berlin" },
      ],
      ["from one day to another", { startDate: "2030-01-01T00:00:00Z", endDate: "2031-01-01T00:00:00Z" }],
      [
        "a queue",
        {
          target: {
            arn: "arn:aws:sqs:us-east-1:123456789012:jobs",
            roleArn: "arn:aws:iam::123456789012:role/scheduler",
          },
        },
      ],
    ],
    refuses: [
      ["a zone in the moment", { scheduleExpression: "at(2030-01-01T00:00:00Z)" }],
      ["the 31st of February", { scheduleExpression: "at(2030-02-31T00:00:00)" }],
      ["a zone that there is not", { scheduleExpressionTimezone: "Mars/Olympus" }],
      [
        "a window of more than a day",
        { flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 1_441 } },
      ],
      ["cron of five fields", { scheduleExpression: "cron(0 10 * * ?)" }],
    ],
  }),
  ...cases(
    "cloudwatch/logMetricFilter",
    "AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
    (world) => ({
      name: "errors",
      logGroupName: world.create("cloudwatch/logGroup", { name: "/ecs/web" }).id,
      ...filter("ERROR"),
    }),
    {
      accepts: [
        ["every line", filter("")],
        ["a value that is missing", filter("{ $.user NOT EXISTS }")],
        ["addresses by a wildcard", filter("{ $.sourceIPAddress != 192.0.2.* }")],
        ["a regular expression", filter("%AUTHORI[SZ]ED%")],
        ["one word without another", filter("ERROR -Exiting")],
        ["a value where nothing matches", filter("ERROR", { defaultValue: "0" })],
        [
          "dimensions by fields",
          filter("{ $.latency = * }", {
            value: "$.latency",
            unit: "Milliseconds",
            dimensions: { Path: "$.path" },
          }),
        ],
      ],
      refuses: [
        ["a field without its sign", filter("{ level = error }")],
        ["a comparison with nothing", filter("{ $.level = }")],
        ["a field alone", filter("{ $.level }")],
        ["a value in words", filter("ERROR", { value: "one" })],
        [
          "a default beside dimensions",
          filter("{ $.a = 1 }", { defaultValue: "0", dimensions: { A: "$.a" } }),
        ],
        ["a unit that there is not", filter("ERROR", { unit: "Lines" })],
        ["a name with an asterisk", filter("ERROR", { name: "errors*" })],
        [
          "four dimensions",
          filter("{ $.a = 1 }", { dimensions: { A: "$.a", B: "$.b", C: "$.c", D: "$.d" } }),
        ],
      ],
    },
  ),
  ...cases(
    "cloudwatch/logGroup",
    "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    { name: "/ecs/web" },
    {
      accepts: [["ten years", { retentionInDays: 3_653 }]],
      refuses: [
        ["45 days", { retentionInDays: 45 }],
        ["a name of AWS's", { name: "aws/web" }],
        ["a name with a blank", { name: "/ecs/my web" }],
      ],
    },
  ),
  ...cases("cloudwatch/metricAlarm", "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html", heard, {
    accepts: [
      ["a percentile", percentile("p99.9")],
      ["a trimmed mean", percentile("tm90")],
      ["a trimmed mean in a range", percentile("TM(10%:90%)")],
      ["an interquartile mean", percentile("IQM")],
      ["a share of values below", percentile("PR(:300)")],
    ],
    refuses: [
      ["a percentile above all", percentile("p100.1")],
      ["a percentile as a plain statistic", { statistic: "p99" }],
      ["every 45 seconds", { period: 45 }],
      ["more than a day of minutes", { evaluationPeriods: 1_441 }],
      ["three of two", { evaluationPeriods: 2, datapointsToAlarm: 3 }],
      ["a unit that there is not", { unit: "Minutes" }],
      [
        "more than thirty dimensions",
        { dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`d${at}`, "1"])) },
      ],
      ["missing data in words", { treatMissingData: "ok" }],
    ],
  }),
];
