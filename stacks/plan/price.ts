import { type BilledResource, type Bill, billOf, type Usage } from "../../aws/billing";
import { hoursPerMonth } from "../../aws/prices";
import { types } from "../../aws/types";
import { type Demand, interpolate } from "../capacity";
import { guide, scales } from "../guide";
import type { Plan } from ".";

/** Behaviour of users, beyond the demand: the part of the bill that no setting decides. */
export interface Habits {
  /** Bytes of one message to one member of its room, on the wire. @default 560 (measured: 491 and the protocols' own) */
  readonly frameBytes: number;
  /** Share of the time in which people talk at the planned rate. @default 0.25 (assumed) */
  readonly talking: number;
  /** Reads of a room's history by each user in an hour; the guide counts 60. @default 0 */
  readonly readsPerUserHour: number;
  /** Bytes of such a read. @default 27,000 (measured) */
  readonly readBytes: number;
  /** Bytes of voice or photo for each message that is sent, on average; stored, and read once. @default 0 */
  readonly mediaBytesPerMessage: number;
}

/** Default habits. */
export const usualHabits: Habits = {
  frameBytes: 560,
  talking: 0.25,
  readsPerUserHour: 0,
  readBytes: 27_000,
  mediaBytesPerMessage: 0,
};

/** Load at a time, as shares of the full load. */
export interface Share {
  /** Of the people. */
  readonly people: number;
  /** Of the messages. */
  readonly messages: number;
}

/** GB of log a month that the guide's scales write (assumed). */
const logsOverConnections = scales.map((scale, index) => ({
  x: guide[scale].rooms * guide[scale].usersPerRoom,
  y: [5, 20, 100][index]!,
}));
/** Connections for which the load balancer charges one capacity unit. */
const connectionsPerUnit = 3_000;
/** GB of one image, with layers that revisions share (assumed). */
const imageGigabytes = 1;

const gigabyte = 1e9;

/** GB that leave AWS in an hour of such a load. */
function egressInHour(demand: Demand, habits: Habits, { people, messages }: Share): number {
  const { usersPerRoom, messagesPerSecond, connections } = demand;
  const bytes =
    messages * messagesPerSecond * 3_600 * (usersPerRoom * habits.frameBytes + habits.mediaBytesPerMessage) +
    people * connections * habits.readsPerUserHour * habits.readBytes;
  return bytes / gigabyte;
}

/**
 * Monthly usage.
 *
 * @param hours Shares of the full load in equal parts of the day; a single one for a load that stays.
 * @param tasks Tasks of the chat, on average.
 */
export function usageOf(demand: Demand, tasks: number, habits: Habits, hours: readonly Share[]): Usage {
  const mean = (value: (share: Share) => number) =>
    hours.reduce((total, share) => total + value(share), 0) / hours.length;
  const egress = (share: Share) => egressInHour(demand, habits, share);
  const messages = mean((share) => share.messages) * demand.messagesPerSecond * 3_600 * hoursPerMonth;
  return {
    tasks,
    // Charged per hour, by the larger of connections and bytes.
    capacityUnits: mean((share) =>
      Math.max((share.people * demand.connections) / connectionsPerUnit, egress(share)),
    ),
    egress: mean(egress) * hoursPerMonth,
    natTraffic: tasks / 10, // pulls of the image and calls of AWS's own services (assumed)
    logs: interpolate(logsOverConnections, demand.connections),
    images: imageGigabytes,
    media: (messages * habits.mediaBytesPerMessage) / gigabyte,
  };
}

/** A constant load: all users are connected, and talk for a part of the time. */
export const constantly = ({ talking }: Habits): readonly Share[] => [{ people: 1, messages: talking }];

const named = (type: string, name: string, inputs: object = {}): BilledResource => ({
  type,
  name,
  inputs: inputs as BilledResource["inputs"],
});

/**
 * The resources of a Plan that are paid for, with the arguments that decide their price; a test compares their bill with
 * that of the resources that the program registers.
 */
