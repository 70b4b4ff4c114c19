import { types } from "../../aws/types";
import type { Wire } from "../recording/wire";
import type { Foreign, ForeignCase } from "./foreignCases";
import { document } from "./document";

type Fields = Readonly<Record<string, Wire>>;

const logs = { logDriver: "awslogs", options: { "awslogs-group": "app" } };
const task = (name: string, container: Fields = {}, more: Fields = {}): Foreign => [
  types.taskDefinition,
  name,
  {
    containerDefinitions: JSON.stringify([
      { name, image: "ghcr.io/shop/web:1.4.2", logConfiguration: logs, ...container },
    ]),
    ...more,
  },
];
const service = (name: string, properties: Fields = {}, sources = {}): Foreign => [
  types.service,
  name,
  { desiredCount: 2, ...properties },
  { taskDefinition: [`${types.taskDefinition} ${name}`], ...sources },
];
const target = (name: string, properties: Fields = {}): Foreign => [
  types.targetGroup,
  name,
  { protocol: "HTTP", port: 80, targetType: "ip", ...properties },
];
const behind = (name: string, properties: Fields = {}, sources = {}): Foreign =>
  service(
    name,
    {
      loadBalancers: [{ containerName: name, containerPort: 80 }],
      networkConfiguration: { subnets: ["subnet-1", "subnet-2"] },
      ...properties,
    },
    { loadBalancers: [`${types.targetGroup} ${name}`], ...sources },
  );
const web = (properties: Fields = {}, sources = {}): Foreign => [
  types.loadBalancer,
  "web",
  { dropInvalidHeaderFields: true, subnets: ["subnet-1", "subnet-2"], ...properties },
  sources,
];
const ofWeb = { loadBalancerArn: [`${types.loadBalancer} web`] };
const https = (properties: Fields = {}, sources = {}): Foreign => [
  types.listener,
  "https",
  {
    ...{ protocol: "HTTPS", port: 443, sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
    defaultActions: [{ type: "forward" }],
    ...properties,
  },
  { ...ofWeb, ...sources },
];
const http = (...defaultActions: readonly Fields[]): Foreign => [
  types.listener,
  "http",
  { protocol: "HTTP", port: 80, defaultActions },
  ofWeb,
];
const database = (properties: Fields = {}): Foreign => [
  types.database,
  "shop",
  {
    ...{ engine: "postgres", engineVersion: "16.4", storageEncrypted: true, backupRetentionPeriod: 7 },
    ...{ publiclyAccessible: false, vpcSecurityGroupIds: ["sg-1"], ...properties },
  },
];
const cache = (properties: Fields = {}): Foreign => [
  types.cache,
  "redis",
  {
    ...{ engine: "redis", engineVersion: "7.1", atRestEncryptionEnabled: true, securityGroupIds: ["sg-1"] },
    ...properties,
  },
];
const invoked = (properties: Fields): Foreign => [
  types.function,
  "hook",
  { handler: "a.b", loggingConfig: { logGroup: "/shop/hook" }, ...properties },
];
const forgetful: Foreign = [types.logGroup, "hook", { name: "/shop/hook", retentionInDays: 90 }];
const trusting = (AWS: string, Condition: object): Foreign => [
  types.role,
  "admins",
  {
    assumeRolePolicy: document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS }, Condition }),
  },
];
const into = (group: string, fields: Fields, from?: string): Foreign => [
  types.ingressRule,
  `into-${group}`,
  { ipProtocol: "tcp", ...fields },
  {
    securityGroupId: [`${types.securityGroup} ${group}`],
    ...(from && { referencedSecurityGroupId: [`${types.securityGroup} ${from}`] }),
  },
];
const timed = (scheduleExpression: string): readonly Foreign[] => [
  [types.eventRule, "nightly", { scheduleExpression }],
  [
    types.eventTarget,
    "nightly",
    { arn: "arn:aws:lambda:us-east-1:111122223333:function:report" },
    { rule: [`${types.eventRule} nightly`] },
  ],
];
/** A load balancer before tasks, each in a group of this program. */
const grouped = (...ways: readonly Foreign[]): readonly Foreign[] => [
  ...["edge", "tasks"].map((name): Foreign => [types.securityGroup, name]),
  ...ways,
  web({}, { securityGroups: [`${types.securityGroup} edge`] }),
  target("orders"),
  https({}, { defaultActions: [`${types.targetGroup} orders`] }),
  task("orders", { portMappings: [{ containerPort: 80 }] }),
  behind("orders", {}, { networkConfiguration: [`${types.securityGroup} tasks`] }),
];

