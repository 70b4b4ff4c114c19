// Languages inside arguments: policies, event patterns, filters of logs, schedules.
import { definition } from "../task";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const statement = (change: object) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...change });
const document = (...statements: object[]) => ({
  policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
});
const condition = (Condition: object) => document(statement({ Condition }));
const trust = (change: object) => ({
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        ...{ Effect: "Allow", Action: "sts:AssumeRole" },
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        ...change,
      },
    ],
  }),
});
const detail = (value: object) => ({ eventPattern: JSON.stringify({ detail: value }) });
const filter = (pattern: string, change: object = {}) => ({
  pattern,
  metricTransformation: { name: "errors", namespace: "Chat", value: "1", ...change },
});
const schedule = (world: World) => ({
  ...{ name: "tidy", flexibleTimeWindow: { mode: "OFF" } },
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
const at = (scheduleExpression: string) => ({ scheduleExpression });
const tight = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "ecr:*" };

export const patterns: readonly Case[] = [
  ...cases(
    "iam/policy",
    "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    { name: "chat" },
    {
      accepts: [
        [
          "a condition if the key is there",
          condition({ StringEqualsIfExists: { "aws:PrincipalTag/t": "a" } }),
        ],
        ["each of several values", condition({ "ForAllValues:StringLike": { "aws:TagKeys": ["chat*"] } })],
        ["a point of time", condition({ DateGreaterThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" } })],
        ["a number", condition({ NumericLessThanEquals: { "aws:MultiFactorAuthAge": "3600" } })],
        ["a missing key", condition({ Null: { "aws:TokenIssueTime": "true" } })],
        ["a list of statements without ids", document(statement({}), statement({ Action: "s3:ListBucket" }))],
        [
          "all but some resources",
          document(statement({ Resource: undefined, NotResource: "arn:aws:s3:::a" })),
        ],
      ],
      refuses: [
        ["a missing key if it is there", condition({ NullIfExists: { "aws:TokenIssueTime": "true" } })],
        ["a misspelt quantifier", condition({ "ForAnyValues:StringLike": { "aws:TagKeys": ["chat*"] } })],
        ["a misspelt comparison", condition({ NumericGreater: { "aws:MultiFactorAuthAge": "3600" } })],
        [
          "an id twice",
          document(statement({ Sid: "Read" }), statement({ Sid: "Read", Action: "s3:ListBucket" })),
        ],
        ["actions and all but some", document(statement({ NotAction: "iam:*" }))],
        ["resources and all but some", document(statement({ NotResource: "arn:aws:s3:::a" }))],
        ["an element that there is not", document(statement({ Resources: "*" }))],
        ["6,145 characters", document(statement({ Resource: `arn:aws:s3:::${"a".repeat(6_145)}` }))],
        ["a name with an umlaut", { ...document(statement({})), name: "chät" }],
      ],
    },
  ),
  ...cases(
    "iam/role",
    "IAM/latest/UserGuide/id_roles_create_for-service.html",
    { name: "chat", ...trust({}) },
    {
      accepts: [
        ["a description in French", { description: "Rôle des tâches" }],
        [
          "two services that may have it",
          trust({ Principal: { Service: ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"] } }),
        ],
        [
          "an identity of the web",
          trust({
            ...{
              Principal: { Federated: "cognito-identity.amazonaws.com" },
              Action: "sts:AssumeRoleWithWebIdentity",
            },
            Condition: { StringEquals: { "cognito-identity.amazonaws.com:aud": "us-east-1:0a" } },
          }),
        ],
      ],
      refuses: [
        ["a description with a dash of typographers", { description: "Tasks — of the chat" }],
        ["a service without its domain", trust({ Principal: { Service: "ecs-tasks" } })],
        ["a description of 1,001 characters", { description: "d".repeat(1_001) }],
        [
          "a principal of a kind that there is not",
          trust({ Principal: { Services: "ecs-tasks.amazonaws.com" } }),
        ],
        ["no action", trust({ Action: undefined })],
        ["a boundary that is no policy", { permissionsBoundary: "arn:aws:iam::123456789012:role/chat" }],
      ],
    },
  ),
  ...cases(
    "cloudwatch/eventRule",
    "eventbridge/latest/userguide/eb-create-pattern-operators.html",
    { name: "tidy" },
    {
      accepts: [
        ["none with a beginning", detail({ state: [{ "anything-but": { prefix: "RUN" } }] })],
        ["none with a wildcard", detail({ state: [{ "anything-but": { wildcard: "*/RUN*" } }] })],
        ["one of two fields", detail({ $or: [{ a: [1] }, { b: [{ exists: true }] }] })],
        ["a range", detail({ n: [{ numeric: [">", 0, "<=", 5] }] })],
        ["a block of addresses", detail({ ip: [{ cidr: "10.0.0.0/24" }] })],
        ["a beginning in any case", detail({ file: [{ prefix: { "equals-ignore-case": "photo" } }] })],
        ["an end in any case", detail({ file: [{ suffix: { "equals-ignore-case": ".PNG" } }] })],
        ["one text but another", detail({ state: [{ "anything-but": ["A", "B"] }, null] })],
      ],
      refuses: [
        ["a choice of one", detail({ $or: [{ a: [1] }] })],
        ["a number as a text", detail({ n: [{ numeric: [">", "0"] }] })],
        ["an upper bound before the lower", detail({ n: [{ numeric: ["<", 5, ">", 0] }] })],
        ["existence in words", detail({ n: [{ exists: "true" }] })],
        ["a block of three octets", detail({ ip: [{ cidr: "10.0.0/24" }] })],
        ["a number in any case", detail({ n: [{ "equals-ignore-case": 5 }] })],
        ["two operators at once", detail({ file: [{ prefix: "a", suffix: "b" }] })],
        ["a number beyond 5 billions", detail({ n: [{ numeric: ["=", 5e15] }] })],
        ["a list in a list", detail({ n: [["a"]] })],
      ],
    },
  ),
  ...cases(
    "cloudwatch/logMetricFilter",
    "AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
    (world) => ({
      name: "errors",
      logGroupName: world.create("cloudwatch/logGroup", { name: "/ecs/chat" }).outputs.name,
    }),
    {
      accepts: [
        ["a truth", filter("{ $.error IS TRUE }")],
        ["a field that is missing", filter("{ $.user NOT EXISTS }")],
        ["conditions in brackets", filter('{ ($.a = 1) && ($.b = "x" || $.c != 3) }')],
        ["a part of a list", filter('{ $.errors[0].code = "x*" }')],
        ["one word or another", filter("?ERROR ?WARN")],
        ["columns", filter("[ip, user, time, request, status=4*, size > 1000]")],
        ["a value of the line", filter("[..., status, size]", { value: "$size" })],
        ["dimensions", filter("{ $.status = 500 }", { dimensions: { Path: "$.path" } })],
      ],
      refuses: [
        ["two signs of equality", filter("{ $.a == 1 }")],
        ["one sign of and", filter("{ $.a = 1 & $.b = 2 }")],
        ["a field without dollar", filter("{ a = 1 }")],
        [
          "a default besides dimensions",
          filter("{ $.a = 1 }", { defaultValue: "0", dimensions: { Path: "$.path" } }),
        ],
        [
          "four dimensions",
          filter("{ $.a = 1 }", { dimensions: { a: "$.a", b: "$.b", c: "$.c", d: "$.d" } }),
        ],
        ["a namespace with a colon", filter("ERROR", { namespace: "Chat:Errors" })],
        ["a word like a value", filter("ERROR", { value: "one" })],
      ],
    },
  ),
  ...cases("scheduler/schedule", "scheduler/latest/UserGuide/schedule-types.html#cron-based", schedule, {
    accepts: [
      ["the last day", at("cron(0 3 L * ? *)")],
      ["the weekday next to the 15th", at("cron(0 12 15W * ? *)")],
      ["small letters", at("cron(0 0 ? * mon-fri *)")],
      ["one year", at("cron(15 10 ? * 6L 2030-2032)")],
      ["every ten minutes", at("rate(10 minutes)")],
    ],
    refuses: [
      ["a moment of Greenwich", at("at(2030-01-01T00:00:00Z)")],
      ["both days at will", at("cron(0 12 * * * *)")],
      ["the sixth Monday", at("cron(0 12 ? * 2#6 *)")],
      ["a year past", at("cron(0 12 * * ? 1969)")],
      ["zero minutes", at("rate(0 minutes)")],
      ["half an hour", at("rate(0.5 hours)")],
      ["minute 60", at("cron(60 12 * * ? *)")],
      ["a blank before the bracket", at("rate (5 minutes)")],
    ],
  }),
  ...cases(
    "ecr/repositoryPolicy",
    "AmazonECR/latest/userguide/repository-policies.html",
    (world) => ({ repository: world.create("ecr/repository", { name: "chatpop" }).outputs.name }),
    {
      accepts: [["the account", document(tight)]],
      refuses: [
        ["nobody named", document({ ...tight, Principal: undefined })],
        ["an action of S3", document({ ...tight, Action: "s3:GetObject" })],
      ],
    },
  ),
  ...cases(
    "kms/key",
    "kms/latest/developerguide/key-policy-default.html",
    {},
    {
      accepts: [
        ["the account", document({ ...tight, Action: "kms:*", Resource: "*" })],
        ["copies in other regions", { multiRegion: true }],
        ["a code of authentication", { keyUsage: "GENERATE_VERIFY_MAC", customerMasterKeySpec: "HMAC_256" }],
      ],
      refuses: [
        [
          "nobody who may change the policy",
          document({
            Effect: "Allow",
            Principal: { Service: "sns.amazonaws.com" },
            Action: "kms:Decrypt",
            Resource: "*",
          }),
        ],
        ["a curve that encrypts", { keyUsage: "ENCRYPT_DECRYPT", customerMasterKeySpec: "ECC_NIST_P256" }],
        ["a farewell of six days", { deletionWindowInDays: 6 }],
        ["rotation after 89 days", { enableKeyRotation: true, rotationPeriodInDays: 89 }],
      ],
    },
  ),
];
