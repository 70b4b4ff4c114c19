import { primary, subnets } from "../database";
import { containers, definition, web } from "../task";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const task = (world: World) => String(world.create("ecs/taskDefinition", definition(world)).outputs["arn"]);
const service = (world: World) => ({
  name: "web",
  cluster: world.create("ecs/cluster", { name: "chat" }).outputs["arn"],
  taskDefinition: task(world),
  desiredCount: 1,
  launchType: "FARGATE",
  networkConfiguration: { subnets, securityGroups: ["sg-00000001"] },
});
const scaled = (world: World) => {
  world.put("aws:ecs/service:Service", "arn:aws:ecs:us-east-1:123456789012:service/chat/web", {});
  return {
    ...{ resourceId: "service/chat/web", scalableDimension: "ecs:service:DesiredCount" },
    ...{ serviceNamespace: "ecs", minCapacity: 1, maxCapacity: 4 },
  };
};
const policy = (world: World) => {
  const { minCapacity: _minimum, maxCapacity: _maximum, ...target } = scaled(world);
  world.create("appautoscaling/target", { ...target, minCapacity: 1, maxCapacity: 4 });
  return { ...target, name: "cpu", policyType: "TargetTrackingScaling" };
};
const tracking = (change: object) => ({
  targetTrackingScalingPolicyConfiguration: {
    predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    targetValue: 60,
    ...change,
  },
});
const steps = (change: object, ...adjustments: object[]) => ({
  policyType: "StepScaling",
  stepScalingPolicyConfiguration: {
    ...{ adjustmentType: "ChangeInCapacity", cooldown: 60, metricAggregationType: "Average" },
    stepAdjustments: adjustments,
    ...change,
  },
});
const action = (world: World) => {
  const { name: _name, policyType: _type, ...target } = policy(world);
  return { ...target, name: "night", scalableTargetAction: { minCapacity: 1, maxCapacity: 2 } };
};
const lifecycle = (selection: object, change: object = {}) => ({
  policy: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 5, ...selection },
        action: { type: "expire" },
        ...change,
      },
    ],
  }),
});
const visible = { cloudwatchMetricsEnabled: true, metricName: "chat", sampledRequestsEnabled: true };
const acl = { name: "chat", scope: "REGIONAL", defaultAction: { allow: {} }, visibilityConfig: visible };
const limit = (change: object, more: object = {}) => ({
  rules: [
    {
      ...{ name: "limit", priority: 1, action: { block: {} }, visibilityConfig: visible },
      statement: { rateBasedStatement: { limit: 100, aggregateKeyType: "IP", ...change } },
      ...more,
    },
  ],
});
const daily = (change: object) => (world: World) => {
  world.create("backup/vault", { name: "vault" });
  return {
    rules: [{ ruleName: "daily", targetVaultName: "vault", schedule: "cron(0 5 * * ? *)", ...change }],
  };
};
const proxy = (world: World) => {
  const arn = world.create("secretsmanager/secret", { name: "db" }).outputs["arn"];
  world.create("secretsmanager/secretVersion", {
    secretId: arn,
    secretString: '{"username":"a","password":"b"}',
  });
  return {
    ...{ name: "proxy", engineFamily: "POSTGRESQL", vpcSubnetIds: subnets },
    auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn: arn }],
    roleArn: putRole(world, "proxy", "rds.amazonaws.com", ["secretsmanager:GetSecretValue"]),
  };
};
const bucket = (world: World) => world.create("s3/bucket", { bucket: "media" }).id;
const encrypted = (change: object) => ({
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256", ...change } }],
});
const machine = { ami: "ami-0123456789abcdef0", instanceType: "t3.micro", subnetId: "subnet-0000000a" };

