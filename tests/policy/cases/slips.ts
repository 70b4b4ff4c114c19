import { types as tokens } from "../../../aws/types";
import { types } from "../../recording/types";
import {
  add,
  all,
  attach,
  change,
  container,
  merge,
  remove,
  set,
  type Mutation,
  inContainers,
  variable,
} from "../mutations";
import type { Wire } from "../../recording/wire";
import type { Cases, Violation } from "./case";

const document = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) =>
  document({ Effect: "Allow", Action, Resource, ...more });
const task = `${types.taskDefinition} chatpop-backend`;
const other = "arn:aws:iam::999999999999:root";

type Row = readonly [
  what: string,
  policy: string,
  blames: string | undefined,
  says: RegExp,
  mutation: Mutation,
];

const access: readonly Row[] = [
  ...(
    [
      ["everybody", { AWS: "*" }, /open to everybody/],
      ["everybody, written shortly", "*", /open to everybody/],
      ["an account", { AWS: other }, /everybody of account 999999999999/],
      ["an account by its number", { AWS: ["999999999999"] }, /everybody of account/],
    ] as const
  ).map(([whom, Principal, says]): Row => [
    `a role for ${whom}`,
    "role-trust-named",
    `${types.role} chatpop-task`,
    says,
    set(
      { type: types.role, name: "chatpop-task" },
      "assumeRolePolicy",
      document({ Effect: "Allow", Action: "sts:AssumeRole", Principal }),
    ),
  ]),
  ...(
    [
      [tokens.secretPolicy, "secretsmanager:GetSecretValue"],
      [tokens.queuePolicy, "sqs:ReceiveMessage"],
      [tokens.repositoryPolicy, "ecr:BatchGetImage"],
      [tokens.key, "kms:Decrypt"],
    ] as const
  ).flatMap(([type, Action]): readonly Row[] =>
    (["*", other] as const).map((AWS) => [
      `${type.split(":").at(-1)} for ${AWS}`,
      "resource-policy-named",
      `${type} open`,
      /is open to everybody/,
      add(type, "open", {
        policy: document({ Effect: "Allow", Action, Principal: { AWS }, Resource: "*" }),
        enableKeyRotation: true,
      }),
    ]),
  ),
  [
    "a bucket for everybody",
    "bucket-policy-named",
    `${types.bucketPolicy} open`,
    /open to everybody/,
    add(
      types.bucketPolicy,
      "open",
      {
        policy: document(
          { Effect: "Allow", Action: "s3:GetObject", Principal: "*", Resource: "*" },
          {
            Effect: "Deny",
            Action: "s3:*",
            Principal: "*",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ),
      },
      { bucket: [`${types.bucket} chatpop-media`] },
    ),
  ],
  [
    "a function with an address for everybody",
    "function-access-named",
    `${tokens.functionUrl} open`,
    /everybody on the internet/,
    add(tokens.functionUrl, "open", { authorizationType: "NONE" }),
  ],
  [
    "a function that everybody may invoke",
    "function-access-named",
    `${tokens.functionPermission} open`,
    /lets everybody invoke/,
    add(tokens.functionPermission, "open", { principal: "*", action: "lambda:InvokeFunction" }),
  ],
];

const permissions: readonly Row[] = (
  [
    [allow("secretsmanager:GetSecretValue", "*"), /reads every secret/],
    [
      allow("secretsmanager:Get*", "arn:aws:secretsmanager:us-east-1:123456789012:secret:*"),
      /reads every secret/,
    ],
    [allow("ssm:GetParameter*", "arn:aws:ssm:*:*:parameter/*"), /reads every parameter/],
    [
      allow("iam:PassRole", "*", {
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      }),
      /hands every role/,
    ],
    [allow(["kms:Decrypt"], "arn:aws:kms:us-east-1:123456789012:key/*"), /decrypts with every key/],
    [allow("sts:AssumeRole", "*"), /takes on every role/],
    [allow("iam:*Role*", "arn:aws:iam::123456789012:role/*"), /makes itself administrator/],
    [allow("?ecretsmanager:GetSecretValue", "*"), /reads every secret/],
  ] as const
).map(([policy, says], index): Row => [
  `too much allowed (${index})`,
  "no-wildcard-permissions",
  `${types.policy} wide`,
  says,
  add(types.policy, "wide", { policy }),
]);

const managed: readonly Row[] = [
  "SecretsManagerReadWrite",
  "AmazonS3FullAccess",
  "PowerUserAccess",
  "AmazonECS_FullAccess",
  "AmazonSSMReadOnlyAccess",
].map((name): Row => [
  `${name} attached`,
  "no-wildcard-permissions",
  `${types.rolePolicyAttachment} wide`,
  new RegExp(`has ${name}`),
  add(types.rolePolicyAttachment, "wide", { policyArn: `arn:aws:iam::aws:policy/${name}` }),
]);

// Made up, and put together here so that no scanner takes them for real ones.
const made = (...parts: string[]) => parts.join("");
const values = {
  GITHUB: made("ghp", "_", "a1B2".repeat(9)),
  SLACK: made("xoxb", "-123456789012-", "abcdefABCDEF"),
  MAIL: made("SG", ".", "a".repeat(22), ".", "b".repeat(43)),
  MAPS: made("AIza", "Sy", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"),
  AI: made("sk", "-ant-", "api03-abcdefghijklmnop"),
};
const secrets: readonly Row[] = [
  ...Object.entries(values).map(([name, value]): Row => [
    `a provider's key under the name ${name}`,
    "no-secret-in-environment",
    task,
    new RegExp(`^(?!.*${value.slice(0, 12)}).*${name} is in plain text`),
    variable(name, value),
  ]),
  [
    "two secrets at once, and tells both",
    "no-secret-in-environment",
    task,
    /DB_PASSWORD, MAIL_TOKEN are in plain text/,
    all(variable("DB_PASSWORD", "hunter2-hunter2"), variable("MAIL_TOKEN", "hunter3-hunter3")),
  ],
  [
    "a password on the command line",
    "no-secret-in-environment",
    task,
    /^(?!.*hunter2).*password is in plain text in a command/,
    inContainers((each) => ({ ...each, command: ["server", "--password=hunter2-hunter2"] })),
  ],
  [
    "a token among the options of the log driver",
    "no-secret-in-environment",
    task,
    /splunk_token is in plain text/,
    inContainers((each) => ({
      ...each,
      logConfiguration: {
        ...(each["logConfiguration"] as object),
        options: { "splunk-token": "hunter2-hunter2", "awslogs-group": "x" },
      },
    })),
  ],
  [
    "a password in a start-up script",
    "no-secret-in-environment",
    `${tokens.instance} bastion`,
    /PGPASSWORD is in plain text in a start-up script/,
    add(tokens.instance, "bastion", { userData: "#!/bin/sh\nexport PGPASSWORD=hunter2-hunter2\n" }),
  ],
];

const application: readonly Row[] = [
  ["debug mode", "debug-off", task, /DEBUG is True/, variable("DEBUG", "True")],
  ["a log of everything", "debug-off", task, /LOG_LEVEL DEBUG/, variable("DJANGO_LOG_LEVEL", "DEBUG")],
  ["every host", "hosts-named", task, /ALLOWED_HOSTS is \*/, variable("ALLOWED_HOSTS", "*")],
  ["every origin", "hosts-named", task, /every site may call/, variable("CORS_ALLOW_ALL_ORIGINS", "1")],
  [
    "a database without TLS",
    "connections-encrypted",
    task,
    /POSTGRES_SSLMODE disable/,
    variable("POSTGRES_SSLMODE", "disable"),
  ],
  [
    "no role that may pull",
    "tasks-pull-their-image",
    task,
    /has no execution role/,
    set({ type: types.taskDefinition, name: "chatpop-backend" }, "executionRoleArn", undefined),
  ],
];

const group = { type: types.targetGroup };
const proxy = `${types.proxy} chatpop-proxy`;
const alarm = (key: string) => ({ type: types.alarm, name: `chatpop-test-${key}` });
const alarmOf = (key: string) => `${types.alarm} chatpop-test-${key}`;

const resources: readonly Row[] = [
  [
    "a load balancer that nobody reaches",
    "load-balancer-reachable",
    `${types.loadBalancer} chatpop-alb`,
    /is internal: nobody reaches the chat/,
    set({ type: types.loadBalancer }, "internal", true),
  ],
  [
    "an alarm on a metric that nothing writes",
    "alarm-has-data",
    alarmOf("lost-messages"),
    /no metric filter writes LostMesages/,
    set(alarm("lost-messages"), "metricName", "LostMesages"),
  ],
  [
    "statements in the proxy's log",
    "proxy-quiet",
    proxy,
    /debugLogging/,
    set({ type: types.proxy }, "debugLogging", true),
  ],
  [
    "clients cut off after 18 s",
    "proxy-quiet",
    proxy,
    /18 s/,
    set({ type: types.proxy }, "idleClientTimeout", 18),
  ],
  [
    "malformed headers",
    "headers-checked",
    `${types.loadBalancer} chatpop-alb`,
    /malformed/,
    set({ type: types.loadBalancer }, "dropInvalidHeaderFields", undefined),
  ],
  [
    "forged addresses",
    "headers-checked",
    `${types.loadBalancer} chatpop-alb`,
    /preserve/,
    set({ type: types.loadBalancer }, "xffHeaderProcessingMode", "preserve"),
  ],
  [
    "a load balancer that goes by mistake",
    "stack-survives-mistakes",
    `${types.loadBalancer} chatpop-alb`,
    /enableDeletionProtection/,
    set({ type: types.loadBalancer }, "enableDeletionProtection", false),
  ],
  [
    "a repository that goes with its images",
    "stack-survives-mistakes",
    `${types.repository} chatpop-backend`,
    /forceDelete/,
    set({ type: types.repository }, "forceDelete", true),
  ],
  [
    "a secret that goes at once",
    "stack-survives-mistakes",
    `${types.secret} chatpop-db-password`,
    /recoveryWindowInDays/,
    set({ type: types.secret, name: "chatpop-db-password" }, "recoveryWindowInDays", 0),
  ],
  [
    "death after five minutes",
    "target-health-check",
    `${types.targetGroup} chatpop-tg`,
    /noticed after 300 s/,
    merge(group, "healthCheck", { unhealthyThreshold: 10 }),
  ],
  [
    "a leaving task that cuts off",
    "drain-time",
    `${types.targetGroup} chatpop-tg`,
    /after 0 s/,
    set(group, "deregistrationDelay", 0),
  ],
  [
    "connections counted twice",
    "connection-scaling-from-1000-rooms",
    `${types.autoscalingPolicy} chatpop-connections`,
    /come to 600 each, not 300/,
    replaced("connections / (2 * tasks)", "connections / tasks"),
  ],
  [
    "AWS's default parameters",
    "database-parameter-group",
    `${types.database} chatpop-db`,
    /default parameters/,
    set({ type: types.database, name: "chatpop-db" }, "parameterGroupName", undefined),
  ],
  [
    "an idle transaction for ever",
    "idle-transactions-end",
    `${types.databaseParameterGroup} chatpop-db`,
    /allows an idle transaction a day/,
    withoutParameter("idle_in_transaction_session_timeout"),
  ],
  [
    "a function that ends in its job",
    "function-outlasts-its-job",
    `${types.lambdaFunction} chatpop-indexes`,
    /ends after 60 s/,
    set({ type: types.lambdaFunction, name: "chatpop-indexes" }, "timeout", 60),
  ],
  [
    "media that are deleted",
    "media-stay",
    `${tokens.bucketLifecycle} chatpop-media`,
    /after 90 days/,
    mediaExpire(),
  ],
  [
    "one image",
    "images-stay-for-rollback",
    `${types.lifecyclePolicy} chatpop-backend`,
    /keeps 1 images only/,
    replacedIn({ type: types.lifecyclePolicy }, '"countNumber":100', '"countNumber":1'),
  ],
  [
    "an index build that a release does not trigger",
    "release-steps-run-again",
    `${types.invocation} chatpop-build-indexes`,
    /does not run again/,
    set({ type: types.invocation, name: "chatpop-build-indexes" }, "triggers", undefined),
  ],
  [
    "134 % of one task",
    "deployment-can-begin",
    `${types.service} chatpop-backend-service`,
    /never begins: 134 % of 1 tasks/,
    all(
      set({ type: types.service }, "deploymentMaximumPercent", 134),
      set({ type: types.autoscalingTarget }, "minCapacity", 1),
    ),
  ],
  [
    "an alarm that calls after a day",
    "alarm-goes-off",
    alarmOf("database-cpu"),
    /calls after 86400 s/,
    all(set(alarm("database-cpu"), "period", 3_600), set(alarm("database-cpu"), "evaluationPeriods", 24)),
  ],
  [
    "an alarm that needs more than it looks at",
    "alarm-goes-off",
    alarmOf("database-cpu"),
    /5 of 2 data points/,
    set(alarm("database-cpu"), "datapointsToAlarm", 5),
  ],
  [
    "silence when everything is gone",
    "alarm-goes-off",
    alarmOf("no-healthy-task"),
    /stays silent/,
    set(alarm("no-healthy-task"), "treatMissingData", "notBreaching"),
  ],
  [
    "calls when nothing happens",
    "alarm-goes-off",
    alarmOf("application-errors"),
    /whenever nothing happens/,
    set(alarm("application-errors"), "treatMissingData", "breaching"),
  ],
  [
    "an alarm over others that needs all",
    "composite-goes-off",
    `${types.compositeAlarm} chatpop-chat-is-down`,
    /calls only when all/,
    set({ type: types.compositeAlarm }, "alarmRule", 'ALARM("a") AND ALARM("b")'),
  ],
  [
    "events that are turned off",
    "event-rule-goes-off",
    `${types.eventRule} chatpop-deployment-failed`,
    /turned off/,
    set({ type: types.eventRule, name: "chatpop-deployment-failed" }, "state", "DISABLED"),
  ],
  [
    "events that never come",
    "event-rule-goes-off",
    `${types.eventRule} chatpop-deployment-failed`,
    /DEPLOYMENT_FAILURE, which never comes/,
    set(
      { type: types.eventRule, name: "chatpop-deployment-failed" },
      "eventPattern",
      JSON.stringify({
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        detail: { eventName: ["DEPLOYMENT_FAILURE"] },
      }),
    ),
  ],
  [
    "a topic that EventBridge may not publish to",
    "notices-arrive",
    `${types.topic} chatpop-alerts`,
    /events\.amazonaws\.com/,
    remove({ type: types.topicPolicy }),
  ],
  [
    "a key that CloudWatch may not use",
    "notices-arrive",
    `${types.key} chatpop-alerts`,
    /cloudwatch\.amazonaws\.com/,
    replacedIn({ type: types.key }, '"cloudwatch.amazonaws.com"', '"logs.amazonaws.com"'),
  ],
];

function replacedIn(selector: Parameters<typeof set>[0], from: string, to: string): Mutation {
  const edit = (wire: Readonly<Record<string, Wire>>) =>
    JSON.parse(
      JSON.stringify(wire).replaceAll(JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1)),
    ) as Record<string, Wire>;
  return change(selector, (each) => ({
    ...each,
    wireInputs: edit(each.wireInputs),
    wireOutputs: edit(each.wireOutputs),
  }));
}
function replaced(from: string, to: string): Mutation {
  return replacedIn({ type: types.autoscalingPolicy, name: "chatpop-connections" }, from, to);
}
function withoutParameter(name: string): Mutation {
  const edit = (wire: Readonly<Record<string, Wire>>) => ({
    ...wire,
    parameters: (wire["parameters"] as readonly { name: string }[]).filter((each) => each.name !== name),
  });
  return change({ type: types.databaseParameterGroup }, (each) => ({
    ...each,
    wireInputs: edit(each.wireInputs),
    wireOutputs: edit(each.wireOutputs),
  }));
}
function mediaExpire(): Mutation {
  const edit = (wire: Readonly<Record<string, Wire>>) => ({
    ...wire,
    rules: [
      ...(wire["rules"] as readonly Wire[]),
      { id: "all", status: "Enabled", expiration: { days: 90 } },
    ],
  });
  return change({ type: tokens.bucketLifecycle, name: "chatpop-media" }, (each) => ({
    ...each,
    wireInputs: edit(each.wireInputs),
    wireOutputs: edit(each.wireOutputs),
  }));
}

/** Mistakes that break other rules too. */
const also: Readonly<Record<string, readonly string[]>> = {
  "134 % of one task": ["task-range-for-scale"],
  "events that never come": [],
};

export const slips: Cases = {
  violations: [...access, ...permissions, ...managed, ...secrets, ...application, ...resources].map(
    ([what, policy, blames, says, mutation]): Violation => ({
      what,
      scale: "medium",
      mutation,
      policy,
      blames,
      says,
      also: also[what],
    }),
  ),
  allowances: [
    {
      what: "a role for another account with an external id, and for one role of it",
      scale: "small",
      mutation: all(
        set(
          { type: types.role, name: "chatpop-task" },
          "assumeRolePolicy",
          document({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: other },
            Condition: { StringEquals: { "sts:ExternalId": "x" } },
          }),
        ),
        set(
          { type: types.role, name: "chatpop-scheduler" },
          "assumeRolePolicy",
          document({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: "arn:aws:iam::999999999999:role/backup" },
          }),
        ),
      ),
    },
    {
      what: "a certificate that its listener waits for by dependsOn",
      scale: "small",
      config: { domain: "chat.example.com" },
      mutation: attach(
        { type: types.listener, name: "chatpop-https" },
        "certificateArn",
        `${types.certificate} chatpop-certificate`,
      ),
    },
    {
      what: "autoscaling that names its service by hand",
      scale: "medium",
      mutation: all(
        set({ type: types.service }, "name", "web"),
        ...["chatpop-cpu", "chatpop-connections"].map((name) =>
          byHand({ type: types.autoscalingPolicy, name }),
        ),
        byHand({ type: types.autoscalingTarget }),
      ),
    },
    {
      what: "an image by commit",
      scale: "small",
      mutation: container({ image: "registry.example.com/chat:9f8e7d6" }),
    },
    {
      what: "an image by version",
      scale: "small",
      mutation: container({ image: "registry.example.com/chat:v1.4" }),
    },
  ],
};

function byHand(selector: Parameters<typeof set>[0]): Mutation {
  return all(
    change(selector, (each) => ({
      ...each,
      propertyDependencies: { ...each.propertyDependencies, resourceId: [] },
    })),
    set(selector, "resourceId", "service/app/web"),
  );
}
