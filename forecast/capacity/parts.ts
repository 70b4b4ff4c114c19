import { parseCidr } from "../../aws/addresses";
import { burstCredits, maxConnections, sizeOf } from "../../aws/instanceClasses";
import { channelLayerLoad, type Demand, tasksFor } from "../../stacks/capacity";
import measured from "../../stacks/measured.json";
import type { Plan } from "../../stacks/plan";
import { type Habits, usualHabits } from "../../stacks/plan/price";
import { relayCarries, relayName } from "../../stacks/plan/workers";

/** Origin of a figure. */
export type Certainty = "measured" | "documented" | "assumed";

/** A part of the deployment, with its need under a load. */
export interface Part {
  /** Stable name: `redis-thread`. */
  readonly key: string;
  /** `Redis's command thread`. */
  readonly part: string;
  /** Need of the load, in `unit`. */
  readonly need: number;
  /** Amount that the deployment has, in `unit`; undefined if AWS sets no limit. */
  readonly have?: number;
  /** `tasks`, `GB`. */
  readonly unit: string;
  /** `need` as a share of `have`: 1 is full. */
  readonly used?: number;
  /** Origin of the figures. */
  readonly certainty: Certainty;
  /** Source of the figures. */
  readonly source: string;
}

/** Figures without a measurement: each is an assumption with its reason. */
export const assumed = {
  /** Time of a database vCPU for one message (ms): an insert, the reads around it and its indexes. */
  databaseMillisecondsPerMessage: 1.5,
  /** Bytes that a message takes in the database, with its indexes. */
  storedBytesPerMessage: 1_000,
  /** Most connections that a task keeps to the database (G-142: 5 to 10). */
  connectionsPerTask: 10,
  /** vCPU that a new account may run on Fargate until AWS raises its quota (GAP-40: "perhaps 6"). */
  fargateVcpu: 6,
} as const;

/** Bytes that Redis keeps for a socket and for a room's last 500 messages (measured, `docs/capacity.md` 5). */
const cached = { socket: 234, room: 364_000 } as const;

/** Bytes that a waiting event of the outbox takes, with all indexes (measured, `docs/image.md`). */
const bytesPerEvent = 413;

/** Memory for data in the guide's nodes (GB, G-14); in other nodes three quarters of the memory. */
const cacheMemory: Readonly<Record<string, number>> = {
  "cache.t3.micro": 0.5,
  "cache.t3.small": 1.4,
  "cache.m5.large": 6.4,
};

/** Baseline of a burstable class: the share of `vCPU × time` without burst credits. */
const baseline = (instanceClass: string, vcpu: number) => {
  const credits = burstCredits(instanceClass);
  return credits === undefined ? vcpu : credits / 60;
};

