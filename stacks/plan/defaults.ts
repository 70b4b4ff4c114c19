import { automaticConnectionsPerTask } from "./autoscaling";
import {
  type Demand,
  demandOf,
  guideScaleOf,
  guideTasks,
  measuredTasks,
  type Server,
  serverFor,
  taskCapacity,
} from "../capacity";
import type { CompleteSettings, Open } from "./complete";
import {
  cacheNodeByConnections,
  databaseClassByTasks,
  guide,
  healthCheck,
  needsProxy,
  outboxFromRooms,
  replicaFromRooms,
  type Scale,
  taskSize,
} from "../guide";
import type { Settings } from "../settings";
import { defaultScheduledCommands } from "./workers";

/** What a scale decides that is not a matter of size: how much care and money an environment gets. */
const habits = {
  small: {
    egress: "public-ip",
    deletionProtection: false,
    databaseBackupDays: 7,
    logRetentionDays: 7,
    deployEnvironment: "staging",
  },
  medium: {
    egress: "nat",
    deletionProtection: true,
    databaseBackupDays: 7,
    logRetentionDays: 14,
    deployEnvironment: "production",
  },
  large: {
    egress: "nat-per-zone",
    deletionProtection: true,
    databaseBackupDays: 14,
    logRetentionDays: 30,
    deployEnvironment: "production",
  },
} as const satisfies Record<Scale, Partial<Settings>>;

/** Rows of a table that is read by "the first one that reaches so far". */
type Ladder = readonly { readonly upTo: number; readonly class: string }[];

const rung = (ladder: Ladder, value: number) => ladder.findIndex((row) => value <= row.upTo);

/** The bigger of two answers of a ladder: the one of a number, and the one that the guide's row for the rooms names. */
function classFor(ladder: Ladder, value: number, atLeast: string): string {
  const least = ladder.findIndex((row) => row.class === atLeast);
  return ladder[Math.max(rung(ladder, value), least)]?.class ?? atLeast;
}

/** The runbook in a repository, whose name may carry GitHub's ids: `owner@1/name@2`. */
const runbookOf = (repository: string) =>
  `https://github.com/${repository.replaceAll(/@\d+/g, "")}/blob/main/docs/operations.md`;

/** Tasks that ECS runs in one service. */
export const mostTasks = 5_000;

/**
 * Task counts that respect what the operator fixed: a count that was left out moves along, so that
 * minimum ≤ desired ≤ maximum holds unless the given counts themselves contradict each other.
 */
function taskCounts(
  settings: Settings,
  demand: Demand,
  kind: { cpu: number; memory: number; outbox: boolean; server: Server },
) {
  const task = taskCapacity({ ...kind, usersPerRoom: demand.usersPerRoom });
  const planned = settings.sizing === "measured" ? measuredTasks(demand, task) : guideTasks(demand);
  const { minTasks, desiredTasks, maxTasks } = settings;
  const minimum = minTasks ?? Math.min(planned.minimum, desiredTasks ?? Infinity, maxTasks ?? Infinity);
  const desired = desiredTasks ?? Math.min(Math.max(planned.desired, minimum), maxTasks ?? Infinity);
  return {
    minTasks: minimum,
    desiredTasks: desired,
    maxTasks: maxTasks ?? Math.max(Math.min(planned.maximum, mostTasks), desired),
  };
}

/**
 * Fills in every default. Sizes follow the demand (rooms × users), habits follow the scale.
 *
 * RDS storage can grow but never shrink, so its upper limit is the same at every scale: a smaller limit at a smaller
 * scale would be refused on a database that has already grown.
 */
export function complete(settings: Settings): CompleteSettings {
  const preset = guide[settings.scale];
  const demand = demandOf(
    settings.rooms ?? preset.rooms,
    settings.usersPerRoom ?? preset.usersPerRoom,
    settings.messagesPerSecond,
  );
  const row = guide[guideScaleOf(demand.rooms)];
  const kind = {
    cpu: settings.taskCpu ?? taskSize.cpu,
    memory: settings.taskMemory ?? taskSize.memory,
    outbox: settings.outbox ?? demand.rooms >= outboxFromRooms,
  };
  const server = serverFor(demand, kind, settings.maxTasks ?? guideTasks(demand).maximum);
  const tasks = taskCounts(settings, demand, { ...kind, server });
  const habit = habits[settings.scale];
  // Data is protected as its size deserves, whatever the scale is called.
  const deletionProtection =
    habit.deletionProtection || habits[guideScaleOf(demand.rooms)].deletionProtection;
  const storage = settings.databaseStorage ?? row.databaseStorage;
  const cacheEngine = settings.cacheEngine ?? "redis";

  const defaults: Required<Omit<Settings, Open | keyof typeof tasks | "scale">> = {
    rooms: demand.rooms,
    usersPerRoom: demand.usersPerRoom,
    messagesPerSecond: demand.messagesPerSecond,
    sizing: "guide",

    vpcCidr: "10.0.0.0/16",
    zones: 2,
    egress: habit.egress,
    allowedCidrs: ["0.0.0.0/0"],
    // Each message opens a database connection, so all flows of a large chat would be tens of gigabytes a day.
    flowLogs: "reject",

    webFirewall: false,
    // A school behind one address: 500 users who open the chat within five minutes, with 20 requests each.
    requestsPerAddress: 10_000,
    accessLogs: false,
    stickiness: "app_cookie",
    healthCheckPath: healthCheck.path,

    image: ":initial",
    architecture: "x86_64",
    taskCpu: kind.cpu,
    taskMemory: kind.memory,
    scheduledScaling: {},
    environment: {},
    secrets: {},
    djangoSecretKeyVersion: 1,
    executeCommand: false,

    outbox: kind.outbox,
    workers: {},
    scheduledCommands: defaultScheduledCommands,

    migrationCommand: "python manage.py migrate --noinput",
    skipEquivalentIndexes: false,

    databaseVersion: "15",
    databaseClass: classFor(databaseClassByTasks, tasks.maxTasks, row.databaseClass),
    databaseStorage: storage,
    databaseMaxStorage: Math.min(65_536, Math.max(1_000, 2 * storage)),
    databaseMultiAz: false,
    databaseBackupDays: habit.databaseBackupDays,
    // Quiet hours from New York to San Francisco.
    databaseBackupWindow: "09:00-10:00",
    databaseMaintenanceWindow: "sun:10:30-sun:11:30",
    databasePasswordVersion: 1,
    databaseProxy: needsProxy(demand.rooms, tasks.maxTasks), // G-17, G-139, G-186
    readReplicas: demand.rooms >= replicaFromRooms ? 1 : 0, // G-18, G-186
    finalSnapshot: deletionProtection,

    cacheEngine,
    cacheNodeType: classFor(cacheNodeByConnections, demand.connections, row.cacheNodeType),
    cacheReplicas: 0,

    media: true,
    mediaDistribution: false,

    logRetentionDays: habit.logRetentionDays,
    containerInsights: false,
    runbookUrl: settings.deployRepository ? runbookOf(settings.deployRepository) : "docs/operations.md",
    alarms: {},
    deletionProtection,

    deployEnvironment: habit.deployEnvironment,
  };
  const completed = { ...defaults, ...settings, ...tasks, server };
  return { connectionsPerTask: automaticConnectionsPerTask(completed, demand), ...completed };
}
