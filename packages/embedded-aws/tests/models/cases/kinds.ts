// Kinds, versions and forms that AWS has, and those that only resemble them.
import { primary, subnets } from "../database";
import { archive } from "../../lambda/cloud";
import { containers, definition, web } from "../task";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const account = "123456789012";
const vpcId = "vpc-00000001";
const topic = (world: World) => ({ topic: world.create("sns/topic", { name: "ops" }).id });
const secure = (world: World) => {
  const certificate = world.create("acm/certificate", {
    domainName: "chat.example.com",
    validationMethod: "DNS",
  });
  const arn = String(certificate.outputs["arn"]);
  world.create("acm/certificateValidation", {
    certificateArn: arn,
    validationRecordFqdns: proofs(world, certificate.outputs),
  });
  return {
    loadBalancerArn: world.create("lb/loadBalancer", { name: "lb", subnets, securityGroups: ["sg-00000001"] })
      .id,
    ...{ port: 443, protocol: "HTTPS", certificateArn: arn },
    defaultActions: [
      { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "503" } },
    ],
  };
};
function proofs(world: World, outputs: Readonly<Record<string, unknown>>): string[] {
  const options = outputs["domainValidationOptions"] as Record<string, string>[];
  return options.map(
    ({ resourceRecordName: name = "", resourceRecordType: type, resourceRecordValue: value = "" }) => {
      world.create("route53/record", {
        zoneId: "Z0EXAMPLE0EMBEDDED0",
        name,
        type,
        ttl: 60,
        records: [value],
      });
      return name;
    },
  );
}
const code = (world: World) => ({
  ...{ name: "release", runtime: "nodejs22.x", handler: "index.handler" },
  code: archive({ "index.js": "exports.handler = async () => 1;" }),
  role: putRole(world, "release", "lambda.amazonaws.com", ["logs:*"]),
});
const distribution = {
  enabled: true,
  origins: [
    {
      ...{ originId: "chat", domainName: "chat.example.com" },
      customOriginConfig: {
        ...{ httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
        originSslProtocols: ["TLSv1.2"],
      },
    },
  ],
  defaultCacheBehavior: {
    ...{ targetOriginId: "chat", viewerProtocolPolicy: "redirect-to-https" },
    ...{ allowedMethods: ["GET", "HEAD"], cachedMethods: ["GET", "HEAD"] },
    cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
};
const behaving = (change: object) => ({
  defaultCacheBehavior: { ...distribution.defaultCacheBehavior, ...change },
});
const selection = (world: World) => {
  world.create("backup/vault", { name: "vault" });
  const planId = world.create("backup/plan", {
    name: "daily",
    rules: [{ ruleName: "daily", targetVaultName: "vault", schedule: "cron(0 5 * * ? *)" }],
  }).id;
  return { planId, name: "database", iamRoleArn: putRole(world, "backup", "backup.amazonaws.com") };
};
const task =
  (change: object, container: object = {}) =>
  (world: World) =>
    definition(world, { ...containers({ ...web, ...container }), ...change });

export const kinds: readonly Case[] = [
  ...cases("rds/instance", "AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html", primary, {
    accepts: [
      ["MySQL", { engine: "mysql", engineVersion: "8.0", parameterGroupName: undefined }],
      [
        "Aurora's engine",
        { engine: "aurora-postgresql", parameterGroupName: undefined, engineVersion: "15" },
      ],
      ["PostgreSQL 14", { engineVersion: "14", parameterGroupName: undefined }],
      ["AWS's own group", { parameterGroupName: "default.postgres15" }],
      ["a class of memory of Graviton 2", { instanceClass: "db.r6g.xlarge" }],
      ["the newest Graviton", { instanceClass: "db.m8g.large" }],
      ["IOPS of io2", { storageType: "io2", allocatedStorage: 100, iops: 3_000, maxAllocatedStorage: 200 }],
      ["an option group of AWS's", { optionGroupName: "default:postgres-15" }],
    ],
    refuses: [
      ["PostgreSQL 9", { engineVersion: "9", parameterGroupName: undefined }],
      ["PostgreSQL 99", { engineVersion: "99", parameterGroupName: undefined }],
      ["a version in words", { engineVersion: "latest", parameterGroupName: undefined }],
      ["a group of AWS's for another version", { parameterGroupName: "default.postgres16" }],
      [
        "more IOPS than fifty a GiB",
        { storageType: "io1", allocatedStorage: 100, iops: 5_001, maxAllocatedStorage: 200 },
      ],
    ],
  }),
  ...cases(
    "rds/parameterGroup",
    "AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
    { name: "pg", family: "postgres15" },
    {
      accepts: [
        ["PostgreSQL 15", {}],
        ["MySQL", { family: "mysql8.0" }],
        ["PostgreSQL 12", { family: "postgres12" }],
        ["Aurora", { family: "aurora-postgresql15" }],
        ["MariaDB", { family: "mariadb10.11" }],
      ],
      refuses: [
        ["a family without version", { family: "postgres" }],
        ["a family in capitals", { family: "Postgres15" }],
      ],
    },
  ),
  ...cases(
    "elasticache/parameterGroup",
    "AmazonElastiCache/latest/dg/ParameterGroups.html",
    { name: "chat", family: "redis7" },
    {
      accepts: [
        ["Redis 7", {}],
        ["Redis 3.2", { family: "redis3.2" }],
        ["an older Memcached", { family: "memcached1.5" }],
      ],
      refuses: [["a family of databases", { family: "postgres15" }]],
    },
  ),
  ...cases(
    "elasticache/cluster",
    "AmazonElastiCache/latest/dg/supported-engine-versions.html",
    { clusterId: "chat", nodeType: "cache.t3.micro", numCacheNodes: 1, engine: "redis" },
    {
      accepts: [
        ["Redis 6.2", { engineVersion: "6.2" }],
        ["Memcached 1.6.22", { engine: "memcached", engineVersion: "1.6.22" }],
        ["a port", { port: 6_380 }],
      ],
      refuses: [
        ["Valkey", { engine: "valkey" }],
        ["no node", { numCacheNodes: 0 }],
        ["a node that there is not", { nodeType: "cache.t3.huge" }],
        ["two hyphens", { clusterId: "chat--cache" }],
      ],
    },
  ),
  ...cases("lb/listener", "elasticloadbalancing/latest/application/describe-ssl-policies.html", secure, {
    accepts: [
      ["the policy of FIPS", { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04" }],
      ["forward secrecy", { sslPolicy: "ELBSecurityPolicy-FS-2018-06" }],
      ["forward secrecy with the best ciphers", { sslPolicy: "ELBSecurityPolicy-FS-1-2-Res-2019-08" }],
      ["TLS 1.1", { sslPolicy: "ELBSecurityPolicy-TLS-1-1-2017-01" }],
      ["TLS 1.3", { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" }],
    ],
    refuses: [
      ["a policy that there is not", { sslPolicy: "ELBSecurityPolicy-TLS13-1-4-2021-06" }],
      ["a policy in small letters", { sslPolicy: "elbsecuritypolicy-2016-08" }],
      ["a policy of CloudFront", { sslPolicy: "TLSv1.2_2021" }],
      [
        "a redirect to itself",
        {
          defaultActions: [
            { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
          ],
        },
      ],
    ],
  }),
  ...cases("lambda/function", "lambda/latest/dg/lambda-runtimes.html", code, {
    accepts: [
      ["Node 24", { runtime: "nodejs24.x" }],
      ["Python 3.13", { runtime: "python3.13" }],
      ["Java 21", { runtime: "java21" }],
      ["a runtime of its own", { runtime: "provided.al2023" }],
      [
        "an image",
        {
          ...{ packageType: "Image", imageUri: `${account}.dkr.ecr.us-east-1.amazonaws.com/release:1` },
          ...{ code: undefined, runtime: undefined, handler: undefined },
        },
      ],
    ],
    refuses: [
      ["Python 2.7", { runtime: "python2.7" }],
      ["Node 15", { runtime: "nodejs15.x" }],
      ["a layer that is no ARN", { layers: ["layer"] }],
    ],
  }),
  ...cases(
    "ec2/vpcEndpoint",
    "AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html#kinds",
    { vpcId, serviceName: "com.amazonaws.us-east-1.s3" },
    {
      accepts: [
        ["a gateway", {}],
        [
          "a balancer of gateways",
          {
            ...{
              serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
              vpcEndpointType: "GatewayLoadBalancer",
            },
            subnetIds: ["subnet-0000000a"],
          },
        ],
      ],
      refuses: [
        ["a kind that there is not", { vpcEndpointType: "Proxy" }],
        ["a gateway with a group", { securityGroupIds: ["sg-00000001"] }],
        ["a network that there is not", { vpcId: "vpc-0123456789abcdef0" }],
      ],
    },
  ),
  ...cases(
    "appautoscaling/target",
    "autoscaling/application/userguide/services-that-can-integrate-dynamodb.html",
    (world) => {
      world.put("aws:ecs/service:Service", `arn:aws:ecs:us-east-1:${account}:service/chat/web`, {});
      return {
        ...{ resourceId: "service/chat/web", scalableDimension: "ecs:service:DesiredCount" },
        ...{ serviceNamespace: "ecs", minCapacity: 1, maxCapacity: 4 },
      };
    },
    {
      accepts: [
        ["a service", {}],
        [
          "a table",
          (world) => ({
            resourceId: `table/${String(world.create("dynamodb/table", { name: "rooms", hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 5 }).outputs["name"])}`,
            ...{ scalableDimension: "dynamodb:table:ReadCapacityUnits", serviceNamespace: "dynamodb" },
          }),
        ],
      ],
      refuses: [
        ["a service that there is not", { resourceId: "service/chat/nobody" }],
        ["a namespace in capitals", { serviceNamespace: "ECS" }],
        ["less than none", { minCapacity: -1 }],
      ],
    },
  ),
  ...cases("sns/topicSubscription", "sns/latest/api/API_Subscribe.html#kinds", topic, {
    accepts: [
      ["mail in JSON", { protocol: "email-json", endpoint: "ops@example.com" }],
      [
        "a function",
        (world) => ({
          protocol: "lambda",
          endpoint: world.create("lambda/function", code(world)).outputs["arn"],
        }),
      ],
      ["a page", { protocol: "https", endpoint: "https://example.com/hook", endpointAutoConfirms: true }],
    ],
    refuses: [
      ["a protocol in capitals", { protocol: "EMAIL", endpoint: "ops@example.com" }],
      ["a telephone without plus", { protocol: "sms", endpoint: "telephone" }],
      [
        "a scope that there is not",
        {
          protocol: "email",
          endpoint: "ops@example.com",
          filterPolicy: '{"a":["b"]}',
          filterPolicyScope: "Body",
        },
      ],
      [
        "a topic that there is not",
        { topic: `arn:aws:sns:us-east-1:${account}:nobody`, protocol: "email", endpoint: "ops@example.com" },
      ],
      ["a topic that is no ARN", { topic: "ops", protocol: "email", endpoint: "ops@example.com" }],
    ],
  }),
  ...cases("backup/selection", "aws-backup/latest/devguide/assigning-resources.html", selection, {
    accepts: [
      ["everything", { resources: ["*"] }],
      ["what carries a tag", { selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "daily" }] }],
      ["all databases", { resources: ["arn:aws:rds:*:*:db:*"] }],
    ],
    refuses: [
      [
        "a comparison that there is not",
        { selectionTags: [{ type: "STRINGLIKE", key: "backup", value: "d*" }] },
      ],
      ["a plan that there is not", { planId: "0a0a0a0a-0000-0000-0000-000000000000", resources: ["*"] }],
      ["a role that there is not", { iamRoleArn: `arn:aws:iam::${account}:role/nobody`, resources: ["*"] }],
      ["a name with a blank", { name: "my database", resources: ["*"] }],
    ],
  }),
  ...cases(
    "cloudfront/distribution",
    "AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
    distribution,
    {
      accepts: [
        [
          "CloudFront's policies of requests and answers",
          behaving({
            originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
            responseHeadersPolicyId: "67f7725c-6f97-4210-82d7-5512b31e9d03",
          }),
        ],
        [
          "a policy of its own",
          (world) =>
            behaving({
              cachePolicyId: world.create("cloudfront/cachePolicy", {
                ...{ name: "chat", minTtl: 0, defaultTtl: 60, maxTtl: 3_600 },
                parametersInCacheKeyAndForwardedToOrigin: {
                  cookiesConfig: { cookieBehavior: "none" },
                  headersConfig: { headerBehavior: "none" },
                  queryStringsConfig: { queryStringBehavior: "none" },
                },
              }).id,
            }),
        ],
        [
          "a bucket behind it",
          (world) => ({
            origins: [
              {
                originId: "chat",
                domainName: String(
                  world.create("s3/bucket", { bucket: "media" }).outputs["bucketRegionalDomainName"],
                ),
              },
            ],
          }),
        ],
        [
          "a bucket that nobody has made",
          { origins: [{ originId: "chat", domainName: "media.s3.us-east-1.amazonaws.com" }] },
        ],
      ],
      refuses: [
        [
          "a policy of requests that there is not",
          behaving({ originRequestPolicyId: "0a0a0a0a-0000-0000-0000-000000000000" }),
        ],
        [
          "signatures by a group that there is not",
          behaving({ trustedKeyGroups: ["0a0a0a0a-0000-0000-0000-000000000000"] }),
        ],
        [
          "a bucket's access by nobody",
          {
            origins: [
              {
                originId: "chat",
                domainName: "media.s3.us-east-1.amazonaws.com",
                originAccessControlId: "E0000000000000",
              },
            ],
          },
        ],
        [
          "76 behaviors",
          {
            orderedCacheBehaviors: Array.from({ length: 76 }, (_, at) => ({
              ...distribution.defaultCacheBehavior,
              pathPattern: `/${at}/*`,
            })),
          },
        ],
        ["an error's answer alone", { customErrorResponses: [{ errorCode: 404, responseCode: 200 }] }],
        [
          "a page without answer",
          { customErrorResponses: [{ errorCode: 404, responsePagePath: "/index.html" }] },
        ],
      ],
    },
  ),
  ...cases(
    "ecs/taskDefinition",
    "AmazonECS/latest/developerguide/task_definition_parameters.html#fargate",
    {},
    {
      accepts: [
        [
          "a group of lines that nobody has made",
          task(
            {},
            {
              logConfiguration: {
                logDriver: "awslogs",
                options: {
                  "awslogs-group": "/ecs/none",
                  "awslogs-region": "us-east-1",
                  "awslogs-stream-prefix": "web",
                },
              },
            },
          ),
        ],
        ["an image that nobody has pushed", task({}, { image: "nginx:latest" })],
        [
          "a group that the tasks make",
          task(
            {},
            {
              logConfiguration: {
                logDriver: "awslogs",
                options: {
                  "awslogs-group": "/ecs/chatpop",
                  "awslogs-create-group": "true",
                  "awslogs-region": "us-east-1",
                  "awslogs-stream-prefix": "web",
                },
              },
            },
          ),
        ],
        [
          "lines that are not waited for",
          task(
            {},
            {
              logConfiguration: {
                logDriver: "awslogs",
                options: {
                  "awslogs-group": "/ecs/chatpop",
                  "awslogs-region": "us-east-1",
                  "awslogs-stream-prefix": "web",
                  mode: "non-blocking",
                  "max-buffer-size": "25m",
                },
              },
            },
          ),
        ],
        [
          "a parameter as a secret",
          task(
            {},
            { secrets: [{ name: "KEY", valueFrom: `arn:aws:ssm:us-east-1:${account}:parameter/chat/key` }] },
          ),
        ],
        [
          "files of EFS",
          task({
            volumes: [{ name: "files", efsVolumeConfiguration: { fileSystemId: "fs-0123456789abcdef0" } }],
          }),
        ],
        [
          "a machine of its own",
          task({ requiresCompatibilities: ["EC2"], networkMode: "bridge" }, { memory: 512 }),
        ],
      ],
      refuses: [
        ["a secret without its place", task({}, { secrets: [{ name: "KEY" }] })],
        ["devices", task({}, { linuxParameters: { devices: [{ hostPath: "/dev/fuse" }] } })],
        ["a role by its name", task({ executionRoleArn: "execution" })],
        [
          "no role for secrets",
          task(
            { executionRoleArn: undefined },
            { secrets: [{ name: "KEY", valueFrom: `arn:aws:ssm:us-east-1:${account}:parameter/chat/key` }] },
          ),
        ],
      ],
    },
  ),
];
