import { types } from "../../aws/types";
import type { Wire } from "../recording/wire";
import type { Edit } from "./edits";
import { add, change, container, edited, type Mutation, set, variable } from "./mutations";
import { document } from "./document";

const grant = (Action: Wire, Resource: Wire, Condition?: object): Mutation =>
  set(
    { type: types.rolePolicy, name: "chatpop-task-media" },
    "policy",
    document({ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) }),
  );
const trust = (AWS: string, Condition?: object): Mutation =>
  set(
    { type: types.role, name: "chatpop-task" },
    "assumeRolePolicy",
    document({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { AWS },
      ...(Condition && { Condition }),
    }),
  );

const everyRole = { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deploy" } };
const halves = { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } };

const access: readonly Edit[] = [
  ["a role for roles of a name, in any account", "role-trust-named", trust("*", everyRole)],
  ["a role for both halves of the internet", "role-trust-named", trust("*", halves)],
  ["a role for another account, by its number", "role-trust-named", trust("111122223333")],
  [
    "a key for a partner's whole account beside the own one",
    "resource-policy-named",
    set(
      { type: types.key, name: "chatpop-alerts" },
      "policy",
      document(
        ...["123456789012", "999988887777"].map((account) => ({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: account.startsWith("1") ? "kms:*" : "kms:Decrypt",
          Resource: "*",
        })),
        {
          Effect: "Allow",
          Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
        },
      ),
    ),
  ],
  [
    "a function that S3 may invoke for everybody's buckets",
    "function-access-named",
    add(types.functionPermission, "hook", {
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
    }),
  ],
  [
    "a layer for everybody",
    "function-access-named",
    add(types.layerPermission, "layer", { action: "lambda:GetLayerVersion", principal: "*" }),
  ],
  [
    "a backup for every account",
    "resource-policy-named",
    add(types.snapshot, "copy", { sharedAccounts: ["all"] }),
  ],
  ...[
    [types.tablePolicy, "policy", "dynamodb:GetItem"],
    [types.searchDomainPolicy, "accessPolicies", "es:*"],
    [types.logPolicy, "policyDocument", "logs:PutLogEvents"],
  ].map(([type = "", property = "", Action]): Edit => [
    `${type.split(":").at(-1)} for everybody`,
    "resource-policy-named",
    add(type, "open", {
      [property]: document({ Effect: "Allow", Principal: "*", Action, Resource: "*" }),
    }),
  ]),
];

const permissions: readonly Edit[] = [
  ["opening every security group", grant("ec2:AuthorizeSecurityGroupIngress", "*")] as const,
  ["ending the trail", grant(["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"], "*")] as const,
  ["deleting backups", grant(["backup:DeleteRecoveryPoint", "rds:DeleteDBSnapshot"], "*")] as const,
  ["changing every service", grant(["ecs:UpdateService", "ecs:StopTask"], "*")] as const,
  ["changing every stack", grant("cloudformation:UpdateStack", "*")] as const,
  ["new passwords for users", grant("cognito-idp:AdminSetUserPassword", "*")] as const,
  ["secrets in odd letters", grant("SECRETSMANAGER:getsecretvalue", "arn:aws:secretsmanager:*:*:*")] as const,
].map(([what, mutation]): Edit => [what, "no-wildcard-permissions", mutation]);

const logsTo = (options: Readonly<Record<string, string>>) =>
  container({ logConfiguration: { logDriver: "splunk", options } });
const health = (command: string) => container({ healthCheck: { command: ["CMD-SHELL", command] } });
const runs = (command: string) => container({ command: ["sh", "-c", command] });

