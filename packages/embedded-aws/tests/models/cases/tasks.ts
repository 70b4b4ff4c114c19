// Tasks on Fargate and what scales them.
import { containers, definition, web } from "../task";
import { type Case, cases } from "./case";
import type { World } from "../world";

const task =
  (change: object, ...list: object[]) =>
  (world: World) =>
    definition(world, {
      ...containers(...(list.length > 0 ? list : [{}]).map((each) => ({ ...web, ...each }))),
      ...change,
    });
const size = (cpu: number, memory: number) => task({ cpu: String(cpu), memory: String(memory) });
const side = { name: "side", portMappings: [], essential: false };
const tracked = (world: World) => {
  world.put("aws:ecs/service:Service", "arn:aws:ecs:us-east-1:123456789012:service/chat/web", {});
  const target = {
    ...{
      resourceId: "service/chat/web",
      scalableDimension: "ecs:service:DesiredCount",
      serviceNamespace: "ecs",
    },
  };
  world.create("appautoscaling/target", { ...target, minCapacity: 1, maxCapacity: 4 });
  return { ...target, name: "load", policyType: "TargetTrackingScaling" };
};
const tracking = (change: object) => ({
  targetTrackingScalingPolicyConfiguration: { targetValue: 60, ...change },
});
const predefined = (predefinedMetricType: string, change: object = {}) => ({
  predefinedMetricSpecification: { predefinedMetricType, ...change },
});
const own = {
  customizedMetricSpecification: { metricName: "Sockets", namespace: "Chat", statistic: "Average" },
};

export const tasks: readonly Case[] = [
  ...cases(
    "ecs/taskDefinition",
    "AmazonECS/latest/developerguide/fargate-tasks-services.html",
    {},
    {
      accepts: [
        ["the smallest task", size(256, 512)],
        ["eight vCPU with sixteen GiB", size(8_192, 16_384)],
        ["sixteen vCPU with 120 GiB", size(16_384, 122_880)],
        ["ARM", task({ runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" } })],
        ["one process space for a task", task({ pidMode: "task" })],
        [
          "a sidecar that waits",
          task({}, {}, { ...side, dependsOn: [{ containerName: "web", condition: "START" }] }),
        ],
        [
          "a wait for a preparation",
          task({}, { dependsOn: [{ containerName: "side", condition: "SUCCESS" }] }, side),
        ],
        ["a root that is read", task({}, { readonlyRootFilesystem: true })],
        ["another user", task({}, { user: "1000:1000" })],
        [
          "a longer queue of connections",
          task({}, { systemControls: [{ namespace: "net.core.somaxconn", value: "4096" }] }),
        ],
        [
          "a container that starts again",
          task({}, { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
        ],
        ["a trace", task({}, { linuxParameters: { capabilities: { add: ["SYS_PTRACE"] } } })],
      ],
      refuses: [
        ["a quarter of a vCPU with four GiB", size(256, 4_096)],
        ["eight vCPU with eight GiB", size(8_192, 8_192)],
        ["sixteen vCPU with 36 GiB", size(16_384, 36_864)],
        ["an architecture that there is not", task({ runtimePlatform: { cpuArchitecture: "ARM" } })],
        ["the host's processes", task({ pidMode: "host" })],
        ["the host's memory", task({ ipcMode: "host" })],
        ["a wait for nobody", task({}, { dependsOn: [{ containerName: "other", condition: "START" }] })],
        [
          "a wait for each other",
          task(
            {},
            { dependsOn: [{ containerName: "side", condition: "START" }] },
            { ...side, dependsOn: [{ containerName: "web", condition: "START" }] },
          ),
        ],
        [
          "a wait for health without check",
          task({}, {}, { ...side, dependsOn: [{ containerName: "web", condition: "HEALTHY" }] }),
        ],
        [
          "a wait for the end of what has none",
          task({}, {}, { ...side, dependsOn: [{ containerName: "web", condition: "SUCCESS" }] }),
        ],
        ["a name twice", task({}, {}, { portMappings: [] })],
        ["a port twice", task({}, {}, { name: "side" })],
        ["a link", task({}, {}, { ...side, links: ["web"] })],
        ["more memory than the task", task({}, { memory: 2_048 })],
        ["more processors than the task", task({}, { cpu: 300 }, { ...side, cpu: 300 })],
        ["hosts of its own", task({}, { extraHosts: [{ hostname: "db", ipAddress: "10.0.0.1" }] })],
        ["a name of the host", task({}, { hostname: "web" })],
        ["name servers of its own", task({}, { dnsServers: ["10.0.0.2"] })],
        ["shared memory", task({}, { linuxParameters: { sharedMemorySize: 64 } })],
        ["swapping", task({}, { linuxParameters: { maxSwap: 512, swappiness: 10 } })],
        ["a start again at once", task({}, { restartPolicy: { enabled: true, restartAttemptPeriod: 30 } })],
        [
          "a volume that nobody declares",
          task({}, { mountPoints: [{ sourceVolume: "media", containerPath: "/media" }] }),
        ],
        [
          "a variable's file that is no .env",
          task({}, { environmentFiles: [{ type: "s3", value: "arn:aws:s3:::media/web.txt" }] }),
        ],
        [
          "firelens without its router",
          task({}, { logConfiguration: { logDriver: "awsfirelens", options: {} } }),
        ],
        ["no container that is essential", task({}, { essential: false })],
        ["a family of 256 characters", task({ family: "f".repeat(256) })],
      ],
    },
  ),
  ...cases(
    "appautoscaling/policy",
    "autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html",
    tracked,
    {
      accepts: [
        ["memory", tracking(predefined("ECSServiceAverageMemoryUtilization"))],
        ["a metric of its own", tracking(own)],
        ["growth only", tracking({ ...predefined("ECSServiceAverageCPUUtilization"), disableScaleIn: true })],
        ["half a percent", tracking({ ...predefined("ECSServiceAverageCPUUtilization"), targetValue: 0.5 })],
      ],
      refuses: [
        ["requests of no balancer", tracking(predefined("ALBRequestCountPerTarget"))],
        ["readers of a database", tracking(predefined("RDSReaderAverageCPUUtilization"))],
        ["a metric that there is not", tracking(predefined("ECSServiceAverageNetworkUtilization"))],
        ["two metrics at once", tracking({ ...predefined("ECSServiceAverageCPUUtilization"), ...own })],
        ["no metric", tracking({})],
        [
          "a rest below nothing",
          tracking({ ...predefined("ECSServiceAverageCPUUtilization"), scaleInCooldown: -1 }),
        ],
        ["no configuration", {}],
      ],
    },
  ),
];
