import { types } from "../../aws/types";
import type { Wire } from "../recording/wire";
import { examples } from "./foreignExamples";
import { neighbours } from "./foreignNeighbours";
import { strangers } from "./foreignStrangers";
import { visitors } from "./foreignVisitors";

/** A resource of somebody else: its type, name, arguments, and what arguments are made of (`type name`). */
export type Foreign = readonly [
  type: string,
  name: string,
  properties?: Readonly<Record<string, Wire>>,
  sources?: Readonly<Record<string, readonly string[]>>,
];

/** A program that has nothing of this project, and exactly the mandatory rules that refuse it. */
export interface ForeignCase {
  readonly what: string;
  readonly resources: readonly Foreign[];
  readonly fires: readonly string[];
  /** What the pack's configuration says. */
  readonly config?: Readonly<Record<string, object>>;
}

const logs = { logDriver: "awslogs", options: { "awslogs-group": "web" } };

const task = (name: string, container: Readonly<Record<string, Wire>>, more = {}): Foreign => [
  types.taskDefinition,
  name,
  {
    containerDefinitions: JSON.stringify([
      {
        name,
        image: "nginx:1.29",
        portMappings: [{ containerPort: 80 }],
        logConfiguration: logs,
        ...container,
      },
    ]),
    ...more,
  },
];

const balanced = (
  name: string,
  service: Readonly<Record<string, Wire>>,
  target: Wire = {},
): readonly Foreign[] => [
  [types.targetGroup, name, { protocol: "HTTP", targetType: "ip", ...(target as object) }],
  [
    types.service,
    name,
    { loadBalancers: [{ containerName: name }], desiredCount: 2, ...service },
    { loadBalancers: [`${types.targetGroup} ${name}`], taskDefinition: [`${types.taskDefinition} ${name}`] },
  ],
];

const fargate = { networkConfiguration: { subnets: ["subnet-1", "subnet-2"], assignPublicIp: true } };

const database = (properties: Readonly<Record<string, Wire>>): Foreign => [
  types.database,
  "shop",
  {
    engine: "postgres",
    engineVersion: "16",
    storageEncrypted: true,
    backupRetentionPeriod: 7,
    publiclyAccessible: false,
    vpcSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
    ...properties,
  },
];

const cache = (properties: Readonly<Record<string, Wire>>): Foreign => [
  types.cache,
  "sessions",
  { atRestEncryptionEnabled: true, securityGroupIds: ["sg-0a1b2c3d4e5f60718"], ...properties },
];

const alarm = (properties: Readonly<Record<string, Wire>>): Foreign => [
  types.alarm,
  "slow",
  {
    name: "slow",
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: { LoadBalancer: "app/shop/50dc6c495c0c9188" },
    comparisonOperator: "GreaterThanThreshold",
    threshold: 1,
    evaluationPeriods: 3,
    period: 60,
    ...properties,
  },
];

const trust = (principal: Wire) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] });
const allows = (action: Wire, resource: Wire) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: action, Resource: resource }] });

const tier = (name: string): Foreign => [types.securityGroup, name, {}];
const ingress = (
  name: string,
  properties: Readonly<Record<string, Wire>>,
  sources: Readonly<Record<string, readonly string[]>>,
): Foreign => [types.ingressRule, name, { ipProtocol: "tcp", ...properties }, sources];

const guardedDatabase: readonly Foreign[] = [
  tier("data"),
  [
    ...database({}).slice(0, 3),
    { vpcSecurityGroupIds: [`${types.securityGroup} data`] },
  ] as unknown as Foreign,
];

