import { types } from "../../aws/types";
import { unknownWire, type Wire } from "../recording/wire";
import type { Foreign, ForeignCase } from "./foreignCases";
import { document } from "./document";

type Fields = Readonly<Record<string, Wire>>;

const logs = { logDriver: "awslogs", options: { "awslogs-group": "shop" } };
const task = (name: string, container: Fields, more: Fields = {}): Foreign => [
  types.taskDefinition,
  name,
  {
    containerDefinitions: JSON.stringify([
      { name, image: "ghcr.io/shop/web:3.11.0", logConfiguration: logs, ...container },
    ]),
    ...more,
  },
];
const service = (name: string, properties: Fields, sources = {}): Foreign => [
  types.service,
  name,
  { desiredCount: 2, ...properties },
  { taskDefinition: [`${types.taskDefinition} ${name}`], ...sources },
];
const awsvpc = { networkConfiguration: { subnets: ["subnet-1", "subnet-2"], assignPublicIp: true } };
const guarded = { vpcSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"], publiclyAccessible: false };
const kept = { storageEncrypted: true, backupRetentionPeriod: 14, ...guarded };
const calls = { alarmActions: ["arn:aws:sns:us-east-1:111122223333:calls"] };
const bucketOf = { bucket: [`${types.bucket} files`] };
const tlsOnly = {
  ...{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" },
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const closed: readonly Foreign[] = [
  [types.bucket, "files", {}],
  [types.bucketPolicy, "files", { policy: document(tlsOnly) }, bucketOf],
];

const right: readonly (readonly [what: string, ...resources: readonly Foreign[]])[] = [
  [
    "an agent on each EC2 instance",
    task("agent", { image: "prom/node-exporter:v1.9.1" }, { networkMode: "host" }),
    service("agent", { launchType: "EC2", schedulingStrategy: "DAEMON" }),
  ],
  [
    "TLS that ends at a network load balancer",
    [types.loadBalancer, "edge", { loadBalancerType: "network", subnets: ["subnet-1", "subnet-2"] }],
    [
      types.listener,
      "tls",
      {
        protocol: "TLS",
        port: 443,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultActions: [{ type: "forward" }],
      },
      { loadBalancerArn: [`${types.loadBalancer} edge`] },
    ],
  ],
  [
    "MySQL with parameters of its own",
    [types.database, "shop", { engine: "mysql", engineVersion: "8.4", ...kept }],
    [
      types.databaseParameterGroup,
      "shop",
      {
        family: "mysql8.4",
        parameters: [
          { name: "time_zone", value: "Europe/Berlin" },
          { name: "slow_query_log", value: "1" },
        ],
      },
    ],
  ],
  [
    "Memcached on three nodes",
    [types.cacheCluster, "pages", { engine: "memcached", numCacheNodes: 3, securityGroupIds: ["sg-1"] }],
  ],
  [
    "a public web site, whose bucket says so",
    [types.bucket, "files", {}],
    [types.bucketWebsite, "files", { indexDocument: { suffix: "index.html" } }, bucketOf],
    [types.bucketPublicAccessBlock, "files", { blockPublicPolicy: false }, bucketOf],
    [
      types.bucketPolicy,
      "files",
      { policy: document({ Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource: "*" }) },
      bucketOf,
    ],
  ],
  [
    "Aurora MySQL with two instances",
    [
      types.databaseCluster,
      "shop",
      { engine: "aurora-mysql", engineVersion: "8.0.mysql_aurora.3.08.0", ...kept },
    ],
    ...["one", "two"].map((name): Foreign => [
      types.databaseClusterInstance,
      name,
      { engine: "aurora-mysql", publiclyAccessible: false },
      { clusterIdentifier: [`${types.databaseCluster} shop`] },
    ]),
  ],
  [
    "services that talk to each other in one security group",
    [
      types.securityGroup,
      "shop",
      { ingress: [{ protocol: "tcp", fromPort: 0, toPort: 65_535, self: true }] },
    ],
    ...["web", "orders"].flatMap((name) => [
      task(name, {}),
      service(name, awsvpc, { networkConfiguration: [`${types.securityGroup} shop`] }),
    ]),
  ],
  [
    "a parameter that AWS encrypts, and one with an address",
    [types.parameter, "key", { type: "SecureString", name: "/shop/api-key", value: "9f8e7d6c5b4a3f2e1d0c" }],
    [types.parameter, "host", { type: "String", name: "/shop/db-host", value: "db.shop.internal" }],
  ],
  [
    "load balancers by their older names",
    [
      "aws:alb/loadBalancer:LoadBalancer",
      "old",
      { dropInvalidHeaderFields: true, subnets: ["subnet-1", "subnet-2"] },
    ],
    [
      "aws:elasticloadbalancingv2/targetGroup:TargetGroup",
      "old",
      { protocol: "HTTP", targetType: "instance" },
    ],
  ],
  [
    "a service of which all else is another stack's",
    [
      types.service,
      "web",
      {
        cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/shop",
        taskDefinition: "web:12",
        desiredCount: 3,
        loadBalancers: [
          {
            targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/1",
            containerName: "web",
            containerPort: 80,
          },
        ],
        ...awsvpc,
      },
    ],
  ],
  [
    "a program of which hardly anything is known yet",
    [types.taskDefinition, "web", { containerDefinitions: unknownWire, executionRoleArn: unknownWire }],
    service("web", { networkConfiguration: unknownWire, loadBalancers: unknownWire }),
    [types.database, "shop", { ...kept, engine: unknownWire, engineVersion: unknownWire }],
    [types.rolePolicy, "web", { policy: unknownWire }],
    [types.alarm, "slow", { ...calls, metricName: unknownWire, threshold: unknownWire }],
  ],
  [
    "workers on Spot that read a queue",
    task("worker", { command: ["celery", "-A", "shop", "worker"] }),
    service("worker", {
      ...awsvpc,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    }),
  ],
  [
    "SQL Server",
    [types.database, "erp", { engine: "sqlserver-se", engineVersion: "16.00", timezone: "UTC", ...kept }],
  ],
  [
    "a build with variables from the parameter store",
    [
      types.buildProject,
      "web",
      {
        environment: {
          environmentVariables: [{ name: "NPM_TOKEN", value: "/shop/npm-token", type: "PARAMETER_STORE" }],
        },
      },
    ],
  ],
  [
    "a task by the clock of EventBridge",
    [types.eventRule, "nightly", { scheduleExpression: "cron(0 3 * * ? *)" }],
    [
      types.eventTarget,
      "nightly",
      { arn: "arn:aws:ecs:us-east-1:111122223333:cluster/shop", ecsTarget: { taskCount: 1 } },
      { rule: [`${types.eventRule} nightly`] },
    ],
  ],
  [
    "a key that signs, which AWS cannot renew",
    [
      types.key,
      "sign",
      { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "ECC_NIST_P256", enableKeyRotation: false },
    ],
  ],
  [
    "a bucket into which scripts of one site write",
    ...closed,
    [
      types.bucketCors,
      "files",
      {
        corsRules: [
          { allowedMethods: ["GET"], allowedOrigins: ["*"] },
          { allowedMethods: ["PUT"], allowedOrigins: ["https://shop.example.com"] },
        ],
      },
      bucketOf,
    ],
  ],
  [
    "a server behind CloudFront's own addresses",
    [
      types.securityGroup,
      "edge",
      {
        ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-3b927c52"] }],
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      },
    ],
  ],
  [
    "a function with one table",
    [
      types.role,
      "orders",
      {
        assumeRolePolicy: document({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        }),
      },
    ],
    [
      types.rolePolicy,
      "orders",
      {
        policy: document({
          Effect: "Allow",
          Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
          Resource: [
            "arn:aws:dynamodb:*:111122223333:table/orders",
            "arn:aws:dynamodb:*:*:table/orders/index/*",
          ],
        }),
      },
    ],
  ],
  [
    "Valkey, and an alarm for a queue that is late",
    [
      types.cache,
      "pages",
      {
        ...{ engine: "valkey", engineVersion: "8.0", atRestEncryptionEnabled: true },
        ...{ transitEncryptionEnabled: true, securityGroupIds: ["sg-1"] },
      },
    ],
    [
      types.alarm,
      "late",
      {
        ...{ namespace: "AWS/SQS", metricName: "ApproximateAgeOfOldestMessage", statistic: "Maximum" },
        ...{
          dimensions: { QueueName: "orders" },
          comparisonOperator: "GreaterThanThreshold",
          threshold: 600,
        },
        ...{ evaluationPeriods: 5, period: 60, treatMissingData: "notBreaching", ...calls },
      },
    ],
  ],
];

const wrong: readonly (readonly [
  what: string,
  fires: readonly string[],
  ...resources: readonly Foreign[],
])[] = [
  [
    "MySQL's port for everybody",
    ["internet-ingress"],
    [
      types.securityGroup,
      "db",
      { ingress: [{ protocol: "tcp", fromPort: 3306, toPort: 3306, cidrBlocks: ["0.0.0.0/0"] }] },
    ],
  ],
  [
    "a shell for everybody who has IPv6",
    ["internet-ingress"],
    [types.securityGroup, "ssh", {}],
    [
      types.securityGroupRule,
      "ssh",
      { type: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, ipv6CidrBlocks: ["::/0"] },
      { securityGroupId: [`${types.securityGroup} ssh`] },
    ],
  ],
  [
    "MySQL on the internet without backups",
    ["database-backups", "database-not-public"],
    [
      types.database,
      "shop",
      { ...kept, engine: "mysql", publiclyAccessible: true, backupRetentionPeriod: 0 },
    ],
  ],
  [
    "Aurora on the internet",
    ["database-not-public"],
    [types.databaseClusterInstance, "one", { engine: "aurora-postgresql", publiclyAccessible: true }],
  ],
  [
    "a secret for tokens in a variable",
    ["no-secret-in-environment"],
    task("web", { environment: [{ name: "JWT_SECRET", value: "correct-horse-battery" }] }),
  ],
  [
    "a password in an address of MongoDB",
    ["no-secret-in-environment"],
    task("web", { environment: [{ name: "MONGO_URL", value: "mongodb://app:hunter2-hunter2@db/shop" }] }),
  ],
  [
    "a function that everybody calls",
    ["function-access-named"],
    [types.functionUrl, "hook", { authorizationType: "NONE" }],
  ],
  [
    "a bucket that everybody fills",
    ["bucket-policy-named"],
    [types.bucket, "files", {}],
    [
      types.bucketPolicy,
      "files",
      {
        policy: document(tlsOnly, { Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: "*" }),
      },
      bucketOf,
    ],
  ],
  [
    "a bucket into which scripts of every site write",
    ["bucket-cors-named"],
    ...closed,
    [
      types.bucketCors,
      "files",
      { corsRules: [{ allowedMethods: ["POST"], allowedOrigins: ["*"] }] },
      bucketOf,
    ],
  ],
  [
    "a topic on which everybody publishes",
    ["resource-policy-named"],
    [
      types.topicPolicy,
      "open",
      { policy: document({ Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: "*" }) },
    ],
  ],
  [
    "TLS 1.0 at a network load balancer",
    ["listener-tls"],
    [types.listener, "tls", { protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS-1-0-2015-04" }],
  ],
  ["logs for ever", ["log-retention"], [types.logGroup, "shop", { name: "/shop/web" }]],
  [
    "Redis of 2018",
    ["cache-version"],
    [
      types.cache,
      "pages",
      { engine: "redis", engineVersion: "5.0.6", atRestEncryptionEnabled: true, securityGroupIds: ["sg-1"] },
    ],
  ],
  [
    "a container whose log is thrown away",
    ["container-logs"],
    task("web", { logConfiguration: { logDriver: "none" } }),
  ],
  [
    "a role for everybody of another account",
    ["role-trust-named"],
    [
      types.role,
      "partner",
      {
        assumeRolePolicy: document({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: "arn:aws:iam::999988887777:root" },
        }),
      },
    ],
  ],
  [
    "an instance that is told a password",
    ["no-secret-in-environment"],
    [types.instance, "web", { userData: "#!/bin/sh\nmysql -u root -phunter2-hunter2 < init.sql\n" }],
  ],
  [
    "PostgreSQL 12",
    ["database-version"],
    [types.database, "shop", { ...kept, engine: "postgres", engineVersion: "12.19" }],
  ],
  [
    "an alarm for a metric that is misspelt",
    ["alarm-goes-off"],
    [
      types.alarm,
      "busy",
      {
        ...{ namespace: "AWS/ECS", metricName: "CPUUtilisation", statistic: "Average", threshold: 80 },
        ...{ dimensions: { ClusterName: "shop", ServiceName: "web" }, evaluationPeriods: 3, period: 60 },
        ...{ comparisonOperator: "GreaterThanThreshold", ...calls },
      },
    ],
  ],
  [
    "any role for any service",
    ["no-wildcard-permissions"],
    [
      types.policy,
      "deploy",
      { policy: document({ Effect: "Allow", Action: "iam:PassRole", Resource: "*" }) },
    ],
  ],
  [
    "Flask in debug mode, and a key that stays the same",
    ["debug-off", "keys-rotate"],
    task("web", { environment: [{ name: "FLASK_DEBUG", value: "1" }] }),
    [types.key, "shop", { enableKeyRotation: false }],
  ],
];

/** What else strangers bring, written down before a look at the rules. */
export const strangers: readonly ForeignCase[] = [
  ...right.map(([what, ...resources]) => ({ what, resources, fires: [] })),
  ...wrong.map(([what, fires, ...resources]) => ({ what, resources, fires })),
];
