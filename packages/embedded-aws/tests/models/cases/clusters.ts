// Clusters, services, task definitions, image repositories and service discovery.
import { subnets } from "../database";
import { containers, definition, web } from "../task";
import type { World } from "../world";
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

export const clusters: readonly Case[] = [
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
