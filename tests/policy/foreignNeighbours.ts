import { types } from "../../aws/types";
import type { Wire } from "../recording/wire";
import type { Foreign, ForeignCase } from "./foreignCases";
import { document } from "./document";

const allows = (Action: Wire, Resource: Wire, Condition?: object): Foreign => [
  types.rolePolicy,
  "job",
  { policy: document({ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) }) },
];
const trusts = (Federated: string, Condition?: object): Foreign => [
  types.role,
  "job",
  {
    assumeRolePolicy: document({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated },
      ...(Condition && { Condition }),
    }),
  },
];
const calls = (properties: Readonly<Record<string, Wire>>): Foreign => [
  types.alarm,
  "calls",
  {
    comparisonOperator: "GreaterThanThreshold",
    statistic: "Sum",
    threshold: 5,
    evaluationPeriods: 1,
    period: 60,
    alarmActions: ["arn:aws:sns:us-east-1:111122223333:calls"],
    ...properties,
  },
];
const parameter = (name: string, value: string, type = "String"): Foreign => [
  types.parameter,
  name.slice(1),
  { type, name, value },
];
const runs = (container: Readonly<Record<string, Wire>>): Foreign => [
  types.taskDefinition,
  "job",
  {
    containerDefinitions: JSON.stringify([
      {
        name: "job",
        image: "registry.example.com/job:1.4.2",
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "job" } },
        ...container,
      },
    ]),
  },
];
const variables = (values: Readonly<Record<string, string>>) =>
  runs({ environment: Object.entries(values).map(([name, value]) => ({ name, value })) });

const rule = (pattern: object): Foreign => [
  types.eventRule,
  "job",
  { eventPattern: JSON.stringify(pattern) },
];
const target: Foreign = [
  types.eventTarget,
  "job",
  { arn: "arn:aws:sqs:us-east-1:111122223333:job" },
  { rule: [`${types.eventRule} job`] },
];

/** What is right, and next to something that a rule refuses: [what, resources]. */
const right: readonly (readonly [what: string, ...resources: readonly Foreign[]])[] = [
  [
    "permissions that AWS has no narrower form of",
    allows(
      [
        "ec2:Describe*",
        "cloudwatch:PutMetricData",
        "ecr:GetAuthorizationToken",
        "secretsmanager:ListSecrets",
      ],
      "*",
    ),
  ],
  ["everything with a queue of its own", allows("sqs:*", "arn:aws:sqs:us-east-1:111122223333:orders")],
  [
    "secrets under a prefix",
    allows("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:shop/*"),
  ],
  [
    "grants for AWS's own services",
    allows("kms:CreateGrant", "*", { Bool: { "kms:GrantIsForAWSResource": true } }),
  ],
  [
    "sessions on instances with a tag",
    allows("ssm:StartSession", "*", { StringEquals: { "aws:ResourceTag/team": "shop" } }),
  ],
  [
    "users of one Cognito pool",
    trusts("cognito-identity.amazonaws.com", {
      StringEquals: { "cognito-identity.amazonaws.com:aud": "us-east-1:1" },
    }),
  ],
  ["an organisation's own SAML provider", trusts("arn:aws:iam::111122223333:saml-provider/staff")],
  [
    "a topic with the policy that AWS gives it",
    [
      types.topic,
      "calls",
      {
        policy: document({
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["SNS:Publish"],
          Resource: "*",
          Condition: { StringEquals: { "AWS:SourceOwner": "111122223333" } },
        }),
      },
    ],
  ],
  [
    "parameters that are no secrets",
    parameter("/shop/token-url", "https://login.example.com/token"),
    parameter("/shop/password-reset", "true"),
    parameter("/shop/db-password", "a-secret-of-pulumi", "SecureString"),
  ],
  [
    "variables that only sound like secrets",
    variables({
      PASSWORD_RESET_TIMEOUT: "3600",
      CACHE_KEY_PREFIX: "shop-v2",
      SECRET_NAME: "shop/db",
      JWT_PUBLIC_KEY: "MIIBIjANBgkq",
      TOKEN_TTL: "15m",
      PRIVATE_SUBNETS: "subnet-1,subnet-2",
      API_KEY_HEADER: "x-api-key",
    }),
  ],
  ["debug output of another program", variables({ DEBUG: "express:*", LOG_LEVEL: "debug" })],
  ["a program that logs everything", runs({ command: ["server", "--log-level", "debug"] })],
  [
    "errors by their rate, of all functions",
    calls({ namespace: "AWS/Lambda", metricName: "Errors", statistic: "Average", threshold: 0.05 }),
  ],
  [
    "little CPU, for scaling in",
    calls({
      namespace: "AWS/ECS",
      metricName: "CPUUtilization",
      comparisonOperator: "LessThanThreshold",
      statistic: "Average",
      dimensions: { ClusterName: "shop", ServiceName: "web" },
    }),
  ],
  [
    "metrics that the pack does not know",
    calls({
      namespace: "AWS/RDS",
      metricName: "AuroraReplicaLag",
      statistic: "Average",
      dimensions: { DBClusterIdentifier: "shop" },
    }),
  ],
  ["a metric that the program writes itself", calls({ namespace: "Shop", metricName: "OrdersFailed" })],
  [
    "an alarm over alarms of another stack",
    [
      types.compositeAlarm,
      "any",
      {
        alarmRule: 'ALARM("errors") OR ALARM("latency")',
        alarmActions: ["arn:aws:sns:us-east-1:111122223333:calls"],
      },
    ],
  ],
  ["events of the program's own", rule({ source: ["shop.orders"], "detail-type": ["OrderPlaced"] }), target],
  [
    "a build with a secret by its name",
    [
      types.buildProject,
      "job",
      {
        environment: {
          environmentVariables: [{ name: "NPM_TOKEN", type: "SECRETS_MANAGER", value: "npm:token" }],
        },
      },
    ],
  ],
];

/** What a rule refuses in any program. */
const wrong: readonly (readonly [what: string, fires: string, ...resources: readonly Foreign[]])[] = [
  ["every table", "no-wildcard-permissions", allows("dynamodb:Query", "arn:aws:dynamodb:*:*:table/*")],
  ["everybody with a Google account", "role-trust-named", trusts("accounts.google.com")],
  [
    "a password in a parameter of plain text",
    "no-secret-in-environment",
    parameter("/shop/db-password", "hunter2hunter2"),
  ],
  ["an older password", "no-secret-in-environment", variables({ DB_PASSWORD_OLD: "hunter2hunter2" })],
  ["Flask in debug mode", "debug-off", variables({ FLASK_DEBUG: "1" })],
  ["events that nobody hears of", "notices-arrive", rule({ source: ["shop.orders"] })],
  [
    "a metric that is misspelt",
    "alarm-goes-off",
    calls({ namespace: "AWS/RDS", metricName: "FreeStorageSpaces", comparisonOperator: "LessThanThreshold" }),
  ],
];

/** Cases next to each other, of which one is right and the other is not. */
export const neighbours: readonly ForeignCase[] = [
  ...right.map(([what, ...resources]) => ({ what, resources, fires: [] })),
  ...wrong.map(([what, fires, ...resources]) => ({ what, resources, fires: [fires] })),
];
