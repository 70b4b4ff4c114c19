import {
  type Demand,
  guideScaleOf,
  guideTasks,
  measuredTasks,
  serverFor,
  shardsFor,
  type TaskCapacity,
  taskCapacity,
} from "../capacity";
import {
  cacheNodeByConnections,
  databaseClassByTasks,
  guide,
  type Ladder,
  needsProxy,
  outboxFromRooms,
  replicaFromRooms,
  rung,
  taskSize,
} from "../guide";
import type { Settings } from "../settings";

/** Tasks that ECS runs in one service. */
export const mostTasks = 5_000;

/**
 * Task counts with the operator's values. A count that is left out follows them, so that minimum ≤ desired ≤ maximum,
 * unless the given counts contradict each other.
 */
function taskCounts(settings: Settings, demand: Demand, task: TaskCapacity) {
  const sized = settings.sizing === "measured" ? measuredTasks(demand, task) : guideTasks(demand);
  // ECS spreads tasks over the zones: two tasks are in two zones.
  const least = settings.availability === "high" ? 2 : 1;
  const planned = {
    minimum: Math.max(sized.minimum, least),
    desired: Math.max(sized.desired, least),
    maximum: Math.max(sized.maximum, least),
  };
  const { minTasks, desiredTasks, maxTasks } = settings;
  const minimum = minTasks ?? Math.min(planned.minimum, desiredTasks ?? Infinity, maxTasks ?? Infinity);
  const desired = desiredTasks ?? Math.min(Math.max(planned.desired, minimum), maxTasks ?? Infinity);
  return {
    minTasks: minimum,
    desiredTasks: desired,
    maxTasks: maxTasks ?? Math.max(Math.min(planned.maximum, mostTasks), desired),
  };
}

/** The bigger of two classes of a ladder: that of a number, and that of the guide's row for the rooms. */
function classFor(ladder: Ladder, value: number, atLeast: string): string {
  const least = ladder.findIndex((row) => row.class === atLeast);
  return ladder[Math.max(rung(ladder, value), least)]?.class ?? atLeast;
}

/**
 * Everything whose size or presence follows the demand, where the operator leaves it open.
 *
 * RDS storage can grow but never shrink, so its upper limit is the same at every scale: a smaller limit at a smaller
 * scale would be refused on a database that has already grown.
 */
export function sizes(settings: Settings, demand: Demand) {
  const row = guide[guideScaleOf(demand.rooms)];
  const taskCpu = settings.taskCpu ?? taskSize.cpu;
  const taskMemory = settings.taskMemory ?? taskSize.memory;
  const outbox = settings.outbox ?? demand.rooms >= outboxFromRooms; // G-171
  const kind = { cpu: taskCpu, memory: taskMemory, outbox };
  const server = settings.server ?? serverFor(demand, kind, settings.maxTasks ?? guideTasks(demand).maximum);
  const { usersPerRoom } = demand;
  const tasks = taskCounts(settings, demand, taskCapacity({ ...kind, server, usersPerRoom }));
  const databaseStorage = settings.databaseStorage ?? row.databaseStorage;
  return {
    ...tasks,
    databaseClass: classFor(databaseClassByTasks, tasks.maxTasks, row.databaseClass),
    databaseStorage,
    databaseMaxStorage: Math.min(65_536, Math.max(1_000, 2 * databaseStorage)),
    databaseProxy: needsProxy(demand.rooms, tasks.maxTasks), // G-17, G-139, G-186
    readReplicas: demand.rooms >= replicaFromRooms ? 1 : 0, // G-18, G-186
    cacheNodeType: classFor(cacheNodeByConnections, demand.connections, row.cacheNodeType),
    cacheShards: shardsFor(demand, tasks.maxTasks, settings.channelLayer),
    outbox,
    taskCpu,
    taskMemory,
    server,
  };
}
