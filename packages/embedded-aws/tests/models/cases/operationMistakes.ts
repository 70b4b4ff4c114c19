// Common mistakes with alarms, saved queries and schedules, and correct inputs that resemble them.
import { subnets } from "../database";
import { definition } from "../task";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const account = "123456789012";
const query = (id: string, change: object) => ({ id, ...change });
const metric = (name: string) => ({
  metric: { namespace: "Chat", metricName: name, period: 60, stat: "Sum" },
});
const alarm = {
  ...{ name: "busy", comparisonOperator: "GreaterThanThreshold", threshold: 80, evaluationPeriods: 3 },
};
const plain = { namespace: "Chat", metricName: "Busy", statistic: "Average", period: 60 };
const schedule = (world: World) => ({
  ...{ name: "tidy", scheduleExpression: "rate(1 hour)", flexibleTimeWindow: { mode: "OFF" } },
  target: {
    arn: world.create("ecs/cluster", { name: "chat" }).outputs["arn"],
    roleArn: putRole(world, "scheduler", "scheduler.amazonaws.com", ["ecs:RunTask", "iam:PassRole"]),
    ecsParameters: {
      taskDefinitionArn: world.create("ecs/taskDefinition", definition(world)).outputs["arn"],
      launchType: "FARGATE",
      networkConfiguration: { subnets, securityGroups: ["sg-00000001"] },
    },
  },
});
/** The same target, changed. */
const targeted = (change: (world: World) => object) => (world: World) => {
  const [cluster, revision] = ["ecs/cluster:Cluster", "ecs/taskDefinition:TaskDefinition"].map((type) =>
    world.resources.find((each) => each.type === `aws:${type}`),
  );
  return {
    target: {
      arn: cluster!.outputs["arn"],
      roleArn: "arn:aws:iam::123456789012:role/scheduler",
      ecsParameters: {
        taskDefinitionArn: revision!.outputs["arn"],
        launchType: "FARGATE",
        networkConfiguration: { subnets, securityGroups: ["sg-00000001"] },
      },
      ...change(world),
    },
  };
};

export const operationMistakes: readonly Case[] = [
  ...cases("cloudwatch/metricAlarm", "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html", alarm, {
    accepts: [
      ["every ten seconds", { ...plain, period: 10 }],
      [
        "a share of two metrics",
        {
          metricQueries: [
            query("share", { expression: "100 * errors / requests", returnData: true, label: "Share" }),
            query("errors", metric("Errors")),
            query("requests", metric("Requests")),
          ],
        },
      ],
    ],
    refuses: [
      ["every fifteen seconds", { ...plain, period: 15 }],
      ["no metric", {}],
      [
        "a metric beside others",
        { ...plain, metricQueries: [query("a", { ...metric("A"), returnData: true })] },
      ],
      [
        "two results",
        {
          metricQueries: [
            query("a", { ...metric("A"), returnData: true }),
            query("b", { ...metric("B"), returnData: true }),
          ],
        },
      ],
      [
        "a metric that nobody names",
        { metricQueries: [query("share", { expression: "errors / m9", returnData: true })] },
      ],
      ["a name in capitals", { metricQueries: [query("Share", { ...metric("A"), returnData: true })] }],
      ["a comparison in short", { ...plain, comparisonOperator: "GreaterThan" }],
      ["six readers", { ...plain, alarmActions: Array(6).fill(`arn:aws:sns:us-east-1:${account}:ops`) }],
    ],
  }),
  ...cases(
    "cloudwatch/queryDefinition",
    "AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html",
    { name: "chat/errors", logGroupNames: ["/ecs/chat"] },
    {
      accepts: [
        [
          "errors by their text",
          { queryString: "filter @message like /ERR|WARN/ | stats count(*) by @message" },
        ],
        [
          "a pipe in a text",
          {
            queryString: 'fields @timestamp | filter @message like "a | b" | sort @timestamp desc | limit 5',
          },
        ],
        [
          "fields from a line",
          { queryString: 'parse @message "user=*, ms=*" as user, ms | stats avg(ms) by user' },
        ],
        ["a remark", { queryString: "# what is slow\nfields @duration | sort @duration desc" }],
      ],
      refuses: [
        ["nothing", { queryString: "" }],
        ["SQL", { queryString: "SELECT * FROM logs" }],
        ["an empty command", { queryString: "fields @message | | limit 5" }],
        ["half a text", { queryString: 'filter @message like "error | limit 5' }],
        ["an open bracket", { queryString: "stats count(* by bin(5m)" }],
        ["an expression that is none", { queryString: "filter @message like /(ERR/" }],
        ["a part without name", { queryString: 'parse @message "user=*"' }],
        ["a limit in words", { queryString: "fields @message | limit ten" }],
        ["fifty-one groups", { queryString: "limit 5", logGroupNames: Array(51).fill("/ecs/chat") }],
      ],
    },
  ),
  ...cases("scheduler/schedule", "scheduler/latest/APIReference/API_CreateSchedule.html", schedule, {
    accepts: [
      [
        "a window of a quarter of an hour",
        { flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 } },
      ],
      [
        "two tries in a minute",
        targeted(() => ({ retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 } })),
      ],
    ],
    refuses: [
      ["a window of no length", { flexibleTimeWindow: { mode: "FLEXIBLE" } }],
      ["every zero minutes", { scheduleExpression: "rate(0 minutes)" }],
      ["a group that there is not", { groupName: "night" }],
      ["tries for less than a minute", targeted(() => ({ retryPolicy: { maximumEventAgeInSeconds: 59 } }))],
      ["186 tries", targeted(() => ({ retryPolicy: { maximumRetryAttempts: 186 } }))],
      ["a state in words", { state: "ON" }],
      [
        "a role of another service",
        targeted((world) => ({ roleArn: putRole(world, "other", "ec2.amazonaws.com") })),
      ],
    ],
  }),
  ...cases(
    "sns/topicSubscription",
    "sns/latest/api/API_Subscribe.html#mail",
    (world) => ({ topic: world.create("sns/topic", { name: "ops" }).id, protocol: "email" }),
    {
      accepts: [["an address with a plus", { endpoint: "ops+chat@example.com" }]],
      refuses: [
        ["a name for an address", { endpoint: "ops" }],
        ["a function by its name", { protocol: "lambda", endpoint: "release" }],
      ],
    },
  ),
];