export function paidResources(plan: Plan): readonly BilledResource[] {
  const { cache, database, network, service, task, monitoring } = plan;
  const definition = (urn: string, { cpu, memory }: { cpu: number; memory: number }): BilledResource => ({
    ...named(types.taskDefinition, urn, {
      cpu,
      memory,
      runtimePlatform: { cpuArchitecture: task.architecture === "arm64" ? "ARM64" : "X86_64" },
    }),
    urn,
  });
  const networkConfiguration = { assignPublicIp: network.tasksArePublic };
  const running = (name: string, inputs: object): BilledResource => ({
    ...named(types.service, name, { networkConfiguration, ...inputs }),
    propertyDependencies: { taskDefinition: [name] },
  });
  const instance = { instanceClass: database.instanceClass, allocatedStorage: database.storage };
  return [
    definition("chatpop", task),
    ...plan.workers.map((worker) => definition(worker.name, worker)),
    running("chatpop", { desiredCount: service.desiredTasks, loadBalancers: [{}] }),
    ...plan.workers.map(({ name, tasks, onDemandTasks }) =>
      running(name, {
        desiredCount: tasks,
        capacityProviderStrategies: [
          { capacityProvider: "FARGATE", base: onDemandTasks },
          ...(tasks > onDemandTasks ? [{ capacityProvider: "FARGATE_SPOT" }] : []),
        ],
      }),
    ),
    named(types.loadBalancer, "chatpop", { subnets: network.zones }),
    named(types.database, "chatpop-db", { ...instance, multiAz: database.multiAz }),
    ...Array.from({ length: database.readReplicas }, (_, index) =>
      named(types.database, `chatpop-db-replica-${index + 1}`, instance),
    ),
    ...(plan.databaseProxy ? [named(types.proxy, "chatpop-proxy")] : []),
    ...Array.from({ length: cache.shards }, (_, index) =>
      named(types.cache, `chatpop-redis-${index + 1}`, {
        engine: cache.engine,
        nodeType: cache.nodeType,
        numCacheClusters: cache.nodes,
      }),
    ),
    ...Array.from({ length: network.natGateways }, (_, index) => [
      named(types.natGateway, `chatpop-nat-${index + 1}`),
      named("aws:ec2/eip:Eip", `chatpop-nat-${index + 1}`),
    ]).flat(),
    named(types.logGroup, "chatpop"),
    named(types.repository, "chatpop"),
    named("aws:kms/key:Key", "chatpop"),
    ...["database", "django"].map((name) => named(types.secret, name)),
    ...Object.entries({ ...monitoring.alarms, deployment: monitoring.deployment }).map(([name, { metric }]) =>
      named(types.alarm, name, {
        ...(typeof metric === "object" && {
          metricQueries: Object.values(metric).map((one) => ({ metric: one })),
        }),
      }),
    ),
    ...(monitoring.chatIsDown ? [named(types.compositeAlarm, "chat-is-down")] : []),
    ...Object.keys(monitoring.logMetrics).map((name) =>
      named("aws:cloudwatch/logMetricFilter:LogMetricFilter", name),
    ),
    named(types.dashboard, "chatpop"),
    ...(plan.media ? [named(types.bucket, "chatpop-media")] : []),
    ...(plan.webFirewall
      ? [
          named("aws:wafv2/webAcl:WebAcl", "chatpop", {
            rules: [plan.webFirewall.requestsPerAddress, ...plan.webFirewall.ruleGroups],
          }),
        ]
      : []),
  ];
}

/** Monthly cost of a Plan at its planned load, by default with the desired task count. */
export function priceOf(
  plan: Plan,
  region: string,
  { tasks = plan.service.desiredTasks, habits = usualHabits }: { tasks?: number; habits?: Habits } = {},
): Bill {
  return billOf(paidResources(plan), usageOf(plan.demand, tasks, habits, constantly(habits)), region);
}