// Made up, like every value here.
const secrets: readonly Edit[] = [
  ["a health check that logs in", health("curl -fu admin:hunter2-hunter2 http://localhost/")] as const,
  ["redis-cli with a password", runs("redis-cli -a hunter2-hunter2 ping && daphne chat.asgi")] as const,
  ["mysql with a password", runs("mysql -uroot -phunter2-hunter2 -e 'select 1'; daphne chat.asgi")] as const,
  ["sshpass", runs("sshpass -p hunter2-hunter2 ssh backup@example.com; daphne chat.asgi")] as const,
  [
    "a password among the parts of an address",
    variable("DB_DSN", "host=db user=x password=hunter2-2"),
  ] as const,
  ["a password as ODBC writes it", variable("LEGACY_DB", "Server=db;Uid=chat;Pwd=hunter2-hunter2;")] as const,
  ["a login in base 64", variable("METRICS_AUTH", "Basic Y2hhdDpodW50ZXIyaHVudGVyMg==")] as const,
  ["a log driver's token", logsTo({ "splunk-token": "B5A79AAD-D822-46CC-80D1-819F80D7BFB0" })] as const,
].map(([what, mutation]): Edit => [what, "no-secret-in-environment", mutation]);

const application: readonly Edit[] = [
  ...(
    [
      ["NODE_TLS_REJECT_UNAUTHORIZED", "0"],
      ["PYTHONHTTPSVERIFY", "0"],
      ["REDIS_SSL_CERT_REQS", "none"],
      ["S3_VERIFY_SSL", "false"],
    ] as const
  ).map(([name, value]): Edit => [
    `any certificate will do: ${name}`,
    "connections-encrypted",
    variable(name, value),
  ]),
  ["every host under .com", "hosts-named", variable("ALLOWED_HOSTS", "chat.example.com,.com")],
  ["every host that AWS names", "hosts-named", variable("ALLOWED_HOSTS", ".elb.amazonaws.com")],
  ["scripts of every site under .com", "hosts-named", variable("CSRF_TRUSTED_ORIGINS", "https://*.com")],
  ["a privileged container", "containers-confined", container({ privileged: true })],
  [
    "a container that administers its host",
    "containers-confined",
    container({ linuxParameters: { capabilities: { add: ["SYS_ADMIN"] } } }),
  ],
  [
    "a migration that never runs",
    "function-outlasts-its-job",
    set({ type: types.function, name: "chatpop-release" }, "reservedConcurrentExecutions", 0),
  ],
  [
    "a clean-up that is turned off",
    "event-rule-goes-off",
    set({ type: types.schedule, name: "chatpop-schedule-cleanup-expired-photos" }, "state", "DISABLED"),
  ],
];

const parameter = (name: string, value: string): Mutation =>
  edited({ type: types.databaseParameterGroup }, (inputs) => ({
    ...inputs,
    parameters: [
      ...(inputs["parameters"] as readonly { name: string }[]).filter((each) => each.name !== name),
      { name, value, applyMethod: "pending-reboot" },
    ],
  }));

const database: readonly Edit[] = [
  ...(
    [
      ["log_statement", "all"],
      ["log_min_duration_statement", "0"],
      ["autovacuum", "0"],
      ["synchronous_commit", "off"],
    ] as const
  ).map(([name, value]): Edit => [`${name} ${value}`, "database-parameters-safe", parameter(name, value)]),
  [
    "a certificate that has ended",
    "database-tls",
    set({ type: types.database }, "caCertIdentifier", "rds-ca-2019"),
  ],
];

const network: readonly Edit[] = [
  [
    "a network that resolves no names",
    "tasks-pull-their-image",
    set({ type: types.vpc }, "enableDnsSupport", false),
  ],
  [
    "a NAT gateway that leads to other networks only",
    "tasks-pull-their-image",
    set({ type: types.natGateway }, "connectivityType", "private"),
  ],
  [
    "a default group that lets the internet in",
    "internet-ingress",
    change({ type: types.defaultSecurityGroup }, (each) => {
      const ingress: Wire = [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }];
      return {
        ...each,
        wireInputs: { ...each.wireInputs, ingress },
        wireOutputs: { ...each.wireOutputs, ingress },
        propertyDependencies: { ...each.propertyDependencies, ingress: [] },
      };
    }),
  ],
  [
    "free storage in gigabytes",
    "alarm-goes-off",
    set({ type: types.alarm, name: "chatpop-test-database-free-storage" }, "unit", "Gigabytes"),
  ],
];

/** Edits of which one in two got by, before whole kinds of them were looked for. */
export const furtherEdits: readonly Edit[] = [
  ...access,
  ...permissions,
  ...secrets,
  ...application,
  ...database,
  ...network,
];