/** What must not be called wrong. */
const right: readonly ForeignCase[] = [
  {
    what: "nginx on Fargate without a database",
    resources: [task("web", {}), ...balanced("web", fargate)],
    fires: [],
  },
  {
    what: "nginx with short drains, no stickiness, half of its tasks during a deployment, and no circuit breaker",
    resources: [
      task("web", { stopTimeout: 5 }),
      ...balanced(
        "web",
        { ...fargate, deploymentMinimumHealthyPercent: 50 },
        { deregistrationDelay: 300, healthCheck: { path: "/", interval: 60 } },
      ),
    ],
    fires: [],
  },
  {
    what: "a service on EC2 instances, whose targets are instances",
    resources: [
      task("web", {}, { networkMode: "bridge", requiresCompatibilities: ["EC2"] }),
      ...balanced("web", { launchType: "EC2" }, { targetType: "instance" }),
    ],
    fires: [],
  },
  {
    what: "a web service on Spot",
    resources: [
      task("web", {}),
      ...balanced("web", {
        ...fargate,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
      }),
    ],
    fires: [],
  },
  {
    what: "secrets by the names of SSM parameters",
    resources: [
      task("web", { secrets: [{ name: "DB_PASSWORD", valueFrom: "/shop/production/db-password" }] }),
      ...balanced("web", fargate),
    ],
    fires: [],
  },
  {
    what: "Redis that speaks TLS only and wants a password",
    resources: [cache({ transitEncryptionEnabled: true, authToken: "x".repeat(16) })],
    fires: [],
  },
  {
    what: "Redis in cluster mode that evicts by AWS's default",
    resources: [
      cache({ clusterMode: "enabled", numNodeGroups: 3, parameterGroupName: "default.redis7.cluster.on" }),
    ],
    fires: [],
  },
  { what: "MySQL", resources: [database({ engine: "mysql", engineVersion: "8.0" })], fires: [] },
  { what: "MariaDB 10", resources: [database({ engine: "mariadb", engineVersion: "10.11" })], fires: [] },
  {
    what: "an Aurora cluster",
    resources: [[types.databaseCluster, "shop", { engine: "aurora-postgresql", engineVersion: "16.6" }]],
    fires: [],
  },
  {
    what: "PostgreSQL on provisioned storage that AWS maintains when it likes",
    resources: [database({ storageType: "io2", allocatedStorage: 400 })],
    fires: [],
  },
  {
    what: "a public web site in a bucket",
    resources: [
      [types.bucket, "site", {}],
      [types.bucketWebsite, "site", {}, { bucket: [`${types.bucket} site`] }],
      [
        types.bucketPolicy,
        "site",
        {
          policy: JSON.stringify({
            Statement: [
              { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::site/*" },
            ],
          }),
        },
        { bucket: [`${types.bucket} site`] },
      ],
    ],
    fires: [],
  },
  {
    what: "an alarm that calls through a composite one",
    resources: [
      alarm({}),
      [
        types.compositeAlarm,
        "any",
        { alarmRule: 'ALARM("slow")', alarmActions: ["arn:aws:sns:us-east-1:111122223333:calls"] },
        { alarmRule: [`${types.alarm} slow`] },
      ],
    ],
    fires: [],
  },
  {
    what: "a composite alarm over two that must both go off",
    resources: [
      [
        types.compositeAlarm,
        "both",
        {
          alarmRule: 'ALARM("a") AND ALARM("b")',
          alarmActions: ["arn:aws:sns:us-east-1:111122223333:calls"],
        },
      ],
    ],
    fires: [],
  },
  {
    what: "an alarm over a day of cost",
    resources: [
      alarm({
        namespace: "AWS/Billing",
        metricName: "EstimatedCharges",
        period: 21_600,
        alarmActions: ["arn:aws:sns:us-east-1:111122223333:calls"],
      }),
    ],
    fires: [],
  },
  {
    what: "a database that a group of another stack may enter",
    resources: [
      ...guardedDatabase,
      ingress(
        "from-elsewhere",
        { fromPort: 5432, toPort: 5432, referencedSecurityGroupId: "sg-0fedcba9876543210" },
        { securityGroupId: [`${types.securityGroup} data`] },
      ),
    ],
    fires: [],
  },
  {
    what: "a database that instances and the network of the VPC may enter",
    resources: [
      ...guardedDatabase,
      tier("bastion"),
      ingress(
        "bastion",
        { fromPort: 5432, toPort: 5432 },
        {
          securityGroupId: [`${types.securityGroup} data`],
          referencedSecurityGroupId: [`${types.securityGroup} bastion`],
        },
      ),
      ingress(
        "vpc",
        { fromPort: 5432, toPort: 5432, cidrIpv4: "10.0.0.0/16" },
        { securityGroupId: [`${types.securityGroup} data`] },
      ),
    ],
    fires: [],
  },
  {
    what: "a server that everybody reaches on port 8443",
    resources: [
      tier("edge"),
      ingress(
        "edge",
        { fromPort: 8443, toPort: 8443, cidrIpv4: "0.0.0.0/0" },
        { securityGroupId: [`${types.securityGroup} edge`] },
      ),
    ],
    fires: [],
  },
  {
    what: "a year of logs, and containers that log to Datadog",
    resources: [
      [types.logGroup, "audit", { retentionInDays: 365 }],
      task("web", { logConfiguration: { logDriver: "awsfirelens" } }),
      ...balanced("web", fargate),
    ],
    fires: [],
  },
  {
    what: "a load balancer for downloads that take minutes",
    resources: [
      [
        types.loadBalancer,
        "downloads",
        { idleTimeout: 600, dropInvalidHeaderFields: true, subnets: ["subnet-1", "subnet-2"] },
      ],
    ],
    fires: [],
  },
  {
    what: "CloudFront before a bucket of public pictures, by AWS's older identity",
    resources: [
      [types.bucket, "pictures", {}],
      [
        types.bucketPublicAccessBlock,
        "pictures",
        {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        { bucket: [`${types.bucket} pictures`] },
      ],
      [
        types.bucketPolicy,
        "pictures",
        {
          policy: JSON.stringify({
            Statement: [
              {
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: "*",
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
            ],
          }),
        },
        { bucket: [`${types.bucket} pictures`] },
      ],
      [
        types.distribution,
        "pictures",
        {
          origins: [{ s3OriginConfig: { originAccessIdentity: "origin-access-identity/cloudfront/E1" } }],
          defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
          viewerCertificate: { cloudfrontDefaultCertificate: true },
        },
        { origins: [`${types.bucket} pictures`] },
      ],
    ],
    fires: [],
  },
  {
    what: "a proxy that logs in with IAM",
    resources: [
      [
        types.proxy,
        "shop",
        {
          requireTls: true,
          defaultAuthScheme: "IAM_AUTH",
          idleClientTimeout: 60,
          vpcSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
          vpcSubnetIds: ["subnet-1", "subnet-2"],
        },
      ],
    ],
    fires: [],
  },
  {
    what: "a function that an update invokes for a moment, and forgets its logs",
    resources: [
      [types.function, "seed", { timeout: 10, loggingConfig: { logGroup: "seed" } }],
      [types.logGroup, "seed", { name: "seed", retentionInDays: 30 }],
      [types.invocation, "seed", { functionName: "seed", input: "{}" }],
    ],
    fires: [],
  },
  {
    what: "a repository that keeps five images",
    resources: [
      [
        types.repository,
        "web",
        { imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } },
      ],
      [
        types.lifecyclePolicy,
        "web",
        {
          policy: JSON.stringify({
            rules: [{ selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 } }],
          }),
        },
        { repository: [`${types.repository} web`] },
      ],
    ],
    fires: [],
  },
  {
    what: "a Django program without a database of its own",
    resources: [
      task("web", {
        command: ["gunicorn"],
        environment: [{ name: "DJANGO_SETTINGS_MODULE", value: "shop.settings" }],
      }),
      ...balanced("web", { ...fargate, healthCheckGracePeriodSeconds: 120 }),
    ],
    fires: [],
  },
];

/** What must be called wrong. */
const wrong: readonly ForeignCase[] = [
  {
    what: "instance targets for tasks with an address of their own",
    resources: [task("web", {}), ...balanced("web", fargate, { targetType: "instance" })],
    fires: ["target-by-address"],
  },
  {
    what: "an image that moves, and a password in the environment",
    resources: [
      task("web", { image: "nginx", environment: [{ name: "DB_PASSWORD", value: "hunter2hunter2" }] }),
      ...balanced("web", fargate),
    ],
    fires: ["image-by-version", "no-secret-in-environment"],
  },
  {
    what: "a health check that takes errors for health and notices death after five minutes",
    resources: [
      task("web", {}),
      ...balanced("web", fargate, {
        healthCheck: { path: "/", matcher: "200-499", interval: 60, unhealthyThreshold: 5 },
      }),
    ],
    fires: ["target-health-check"],
  },
  {
    what: "a container that logs nowhere",
    resources: [task("web", { logConfiguration: null }), ...balanced("web", fargate)],
    fires: ["container-logs"],
  },
  {
    what: "a database that is public, plain and without backups",
    resources: [database({ publiclyAccessible: true, storageEncrypted: false, backupRetentionPeriod: 0 })],
    fires: ["database-backups", "database-encrypted", "database-not-public"],
  },
  { what: "PostgreSQL 11", resources: [database({ engineVersion: "11.22" })], fires: ["database-version"] },
  {
    what: "a cache in plain text",
    resources: [cache({ atRestEncryptionEnabled: false })],
    fires: ["cache-encrypted"],
  },
  {
    what: "Redis that takes TLS only, under an application with a redis:// address",
    resources: [
      cache({ transitEncryptionEnabled: true }),
      task("web", { environment: [{ name: "CACHE_URL", value: "redis://sessions:6379/0" }] }),
      ...balanced("web", fargate),
    ],
    fires: ["cache-speaks-plain-redis"],
  },
  {
    what: "a bucket that answers plain HTTP",
    resources: [[types.bucket, "exports", {}]],
    fires: ["buckets-tls-only"],
  },
  {
    what: "a bucket whose owner lets policies open it",
    resources: [
      [types.bucket, "exports", {}],
      [
        types.bucketPublicAccessBlock,
        "exports",
        { blockPublicAcls: true, ignorePublicAcls: true },
        { bucket: [`${types.bucket} exports`] },
      ],
    ],
    fires: ["buckets-private", "buckets-tls-only"],
  },
  {
    what: "a database that the internet may enter",
    resources: [
      ...guardedDatabase,
      ingress(
        "open",
        { fromPort: 5432, toPort: 5432, cidrIpv4: "0.0.0.0/0" },
        { securityGroupId: [`${types.securityGroup} data`] },
      ),
    ],
    fires: ["data-from-tasks-only", "internet-ingress"],
  },
  {
    what: "a shell for everybody",
    resources: [
      tier("bastion"),
      ingress(
        "ssh",
        { fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" },
        { securityGroupId: [`${types.securityGroup} bastion`] },
      ),
    ],
    fires: ["internet-ingress"],
  },
  { what: "an alarm that calls nobody", resources: [alarm({})], fires: ["alarm-action"] },
  {
    what: "roles for everybody, and permissions for everything",
    resources: [
      [types.role, "open", { assumeRolePolicy: trust({ AWS: "*" }) }],
      [types.rolePolicy, "all", { policy: allows("*", "*") }],
    ],
    fires: ["no-wildcard-permissions", "role-trust-named"],
  },
  { what: "logs for ever", resources: [[types.logGroup, "web", {}]], fires: ["log-retention"] },
  {
    what: "a task count that every update sets back",
    resources: [
      task("web", {}),
      ...balanced("web", fargate),
      [
        types.scalingTarget,
        "web",
        { minCapacity: 2, maxCapacity: 8 },
        { resourceId: [`${types.service} web`] },
      ],
    ],
    fires: ["scaling-owns-task-count"],
  },
  {
    what: "plain HTTP beside HTTPS of 2016",
    resources: [
      [types.loadBalancer, "web", { dropInvalidHeaderFields: true, subnets: ["subnet-1", "subnet-2"] }],
      [
        types.listener,
        "http",
        { protocol: "HTTP", defaultActions: [{ type: "forward" }] },
        { loadBalancerArn: [`${types.loadBalancer} web`] },
      ],
      [
        types.listener,
        "https",
        { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-2016-08", defaultActions: [{ type: "forward" }] },
        { loadBalancerArn: [`${types.loadBalancer} web`] },
      ],
    ],
    fires: ["http-redirects", "listener-tls"],
  },
  {
    what: "WebSockets on Spot that are cut off after 15 seconds",
    resources: [
      task("live", { image: "centrifugo/centrifugo:v6.2", command: ["centrifugo"] }),
      ...balanced("live", {
        ...fargate,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
      }),
      [
        types.loadBalancer,
        "live",
        { idleTimeout: 15, dropInvalidHeaderFields: true, subnets: ["subnet-1", "subnet-2"] },
      ],
    ],
    fires: ["drain-time", "idle-timeout", "spot-for-workers-only", "stop-timeout"],
  },
  {
    what: "WebSockets that only the path of a listener rule shows, and no circuit breaker",
    resources: [
      task("live", { stopTimeout: 120 }),
      ...balanced("live", fargate, { deregistrationDelay: 60 }),
      [types.listenerRule, "live", { conditions: [{ pathPattern: { values: ["/ws/*"] } }] }],
    ],
    fires: ["no-task-before-its-successor"],
  },
  {
    what: "Django that nobody migrates",
    resources: [
      database({}),
      task("web", { command: ["sh", "-c", "python manage.py runserver"] }),
      ...balanced("web", fargate),
    ],
    fires: ["debug-off", "health-check-grace-period", "migration-before-service"],
  },
  {
    what: "a group that the configuration turns on",
    resources: [task("web", { stopTimeout: 120 }), ...balanced("web", fargate, { deregistrationDelay: 600 })],
    config: { groups: { websocket: true } },
    fires: ["drain-time", "no-task-before-its-successor"],
  },
];

/** The same program as one that fires, with its group turned off. */
const turnedOff: readonly ForeignCase[] = [
  {
    what: "a group that the configuration turns off",
    resources: wrong.find(({ what }) => what.startsWith("WebSockets on Spot"))!.resources,
    config: { groups: { websocket: false } },
    fires: [],
  },
];

/** Programs of other people. */
export const foreignCases: readonly ForeignCase[] = [
  ...right,
  ...wrong,
  ...turnedOff,
  ...neighbours,
  ...examples,
  ...strangers,
  ...visitors,
];
