import { types } from "../../aws/types";
import type { Scale } from "../../stacks/guide";
import type { Wire } from "../recording/wire";
import { furtherEdits } from "./furtherEdits";
import { hurriedEdits } from "./hurriedEdits";
import {
  add,
  all,
  change,
  container,
  detach,
  edited,
  merge,
  type Mutation,
  remove,
  set,
  variable,
} from "./mutations";
import { document } from "./document";

interface Where {
  /** @default medium */
  readonly scale?: Scale;
  readonly config?: Readonly<Record<string, string>>;
}

/** What somebody does who is tired, the rules that refuse it, and each of them. */
export type Edit = readonly [
  what: string,
  rules: string | readonly string[],
  mutation: Mutation,
  where?: Where,
];

const allow = (Action: Wire, Resource: Wire, Condition?: object) =>
  document({ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });
const everybody = (Action: string) =>
  document({ Effect: "Allow", Action, Principal: { AWS: "*" }, Resource: "*" });

const service = { type: types.service, name: "chatpop-backend-service" };
const targets = { type: types.targetGroup };
const taskPolicy = { type: types.rolePolicy, name: "chatpop-task-media" };
const alarm = (key: string) => ({ type: types.alarm, name: `chatpop-test-${key}` });
const rule = (name: string) => ({ type: types.eventRule, name: `chatpop-${name}` });
const topicPolicy = { type: types.topicPolicy, name: "chatpop-alerts" };
const lifecycle = { type: types.bucketLifecycle, name: "chatpop-media" };
const filter = { type: types.logMetricFilter };

/** Takes resources whose URN matches away from what comes before one. */
const hurry = (selector: Parameters<typeof change>[0], before: RegExp): Mutation =>
  change(selector, (each) => ({
    ...each,
    dependencies: each.dependencies.filter((urn) => !before.test(urn)),
  }));

const trust = (Principal: object, Condition?: object): Mutation =>
  set(
    { type: types.role, name: "chatpop-task" },
    "assumeRolePolicy",
    document({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal,
      ...(Condition && { Condition }),
    }),
  );