const right: readonly (readonly [what: string, ...resources: readonly Foreign[]])[] = [
  [
    "MariaDB, whose parameters are not PostgreSQL's",
    database({ engine: "mariadb", engineVersion: "10.11" }),
    [
      types.databaseParameterGroup,
      "shop",
      { family: "mariadb10.11", parameters: [{ name: "max_connections", value: "500" }] },
    ],
  ],
  [
    "a place to try things, with a week of backups and one node",
    database({
      backupRetentionPeriod: 7,
      multiAz: false,
      deletionProtection: false,
      skipFinalSnapshot: true,
    }),
    cache({ numCacheClusters: 1 }),
  ],
  [
    "administrators of the own account, with a second factor",
    trusting("arn:aws:iam::111122223333:root", { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
  ],
  [
    "calls by WebRTC",
    [types.securityGroup, "turn"],
    into("turn", { ipProtocol: "udp", fromPort: 49_152, toPort: 65_535, cidrIpv4: "0.0.0.0/0" }),
  ],
  [
    "mail for everybody",
    [types.securityGroup, "mail"],
    into("mail", { fromPort: 587, toPort: 587, cidrIpv4: "0.0.0.0/0" }),
  ],
  ["SQL Server", database({ engine: "sqlserver-se", engineVersion: "15.00" })],
  ["Redis in plain text with replicas to read from", cache({ numCacheClusters: 2 })],
  [
    "containers on instances, with ports that Docker draws",
    task("orders", { portMappings: [{ containerPort: 80, hostPort: 0 }] }, { networkMode: "bridge" }),
    target("orders", { targetType: "instance" }),
    service(
      "orders",
      { launchType: "EC2", loadBalancers: [{ containerName: "orders", containerPort: 80 }] },
      { loadBalancers: [`${types.targetGroup} orders`] },
    ),
  ],
  [
    "a range of ports, of which one serves",
    task("orders", { portMappings: [{ containerPortRange: "8000-8100" }] }),
    target("orders"),
    behind("orders", { loadBalancers: [{ containerName: "orders", containerPort: 8080 }] }),
  ],
  [
    "a container on the network of its host, without mappings",
    task("orders", {}, { networkMode: "host" }),
    target("orders", { targetType: "instance" }),
    behind("orders", { networkConfiguration: null }),
  ],
  ["tasks that one load balancer enters", ...grouped(into("tasks", { fromPort: 80, toPort: 80 }, "edge"))],
  [
    "tasks that a network enters",
    ...grouped(into("tasks", { fromPort: 0, toPort: 65_535, cidrIpv4: "10.0.0.0/16" })),
  ],
  [
    "tasks that a group of another stack enters",
    ...grouped(
      into("tasks", { fromPort: 80, toPort: 80, referencedSecurityGroupId: "sg-0a1b2c3d4e5f60718" }),
    ),
  ],
  [
    "gRPC behind a load balancer",
    task("rpc", { portMappings: [{ containerPort: 50_051 }] }),
    target("rpc", {
      protocolVersion: "GRPC",
      healthCheck: { path: "/grpc.health.v1.Health/Check", matcher: "0" },
    }),
    behind("rpc", { loadBalancers: [{ containerName: "rpc", containerPort: 50_051 }] }),
  ],
  [
    "a page for unknown hosts, and rules for known ones",
    web(),
    target("orders"),
    https({ defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }] }),
    [
      types.listenerRule,
      "orders",
      { conditions: [{ hostHeader: { values: ["shop.example.com"] } }], actions: [{ type: "forward" }] },
      { listenerArn: [`${types.listener} https`], actions: [`${types.targetGroup} orders`] },
    ],
  ],
  ["a redirect to HTTPS", web(), https(), http({ type: "redirect", redirect: { protocol: "HTTPS" } })],
  [
    "a certificate for every host of a domain",
    web(),
    [types.certificate, "all", { domainName: "example.com", subjectAlternativeNames: ["*.example.com"] }],
    https({}, { certificateArn: [`${types.certificate} all`] }),
    [
      types.record,
      "shop",
      { name: "shop.example.com", type: "A", aliases: [{}] },
      { aliases: [`${types.loadBalancer} web`] },
    ],
  ],
  [
    "a firewall that is tried before it blocks",
    [
      types.webAcl,
      "edge",
      {
        ...{ scope: "CLOUDFRONT", defaultAction: { allow: {} } },
        rules: [{ name: "common", overrideAction: { count: {} }, statement: {} }],
      },
    ],
  ],
  [
    "a budget of a quarter, told by mail",
    [
      types.budget,
      "quarter",
      {
        ...{ budgetType: "COST", timeUnit: "QUARTERLY", limitAmount: "900", limitUnit: "USD" },
        notifications: [{ threshold: 120, subscriberEmailAddresses: ["boss@example.com"] }],
      },
    ],
  ],
  ["a day that only some years have", ...timed("cron(0 3 29 FEB ? *)")],
  ["the last day of each month", ...timed("cron(0 3 L * ? *)")],
  ["a job that was", ...timed("cron(0 3 1 1 ? 2020)")],
  [
    "a weekly backup",
    [types.backupPlan, "weekly", { rules: [{ schedule: "cron(0 5 ? * SUN *)", targetVaultName: "v" }] }],
  ],
  [
    "CloudFront before an API that takes everything",
    [
      types.distribution,
      "api",
      {
        origins: [
          {
            customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
          },
        ],
        defaultCacheBehavior: {
          viewerProtocolPolicy: "https-only",
          allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        },
        viewerCertificate: { cloudfrontDefaultCertificate: true },
      },
    ],
  ],
  ["a function in a container", invoked({ packageType: "Image" }), forgetful],
  ["passwords from the encrypted configuration", database({ password: "from pulumi config" })],
  [
    "an alarm for the most of free memory, which somebody wants",
    [
      types.alarm,
      "memory",
      {
        ...{ namespace: "AWS/RDS", metricName: "FreeableMemory", statistic: "Maximum", threshold: 5e8 },
        ...{ dimensions: { DBInstanceIdentifier: "shop" }, evaluationPeriods: 3, period: 60 },
        ...{ comparisonOperator: "LessThanThreshold", alarmActions: ["arn:aws:sns:us-east-1:1:calls"] },
      },
    ],
  ],
  [
    "workers that sleep",
    task("mail"),
    service("mail", { desiredCount: 0 }),
    [types.scalingTarget, "mail", { minCapacity: 0, maxCapacity: 20, resourceId: "service/shop/mail" }],
  ],
  [
    "a router of logs beside the server",
    [
      types.taskDefinition,
      "web",
      {
        containerDefinitions: JSON.stringify([
          { name: "router", image: "amazon/aws-for-fluent-bit:2.32.2", logConfiguration: logs },
          { name: "web", image: "ghcr.io/shop/web:3.1.0", logConfiguration: { logDriver: "awsfirelens" } },
        ]),
      },
    ],
  ],
];

