import { guide, scales, type TaskCounts, taskSize } from "./guide";

/** The load a stack is planned for. */
export interface Demand {
  /** Rooms that are open at the same time. */
  readonly rooms: number;
  /** Users that are connected to one room, each of whom gets every message of it. */
  readonly usersPerRoom: number;
  /** WebSocket connections: rooms × users per room. */
  readonly connections: number;
  /** Messages a second over all rooms, on the guide's line from connections to messages (G-19). */
  readonly messagesPerSecond: number;
}

/** A point of a piecewise linear function. */
export interface Point {
  /** Where the function is known, such as a number of connections. */
  readonly x: number;
  /** Its value there, such as a number of tasks. */
  readonly y: number;
}

/**
 * Reads a function that is known at a few points: straight lines between them, constant before the first, and
 * proportional after the last. Never falls when the points never fall.
 */
export function interpolate(points: readonly Point[], x: number): number {
  const after = points.findIndex((point) => x <= point.x);
  const next = points[after];
  const previous = points[after === -1 ? points.length - 1 : after - 1];
  if (!next) return previous ? (previous.y * x) / previous.x : NaN;
  if (!previous) return next.y;
  return previous.y + ((next.y - previous.y) * (x - previous.x)) / (next.x - previous.x);
}

const connectionsOf = (scale: (typeof scales)[number]) => guide[scale].rooms * guide[scale].usersPerRoom;

const overConnections = (value: (scale: (typeof scales)[number]) => number): readonly Point[] =>
  scales.map((scale) => ({ x: connectionsOf(scale), y: value(scale) }));

const messagesOverConnections = overConnections((scale) => guide[scale].messagesPerSecond);

const tasksOverConnections = {
  minimum: overConnections((scale) => guide[scale].tasks.minimum),
  desired: overConnections((scale) => guide[scale].tasks.desired),
  maximum: overConnections((scale) => guide[scale].tasks.maximum),
};

/** The demand of so many rooms with so many users each. */
export function demandOf(rooms: number, usersPerRoom: number): Demand {
  const connections = rooms * usersPerRoom;
  return {
    rooms,
    usersPerRoom,
    connections,
    messagesPerSecond: Math.ceil(interpolate(messagesOverConnections, connections)),
  };
}

/** The scale of the guide that so many rooms have reached (G-6, G-7: "at 1000+", "at 5000+ rooms"). */
export function guideScaleOf(rooms: number): (typeof scales)[number] {
  return scales.findLast((scale) => rooms >= guide[scale].rooms) ?? "small";
}

/**
 * The guide's task counts: its own at its three points (G-11, G-20), on a straight line between them, and never below
 * the row that the number of rooms has reached (G-163, G-170).
 */
export function guideTasks({ rooms, connections }: Demand): TaskCounts {
  const row = guide[guideScaleOf(rooms)].tasks;
  const count = (kind: keyof TaskCounts) =>
    Math.max(row[kind], Math.ceil(interpolate(tasksOverConnections[kind], connections)));
  return { minimum: count("minimum"), desired: count("desired"), maximum: count("maximum") };
}

/**
 * What one 0.5 vCPU / 1 GB task was measured to carry: real ChatPop on Daphne 4.0, one process on half a core
 * (`docs/capacity.md`). "Comfortable" leaves head room, "full" is the edge where latency climbs.
 */
export const measured = {
  comfortable: { sockets: 4_000, messagesPerSecond: 20 },
  full: { sockets: 5_000, messagesPerSecond: 25 },
  /** Sockets at which 1 GB of memory is used up. */
  edge: 10_000,
  /** Connections taken in a second when thousands come back at once, of 180 to 200. */
  connectsPerSecond: 190,
  /** Share of the half core that pings to 10,000 idle sockets take. */
  pings: 0.16,
} as const;

/** What one task can do at most. */
export interface TaskCapacity {
  /** Open sockets beyond which latency climbs. */
  readonly sockets: number;
  /** Messages a second that take all of its CPU. */
  readonly messagesPerSecond: number;
  /** Connections a second that take all of its CPU. */
  readonly connectsPerSecond: number;
  /** Share of its CPU that pings to one idle socket take. */
  readonly pingShare: number;
  /** Sockets at which its memory is used up. */
  readonly edge: number;
}

/**
 * What a task of this size can do: the measured one's capacity in proportion to CPU units and MiB. A server is one
 * process, so it has no use for more than one vCPU.
 */
export function taskCapacity(cpu: number, memory: number): TaskCapacity {
  const processor = Math.min(cpu, 1_024) / taskSize.cpu;
  const room = memory / taskSize.memory;
  return {
    sockets: measured.full.sockets * Math.min(processor, room),
    messagesPerSecond: measured.full.messagesPerSecond * processor,
    connectsPerSecond: measured.connectsPerSecond * processor,
    pingShare: measured.pings / 10_000 / processor,
    edge: measured.edge * room,
  };
}

/**
 * Open connections with which a task reaches so much of its capacity: its sockets, or the messages that they bring.
 *
 * @param percent Of what the task can do.
 */
export function connectionsAt(
  percent: number,
  { connections, messagesPerSecond }: Demand,
  task: TaskCapacity,
) {
  const byMessages = (task.messagesPerSecond * connections) / messagesPerSecond;
  return Math.max(1, Math.floor((percent / 100) * Math.min(task.sockets, byMessages)));
}

/** Task counts from measured capacity: two for availability, twice the desired count as room to grow. */
export function measuredTasks({ connections, messagesPerSecond }: Demand): TaskCounts {
  const carrying = (one: { sockets: number; messagesPerSecond: number }) =>
    Math.max(2, Math.ceil(connections / one.sockets), Math.ceil(messagesPerSecond / one.messagesPerSecond));
  const desired = carrying(measured.comfortable);
  return { minimum: carrying(measured.full), desired, maximum: 2 * desired };
}

/**
 * Share of Redis's single command thread that the channel layer needs: every message costs 0.18 ms and 0.044 ms more
 * for each task that holds a member of its room (measured with channels_redis 4.1, `docs/capacity.md`). 1 is saturated.
 */
export function channelLayerLoad({ usersPerRoom, messagesPerSecond }: Demand, tasks: number): number {
  const tasksReached = tasks * (1 - (1 - 1 / tasks) ** usersPerRoom);
  return (messagesPerSecond * (0.18 + 0.044 * tasksReached)) / 1000;
}
