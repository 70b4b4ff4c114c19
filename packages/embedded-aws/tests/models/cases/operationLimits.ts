// Bounds, names and states of roles, keys, secrets, parameters, alarms, rules, schedules, queues and budgets.
import { subnets } from "../database";
import { definition } from "../task";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const account = "123456789012";
const document = (...statements: object[]) => ({
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "*",
      ...each,
    })),
  }),
});
const trust = (change: object) => ({
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        ...{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
        ...change,
      },
    ],
  }),
});
const alarm = {
  ...{ name: "busy", comparisonOperator: "GreaterThanThreshold", threshold: 80, evaluationPeriods: 3 },
  ...{ namespace: "Chat", metricName: "Busy", statistic: "Average", period: 60 },
};
const unmeasured = { namespace: undefined, metricName: undefined, statistic: undefined, period: undefined };
const metric = { namespace: "Chat", metricName: "Busy", period: 60, stat: "Sum" };
const body = (change: object, widget: object = {}) => ({
  dashboardBody: JSON.stringify({
    widgets: [
      {
        ...{ type: "metric", x: 0, y: 0, width: 12, height: 6 },
        properties: { metrics: [["Chat", "Busy"]], region: "us-east-1", ...change },
        ...widget,
      },
    ],
  }),
});
const detail = (value: object) => ({ eventPattern: JSON.stringify({ detail: value }) });
const rule = (world: World) => ({
  rule: world.create("cloudwatch/eventRule", { name: "tidy", scheduleExpression: "rate(1 day)" }).outputs[
    "name"
  ],
  arn: world.create("sqs/queue", { name: "jobs" }).outputs["arn"],
});
const budget = {
  ...{ name: "month", budgetType: "COST", timeUnit: "MONTHLY", limitAmount: "100", limitUnit: "USD" },
};
const notice = (change: object) => ({
  notifications: [
    {
      ...{ notificationType: "ACTUAL", comparisonOperator: "GREATER_THAN", threshold: 80 },
      ...{ thresholdType: "PERCENTAGE", subscriberEmailAddresses: ["ops@example.com"] },
      ...change,
    },
  ],
});
const redrive = (change: object) => (world: World) => ({
  redrivePolicy: JSON.stringify({
    deadLetterTargetArn: world.create("sqs/queue", { name: "dead" }).outputs["arn"],
    maxReceiveCount: 5,
    ...change,
  }),
});
const scheduled = (world: World) => ({
  ...{ name: "tidy", scheduleExpression: "rate(1 day)", flexibleTimeWindow: { mode: "OFF" } },
  target: {
    arn: world.create("ecs/cluster", { name: "chat" }).outputs["arn"],
    roleArn: putRole(world, "scheduler", "scheduler.amazonaws.com", ["ecs:RunTask", "iam:PassRole"]),
    ecsParameters: {
      taskDefinitionArn: world.create("ecs/taskDefinition", definition(world)).outputs["arn"],
      ...{ launchType: "FARGATE", networkConfiguration: { subnets, securityGroups: ["sg-00000001"] } },
    },
  },
});

