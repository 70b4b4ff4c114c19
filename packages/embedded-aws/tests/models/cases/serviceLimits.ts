// Bounds, names and states of tasks, services, functions, registries and what distributes their answers.
import { subnets } from "../database";
import { containers, definition, web } from "../task";
import { archive } from "../../lambda/cloud";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const account = "123456789012";
const task =
  (change: object, container: object = {}) =>
  (world: World) =>
    definition(world, { ...containers({ ...web, ...container }), ...change });
const service = (world: World) => ({
  name: "web",
  cluster: world.create("ecs/cluster", { name: "chat" }).outputs["arn"],
  taskDefinition: String(world.create("ecs/taskDefinition", definition(world)).outputs["arn"]),
  desiredCount: 1,
  launchType: "FARGATE",
  networkConfiguration: { subnets, securityGroups: ["sg-00000001"] },
});
const released = (world: World) => ({
  ...{ name: "release", runtime: "nodejs22.x", handler: "index.handler" },
  code: archive({ "index.js": "exports.handler = async () => 1;" }),
  role: putRole(world, "release", "lambda.amazonaws.com", ["logs:*"]),
});
const origin = {
  ...{ originId: "chat", domainName: "chat.example.com" },
  customOriginConfig: {
    ...{ httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
    originSslProtocols: ["TLSv1.2"],
  },
};
const behavior = {
  ...{ targetOriginId: "chat", viewerProtocolPolicy: "redirect-to-https" },
  ...{ allowedMethods: ["GET", "HEAD"], cachedMethods: ["GET", "HEAD"] },
  cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
};
const distribution = {
  ...{ enabled: true, origins: [origin], defaultCacheBehavior: behavior },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
};
const custom = (change: object) => ({
  origins: [{ ...origin, customOriginConfig: { ...origin.customOriginConfig, ...change } }],
});
const visible = { cloudwatchMetricsEnabled: true, metricName: "chat", sampledRequestsEnabled: true };
const ruled = (...rules: object[]) => ({
  rules: rules.map((each, at) => ({
    ...{ name: `rule-${at}`, priority: at, action: { block: {} }, visibilityConfig: visible },
    ...each,
  })),
});
const limited = (change: object) =>
  ruled({ statement: { rateBasedStatement: { limit: 100, aggregateKeyType: "IP", ...change } } });
const tidy = (selection: object, change: object = {}) => ({
  policy: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5, ...selection },
        action: { type: "expire" },
        ...change,
      },
    ],
  }),
});