const access: readonly Edit[] = [
  [
    "a role for everybody who has a Google account",
    "role-trust-named",
    trust({ Federated: "accounts.google.com" }),
  ],
  [
    "a role for visitors of any Cognito pool",
    "role-trust-named",
    trust(
      { Federated: "cognito-identity.amazonaws.com" },
      { "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "unauthenticated" } },
    ),
  ],
  ...(
    [
      [types.queue, "sqs:*"],
      [types.eventBusPolicy, "events:PutEvents"],
      [types.backupVaultPolicy, "backup:*"],
      [types.fileSystemPolicy, "elasticfilesystem:*"],
    ] as const
  ).map(([type, action]): Edit => [
    `${type.split(":").at(-1)} for everybody`,
    "resource-policy-named",
    add(type, "open", { policy: everybody(action) }),
  ]),
  [
    "media with a public ACL",
    "buckets-private",
    add(types.bucketAcl, "media", { acl: "public-read" }, { bucket: [`${types.bucket} chatpop-media`] }),
  ],
];

const permissions: readonly Edit[] = (
  [
    ["s3:*", ["arn:aws:s3:::chatpop-media", "arn:aws:s3:::chatpop-media/*"]],
    ["ssm:GetParametersByPath", "*"],
    [["secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret"], "*"],
    [["dynamodb:Scan", "dynamodb:Query"], "*"],
    [["logs:FilterLogEvents", "logs:GetLogEvents"], "*"],
    [["iam:CreateUser", "iam:CreateLoginProfile", "iam:AddUserToGroup"], "*"],
    ["iam:SetDefaultPolicyVersion", "*"],
    [["ssm:StartSession", "ssm:SendCommand"], "*"],
    [["kms:CreateGrant", "kms:PutKeyPolicy"], "*"],
    ["rds:ModifyDBInstance", "*"],
    [["rds:CreateDBSnapshot", "rds:ModifyDBSnapshotAttribute"], "*"],
    ["route53:ChangeResourceRecordSets", "*"],
  ] as const
).map(([actions, resources]) => [
  `${String(actions)} on ${String(resources)}`,
  "no-wildcard-permissions",
  set(taskPolicy, "policy", allow(actions, resources)),
]);

const managed: readonly Edit[] = ["AmazonDynamoDBReadOnlyAccess", "CloudWatchLogsReadOnlyAccess"].map(
  (name) => [
    `${name} attached`,
    "no-wildcard-permissions",
    add(types.rolePolicyAttachment, "wide", { policyArn: `arn:aws:iam::aws:policy/${name}` }),
  ],
);

// Made up, and put together here so that no scanner takes them for real ones.
const made = (...parts: readonly string[]) => parts.join("");
const password = "hunter2-hunter2";

const secrets: readonly Edit[] = [
  ...(
    [
      ["SECRET_KEY_FALLBACKS", "an-old-django-key"],
      ["DB_PASSWORD_OLD", password],
      ["API_SECRET_V2", "9f8e7d6c5b4a"],
      ["VAPID_PRIVATE", "dGhpcyBpcyBhIHByaXZhdGUga2V5"],
      ["LINEAR", made("lin_api_", "a1B2".repeat(10))],
      ["AIRTABLE", made("pat", "A1b2C3d4E5f6G7", ".", "0123456789abcdef".repeat(4))],
      ["NOTION", made("ntn_", "123456789012", "a1B2c3D4".repeat(4))],
      ["DATABRICKS", made("dapi", "0123456789abcdef".repeat(2))],
      ["CLOUDFLARE", made("v1.0-", "0".repeat(24), "-", "1".repeat(146))],
    ] as const
  ).map(([name, value]): Edit => [`the variable ${name}`, "no-secret-in-environment", variable(name, value)]),
  ...(
    [
      [
        "a health check's command",
        container({
          healthCheck: {
            command: ["CMD-SHELL", "curl -H 'Authorization: Bearer 0123456789abcdef0123' localhost"],
          },
        }),
      ],
      ["a label", container({ dockerLabels: { "com.example.instances": `[{"password":"${password}"}]` } })],
      [
        "a parameter that is plain text",
        add(types.parameter, "db", { name: "/chat/db-password", type: "String", value: password }),
      ],
      [
        "the overrides of a scheduled task",
        edited({ type: types.schedule, name: "chatpop-schedule-cleanup-expired-photos" }, (inputs) => ({
          ...inputs,
          target: {
            ...(inputs["target"] as object),
            input: JSON.stringify({
              containerOverrides: [{ environment: [{ name: "ADMIN_PASSWORD", value: password }] }],
            }),
          },
        })),
      ],
      [
        "a build's environment",
        add(types.buildProject, "build", {
          environment: {
            environmentVariables: [{ name: "NPM_TOKEN", value: made("npm", "_", "a1B2".repeat(9)) }],
          },
        }),
      ],
    ] as const
  ).map(([where, mutation]): Edit => [`a secret in ${where}`, "no-secret-in-environment", mutation]),
];

const application: readonly Edit[] = [
  ["a developer's settings", "debug-off", variable("DJANGO_SETTINGS_MODULE", "chat.settings.dev")],
  ["Django's development server", "debug-off", container({ command: ["python", "manage.py", "runserver"] })],
  [
    "a server that logs everything",
    "debug-off",
    container({ command: ["uvicorn", "chat.asgi", "--log-level", "debug"] }),
  ],
  ["every host, in JSON", "hosts-named", variable("ALLOWED_HOSTS", '["*"]')],
];

const noOtherWay = all(
  remove({ type: types.route, name: "chatpop-private-1-internet" }),
  remove({ type: types.route, name: "chatpop-private-2-internet" }),
);

const network: readonly Edit[] = [
  [
    "an internal load balancer",
    "load-balancer-reachable",
    set({ type: types.loadBalancer }, "internal", true),
  ],
  [
    "a load balancer in private subnets",
    "load-balancer-reachable",
    change({ type: types.loadBalancer }, (each) => ({
      ...each,
      propertyDependencies: {
        ...each.propertyDependencies,
        subnets: each.propertyDependencies["subnets"]!.map((urn) => urn.replace("public", "private")),
      },
    })),
  ],
  ["private subnets without a route out", "tasks-pull-their-image", noOtherWay],
  [
    "tasks that nothing leaves on port 443",
    "tasks-pull-their-image",
    remove({ type: types.egressRule, name: "chatpop-tasks-to-internet-443" }),
  ],
  [
    "an execution role without a policy to pull",
    "tasks-pull-their-image",
    remove({ type: types.rolePolicyAttachment, name: "chatpop-execution" }),
  ],
  [
    "an execution role with a function's policy",
    "tasks-pull-their-image",
    set(
      { type: types.rolePolicyAttachment, name: "chatpop-execution" },
      "policyArn",
      "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    ),
  ],
  [
    "an execution role that may not read the secrets",
    "tasks-pull-their-image",
    remove({ type: types.rolePolicy, name: "chatpop-execution-secrets" }),
  ],
  ["a service that waits for no listener", "deployment-can-begin", hurry(service, /:listener\/|:Listener\$/)],
  ["a health check on another port", "target-health-check", merge(targets, "healthCheck", { port: "8080" })],
  [
    "a health check that speaks TLS",
    "target-health-check",
    merge(targets, "healthCheck", { protocol: "HTTPS" }),
  ],
  [
    "a proxy whose clients log in with IAM",
    "proxy-quiet",
    all(
      set({ type: types.proxy }, "defaultAuthScheme", "IAM_AUTH"),
      set({ type: types.proxy }, "auths", undefined),
    ),
  ],
  [
    "media that go into the archive",
    "media-stay",
    edited(lifecycle, (inputs) => ({
      ...inputs,
      rules: [
        ...(inputs["rules"] as readonly Wire[]),
        { id: "old", status: "Enabled", transitions: [{ days: 30, storageClass: "DEEP_ARCHIVE" }] },
      ],
    })),
  ],
];

const expression = (text: string): Mutation =>
  edited(
    { type: types.scalingPolicy, name: "chatpop-connections" },
    (inputs) =>
      JSON.parse(JSON.stringify(inputs).replace("connections / (2 * tasks)", text)) as typeof inputs,
  );
const inMath = (key: string, from: string, to: string): Mutation =>
  edited(alarm(key), (inputs) => JSON.parse(JSON.stringify(inputs).replaceAll(from, to)) as typeof inputs);

const alarms: readonly Edit[] = [
  ...[
    "2 * connections / tasks",
    "connections / tasks * 2",
    "connections / 2 * tasks",
    "connections / (4 * tasks)",
  ].map((text): Edit => [
    `connections per task as ${text}`,
    "connection-scaling-from-1000-rooms",
    expression(text),
  ]),
  [
    "free storage as a sum",
    ["alarm-goes-off", "alarm-database-free-storage"],
    set(alarm("database-free-storage"), "statistic", "Sum"),
  ],
  [
    "free storage above its threshold",
    ["alarm-goes-off", "alarm-database-free-storage"],
    set(alarm("database-free-storage"), "comparisonOperator", "GreaterThanThreshold"),
  ],
  [
    "fewer healthy tasks than none",
    ["alarm-goes-off", "alarm-no-healthy-task"],
    set(alarm("no-healthy-task"), "threshold", 0),
  ],
  ["fewer credits than none", "alarm-goes-off", set(alarm("database-burst-credits"), "threshold", 0)],
  [
    "a service without its cluster",
    "alarm-goes-off",
    set(alarm("service-cpu"), "dimensions", { ServiceName: "chatpop-backend-service" }),
  ],
  [
    "a target group without its load balancer",
    "alarm-goes-off",
    set(alarm("unhealthy-tasks"), "dimensions", { TargetGroup: "targetgroup/x/1" }),
  ],
  ["a metric that is misspelt", "alarm-goes-off", set(alarm("cache-evictions"), "metricName", "Eviction")],
  ["errors on average", "alarm-goes-off", inMath("failing-requests", '"stat":"Sum"', '"stat":"Average"')],
  ["a day in metric math", "alarm-goes-off", inMath("failing-requests", '"period":60', '"period":86400')],
  [
    "a metric that no filter writes",
    "alarm-has-data",
    set(alarm("lost-messages"), "metricName", "LostMesages"),
  ],
  ["no filter at all", "alarm-has-data", remove(filter)],
  [
    "a filter that writes elsewhere",
    "alarm-has-data",
    edited(filter, (inputs) => ({
      ...inputs,
      metricTransformation: { ...(inputs["metricTransformation"] as object), namespace: "ChatPop/prod" },
    })),
  ],
  [
    "calls when no message is lost",
    "alarm-has-data",
    set(alarm("lost-messages"), "treatMissingData", "breaching"),
  ],
  [
    "an alarm over others that do not exist",
    "composite-goes-off",
    set({ type: types.compositeAlarm }, "alarmRule", 'ALARM("chat-down") OR ALARM("messages-lost")'),
  ],
];

const pattern = (kind: string, source: string, detail?: object) =>
  JSON.stringify({ source: [source], "detail-type": [kind], detail });

const notices: readonly Edit[] = [
  [
    "events of a service that does not send them",
    "event-rule-goes-off",
    set(
      rule("deployment-failed"),
      "eventPattern",
      pattern("ECS Deployment State Change", "ecs.amazonaws.com"),
    ),
  ],
  [
    "events of a category that does not exist",
    "event-rule-goes-off",
    set(
      rule("database-failure"),
      "eventPattern",
      pattern("RDS DB Instance Event", "aws.rds", { EventCategories: ["failures"] }),
    ),
  ],
  [
    "events without a target",
    "notices-arrive",
    remove({ type: types.eventTarget, name: "chatpop-database-failure" }),
  ],
  [
    "a topic policy for another topic",
    "notices-arrive",
    all(
      detach(topicPolicy, "policy", types.topic),
      set(
        topicPolicy,
        "policy",
        document({
          Effect: "Allow",
          Action: "sns:Publish",
          Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
          Resource: "arn:aws:sns:us-east-1:123456789012:old-alerts",
        }),
      ),
    ),
  ],
  [
    "a key that is turned off",
    "notices-arrive",
    set({ type: types.key, name: "chatpop-alerts" }, "isEnabled", false),
  ],
  [
    "logs of the cache in a group that AWS makes",
    "database-log-retention",
    set({ type: types.cache }, "logDeliveryConfigurations", [
      { destination: "/aws/elasticache/chat", destinationType: "cloudwatch-logs", logType: "slow-log" },
    ]),
  ],
];

/** Edits that only a look at the whole kind of mistake refuses; `cases` has those that one rule is about. */
export const edits: readonly Edit[] = [
  ...access,
  ...permissions,
  ...managed,
  ...secrets,
  ...application,
  ...network,
  ...alarms,
  ...notices,
  ...furtherEdits,
  ...hurriedEdits,
];
