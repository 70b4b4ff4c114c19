import { channelLayerLoad, tasksFor } from "../capacity";
import type { Plan } from ".";
import type { CachePlan } from "./cache";
import { priceOf } from "./price";

/** The decisions that an operator wants to see at a glance, as numbers with their units; also what policies read demand from. */
export function summary(plan: Plan) {
  const { demand, autoscaling, capacity, service, database, cache, task } = plan;
  return {
    scale: plan.scale,
    demand: { ...demand },
    tasks: {
      minimum: autoscaling.minimum,
      desired: service.desiredTasks,
      maximum: autoscaling.maximum,
      cpuUnits: task.cpu,
      memoryMiB: task.memory,
      architecture: task.architecture,
      server: plan.server,
    },
    database: {
      instanceClass: database.instanceClass,
      version: database.version,
      storageGiB: database.storage,
      storageGrows: !database.growsInPlace,
      proxy: plan.databaseProxy !== undefined,
      readReplicas: database.readReplicas,
    },
    cache: {
      shards: cache.shards,
      nodes: cache.nodes,
      nodeType: cache.nodeType,
      engine: cache.engine,
      version: cache.version,
    },
    outbox: plan.outbox,
    workers: Object.fromEntries(
      plan.workers.map(({ name, tasks, cpu, memory }) => [name, { tasks, cpuUnits: cpu, memoryMiB: memory }]),
    ),
    natGateways: plan.network.natGateways,
    deletionProtection: plan.deletionProtection,
    /** Why alarms are turned off, by their names. */
    ...(Object.keys(plan.monitoring.turnedOff).length > 0 && { alarmsTurnedOff: plan.monitoring.turnedOff }),
    /** Percent of what the most tasks, and Redis's one command thread with them, can do. */
    fullLoad: {
      taskPercent: percent(tasksFor(demand, capacity) / autoscaling.maximum),
      redisThreadPercent: percent(
        channelLayerLoad(demand, autoscaling.maximum, plan.channelLayer, cache.shards),
      ),
    },
  };
}

const percent = (share: number) => Math.round(100 * share);

/** `1 × cache.m5.large`, or `3 caches of 1 × cache.m5.large`. */
export const cachesOf = ({ shards, nodes, nodeType }: Pick<CachePlan, "shards" | "nodes" | "nodeType">) =>
  `${shards > 1 ? `${shards} caches of ` : ""}${nodes} × ${nodeType}`;

/** Region whose prices the closing summary shows where the stack's own has none. */
const otherwise = "us-east-1";

/**
 * The end of every update in at most ten lines.
 *
 * @param region The stack's own; undefined, or one without prices, shows those of us-east-1 and says so.
 */
export function closing(plan: Plan, url: string, region = otherwise): readonly string[] {
  const { demand, database, cache, tasks, fullLoad, outbox } = summary(plan);
  const count = (value: number) => value.toLocaleString("en");
  const counted = (value: number, what: string) => `${count(value)} ${what}${value === 1 ? "" : "s"}`;
  const [priced, bill] = pricedIn(plan, region);
  const spare = 100 - Math.max(fullLoad.taskPercent, fullLoad.redisThreadPercent);
  return [
    `ChatPop ${plan.stack}: ${count(demand.rooms)} rooms × ${count(demand.usersPerRoom)} users = ${count(demand.connections)} connections, ${count(demand.messagesPerSecond)} messages/s`,
    `tasks      ${tasks.desired} now, ${tasks.minimum} to ${tasks.maximum}; each ${tasks.cpuUnits} CPU units, ${tasks.memoryMiB} MiB; WebSocket server ${tasks.server}`,
    `database   ${database.instanceClass}, PostgreSQL ${database.version}, ${database.storageGiB} GiB${database.proxy ? ", proxy" : ""}${database.readReplicas > 0 ? `, ${database.readReplicas} replica` : ""}`,
    `cache      ${cachesOf(cache)}, ${cache.engine} ${cache.version}${outbox ? "; outbox" : ""}`,
    `full load  takes ${fullLoad.taskPercent} % of ${counted(tasks.maximum, "task")} and ${fullLoad.redisThreadPercent} % of Redis: ${spare >= 0 ? `${spare} % is spare` : `${-spare} % too much`}`,
    `price      $${count(Math.round(bill.fixed))} fixed + $${count(Math.round(bill.usage))} with use a month (${priced}, with ${counted(tasks.desired, "task")}; make cost)`,
    `warnings   ${plan.advisories.length === 0 ? "none" : `${plan.advisories.length}, above`}`,
    `url        ${url}`,
  ];
}

const pricedIn = (plan: Plan, region: string) => {
  try {
    return [region, priceOf(plan, region)] as const;
  } catch {
    return [`${otherwise}; none for ${region}`, priceOf(plan, otherwise)] as const;
  }
};