export const services: readonly Case[] = [
  ...cases("ecs/service", "AmazonECS/latest/APIReference/API_CreateService.html", service, {
    accepts: [
      ["half of the tasks at least", { deploymentMinimumHealthyPercent: 50 }],
      ["a circuit breaker", { deploymentCircuitBreaker: { enable: true, rollback: true } }],
      [
        "Spot alone",
        (world) => {
          world.create("ecs/clusterCapacityProviders", {
            ...{ clusterName: "chat", capacityProviders: ["FARGATE_SPOT"] },
          });
          return {
            launchType: undefined,
            capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
          };
        },
      ],
      ["the platform by its version", { platformVersion: "1.4.0" }],
    ],
    refuses: [
      ["a daemon on Fargate", { schedulingStrategy: "DAEMON" }],
      ["no subnets", { networkConfiguration: undefined }],
      ["a grace period without load balancer", { healthCheckGracePeriodSeconds: 60 }],
      ["a name with a period", { name: "chat.web" }],
      ["less than none", { desiredCount: -1 }],
      ["a platform that there is not", { platformVersion: "2.0.0" }],
      ["no room at all", { deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 100 }],
      ["seventeen subnets", { networkConfiguration: { subnets: Array(17).fill(subnets[0]) } }],
      [
        "a launch type beside a strategy",
        { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] },
      ],
      ["tags of nothing", { propagateTags: "CLUSTER" }],
    ],
  }),
  ...cases(
    "ecs/cluster",
    "AmazonECS/latest/APIReference/API_CreateCluster.html",
    { name: "chat" },
    {
      accepts: [
        ["enhanced insights", { settings: [{ name: "containerInsights", value: "enhanced" }] }],
        ["a log of exec", { configuration: { executeCommandConfiguration: { logging: "DEFAULT" } } }],
      ],
      refuses: [
        ["a setting that there is not", { settings: [{ name: "insights", value: "enabled" }] }],
        ["insights in words", { settings: [{ name: "containerInsights", value: "on" }] }],
        ["a name with a blank", { name: "my chat" }],
      ],
    },
  ),
  ...cases(
    "ecs/taskDefinition",
    "AmazonECS/latest/developerguide/fargate-tasks-services.html",
    {},
    {
      accepts: [
        ["four vCPU with thirty GiB", (world) => definition(world, { cpu: "4096", memory: "30720" })],
        [
          "ARM",
          (world) =>
            definition(world, {
              runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
            }),
        ],
        [
          "a volume of its own",
          (world) =>
            definition(world, {
              volumes: [{ name: "scratch" }],
              ...containers({ ...web, mountPoints: [{ sourceVolume: "scratch", containerPath: "/tmp" }] }),
            }),
        ],
        [
          "one container after another",
          (world) =>
            definition(
              world,
              containers(web, {
                ...web,
                name: "proxy",
                essential: false,
                portMappings: [],
                dependsOn: [{ containerName: "web", condition: "START" }],
              }),
            ),
        ],
      ],
      refuses: [
        ["three vCPU", (world) => definition(world, { cpu: "3072", memory: "8192" })],
        [
          "a volume that there is not",
          (world) =>
            definition(
              world,
              containers({ ...web, mountPoints: [{ sourceVolume: "scratch", containerPath: "/tmp" }] }),
            ),
        ],
        [
          "two containers of one name",
          (world) => definition(world, containers(web, { ...web, portMappings: [] })),
        ],
        [
          "a wait for a container that there is not",
          (world) =>
            definition(
              world,
              containers({ ...web, dependsOn: [{ containerName: "other", condition: "START" }] }),
            ),
        ],
        ["nothing essential", (world) => definition(world, containers({ ...web, essential: false }))],
        [
          "a processor that there is not",
          (world) =>
            definition(world, {
              runtimePlatform: { cpuArchitecture: "RISCV", operatingSystemFamily: "LINUX" },
            }),
        ],
        ["no image", (world) => definition(world, containers({ ...web, image: undefined }))],
        ["a privileged container", (world) => definition(world, containers({ ...web, privileged: true }))],
        [
          "two containers on one port",
          (world) => definition(world, containers(web, { ...web, name: "other" })),
        ],
        ["a family with a blank", (world) => definition(world, { family: "my chat" })],
      ],
    },
  ),
  ...cases(
    "appautoscaling/target",
    "autoscaling/application/APIReference/API_RegisterScalableTarget.html",
    scaled,
    {
      accepts: [["none at least", { minCapacity: 0 }]],
      refuses: [
        ["more at least than at most", { minCapacity: 5 }],
        ["a dimension of another service", { scalableDimension: "dynamodb:table:ReadCapacityUnits" }],
        ["a service without cluster", { resourceId: "service/web" }],
      ],
    },
  ),
  ...cases(
    "appautoscaling/policy",
    "autoscaling/application/APIReference/API_PutScalingPolicy.html",
    policy,
    {
      accepts: [
        ["half a percent", tracking({ targetValue: 0.5 })],
        ["out only", tracking({ disableScaleIn: true })],
        [
          "steps",
          steps(
            {},
            { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
            { metricIntervalLowerBound: "10", scalingAdjustment: 2 },
          ),
        ],
      ],
      refuses: [
        ["a value of nothing", tracking({ targetValue: 0 })],
        [
          "a metric of DynamoDB",
          tracking({
            predefinedMetricSpecification: { predefinedMetricType: "DynamoDBReadCapacityUtilization" },
          }),
        ],
        [
          "requests of no group",
          tracking({ predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget" } }),
        ],
        ["a pause below nothing", tracking({ scaleInCooldown: -1 })],
        [
          "steps that overlap",
          steps(
            {},
            { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
            { metricIntervalLowerBound: "5", scalingAdjustment: 2 },
          ),
        ],
        [
          "a gap between steps",
          steps(
            {},
            { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
            { metricIntervalLowerBound: "20", scalingAdjustment: 2 },
          ),
        ],
        [
          "an adjustment that there is not",
          steps({ adjustmentType: "Double" }, { metricIntervalLowerBound: "0", scalingAdjustment: 1 }),
        ],
        [
          "steps in a policy that tracks",
          {
            ...steps({}, { metricIntervalLowerBound: "0", scalingAdjustment: 1 }),
            policyType: "TargetTrackingScaling",
          },
        ],
      ],
    },
  ),
  ...cases(
    "appautoscaling/scheduledAction",
    "autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html",
    action,
    {
      accepts: [
        ["every night", { schedule: "cron(0 23 * * ? *)", timezone: "Europe/Berlin" }],
        ["once", { schedule: "at(2030-01-01T00:00:00)" }],
      ],
      refuses: [
        ["five fields", { schedule: "cron(0 23 * * ?)" }],
        ["the hour 24", { schedule: "cron(0 24 * * ? *)" }],
        ["a zone that there is not", { schedule: "cron(0 23 * * ? *)", timezone: "CET+1" }],
        ["no limits", { schedule: "cron(0 23 * * ? *)", scalableTargetAction: {} }],
        [
          "more at least than at most",
          { schedule: "cron(0 23 * * ? *)", scalableTargetAction: { minCapacity: 3, maxCapacity: 2 } },
        ],
      ],
    },
  ),
  ...cases(
    "ecr/repository",
    "AmazonECR/latest/APIReference/API_CreateRepository.html",
    { name: "chat" },
    {
      accepts: [
        ["a name with a namespace", { name: "team/chat-backend" }],
        [
          "tags that stay, but for some",
          {
            imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
            imageTagMutabilityExclusionFilters: [{ filter: "latest*", filterType: "WILDCARD" }],
          },
        ],
      ],
      refuses: [
        ["a capital", { name: "Chat" }],
        ["two slashes", { name: "team//chat" }],
        ["a hyphen at the end", { name: "chat-" }],
        ["one character", { name: "c" }],
        ["a mutability that there is not", { imageTagMutability: "FIXED" }],
        [
          "a key of KMS for S3's encryption",
          {
            encryptionConfigurations: [
              { encryptionType: "AES256", kmsKey: "arn:aws:kms:us-east-1:123456789012:key/1" },
            ],
          },
        ],
      ],
    },
  ),
  ...cases(
    "ecr/lifecyclePolicy",
    "AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
    (world) => ({ repository: world.create("ecr/repository", { name: "chat" }).id }),
    {
      accepts: [
        ["the last five", lifecycle({})],
        [
          "two weeks of untagged",
          lifecycle({ countType: "sinceImagePushed", countUnit: "days", countNumber: 14 }),
        ],
        ["tags by a pattern", lifecycle({ tagStatus: "tagged", tagPatternList: ["prod*"] })],
      ],
      refuses: [
        [
          "a unit of hours",
          lifecycle({ countType: "sinceImagePushed", countUnit: "hours", countNumber: 14 }),
        ],
        ["days without unit", lifecycle({ countType: "sinceImagePushed", countNumber: 14 })],
        ["tagged ones without tags", lifecycle({ tagStatus: "tagged" })],
        ["none", lifecycle({ countNumber: 0 })],
        ["another action", lifecycle({}, { action: { type: "delete" } })],
        ["a priority of nothing", lifecycle({}, { rulePriority: 0 })],
        [
          "prefixes and patterns",
          lifecycle({ tagStatus: "tagged", tagPatternList: ["prod*"], tagPrefixList: ["prod"] }),
        ],
      ],
    },
  ),
  ...cases("wafv2/webAcl", "waf/latest/APIReference/API_CreateWebACL.html", acl, {
    accepts: [
      ["ten requests", limit({ limit: 10 })],
      ["a minute", limit({ evaluationWindowSec: 60 })],
      ["a captcha", limit({}, { action: { captcha: {} } })],
    ],
    refuses: [
      ["nine requests", limit({ limit: 9 })],
      ["ninety seconds", limit({ evaluationWindowSec: 90 })],
      ["addresses by a header that is not named", limit({ aggregateKeyType: "FORWARDED_IP" })],
      ["two default actions", { defaultAction: { allow: {}, block: {} } }],
      ["no default action", { defaultAction: {} }],
      ["a name with a blank", { name: "my acl" }],
      ["a scope that there is not", { scope: "GLOBAL" }],
      ["a priority below nothing", limit({}, { priority: -1 })],
    ],
  }),
  ...cases(
    "backup/plan",
    "aws-backup/latest/devguide/API_CreateBackupPlan.html",
    { name: "daily" },
    {
      accepts: [
        ["a day's window", daily({ startWindow: 60, completionWindow: 180 })],
        ["cold after a month", daily({ lifecycle: { coldStorageAfter: 30, deleteAfter: 120 } })],
        ["every point of time", daily({ enableContinuousBackup: true, lifecycle: { deleteAfter: 35 } })],
      ],
      refuses: [
        ["cold for less than ninety days", daily({ lifecycle: { coldStorageAfter: 30, deleteAfter: 119 } })],
        ["a start within half an hour", daily({ startWindow: 30 })],
        ["a rule's name with a blank", daily({ ruleName: "each day" })],
        ["a vault that there is not", daily({ targetVaultName: "other" })],
        ["cron of five fields", daily({ schedule: "cron(0 5 * * ?)" })],
        [
          "every point of more than 35 days",
          daily({ enableContinuousBackup: true, lifecycle: { deleteAfter: 36 } }),
        ],
      ],
    },
  ),
  ...cases(
    "backup/vault",
    "aws-backup/latest/devguide/API_CreateBackupVault.html",
    {},
    {
      accepts: [["two characters", { name: "db" }]],
      refuses: [
        ["fifty-one characters", { name: "v".repeat(51) }],
        ["a period", { name: "my.vault" }],
      ],
    },
  ),
  ...cases("rds/proxy", "AmazonRDS/latest/APIReference/API_CreateDBProxy.html", proxy, {
    accepts: [["a client's hour", { idleClientTimeout: 3600, requireTls: true, debugLogging: true }]],
    refuses: [
      ["one subnet", { vpcSubnetIds: [subnets[0]] }],
      ["more than eight hours", { idleClientTimeout: 28_801 }],
      ["no login", { auths: [] }],
      ["two hyphens in a row", { name: "my--proxy" }],
      ["an engine that there is not", { engineFamily: "ORACLE" }],
      [
        "a login that there is not",
        (world: World) => ({ auths: [{ ...proxyAuth(world), authScheme: "PASSWORD" }] }),
      ],
    ],
  }),
  ...cases(
    "rds/subnetGroup",
    "AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
    { name: "db", subnetIds: subnets },
    {
      accepts: [["a name with a period", { name: "chat.db" }]],
      refuses: [
        ["the name default", { name: "default" }],
        ["one zone", { subnetIds: ["subnet-0000000a", "subnet-000000a2"] }],
        ["a name of 256 characters", { name: "d".repeat(256) }],
      ],
    },
  ),
  ...cases("rds/instance", "AmazonRDS/latest/UserGuide/CHAP_Storage.html", (world) => primary(world), {
    accepts: [
      ["PostgreSQL 17", { engineVersion: "17", parameterGroupName: undefined }],
      ["no growth", { maxAllocatedStorage: 0 }],
      [
        "twelve thousand IOPS from 400 GiB on",
        { allocatedStorage: 400, maxAllocatedStorage: 1000, iops: 12_000, storageThroughput: 500 },
      ],
      [
        "enhanced monitoring",
        (world) => ({
          monitoringInterval: 60,
          monitoringRoleArn: putRole(world, "monitoring", "monitoring.rds.amazonaws.com"),
        }),
      ],
      ["an authority on a curve", { caCertIdentifier: "rds-ca-ecc384-g1" }],
    ],
    refuses: [
      ["IOPS of 3,000 from 400 GiB on", { allocatedStorage: 400, maxAllocatedStorage: 1000, iops: 3_000 }],
      ["IOPS below 400 GiB", { iops: 4_000 }],
      ["growth by a twentieth", { allocatedStorage: 100, maxAllocatedStorage: 105 }],
      [
        "more throughput than a quarter of the IOPS",
        { allocatedStorage: 400, maxAllocatedStorage: 1000, iops: 12_000, storageThroughput: 4_000 },
      ],
      ["a retired authority", { caCertIdentifier: "rds-ca-2019" }],
      ["enhanced monitoring without role", { monitoringInterval: 60 }],
      ["a window of a quarter of an hour", { backupWindow: "03:00-03:15" }],
      ["windows that overlap", { backupWindow: "05:30-06:30" }],
      ["a day that there is not", { maintenanceWindow: "son:05:00-son:06:00" }],
      ["a public key in place of a key's ARN", { kmsKeyId: "alias/chat" }],
      [
        "ten years of insights",
        { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 3_650 },
      ],
    ],
  }),
  ...cases(
    "s3/bucketServerSideEncryptionConfiguration",
    "AmazonS3/latest/API/API_PutBucketEncryption.html",
    (world) => ({ bucket: bucket(world) }),
    {
      accepts: [
        ["S3's own keys", encrypted({})],
        [
          "AWS's key, once for the bucket",
          {
            rules: [
              { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true },
            ],
          },
        ],
        [
          "no keys of clients",
          {
            rules: [
              {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
                blockedEncryptionTypes: ["SSE-C"],
              },
            ],
          },
        ],
      ],
      refuses: [
        ["an algorithm that there is not", encrypted({ sseAlgorithm: "AES128" })],
        ["two rules", { rules: [...encrypted({}).rules, ...encrypted({}).rules] }],
      ],
    },
  ),
  ...cases(
    "s3/bucketVersioning",
    "AmazonS3/latest/API/API_PutBucketVersioning.html",
    (world) => ({ bucket: bucket(world) }),
    {
      accepts: [["versions", { versioningConfiguration: { status: "Enabled" } }]],
      refuses: [["versions in words", { versioningConfiguration: { status: "On" } }]],
    },
  ),
  ...cases(
    "ec2/subnet",
    "vpc/latest/userguide/subnet-sizing.html",
    (world) => ({ vpcId: world.create("ec2/vpc", { cidrBlock: "10.9.0.0/16" }).id }),
    {
      accepts: [
        ["the smallest subnet", { cidrBlock: "10.9.0.0/28" }],
        ["a zone by its id", { cidrBlock: "10.9.1.0/24", availabilityZoneId: "use1-az1" }],
      ],
      refuses: [
        ["a subnet of eight addresses", { cidrBlock: "10.9.0.0/29" }],
        ["a subnet outside", { cidrBlock: "10.8.0.0/24" }],
        ["a zone of another region", { cidrBlock: "10.9.0.0/24", availabilityZone: "eu-west-1a" }],
        ["a zone that there is not", { cidrBlock: "10.9.0.0/24", availabilityZone: "us-east-1z" }],
        [
          "a zone twice",
          { cidrBlock: "10.9.0.0/24", availabilityZone: "us-east-1a", availabilityZoneId: "use1-az1" },
        ],
      ],
    },
  ),
  ...cases(
    "ec2/natGateway",
    "vpc/latest/userguide/vpc-nat-gateway.html",
    (world) => ({ subnetId: world.create("ec2/subnet", { vpcId, cidrBlock: "10.0.9.0/24" }).id }),
    {
      accepts: [
        ["a private one", { connectivityType: "private" }],
        ["a public one", (world) => ({ allocationId: world.create("ec2/eip", { domain: "vpc" }).id })],
      ],
      refuses: [
        ["a public one without address", {}],
        [
          "a private one with an address",
          (world) => ({
            connectivityType: "private",
            allocationId: world.create("ec2/eip", { domain: "vpc" }).id,
          }),
        ],
        ["an address that there is not", { allocationId: "eipalloc-0123456789abcdef0" }],
      ],
    },
  ),
  ...cases("ec2/instance", "AWSEC2/latest/APIReference/API_RunInstances.html", machine, {
    accepts: [
      [
        "tokens for the metadata",
        { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 } },
      ],
      ["a disk of gp3", { rootBlockDevice: { volumeType: "gp3", volumeSize: 20, throughput: 250 } }],
    ],
    refuses: [
      ["an image of another form", { ami: "ubuntu" }],
      ["a type that there is not", { instanceType: "t3.gigantic" }],
      ["sixty-five hops", { metadataOptions: { httpPutResponseHopLimit: 65 } }],
      ["a disk of gp4", { rootBlockDevice: { volumeType: "gp4" } }],
      ["throughput of gp2", { rootBlockDevice: { volumeType: "gp2", throughput: 250 } }],
      ["IOPS of st1", { rootBlockDevice: { volumeType: "st1", volumeSize: 500, iops: 3_000 } }],
      ["a family that there is not", { instanceType: "z9.large" }],
    ],
  }),
  ...cases(
    "lb/loadBalancer",
    "elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
    { name: "lb", subnets, securityGroups: ["sg-00000001"] },
    {
      accepts: [
        ["an hour of silence", { idleTimeout: 3_600 }],
        ["IPv6 besides", { ipAddressType: "dualstack", internal: false }],
      ],
      refuses: [
        ["more than 4,000 seconds of silence", { idleTimeout: 4_001 }],
        ["one zone", { subnets: ["subnet-0000000a"] }],
        ["two subnets of one zone", { subnets: ["subnet-0000000a", "subnet-000000a2"] }],
        ["a name that begins with internal-", { name: "internal-chat" }],
        ["a name with an underscore", { name: "chat_lb" }],
        ["a group of another network", { securityGroups: ["sg-00000002"] }],
        ["a mode that there is not", { desyncMitigationMode: "off" }],
      ],
    },
  ),
  ...cases(
    "route53/zone",
    "Route53/latest/APIReference/API_CreateHostedZone.html",
    {},
    {
      accepts: [["a private zone", { name: "chat.internal", vpcs: [{ vpcId }] }]],
      refuses: [
        ["a name with a blank", { name: "my chat.com" }],
        ["a label of 64 characters", { name: `${"a".repeat(64)}.com` }],
        ["a comment of 257 characters", { name: "example.org", comment: "c".repeat(257) }],
      ],
    },
  ),
  ...cases(
    "iam/user",
    "IAM/latest/APIReference/API_CreateUser.html",
    {},
    {
      accepts: [["signs in a name", { name: "bob+ops@example.com" }]],
      refuses: [
        ["a name of 65 characters", { name: "u".repeat(65) }],
        ["a name with a blank", { name: "bob smith" }],
      ],
    },
  ),
  ...cases(
    "iam/openIdConnectProvider",
    "IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
    { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] },
    {
      accepts: [["a thumbprint", { thumbprintLists: ["6938fd4d98bab03faadb97b34396831e3780aea1"] }]],
      refuses: [
        ["a page without TLS", { url: "http://example.com" }],
        ["a short thumbprint", { thumbprintLists: ["6938fd"] }],
        ["six thumbprints", { thumbprintLists: Array(6).fill("6938fd4d98bab03faadb97b34396831e3780aea1") }],
      ],
    },
  ),
  ...cases(
    "secretsmanager/secretVersion",
    "secretsmanager/latest/apireference/API_PutSecretValue.html",
    (world) => ({ secretId: world.create("secretsmanager/secret", { name: "db" }).id }),
    {
      accepts: [["64 KiB", { secretString: "x".repeat(65_536) }]],
      refuses: [
        ["more than 64 KiB", { secretString: "x".repeat(65_537) }],
        ["text and bytes", { secretString: "x", secretBinary: "eA==" }],
        ["bytes that are not in base 64", { secretBinary: "###" }],
      ],
    },
  ),
  ...cases(
    "cloudwatch/compositeAlarm",
    "AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html",
    { alarmName: "down" },
    {
      accepts: [["always", { alarmRule: "TRUE" }]],
      refuses: [
        ["a state that there is not", { alarmRule: 'BROKEN("a")' }],
        ["half a rule", { alarmRule: "TRUE AND" }],
        ["an open bracket", { alarmRule: "(TRUE" }],
        ["an alarm that there is not", { alarmRule: 'ALARM("nobody")' }],
      ],
    },
  ),
  ...cases(
    "cloudfront/cachePolicy",
    "cloudfront/latest/APIReference/API_CachePolicyConfig.html",
    {
      name: "chat",
      minTtl: 0,
      defaultTtl: 60,
      maxTtl: 3600,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "all" },
      },
    },
    {
      accepts: [
        [
          "some cookies",
          {
            parametersInCacheKeyAndForwardedToOrigin: {
              cookiesConfig: { cookieBehavior: "whitelist", cookies: { items: ["session"] } },
              headersConfig: { headerBehavior: "none" },
              queryStringsConfig: { queryStringBehavior: "none" },
            },
          },
        ],
      ],
      refuses: [
        ["a longest time below the usual", { maxTtl: 30 }],
        ["a name with a blank", { name: "my policy" }],
        [
          "some cookies without names",
          {
            parametersInCacheKeyAndForwardedToOrigin: {
              cookiesConfig: { cookieBehavior: "whitelist" },
              headersConfig: { headerBehavior: "none" },
              queryStringsConfig: { queryStringBehavior: "none" },
            },
          },
        ],
        [
          "all headers",
          {
            parametersInCacheKeyAndForwardedToOrigin: {
              cookiesConfig: { cookieBehavior: "none" },
              headersConfig: { headerBehavior: "all" },
              queryStringsConfig: { queryStringBehavior: "none" },
            },
          },
        ],
      ],
    },
  ),
  ...cases(
    "servicediscovery/service",
    "cloud-map/latest/api/API_CreateService.html",
    (world) => ({
      name: "web",
      dnsConfig: {
        namespaceId: world.create("servicediscovery/privateDnsNamespace", { name: "chat.local", vpc: vpcId })
          .id,
        dnsRecords: [{ ttl: 10, type: "A" }],
      },
    }),
    {
      accepts: [["addresses of Fargate", {}]],
      refuses: [
        [
          "a record that there is not",
          (world) => ({
            dnsConfig: { namespaceId: world.resources.at(-1)!.id, dnsRecords: [{ ttl: 10, type: "MX" }] },
          }),
        ],
        [
          "a life below nothing",
          (world) => ({
            dnsConfig: { namespaceId: world.resources.at(-1)!.id, dnsRecords: [{ ttl: -1, type: "A" }] },
          }),
        ],
      ],
    },
  ),
];

function proxyAuth(world: World): object {
  const found = world.resources.find(({ type }) => type === "aws:secretsmanager/secret:Secret")!;
  return { iamAuth: "DISABLED", secretArn: found.outputs["arn"] };
}