export const serviceLimits: readonly Case[] = [
  ...cases(
    "ecs/taskDefinition",
    "AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    {},
    {
      accepts: [
        ["two vCPU in words", task({ cpu: "2 vCPU", memory: "4 GB" })],
        ["a quarter with two GiB", task({ cpu: "256", memory: "2048" })],
        ["sixteen vCPU with 32 GiB", task({ cpu: "16384", memory: "32768" })],
        ["a family of 255 characters", task({ family: "f".repeat(255) })],
        ["UDP", task({}, { portMappings: [{ containerPort: 9000, protocol: "udp" }] })],
        [
          "an image by its digest",
          task(
            {},
            {
              image: `${account}.dkr.ecr.us-east-1.amazonaws.com/chatpop@sha256:${"a".repeat(64)}`,
            },
          ),
        ],
        ["a disk of 21 GiB", task({ ephemeralStorage: { sizeInGib: 21 } })],
        [
          "a check of five minutes",
          task(
            {},
            {
              healthCheck: { command: ["CMD-SHELL", "true"], interval: 300, timeout: 60, startPeriod: 300 },
            },
          ),
        ],
        ["a start again", task({}, { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } })],
        [
          "a name for the port",
          task(
            {},
            {
              portMappings: [{ name: "http", containerPort: 9000, appProtocol: "http" }],
            },
          ),
        ],
      ],
      refuses: [
        ["one vCPU with nine GiB", task({ cpu: "1024", memory: "9216" })],
        ["one vCPU with one GiB", task({ cpu: "1024", memory: "1024" })],
        ["thirty-two vCPU with ten GiB", task({ cpu: "32768", memory: "10240" })],
        ["no memory", task({ memory: undefined })],
        ["a compatibility that there is not", task({ requiresCompatibilities: ["FARGATE_SPOT"] })],
        ["a mode that there is not", task({ networkMode: "vpc" })],
        ["a name with a blank", task({}, { name: "my web" })],
        ["port 65536", task({}, { portMappings: [{ containerPort: 65_536 }] })],
        [
          "a protocol in capitals that there is not",
          task({}, { portMappings: [{ containerPort: 9000, protocol: "http" }] }),
        ],
        [
          "a check of 61 seconds",
          task(
            {},
            {
              healthCheck: { command: ["CMD-SHELL", "true"], interval: 300, timeout: 61 },
            },
          ),
        ],
        [
          "a check of 301 seconds before it counts",
          task(
            {},
            {
              healthCheck: { command: ["CMD-SHELL", "true"], startPeriod: 301 },
            },
          ),
        ],
        ["a check without command", task({}, { healthCheck: { command: [] } })],
        [
          "a driver that there is not",
          task({}, { logConfiguration: { logDriver: "cloudwatch", options: {} } }),
        ],
        ["a limit that there is not", task({}, { ulimits: [{ name: "files", softLimit: 1, hardLimit: 1 }] })],
        ["a variable without name", task({}, { environment: [{ value: "x" }] })],
        ["a number as a variable", task({}, { environment: [{ name: "PORT", value: 9000 }] })],
        [
          "a condition that there is not",
          task({}, { dependsOn: [{ containerName: "web", condition: "RUNNING" }] }),
        ],
        ["a wait for itself", task({}, { dependsOn: [{ containerName: "web", condition: "START" }] })],
        ["no containers", (world) => definition(world, containers())],
        ["containers that are no JSON", (world) => definition(world, { containerDefinitions: "web" })],
        ["a disk of 201 GiB", task({ ephemeralStorage: { sizeInGib: 201 } })],
        [
          "tags of 51",
          task({ tags: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`t${at}`, "1"])) }),
        ],
        [
          "a role of another service",
          (world) =>
            definition(world, {
              taskRoleArn: putRole(world, "machine", "ec2.amazonaws.com"),
            }),
        ],
        [
          "a log's mode that there is not",
          task(
            {},
            {
              logConfiguration: { ...(web["logConfiguration"] as object), options: { mode: "fast" } },
            },
          ),
        ],
      ],
    },
  ),
  ...cases("ecs/service", "AmazonECS/latest/developerguide/service_definition_parameters.html", service, {
    accepts: [
      ["no task", { desiredCount: 0 }],
      ["commands in its tasks", { enableExecuteCommand: true }],
      ["tags of the service", { enableEcsManagedTags: true, propagateTags: "SERVICE" }],
      ["the newest platform", { platformVersion: "LATEST" }],
      ["a name of 255 characters", { name: "w".repeat(255) }],
    ],
    refuses: [
      ["a name of 256 characters", { name: "w".repeat(256) }],
      ["a launch in small letters", { launchType: "fargate" }],
      [
        "seventeen groups",
        {
          networkConfiguration: {
            subnets,
            securityGroups: Array.from({ length: 6 }, (_, at) => `sg-0000000${at}`),
          },
        },
      ],
      ["a cluster that there is not", { cluster: "nobody" }],
      ["tasks that there are not", { taskDefinition: "nobody:1" }],
      ["a subnet that there is not", { networkConfiguration: { subnets: ["subnet-0123456789abcdef0"] } }],
      ["a group of another network", { networkConfiguration: { subnets, securityGroups: ["sg-00000002"] } }],
      ["more than 200 percent of a whole", { deploymentMinimumHealthyPercent: 101 }],
      ["a strategy that there is not", { schedulingStrategy: "BATCH" }],
      ["a controller that there is not", { deploymentController: { type: "BLUE_GREEN" } }],
      [
        "a placement on Fargate",
        { orderedPlacementStrategies: [{ type: "spread", field: "attribute:ecs.availability-zone" }] },
      ],
      [
        "a target group that there is not",
        {
          loadBalancers: [
            {
              ...{ containerName: "web", containerPort: 9000 },
              targetGroupArn: `arn:aws:elasticloadbalancing:us-east-1:${account}:targetgroup/no/0123456789abcdef`,
            },
          ],
        },
      ],
    ],
  }),
  ...cases(
    "ecs/clusterCapacityProviders",
    "AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html",
    (world) => ({
      clusterName: world.create("ecs/cluster", { name: "chat" }).outputs["name"],
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    }),
    {
      accepts: [
        [
          "a base",
          { defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }] },
        ],
      ],
      refuses: [
        ["a provider in small letters", { capacityProviders: ["fargate"] }],
        [
          "two bases",
          {
            defaultCapacityProviderStrategies: [
              { capacityProvider: "FARGATE", base: 1, weight: 1 },
              { capacityProvider: "FARGATE_SPOT", base: 1, weight: 1 },
            ],
          },
        ],
        [
          "a provider that is not its own",
          {
            capacityProviders: ["FARGATE"],
            defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
          },
        ],
        [
          "a weight of 1,001",
          { defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1_001 }] },
        ],
        ["a cluster that there is not", { clusterName: "nobody" }],
      ],
    },
  ),
  ...cases(
    "ecr/repository",
    "AmazonECR/latest/APIReference/API_CreateRepository.html#limits",
    { name: "chat" },
    {
      accepts: [
        ["a period and an underscore", { name: "chat_app.web" }],
        ["256 characters", { name: "c".repeat(256) }],
        ["a scan", { imageScanningConfiguration: { scanOnPush: true } }],
      ],
      refuses: [
        ["257 characters", { name: "c".repeat(257) }],
        ["a hyphen at the beginning", { name: "-chat" }],
        ["a slash at the end", { name: "team/" }],
        ["a tag", { name: "chat:1" }],
        ["a mutability in small letters", { imageTagMutability: "immutable" }],
        ["an encryption that there is not", { encryptionConfigurations: [{ encryptionType: "AES128" }] }],
        ["a name that is taken", (world) => (world.create("ecr/repository", { name: "chat" }), {})],
      ],
    },
  ),
  ...cases(
    "ecr/lifecyclePolicy",
    "AmazonECR/latest/userguide/LifecyclePolicies.html",
    (world) => ({ repository: world.create("ecr/repository", { name: "chat" }).id }),
    {
      accepts: [
        ["any image", tidy({})],
        ["tags by their beginning", tidy({ tagStatus: "tagged", tagPrefixList: ["v"] })],
      ],
      refuses: [
        ["a status that there is not", tidy({ tagStatus: "all" })],
        ["a count that there is not", tidy({ countType: "imageCount" })],
        ["a count's unit", tidy({ countUnit: "days" })],
        ["an element that there is not", tidy({}, { name: "tidy" })],
        ["no rules", { policy: JSON.stringify({ rules: [] }) }],
        [
          "a priority twice",
          {
            policy: JSON.stringify({
              rules: [1, 2].map(() => ({
                rulePriority: 1,
                selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 5 },
                action: { type: "expire" },
              })),
            }),
          },
        ],
        [
          "any image before others",
          {
            policy: JSON.stringify({
              rules: [
                {
                  rulePriority: 1,
                  selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
                  action: { type: "expire" },
                },
                {
                  rulePriority: 2,
                  selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 5 },
                  action: { type: "expire" },
                },
              ],
            }),
          },
        ],
        ["untagged ones by tags", tidy({ tagStatus: "untagged", tagPrefixList: ["v"] })],
      ],
    },
  ),
  ...cases("lambda/function", "lambda/latest/api/API_CreateFunction.html", released, {
    accepts: [
      ["ten GiB", { memorySize: 10_240 }],
      ["a quarter of an hour", { timeout: 900 }],
      ["ARM", { architectures: ["arm64"] }],
      ["ten GiB of disk", { ephemeralStorage: { size: 10_240 } }],
      ["traces", { tracingConfig: { mode: "Active" } }],
      ["a name of 64 characters", { name: "r".repeat(64) }],
      ["no room of its own", { reservedConcurrentExecutions: -1 }],
    ],
    refuses: [
      ["127 MiB", { memorySize: 127 }],
      ["more than ten GiB", { memorySize: 10_241 }],
      ["no time", { timeout: 0 }],
      ["901 seconds", { timeout: 901 }],
      ["a name of 65 characters", { name: "r".repeat(65) }],
      ["a name with a period", { name: "release.1" }],
      ["two architectures", { architectures: ["arm64", "x86_64"] }],
      ["an architecture that there is not", { architectures: ["amd64"] }],
      ["511 MiB of disk", { ephemeralStorage: { size: 511 } }],
      ["a variable that Lambda keeps", { environment: { variables: { AWS_REGION: "us-east-1" } } }],
      ["a variable that begins with a digit", { environment: { variables: { "1A": "x" } } }],
      ["more than 4 KiB of variables", { environment: { variables: { A: "x".repeat(4_097) } } }],
      ["traces in words", { tracingConfig: { mode: "On" } }],
      ["a role that there is not", { role: `arn:aws:iam::${account}:role/nobody` }],
      ["a role by its name", { role: "release" }],
      ["a package that there is not", { packageType: "Docker" }],
      ["no handler", { handler: undefined }],
      ["a runtime that is over", { runtime: "nodejs12.x" }],
      ["a runtime in words", { runtime: "node22" }],
      ["a subnet without group", { vpcConfig: { subnetIds: subnets, securityGroupIds: [] } }],
      ["letters to nowhere", { deadLetterConfig: { targetArn: "queue" } }],
    ],
  }),
  ...cases(
    "lambda/permission",
    "lambda/latest/api/API_AddPermission.html",
    (world) => ({
      function: world.create("lambda/function", released(world)).outputs["name"],
      ...{ action: "lambda:InvokeFunction", principal: "events.amazonaws.com" },
    }),
    {
      accepts: [
        ["a rule", { sourceArn: `arn:aws:events:us-east-1:${account}:rule/tidy` }],
        ["another account", { principal: "210987654321" }],
        ["an id", { statementId: "From_rule-1" }],
      ],
      refuses: [
        ["an action of another service", { action: "s3:GetObject" }],
        ["an id with a blank", { statementId: "from rule" }],
        ["an id with a period", { statementId: "from.rule" }],
        ["a source that is no ARN", { sourceArn: "tidy" }],
        ["an account of eleven digits", { sourceAccount: "12345678901" }],
        ["a function that there is not", { function: "nobody" }],
      ],
    },
  ),
  ...cases(
    "cloudfront/distribution",
    "cloudfront/latest/APIReference/API_CustomOriginConfig.html",
    distribution,
    {
      accepts: [
        ["two minutes of patience", custom({ originReadTimeout: 120 })],
        ["the third version of HTTP", { httpVersion: "http2and3" }],
        ["a page at the root", { defaultRootObject: "index.html" }],
        ["all edges", { priceClass: "PriceClass_All" }],
        ["compressed answers", { defaultCacheBehavior: { ...behavior, compress: true } }],
      ],
      refuses: [
        ["no patience", custom({ originReadTimeout: 0 })],
        ["a protocol that there is not", custom({ originSslProtocols: ["TLSv1.3.1"] })],
        ["a policy that there is not", custom({ originProtocolPolicy: "http" })],
        ["a port between", custom({ httpsPort: 1_023 })],
        ["a page at the root with a slash", { defaultRootObject: "/index.html" }],
        [
          "a viewer's policy that there is not",
          { defaultCacheBehavior: { ...behavior, viewerProtocolPolicy: "https" } },
        ],
        [
          "a cache policy that there is not",
          { defaultCacheBehavior: { ...behavior, cachePolicyId: "0a0a0a0a-0000-0000-0000-000000000000" } },
        ],
        ["neither policy nor values", { defaultCacheBehavior: { ...behavior, cachePolicyId: undefined } }],
        [
          "a country in three letters",
          { restrictions: { geoRestriction: { restrictionType: "whitelist", locations: ["DEU"] } } },
        ],
        ["a class in small letters", { priceClass: "priceclass_all" }],
        ["an alias with its protocol", { aliases: ["https://chat.example.com"] }],
        ["a comment of 129 characters", { comment: "c".repeat(129) }],
        [
          "a certificate of another region",
          {
            aliases: ["chat.example.com"],
            viewerCertificate: {
              acmCertificateArn: `arn:aws:acm:eu-west-1:${account}:certificate/0a0a0a0a-0000-0000-0000-000000000000`,
              sslSupportMethod: "sni-only",
            },
          },
        ],
        [
          "a certificate without its way",
          {
            viewerCertificate: {
              acmCertificateArn: `arn:aws:acm:us-east-1:${account}:certificate/0a0a0a0a-0000-0000-0000-000000000000`,
            },
          },
        ],
        [
          "a version of TLS that there is not",
          { viewerCertificate: { cloudfrontDefaultCertificate: true, minimumProtocolVersion: "TLSv1.4" } },
        ],
        ["no origin", { origins: [] }],
        [
          "a firewall of a region",
          {
            webAclId: `arn:aws:wafv2:us-east-1:${account}:regional/webacl/chat/0a0a0a0a-0000-0000-0000-000000000000`,
          },
        ],
      ],
    },
  ),
  ...cases(
    "wafv2/webAcl",
    "waf/latest/APIReference/API_RateBasedStatement.html",
    { name: "chat", scope: "REGIONAL", defaultAction: { allow: {} }, visibilityConfig: visible },
    {
      accepts: [
        ["two billions", limited({ limit: 2_000_000_000 })],
        ["ten minutes", limited({ evaluationWindowSec: 600 })],
        ["a name of 128 characters", { name: "a".repeat(128) }],
        ["a path", ruled({ statement: { byteMatchStatement: { searchString: "/admin" } } })],
      ],
      refuses: [
        ["a limit above two billions", limited({ limit: 2_000_000_001 })],
        ["a key that there is not", limited({ aggregateKeyType: "CLIENT" })],
        ["three minutes", limited({ evaluationWindowSec: 180 })],
        [
          "an answer of 99",
          {
            rules: limited({}).rules.map((each) => ({
              ...each,
              action: { block: { customResponse: { responseCode: 99 } } },
            })),
          },
        ],
        ["a name of 129 characters", { name: "a".repeat(129) }],
        ["a description with a brace", { description: "{}" }],
        [
          "a rule of AWS's that there is not",
          ruled({
            ...{ action: undefined, overrideAction: { none: {} } },
            statement: {
              managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesEverything" },
            },
          }),
        ],
        ["a metric with a blank", { visibilityConfig: { ...visible, metricName: "my chat" } }],
      ],
    },
  ),
];
