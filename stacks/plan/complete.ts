import { type Demand, demandOf } from "../capacity";
import { guide, healthCheck } from "../guide";
import type { Settings } from "../settings";
import { automaticConnectionsPerTask } from "./autoscaling";
import { habits, outlivesZone, protectsData } from "./habits";
import { sizes } from "./sizes";
import { defaultScheduledCommands } from "./workers";

/** Settings without a default: if the operator leaves one out, the stack has no such resource. */
export type Open =
  | "imageContext"
  | "domain"
  | "hostedZone"
  | "certificateArn"
  | "requestsPerTarget"
  | "connectionsPerTask"
  | "alarmEmail"
  | "alarmWebhook"
  | "monthlyBudget"
  | "deployRepository"
  | "backupCopyRegion"
  | "snapshotIdentifier"
  | "mediaPublicKey"
  | "mediaFormerPublicKey"
  | "mediaDomain"
  | "mediaCertificateArn";

/** Settings with all defaults, and the load that sizes follow. */
export type CompleteSettings = Readonly<Required<Omit<Settings, Open>> & Pick<Settings, Open>> & {
  readonly demand: Demand;
  /** Whether the operator, not the scale, sets the storage of the database. */
  readonly storageIsChosen: boolean;
};

/** URL of the runbook in a repository; the name may include GitHub's ids: `owner@1/name@2`. */
const runbookOf = (repository: string) =>
  `https://github.com/${repository.replaceAll(/@\d+/g, "")}/blob/main/docs/operations/runbook.md`;

/** Fills in all defaults: sizes by the demand (rooms × users), habits by the scale, the rest by constants. */
export function complete(settings: Settings): CompleteSettings {
  const preset = guide[settings.scale];
  const demand = demandOf(
    settings.rooms ?? preset.rooms,
    settings.usersPerRoom ?? preset.usersPerRoom,
    settings.messagesPerSecond,
  );
  const sized = sizes(settings, demand);
  const { disposable = false } = settings;
  const deletionProtection = protectsData(settings.scale, demand) && !disposable;

  const defaults: Required<Omit<Settings, Open | "scale">> = {
    ...sized,
    ...habits[settings.scale],
    ...(settings.availability === "high" && outlivesZone[habits[settings.scale].egress]),
    availability: "standard",
    rooms: demand.rooms,
    usersPerRoom: demand.usersPerRoom,
    messagesPerSecond: demand.messagesPerSecond,
    sizing: "guide",

    vpcCidr: "10.0.0.0/16",
    zones: 2,
    allowedCidrs: ["0.0.0.0/0"],
    // Rejected flows only: each message opens a database connection, so all flows of a large chat would be tens of GB a
    // day.
    flowLogs: "reject",

    frontendOrigins: [],
    webFirewall: false,
    // Enough for a school behind one address: 500 users open the chat within five minutes, with 20 requests each.
    requestsPerAddress: 10_000,
    accessLogs: false,
    stickiness: "app_cookie",
    // The overlay's path: it checks database and cache.
    smokeTestPath: "/healthz?deep",
    healthCheckPath: healthCheck.path,

    // Whatever the scale: it decides whom the deploying role trusts, which that role may not change itself.
    deployEnvironment: "production",
    image: ":initial",
    architecture: "x86_64",
    channelLayer: "pubsub",
    frameLimit: 65_536,
    scheduledScaling: {},
    environment: {},
    secrets: {},
    djangoSecretKeyVersion: 1,
    executeCommand: false,

    workers: {},
    scheduledCommands: defaultScheduledCommands,

    migrationCommand: "python manage.py migrate --noinput",
    skipEquivalentIndexes: false,

    databaseVersion: "15",
    databaseMultiAz: settings.availability === "high",
    // Quiet hours from New York to San Francisco.
    databaseBackupWindow: "09:00-10:00",
    databaseMaintenanceWindow: "sun:10:30-sun:11:30",
    databasePasswordVersion: 1,
    finalSnapshot: !disposable,

    cacheEngine: "redis",
    cacheReplicas: settings.availability === "high" ? 1 : 0,

    media: true,
    mediaDistribution: false,

    containerInsights: false,
    runbookUrl: settings.deployRepository
      ? runbookOf(settings.deployRepository)
      : "docs/operations/runbook.md",
    alarms: {},
    deletionProtection,
    disposable,
    adopted: [],
  };
  const { minTasks, desiredTasks, maxTasks } = sized;
  const storageIsChosen = settings.databaseStorage !== undefined;
  const completed = { ...defaults, ...settings, minTasks, desiredTasks, maxTasks, demand, storageIsChosen };
  return { connectionsPerTask: automaticConnectionsPerTask(completed), ...completed };
}
