import { cpuScaling, guide, scales, type TaskCounts } from "./guide";
import measured from "./measured.json";

/** The load a stack is planned for. */
export interface Demand {
  /** Rooms that are open at the same time. */
  readonly rooms: number;
  /** Users that are connected to one room, each of whom gets every message of it. */
  readonly usersPerRoom: number;
  /** WebSocket connections: rooms × users per room. */
  readonly connections: number;
  /** Messages a second over all rooms. */
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

/**
 * The demand of so many rooms with so many users each.
 *
 * @param messagesPerSecond Over all rooms. @default the guide's line from connections to messages (G-19)
 */
export function demandOf(
  rooms: number,
  usersPerRoom: number,
  messagesPerSecond = Math.ceil(interpolate(messagesOverConnections, rooms * usersPerRoom)),
): Demand {
  return { rooms, usersPerRoom, connections: rooms * usersPerRoom, messagesPerSecond };
}

/** Scale of the guide for a number of rooms (G-6, G-7: "at 1000+", "at 5000+ rooms"). */
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

/** The program that serves HTTP and WebSockets in a task: Daphne is the guide's (G-37), uvicorn needs less CPU. */
export type Server = keyof typeof measured.servers;

/** Properties of a task that decide its capacity. */
export interface TaskKind {
  /** CPU units; 1024 is one vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Serves the sockets. */
  readonly server: Server;
  /** Whether a message travels through the outbox, which costs CPU when it is saved. */
  readonly outbox: boolean;
  /** Users of a room: one message makes so many frames. */
  readonly usersPerRoom: number;
}

/** Limits of one task. */
export interface TaskCapacity {
  /** Open sockets that fill its memory to the guide's alarm (G-116). */
  readonly sockets: number;
  /** Messages a second that take all of its CPU. */
  readonly messagesPerSecond: number;
  /** Connections a second that take all of its CPU. */
  readonly connectsPerSecond: number;
  /** Share of its CPU that one open socket takes, with its pings and what it adds to every message. */
  readonly socketShare: number;
  /** Share of its CPU that one read of a room's history a second takes. */
  readonly readShare: number;
  /** Sockets at which its memory is used up. */
  readonly edge: number;
}

/** Percent of memory above which the guide warns (G-116). */
const memoryAlarm = 80;

/**
 * Limits of a task: the figures of `measured.json`, in proportion to its size. A server is one process, so more than
 * one vCPU brings nothing.
 */
export function taskCapacity({ cpu, memory, server, outbox, usersPerRoom }: TaskKind): TaskCapacity {
  const milliseconds = (1_000 * Math.min(cpu, 1_024)) / 1_024; // CPU time of the task in a second
  const { message, frame, socket, connect } = measured.servers[server];
  const socketsIn = (percent: number) =>
    Math.max(1, Math.floor(((percent / 100) * memory - measured.memory.process) / measured.memory.socket));
  return {
    sockets: socketsIn(memoryAlarm),
    messagesPerSecond: milliseconds / (message + usersPerRoom * frame + (outbox ? measured.outbox : 0)),
    connectsPerSecond: milliseconds / connect,
    socketShare: socket / milliseconds,
    readShare: measured.read / milliseconds,
    edge: socketsIn(100),
  };
}

/** CPU that a load takes, as a share of one task's: at 1 the CPU is fully used. */
export function cpuShare(task: TaskCapacity, sockets: number, messagesPerSecond: number): number {
  return messagesPerSecond / task.messagesPerSecond + sockets * task.socketShare;
}

/**
 * Number of tasks that carry a load in equal shares; it may be a fraction.
 *
 * @param percent Share of each task's limits that the load may use (percent).
 */
export function tasksFor(
  { connections, messagesPerSecond }: Pick<Demand, "connections" | "messagesPerSecond">,
  task: TaskCapacity,
  percent = 100,
): number {
  return Math.max(
    connections / task.sockets,
    cpuShare(task, connections, messagesPerSecond) / (percent / 100),
  );
}

/**
 * Open connections that use a share of a task's capacity: of its memory, or of its CPU with the messages of these
 * connections.
 *
 * @param percent Share of the task's limits (percent).
 */
export function connectionsAt(
  percent: number,
  { connections, messagesPerSecond }: Demand,
  task: TaskCapacity,
): number {
  const byCpu = 1 / cpuShare(task, 1, messagesPerSecond / connections);
  return Math.max(1, Math.floor((percent / 100) * Math.min(task.sockets, byCpu)));
}

/**
 * Task counts from measured capacity, two or more for availability. The desired count keeps autoscaling's CPU target
 * under full load (G-75), the maximum is twice that, and the minimum carries full load with nothing left.
 */
export function measuredTasks(demand: Demand, task: TaskCapacity): TaskCounts {
  const carrying = (percent: number) => Math.max(2, Math.ceil(tasksFor(demand, task, percent)));
  const desired = carrying(cpuScaling.target);
  return { minimum: carrying(100), desired, maximum: 2 * desired };
}

/** Percent of its CPU that a task can use before messages wait (`loadtest/`). */
const usable = 90;

/**
 * The server for a demand: Daphne, as in the guide (G-37), unless only uvicorn carries full load with the guide's
 * desired count, or stays at autoscaling's CPU target with the guide's maximum.
 */
export function serverFor(
  demand: Demand,
  kind: Omit<TaskKind, "server" | "usersPerRoom">,
  mostTasks: number,
): Server {
  const daphne = taskCapacity({ ...kind, server: "daphne", usersPerRoom: demand.usersPerRoom });
  const carries =
    tasksFor(demand, daphne, usable) <= guideTasks(demand).desired &&
    tasksFor(demand, daphne, cpuScaling.target) <= mostTasks;
  return carries ? "daphne" : "uvicorn";
}

/** How messages travel from task to task: one PUBLISH each, or a command for every member's task. */
export type ChannelLayer = keyof typeof measured.channelLayers;

/**
 * Share of Redis's single command thread that the channel layer needs: every message costs some time, and more for each
 * task that holds a member of its room (`measured.json`). 1 is saturated.
 *
 * @param shards Caches that share the rooms: each message takes time of one of them.
 */
export function channelLayerLoad(
  { usersPerRoom, messagesPerSecond }: Demand,
  tasks: number,
  layer: ChannelLayer = "pubsub",
  shards = 1,
): number {
  const tasksReached = tasks * (1 - (1 - 1 / tasks) ** usersPerRoom);
  const cost = measured.channelLayers[layer];
  return (messagesPerSecond * (cost.message + cost.task * tasksReached)) / 1_000 / shards;
}

/** Most caches that share the rooms; every task is connected to each of them. */
export const mostShards = 20;

/** Planned load of each cache's command thread (share); the rest is for crowded rooms and the message cache. */
const plannedShare = 0.6;

/** Number of caches that the channel layer needs: one, as in the guide (G-14), unless the load needs more. */
export function shardsFor(demand: Demand, tasks: number, layer?: ChannelLayer): number {
  const needed = Math.ceil(channelLayerLoad(demand, tasks, layer) / plannedShare);
  return Math.min(Math.max(needed, 1), mostShards);
}