const wrong: readonly (readonly [
  what: string,
  fires: readonly string[],
  ...resources: readonly Foreign[],
])[] = [
  ["a function in Python 3.7", ["function-runtime-supported"], invoked({ runtime: "python3.7" }), forgetful],
  [
    "a redirect from HTTP to HTTP",
    ["http-redirects"],
    web(),
    https(),
    http({ type: "redirect", redirect: { host: "www.example.com", protocol: "HTTP", port: "80" } }),
  ],
  ["plain HTTP on port 443", ["listener-tls"], web(), https({ protocol: "HTTP" })],
  [
    "a port on which the container does not listen",
    ["service-names-its-container"],
    task("orders", { portMappings: [{ containerPort: 8080 }] }),
    target("orders"),
    behind("orders"),
  ],
  [
    "a container that the task does not have",
    ["service-names-its-container"],
    task("orders", { portMappings: [{ containerPort: 80 }] }),
    target("orders"),
    behind("orders", { loadBalancers: [{ containerName: "app", containerPort: 80 }] }),
  ],
  ["a day that never comes", ["event-rule-goes-off"], ...timed("cron(0 3 31 2,4 ? *)")],
  [
    "a certificate for another domain",
    ["certificate-covers-domain"],
    web(),
    [types.certificate, "shop", { domainName: "shop.example.org" }],
    https({}, { certificateArn: [`${types.certificate} shop`] }),
    [
      types.record,
      "shop",
      { name: "shop.example.com", type: "A", aliases: [{}] },
      { aliases: [`${types.loadBalancer} web`] },
    ],
  ],
  [
    "SSL of 1996 between CloudFront and its origin",
    ["distribution-tls"],
    [
      types.distribution,
      "api",
      {
        origins: [
          { customOriginConfig: { originProtocolPolicy: "match-viewer", originSslProtocols: ["SSLv3"] } },
        ],
        defaultCacheBehavior: { viewerProtocolPolicy: "https-only" },
        viewerCertificate: { cloudfrontDefaultCertificate: true },
      },
    ],
  ],
  ["no backups at all", ["database-backups"], database({ backupRetentionPeriod: 0 })],
  [
    "a second factor of anybody in the world",
    ["role-trust-named"],
    trusting("*", { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
  ],
  [
    "every port for datagrams",
    ["internet-ingress"],
    [types.securityGroup, "open"],
    into("open", { ipProtocol: "udp", fromPort: 0, toPort: 65_535, cidrIpv4: "0.0.0.0/0" }),
  ],
];

/** What visitors bring. */
export const visitors: readonly ForeignCase[] = [
  ...right.map(([what, ...resources]) => ({ what, resources, fires: [] })),
  ...wrong.map(([what, fires, ...resources]) => ({ what, resources, fires })),
];