export const operationLimits: readonly Case[] = [
  ...cases(
    "iam/role",
    "IAM/latest/UserGuide/reference_iam-quotas.html",
    { name: "chat", ...trust({}) },
    {
      accepts: [
        ["a name of 64 characters", { name: "r".repeat(64) }],
        ["an hour", { maxSessionDuration: 3_600 }],
        ["the signs of a name", { name: "chat+=,.@-_" }],
        [
          "GitHub's identity",
          trust({
            ...{ Action: "sts:AssumeRoleWithWebIdentity" },
            Principal: {
              Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
            },
            Condition: {
              StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
              StringLike: { "token.actions.githubusercontent.com:sub": "repo:chat/chat:*" },
            },
          }),
        ],
        ["a policy inside", { inlinePolicies: [{ name: "own", ...document({}) }] }],
      ],
      refuses: [
        ["more than twelve hours", { maxSessionDuration: 43_201 }],
        ["a name with a slash", { name: "chat/role" }],
        ["a path without end", { path: "/chat" }],
        ["a path of 513 characters", { path: `/${"p".repeat(511)}/` }],
        ["trust in a document that is none", { assumeRolePolicy: "lambda.amazonaws.com" }],
        ["trust without principal", trust({ Principal: undefined })],
        [
          "trust of 2,049 characters",
          trust({
            Principal: { Service: "lambda.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": "1".repeat(2_049) } },
          }),
        ],
        ["a user that there is not", trust({ Principal: { AWS: `arn:aws:iam::${account}:user/nobody` } })],
        ["a boundary that there is not", { permissionsBoundary: `arn:aws:iam::${account}:policy/nobody` }],
        [
          "a policy of AWS's that there is not",
          { managedPolicyArns: ["arn:aws:iam::aws:policy/NoSuchPolicy"] },
        ],
        ["a name and a beginning", { namePrefix: "chat-" }],
        ["a name that is taken", (world) => (world.create("iam/role", { name: "chat", ...trust({}) }), {})],
        [
          "a name that is taken in capitals",
          (world) => (world.create("iam/role", { name: "CHAT", ...trust({}) }), {}),
        ],
        ["a policy inside that is broken", { inlinePolicies: [{ name: "own", policy: "{" }] }],
      ],
    },
  ),
  ...cases(
    "iam/policy",
    "IAM/latest/UserGuide/reference_policies_elements.html",
    { name: "chat" },
    {
      accepts: [
        ["a bucket of China", document({ Resource: "arn:aws-cn:s3:::chat/*" })],
        [
          "one statement alone",
          {
            policy: JSON.stringify({
              Version: "2012-10-17",
              Statement: { Effect: "Allow", Action: "*", Resource: "*" },
            }),
          },
        ],
        ["a refusal", document({ Effect: "Deny" })],
        ["an action in capitals", document({ Action: "S3:GETOBJECT" })],
        ["a truth", document({ Condition: { Bool: { "aws:SecureTransport": true } } })],
        [
          "an id of the document",
          {
            policy: JSON.stringify({
              Version: "2012-10-17",
              Id: "chat",
              Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
            }),
          },
        ],
        [
          "any of several values",
          document({ Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } } }),
        ],
        ["an ARN", document({ Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:chat" } } })],
      ],
      refuses: [
        ["no statements", { policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) }],
        ["an effect that there is not", document({ Effect: "Permit" })],
        ["no effect", document({ Effect: undefined })],
        [
          "a version without quotes",
          {
            policy: JSON.stringify({
              Version: 2012,
              Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
            }),
          },
        ],
        [
          "a key of the document that there is not",
          { policy: JSON.stringify({ Version: "2012-10-17", Statements: [] }) },
        ],
        ["an ARN of four parts", document({ Resource: "arn:aws:s3:chat" })],
        ["a condition without values", document({ Condition: { StringEquals: "aws:SourceAccount" } })],
        ["a name of 129 characters", { name: "p".repeat(129), ...document({}) }],
        ["a description of 1,001 characters", { description: "d".repeat(1_001), ...document({}) }],
        ["an action with two colons", document({ Action: "s3:Get:Object" })],
        ["an action with a blank", document({ Action: "s3: GetObject" })],
      ],
    },
  ),
  ...cases(
    "iam/rolePolicyAttachment",
    "IAM/latest/APIReference/API_AttachRolePolicy.html",
    (world) => ({ role: putRole(world, "tasks", "ecs-tasks.amazonaws.com").split("/")[1] }),
    {
      accepts: [["reading alone", { policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }]],
      refuses: [
        ["a policy by its name", { policyArn: "ReadOnlyAccess" }],
        ["a policy of AWS's that there is not", { policyArn: "arn:aws:iam::aws:policy/ReadAccess" }],
        ["a role that there is not", { role: "nobody", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
      ],
    },
  ),
  ...cases(
    "iam/rolePolicy",
    "IAM/latest/APIReference/API_PutRolePolicy.html",
    (world) => ({
      name: "own",
      role: putRole(world, "tasks", "ecs-tasks.amazonaws.com").split("/")[1],
      ...document({}),
    }),
    {
      accepts: [
        [
          "ten thousand characters",
          document({ Resource: Array(180).fill(`arn:aws:s3:::${"m".repeat(38)}`) }),
        ],
      ],
      refuses: [
        ["10,241 characters", document({ Resource: Array(190).fill(`arn:aws:s3:::${"m".repeat(40)}`) })],
        ["a name with a blank", { name: "my policy" }],
        ["a principal", document({ Principal: "*" })],
        ["a role that there is not", { role: "nobody" }],
      ],
    },
  ),
  ...cases(
    "iam/instanceProfile",
    "IAM/latest/APIReference/API_CreateInstanceProfile.html",
    { name: "web" },
    {
      accepts: [["a path", { path: "/chat/" }]],
      refuses: [
        ["a role that there is not", { role: "nobody" }],
        ["a name with a blank", { name: "my web" }],
        ["a path without slashes", { path: "chat" }],
      ],
    },
  ),
  ...cases(
    "kms/key",
    "kms/latest/APIReference/API_CreateKey.html#limits",
    {},
    {
      accepts: [
        ["thirty days", { deletionWindowInDays: 30 }],
        ["seven years between keys", { enableKeyRotation: true, rotationPeriodInDays: 2_560 }],
        ["RSA that encrypts", { keyUsage: "ENCRYPT_DECRYPT", customerMasterKeySpec: "RSA_4096" }],
        ["a key at rest", { isEnabled: false }],
      ],
      refuses: [
        ["thirty-one days", { deletionWindowInDays: 31 }],
        ["2,561 days between keys", { enableKeyRotation: true, rotationPeriodInDays: 2_561 }],
        ["a use that there is not", { keyUsage: "ENCRYPT" }],
        ["a kind in words", { customerMasterKeySpec: "AES_256" }],
        ["a description of 8,193 characters", { description: "d".repeat(8_193) }],
        [
          "a policy with a principal that there is not",
          document({ Action: "kms:*", Principal: { AWS: `arn:aws:iam::${account}:role/nobody` } }),
        ],
        ["a policy that is no JSON", { policy: "{" }],
      ],
    },
  ),
  ...cases(
    "secretsmanager/secret",
    "secretsmanager/latest/apireference/API_CreateSecret.html#limits",
    { name: "chat/db" },
    {
      accepts: [
        ["no recovery", { recoveryWindowInDays: 0 }],
        ["thirty days", { recoveryWindowInDays: 30 }],
        ["512 characters", { name: "s".repeat(512) }],
      ],
      refuses: [
        ["thirty-one days", { recoveryWindowInDays: 31 }],
        ["a colon in the name", { name: "chat:db" }],
        ["a name and a beginning", { namePrefix: "chat-" }],
        ["a policy that is broken", { policy: "{" }],
        ["a description of 2,049 characters", { description: "d".repeat(2_049) }],
        ["a name that is taken", (world) => (world.create("secretsmanager/secret", { name: "chat/db" }), {})],
      ],
    },
  ),
  ...cases(
    "ssm/parameter",
    "systems-manager/latest/APIReference/API_PutParameter.html#limits",
    { name: "/chat/image", type: "String", value: "1" },
    {
      accepts: [
        ["a name without levels", { name: "image" }],
        ["fifteen levels", { name: "/a".repeat(15) }],
        ["4 KiB", { value: "x".repeat(4_096) }],
        ["a tier by itself", { tier: "Intelligent-Tiering" }],
      ],
      refuses: [
        ["more than 4 KiB", { value: "x".repeat(4_097) }],
        ["a type in small letters", { type: "string" }],
        ["the name ssm", { name: "/ssm/chat" }],
        ["the name AWS in capitals", { name: "/AWS/chat" }],
        ["no value", { value: "" }],
        ["a name with a colon", { name: "/chat:image" }],
        ["a key for plain text", { keyId: "alias/aws/ssm" }],
        ["a name of 1,012 characters", { name: `/${"a".repeat(1_012)}` }],
      ],
    },
  ),
  ...cases("cloudwatch/metricAlarm", "AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html", alarm, {
    accepts: [
      ["a week", { period: 3_600, evaluationPeriods: 168 }],
      ["a topic that nobody has made", { alarmActions: [`arn:aws:sns:us-east-1:${account}:nobody`] }],
      [
        "a database that nobody has made",
        {
          namespace: "AWS/RDS",
          metricName: "CPUUtilization",
          dimensions: { DBInstanceIdentifier: "nobody" },
        },
      ],
      ["all missing data", { treatMissingData: "notBreaching" }],
      [
        "a band",
        {
          ...unmeasured,
          threshold: undefined,
          comparisonOperator: "GreaterThanUpperThreshold",
          thresholdMetricId: "band",
          metricQueries: [
            { id: "band", expression: "ANOMALY_DETECTION_BAND(m)", returnData: true },
            { id: "m", metric, returnData: true },
          ],
        },
      ],
      [
        "a search of nothing but one",
        {
          ...unmeasured,
          metricQueries: [{ id: "m", metric, returnData: true }],
        },
      ],
      [
        "few samples that do not count",
        { statistic: undefined, extendedStatistic: "p95", evaluateLowSampleCountPercentiles: "ignore" },
      ],
      [
        "a machine that is stopped",
        {
          alarmActions: ["arn:aws:automate:us-east-1:ec2:stop"],
          ...{
            namespace: "AWS/EC2",
            metricName: "CPUUtilization",
            dimensions: { InstanceId: "i-0123456789abcdef0" },
          },
        },
      ],
    ],
    refuses: [
      ["more than seven days", { period: 3_600, evaluationPeriods: 169 }],
      [
        "a band without its operator",
        {
          ...unmeasured,
          threshold: undefined,
          thresholdMetricId: "band",
          metricQueries: [
            { id: "band", expression: "ANOMALY_DETECTION_BAND(m)", returnData: true },
            { id: "m", metric, returnData: true },
          ],
        },
      ],
      ["no threshold", { threshold: undefined }],
      ["a statistic and a percentile", { extendedStatistic: "p99" }],
      ["neither", { statistic: undefined }],
      ["missing data in capitals", { treatMissingData: "NotBreaching" }],
      ["a statistic in small letters", { statistic: "average" }],
      [
        "few samples in words",
        { statistic: undefined, extendedStatistic: "p95", evaluateLowSampleCountPercentiles: "count" },
      ],
      ["a namespace with a colon at its beginning", { namespace: ":Chat" }],
      [
        "a search",
        {
          ...unmeasured,
          metricQueries: [{ id: "s", expression: "SEARCH('{Chat} Busy', 'Sum', 60)", returnData: true }],
        },
      ],
      ["no result", { ...unmeasured, metricQueries: [{ id: "m", metric }] }],
      [
        "an id twice",
        {
          ...unmeasured,
          metricQueries: [
            { id: "m", metric, returnData: true },
            { id: "m", metric },
          ],
        },
      ],
      [
        "an expression that is open",
        {
          ...unmeasured,
          metricQueries: [
            { id: "e", expression: "(m + 1", returnData: true },
            { id: "m", metric },
          ],
        },
      ],
      [
        "twenty-one metrics",
        {
          ...unmeasured,
          metricQueries: Array.from({ length: 21 }, (_, at) => ({
            id: `m${at}`,
            metric,
            returnData: at === 0,
          })),
        },
      ],
      ["a topic of another region", { alarmActions: [`arn:aws:sns:eu-west-1:${account}:ops`] }],
    ],
  }),
  ...cases(
    "cloudwatch/dashboard",
    "AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html",
    { dashboardName: "chat" },
    {
      accepts: [
        ["a graph", body({})],
        [
          "a database that nobody has made",
          body({ metrics: [["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "nobody"]] }),
        ],
        ["a number", body({ view: "singleValue", stat: "p99" })],
        ["a text", body({}, { type: "text", properties: { markdown: "# Chat" } })],
        [
          "lines of logs",
          body(
            {},
            {
              type: "log",
              properties: { query: "SOURCE '/ecs/chat' | fields @message", region: "us-east-1" },
            },
          ),
        ],
        ["a limit in the graph", body({ annotations: { horizontal: [{ value: 80, label: "Limit" }] } })],
      ],
      refuses: [
        ["a body that is no JSON", { dashboardBody: "chat" }],
        ["a kind that there is not", body({}, { type: "graph" })],
        ["more than twenty-four wide", body({}, { width: 25 })],
        ["no height", body({}, { height: 0 })],
        ["a name with a blank", { dashboardName: "my chat", ...body({}) }],
        ["no region", body({ region: undefined })],
        ["a text without words", body({}, { type: "text", properties: {} })],
      ],
    },
  ),
  ...cases(
    "cloudwatch/eventRule",
    "eventbridge/latest/APIReference/API_PutRule.html",
    { name: "tidy" },
    {
      accepts: [
        ["64 characters", { name: "t".repeat(64), scheduleExpression: "rate(1 day)" }],
        ["a rule that rests", { state: "DISABLED", scheduleExpression: "rate(2 hours)" }],
        ["both at once", { scheduleExpression: "rate(1 day)", ...detail({ state: ["STOPPED"] }) }],
        [
          "sources",
          { eventPattern: JSON.stringify({ source: ["aws.ecs"], "detail-type": ["ECS Task State Change"] }) },
        ],
        ["an end", detail({ file: [{ suffix: ".png" }] })],
        ["a text in any case", detail({ state: [{ "equals-ignore-case": "stopped" }] })],
        ["not these numbers", detail({ code: [{ "anything-but": [0, 137] }] })],
      ],
      refuses: [
        ["65 characters", { name: "t".repeat(65), scheduleExpression: "rate(1 day)" }],
        ["neither pattern nor schedule", {}],
        ["minutes for one minute", { scheduleExpression: "rate(1 minutes)" }],
        ["one hour for two", { scheduleExpression: "rate(2 hour)" }],
        ["a state in small letters", { state: "enabled", scheduleExpression: "rate(1 day)" }],
        ["a bus that there is not", { eventBusName: "nobody", ...detail({ a: [1] }) }],
        ["a schedule on another bus", { eventBusName: "chat", scheduleExpression: "rate(1 day)" }],
        ["a pattern that is no JSON", { eventPattern: "{" }],
        ["an operator that there is not", detail({ file: [{ contains: "a" }] })],
        [
          "a description of 513 characters",
          { description: "d".repeat(513), scheduleExpression: "rate(1 day)" },
        ],
        ["a name and a beginning", { namePrefix: "tidy-", scheduleExpression: "rate(1 day)" }],
        ["the hour 24", { scheduleExpression: "cron(0 24 * * ? *)" }],
        ["Sunday as 0", { scheduleExpression: "cron(0 3 ? * 0 *)" }],
      ],
    },
  ),
  ...cases("cloudwatch/eventTarget", "eventbridge/latest/APIReference/API_PutTargets.html", rule, {
    accepts: [
      ["a queue", {}],
      ["a topic that nobody has made", { arn: `arn:aws:sns:us-east-1:${account}:nobody` }],
      ["words of its own", { input: '{"a":1}' }],
      ["a part of the event", { inputPath: "$.detail" }],
      [
        "a template",
        { inputTransformer: { inputPaths: { id: "$.detail.id" }, inputTemplate: '"Task <id> ended."' } },
      ],
      ["tries for a minute", { retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 } }],
    ],
    refuses: [
      ["words that are no JSON", { input: "a" }],
      ["words and a part", { input: '{"a":1}', inputPath: "$.detail" }],
      ["tries for 59 seconds", { retryPolicy: { maximumEventAgeInSeconds: 59 } }],
      ["186 tries", { retryPolicy: { maximumRetryAttempts: 186 } }],
      ["an id with a blank", { targetId: "my queue" }],
      ["an id of 65 characters", { targetId: "t".repeat(65) }],
      ["a rule that there is not", { rule: "nobody" }],
      ["a target that is no ARN", { arn: "jobs" }],
    ],
  }),
  ...cases(
    "cloudwatch/logGroup",
    "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    { name: "/ecs/chat" },
    {
      accepts: [
        ["512 characters", { name: "l".repeat(512) }],
        ["signs", { name: "/ecs/chat_1-a.b#c" }],
        ["seldom read", { logGroupClass: "INFREQUENT_ACCESS" }],
        ["two years", { retentionInDays: 731 }],
      ],
      refuses: [
        ["513 characters", { name: "l".repeat(513) }],
        ["a colon", { name: "/ecs:chat" }],
        ["730 days", { retentionInDays: 730 }],
        ["365 days less one", { retentionInDays: 364 }],
        ["a name and a beginning", { namePrefix: "/ecs/" }],
        ["a class in small letters", { logGroupClass: "standard" }],
        ["a key by its alias", { kmsKeyId: "alias/chat" }],
        ["a name that is taken", (world) => (world.create("cloudwatch/logGroup", { name: "/ecs/chat" }), {})],
      ],
    },
  ),
  ...cases(
    "sqs/queue",
    "AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html",
    { name: "jobs" },
    {
      accepts: [
        ["eighty characters", { name: "j".repeat(80) }],
        ["dead letters", redrive({})],
        ["SQS's own keys", { sqsManagedSseEnabled: true }],
        ["a MiB", { maxMessageSize: 1_048_576 }],
        ["no wait to be seen", { visibilityTimeoutSeconds: 0 }],
      ],
      refuses: [
        ["81 characters", { name: "j".repeat(81) }],
        ["1,023 bytes", { maxMessageSize: 1_023 }],
        ["more than a MiB", { maxMessageSize: 1_048_577 }],
        ["more than two weeks", { messageRetentionSeconds: 1_209_601 }],
        ["letters after no try", redrive({ maxReceiveCount: 0 })],
        ["letters after 1,001 tries", redrive({ maxReceiveCount: 1_001 })],
        ["letters to a queue that is no ARN", redrive({ deadLetterTargetArn: "dead" })],
        ["an order without the name's end", { fifoQueue: true }],
        ["the name's end without order", { name: "jobs.fifo" }],
        ["two kinds of keys", { sqsManagedSseEnabled: true, kmsMasterKeyId: "alias/aws/sqs" }],
        [
          "a key for less than a minute",
          { kmsMasterKeyId: "alias/aws/sqs", kmsDataKeyReusePeriodSeconds: 59 },
        ],
        ["a policy that is broken", { policy: "{" }],
      ],
    },
  ),
  ...cases(
    "sns/topic",
    "sns/latest/api/API_SetTopicAttributes.html",
    { name: "alerts" },
    {
      accepts: [
        ["hyphens and underscores", { name: "chat-alerts_1" }],
        ["a displayed name", { displayName: "Chat" }],
      ],
      refuses: [
        ["a blank", { name: "my alerts" }],
        ["a name and a beginning", { namePrefix: "chat-" }],
        ["a delivery that is broken", { deliveryPolicy: "{" }],
        ["the name's end without order", { name: "alerts.fifo" }],
      ],
    },
  ),
  ...cases("budgets/budget", "aws-cost-management/latest/APIReference/API_budgets_Budget.html", budget, {
    accepts: [
      ["a year", { timeUnit: "ANNUALLY" }],
      ["a quarter", { timeUnit: "QUARTERLY", ...notice({}) }],
      ["an amount", notice({ thresholdType: "ABSOLUTE_VALUE", threshold: 50.5 })],
      ["one service", { costFilters: [{ name: "Service", values: ["Amazon Relational Database Service"] }] }],
      ["a start", { timePeriodStart: "2030-01-01_00:00" }],
    ],
    refuses: [
      ["a kind that there is not", { budgetType: "MONEY" }],
      ["a unit of time in small letters", { timeUnit: "monthly" }],
      ["a comparison in short", notice({ comparisonOperator: "GREATER" })],
      ["a kind of threshold in words", notice({ thresholdType: "PERCENT" })],
      ["a notice of a kind that there is not", notice({ notificationType: "EXPECTED" })],
      ["nobody who reads", notice({ subscriberEmailAddresses: undefined })],
      ["a start in another form", { timePeriodStart: "2030-01-01" }],
      ["a name with a colon", { name: "chat:month" }],
      ["a name of 101 characters", { name: "m".repeat(101) }],
      ["an amount in words", { limitAmount: "a hundred" }],
      ["no threshold", notice({ threshold: undefined })],
    ],
  }),
  ...cases("scheduler/schedule", "scheduler/latest/APIReference/API_Target.html", scheduled, {
    accepts: [
      ["a queue", {}],
      ["64 characters", { name: "t".repeat(64) }],
      ["a window of a day", { flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 1_440 } }],
      ["a schedule that rests", { state: "DISABLED" }],
    ],
    refuses: [
      ["65 characters", { name: "t".repeat(65) }],
      ["a blank", { name: "tidy up" }],
      ["a mode in small letters", { flexibleTimeWindow: { mode: "off" } }],
      ["a window where there is none", { flexibleTimeWindow: { mode: "OFF", maximumWindowInMinutes: 15 } }],
      ["an end before the start", { startDate: "2031-01-01T00:00:00Z", endDate: "2030-01-01T00:00:00Z" }],
      ["a start in another form", { startDate: "2030-01-01" }],
      ["seconds", { scheduleExpression: "rate(30 seconds)" }],
      [
        "what follows in words",
        { scheduleExpression: "at(2030-01-01T00:00:00)", actionAfterCompletion: "REMOVE" },
      ],
    ],
  }),
];
