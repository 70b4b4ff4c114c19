/**
 * The numbers of the ChatPop AWS guide, once. The planner takes its sizes from here, the policy pack its minimums.
 * G-numbers refer to `docs/guide.md`.
 */

/** Names of the guide's three scales, smallest first. */
export const scales = ["small", "medium", "large"] as const;
/** `small`, `medium` or `large`. */
export type Scale = (typeof scales)[number];

/** Task counts of one service. */
export interface TaskCounts {
  /** Fewest tasks that autoscaling keeps. */
  readonly minimum: number;
  /** Tasks at the first deployment; autoscaling decides from then on. */
  readonly desired: number;
  /** Most tasks that autoscaling starts. */
  readonly maximum: number;
}

/** The guide's figures for one scale. */
export interface GuideScale {
  /** Rooms that are open at the same time; the scale begins at this number. */
  readonly rooms: number;
  /** Users that are connected to one room. */
  readonly usersPerRoom: number;
  /** Messages a second, over all rooms. */
  readonly messagesPerSecond: number;
  /** Task counts of the one service that runs the chat. */
  readonly tasks: TaskCounts;
  /** RDS instance class: `db.t3.small`. */
  readonly databaseClass: string;
  /** GiB. */
  readonly databaseStorage: number;
  /** ElastiCache node type: `cache.t3.micro`. */
  readonly cacheNodeType: string;
}

/**
 * The three scales (G-10, G-11, G-14 … G-16, G-19, G-20, G-187), which the checklists repeat (G-150, G-153, G-156,
 * G-161 … G-163, G-168 … G-170).
 */
export const guide: Readonly<Record<Scale, GuideScale>> = {
  small: {
    rooms: 100,
    usersPerRoom: 10,
    messagesPerSecond: 20,
    tasks: { minimum: 1, desired: 1, maximum: 2 },
    databaseClass: "db.t3.small",
    databaseStorage: 50,
    cacheNodeType: "cache.t3.micro",
  },
  medium: {
    rooms: 1_000,
    usersPerRoom: 20,
    messagesPerSecond: 200,
    tasks: { minimum: 2, desired: 4, maximum: 6 },
    databaseClass: "db.t3.medium",
    databaseStorage: 100,
    cacheNodeType: "cache.t3.small",
  },
  large: {
    rooms: 5_000,
    usersPerRoom: 50,
    messagesPerSecond: 1_000,
    tasks: { minimum: 10, desired: 25, maximum: 40 },
    databaseClass: "db.m5.large",
    databaseStorage: 200,
    cacheNodeType: "cache.m5.large",
  },
};

/** Rooms from which the guide requires an RDS Proxy (G-6). */
export const proxyFromRooms = guide.medium.rooms;
/** Rooms from which the guide requires a read replica (G-7). */
export const replicaFromRooms = guide.large.rooms;
/** Rooms from which the guide recommends the outbox (G-23, G-164). */
export const outboxRecommendedFromRooms = guide.medium.rooms;
/** Rooms from which the guide requires the outbox (G-23, G-171). */
export const outboxFromRooms = guide.large.rooms;

/** Rooms from which the guide also scales on connections (G-21, G-192). */
export const connectionScalingFromRooms = guide.medium.rooms;

/** Task count above which a deployment replaces tasks in steps: otherwise all clients come back at once (GAP-24). */
export const stepsAboveTasks = 10;

/** Fargate size of a task at every scale (G-12): CPU units and MiB. */
export const taskSize = { cpu: 512, memory: 1024 } as const;

/** CPU target tracking at every scale (G-75): percent and seconds. */
export const cpuScaling = { target: 70, scaleInCooldown: 300, scaleOutCooldown: 60 } as const;

/** Container, port and names that the application and the guide fix (G-53, G-59 … G-66). */
export const application = {
  containerName: "chatpop-backend",
  port: 9000,
  /** Beginning of the paths of WebSockets. */
  socketPath: "/ws/",
  databaseName: "postgres",
  databaseUser: "chatpop_admin",
  databasePort: 5432,
  cachePort: 6379,
} as const;

/** Sticky sessions (G-55): seconds. */
export const stickinessDuration = 86_400;

/** Cookie of the application that keeps a client on its task (image/chatpop_aws/affinity.py, GAP-21). */
export const affinityCookie = "chatpop_affinity";

/** Target group health check (G-54): path and seconds. */
export const healthCheck = { path: "/admin/login/", interval: 30 } as const;

/** Log retention that both the guide (G-178) and CloudWatch allow (days). */
export const logRetentionDays = [7, 14, 30] as const;

/** A table of the guide: for a value, the first row with `upTo` at or above it counts. */
export type Ladder = readonly { readonly upTo: number; readonly class: string }[];

/** Index of a ladder's row for a value; a later row is a bigger class. */
export const rung = (ladder: Ladder, value: number): number => ladder.findIndex((row) => value <= row.upTo);

/** Database class by the most tasks that connect to it (G-138 … G-141); the last row continues the guide's table. */
export const databaseClassByTasks = [
  { upTo: 9, class: "db.t3.small" },
  { upTo: 50, class: "db.t3.medium" },
  { upTo: 200, class: "db.m5.large" },
  { upTo: 500, class: "db.m5.xlarge" },
  { upTo: Infinity, class: "db.m5.2xlarge" },
] as const;

/** Tasks from which the guide's table asks for an RDS Proxy, whatever the rooms (G-139). */
export const proxyFromTasks = databaseClassByTasks[0].upTo + 1;

/** Whether the guide requires an RDS Proxy: by the rooms, or by the most tasks that connect. */
export const needsProxy = (rooms: number, tasks: number): boolean =>
  rooms >= proxyFromRooms || tasks >= proxyFromTasks;

/**
 * Cache node by WebSocket connections (G-143 … G-146). The guide names two nodes for 250,000 connections: here its
 * third scale keeps the smaller one, and more connections get the bigger one.
 */
export const cacheNodeByConnections = [
  { upTo: 5_000, class: "cache.t3.micro" },
  { upTo: guide.medium.rooms * guide.medium.usersPerRoom, class: "cache.t3.small" },
  { upTo: guide.large.rooms * guide.large.usersPerRoom, class: "cache.m5.large" },
  { upTo: Infinity, class: "cache.m5.4xlarge" },
] as const;