/** The need of a load in every part of a Plan, whether the part holds or not. */
export function partsOf(
  plan: Plan,
  demand: Demand = plan.demand,
  habits: Habits = usualHabits,
): readonly Part[] {
  const { autoscaling, capacity, cache, database, network, service, task } = plan;
  const { connections, messagesPerSecond, rooms } = demand;
  const most = autoscaling.maximum;
  const reads = (connections * habits.readsPerUserHour) / 3_600;
  const size = sizeOf(database.instanceClass);
  const vcpu = size?.vcpu ?? NaN;
  const limit = maxConnections(database.instanceClass) ?? NaN;
  const pool = plan.databaseProxy ? (limit * plan.databaseProxy.maxConnections) / 100 : limit;
  const relay = plan.workers.find(({ name }) => name === relayName);
  const running = Math.floor((most * service.maximumPercent) / 100);
  const workers = plan.workers.reduce((total, each) => total + each.tasks * each.cpu, 0) / 1_024;
  const addressesOf = (cidr: string) => 2 ** (32 - (parseCidr(cidr)?.prefix ?? 32)) - 5;
  const addresses = network.zones
    .map((zone) => addressesOf(network.tasksArePublic ? zone.publicCidr : zone.privateCidr))
    .reduce((total, each) => total + each, 0);
  const part = (
    key: string,
    name: string,
    [need, have, unit]: readonly [number, number | undefined, string],
    certainty: Certainty,
    source: string,
  ): Part => ({
    key,
    part: name,
    need,
    have,
    unit,
    used: have === undefined ? undefined : need / have,
    certainty,
    source,
  });
  return [
    part(
      "task-cpu",
      "CPU of the tasks",
      [
        tasksFor({ connections, messagesPerSecond }, { ...capacity, sockets: Infinity }) +
          reads * capacity.readShare,
        most,
        "tasks",
      ],
      "measured",
      "stacks/measured.json",
    ),
    part(
      "task-memory",
      "memory of the tasks",
      [connections / capacity.sockets, most, "tasks"],
      "measured",
      "stacks/measured.json; 80 % of memory (G-116)",
    ),
    part(
      "redis-thread",
      "Redis's command thread",
      [100 * channelLayerLoad(demand, most, plan.channelLayer, cache.shards), 100, "%"],
      "measured",
      `stacks/measured.json, ${plan.channelLayer} layer`,
    ),
    part(
      "cache-memory",
      "memory of the cache",
      [
        (connections * cached.socket + rooms * cached.room) / 1e9,
        cacheMemory[cache.nodeType] ?? 0.75 * (sizeOf(cache.nodeType)?.memory ?? NaN),
        "GB",
      ],
      "measured",
      "docs/capacity.md 5; 500 cached messages a room",
    ),
    part(
      "database-connections",
      plan.databaseProxy ? "connections of the proxy's pool" : "database connections",
      [most * assumed.connectionsPerTask, pool, "connections"],
      "documented",
      "guide: 5 to 10 a task (G-142); RDS's default limit",
    ),
    part(
      "database-cpu",
      "CPU of the database",
      [
        (messagesPerSecond * assumed.databaseMillisecondsPerMessage +
          (database.readReplicas > 0 ? 0 : reads * 5)) /
          1_000,
        baseline(database.instanceClass, vcpu),
        "vCPU",
      ],
      "assumed",
      `${assumed.databaseMillisecondsPerMessage} ms a message; of a burstable class the share that it earns`,
    ),
    part(
      "database-storage",
      "database storage in a month",
      [
        (messagesPerSecond * habits.talking * 2_628_000 * assumed.storedBytesPerMessage) / 1e9,
        database.maxStorage,
        "GB",
      ],
      "assumed",
      `${assumed.storedBytesPerMessage} bytes a message, ${100 * habits.talking} % of the time`,
    ),
    ...(relay
      ? [
          part(
            "relay",
            "the outbox's relay",
            [messagesPerSecond, relay.tasks * relayCarries(relay), "messages/s"],
            "measured",
            "docs/image.md",
          ),
          part(
            "outbox-table",
            "outbox after an hour without relay",
            [(messagesPerSecond * 3_600 * bytesPerEvent) / 1e9, database.maxStorage, "GB"],
            "measured",
            `${bytesPerEvent} bytes an event (docs/image.md); sent events are deleted at once`,
          ),
        ]
      : []),
    part(
      "load-balancer",
      "load balancer, capacity units",
      [
        Math.max(
          connections / 3_000,
          (messagesPerSecond * demand.usersPerRoom * habits.frameBytes * 3_600) / 1e9,
        ),
        undefined,
        "LCU",
      ],
      "documented",
      "AWS scales it by itself and charges each unit",
    ),
    part(
      "nat",
      "traffic through NAT",
      [most / 10, undefined, "GB/month"],
      "assumed",
      "pulls of the image; the chat's own traffic does not pass it",
    ),
    part(
      "fargate-quota",
      "vCPU of Fargate during a deployment",
      [(running * task.cpu) / 1_024 + workers, undefined, "vCPU"],
      "documented",
      `the account's quota: ask AWS where it is lower (new accounts: about ${assumed.fargateVcpu})`,
    ),
    part(
      "addresses",
      "addresses of the subnets",
      [running + plan.workers.length, addresses, "addresses"],
      "documented",
      "5 of each subnet are AWS's",
    ),
  ];
}

/** The fullest part. */
export const bindingOf = (parts: readonly Part[]): Part =>
  parts.reduce((fullest, each) => ((each.used ?? 0) > (fullest.used ?? 0) ? each : fullest));

/** Whether every part holds. */
export const holds = (parts: readonly Part[]): boolean => parts.every(({ used = 0 }) => used <= 1);

/** The measured application, with date and machine. */
export const measuredWith = `${measured.application}; ${measured.date}, ${measured.machine}`;
