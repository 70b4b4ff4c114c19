import { makePlan } from "../../../stacks/plan";
import type { SettingKey } from "../../../stacks/settings";
import { mediaDistribution, otherPublicKey } from "../../signingKey";

const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-a1B2c3";
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const mediaCertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/2";
const taskCounts = ["service.desiredTasks", "autoscaling.minimum", "autoscaling.maximum"];
/** Alarms whose thresholds follow something, by what they follow; each stands in the dashboard as well. */
const thresholds = (...keys: readonly string[]) => [
  ...keys.map((key) => `monitoring.alarms.${key}.threshold`),
  "monitoring.dashboard",
];
/** Alarms that come and go. */
const alarms = (...keys: readonly string[]) => keys.map((key) => `monitoring.alarms.${key}`);
/** Saved queries that come and go. */
const queried = (...keys: readonly string[]) => keys.map((key) => `monitoring.queries.${key}`);
const taskAlarms = ["tasks-below-minimum", "open-connections"];
const classAlarms = ["database-connections", "database-free-memory", "proxy-pinned-sessions"];
/** Resources that come with the outbox's relay. */
const relay = [
  ...alarms("worker-not-running-outbox-relay", "outbox-backlog", "outbox-stuck"),
  "monitoring.logMetrics.outbox-backlog",
  "monitoring.logMetrics.outbox-stuck",
  "monitoring.chatIsDown.anyOf",
  ...queried("worker-not-running", "outbox-backlog", "outbox-stuck"),
];
/** Every text that ends in a link to the runbook. */
const { monitoring } = makePlan({ scale: "medium" });
const runbookLinks = [
  ...Object.keys(monitoring.alarms).map((name) => `monitoring.alarms.${name}.description`),
  ...Object.keys(monitoring.notices).map((key) => `monitoring.notices.${key}`),
  "monitoring.deployment.description",
  "monitoring.chatIsDown.description",
];
const burst = { database: "database-burst-credits", cache: "cache-burst-credits" };
const replicaAlarms = alarms(
  ...["cpu", "connections", "read-latency", "write-latency", "free-memory", "swap", "free-storage"].map(
    (each) => `database-${each}-2`,
  ),
  "replica-lag",
  "replica-fallbacks",
).concat("monitoring.logMetrics.replica-fallbacks", queried("replica-lag", "replica-fallbacks"));
/** Resources that come with a domain. */
const certificate = [...alarms("certificate-expiry"), "monitoring.dashboard"];
/** Changes by a second node, of the same cache or of another one. */
const secondCacheNode = alarms(
  ...["cpu", "engine-cpu", "memory", "evictions", "swap", "burst-credits"].map((each) => `cache-${each}-2`),
);
/** Changes from ten tasks on. */
const busy = ["loadBalancer.slowStart", "service.maximumPercent", "release.room"];
/** Another server. */
const otherServer = ["server", "task.environment.CHATPOP_SERVER"];
/** Changes of a task's capacity by another server, another fan-out or the outbox. */
const messageCapacity = ["capacity.messagesPerSecond", "capacity.connectsPerSecond", "capacity.socketShare"];
/** Changes by twice as many connections, through more rooms or more users in each. */
const moreConnections = [
  "demand.connections",
  "demand.messagesPerSecond",
  "cache.nodeType",
  ...taskCounts,
  "autoscaling.connections.target",
  ...thresholds(...taskAlarms, "new-connections"),
  ...alarms(burst.cache),
  // It names the connections that one zone takes with it.
  "advisories",
];

export interface Override {
  readonly text: string;
  /** Parts of the medium Plan that change, and no others. */
  readonly changes: readonly string[];
  /** Settings that must come along. */
  readonly with?: Readonly<Partial<Record<SettingKey, string>>>;
}

/** Every setting with a value of its own, and what that changes of the medium Plan. */
export const overrides: Readonly<Record<SettingKey, Override>> = {
  scale: {
    text: "large",
    changes: [
      "scale",
      "demand.rooms",
      "demand.usersPerRoom",
      "demand.connections",
      "demand.messagesPerSecond",
      "network.natGateways",
      "database.instanceClass",
      "database.storage",
      "database.backupDays",
      "database.readReplicas",
      "cache.nodeType",
      "media.noncurrentDays",
      ...taskCounts,
      ...busy,
      "advisories",
      ...otherServer,
      ...messageCapacity,
      "autoscaling.connections.target",
      "outbox",
      "workers",
      "task.environment.OUTBOX_ENABLED",
      "logRetentionDays",
      ...thresholds(...taskAlarms, "new-connections", ...classAlarms, "database-free-storage"),
      ...alarms(...Object.values(burst)),
      ...replicaAlarms,
      ...relay,
      ...alarms("worker-below-count-outbox-relay"),
      ...queried("worker-below-count"),
    ],
  },
  rooms: {
    text: "2000",
    changes: ["demand.rooms", ...moreConnections],
  },
  usersPerRoom: {
    text: "40",
    changes: ["demand.usersPerRoom", ...otherServer, ...messageCapacity, ...moreConnections],
  },
  messagesPerSecond: {
    text: "999",
    changes: [
      "demand.messagesPerSecond",
      ...otherServer,
      ...messageCapacity,
      "autoscaling.connections.target",
      ...thresholds("open-connections", "new-connections"),
      "advisories",
    ],
  },
  sizing: {
    text: "measured",
    changes: [...taskCounts, "autoscaling.cpu.scaleOutCooldown", ...thresholds(...taskAlarms)],
  },
  vpcCidr: { text: "10.1.0.0/16", changes: ["network.vpcCidr", "network.zones"] },
  zones: { text: "3", changes: ["network.zones"] },
  egress: {
    text: "public-ip",
    changes: [
      "network.natGateways",
      "network.tasksArePublic",
      "monitoring.dashboard",
      "scheduledCommands.spot",
    ],
  },
  allowedCidrs: {
    text: `["10.0.0.0/8"]`,
    changes: ["network.allowedCidrs", "release.smokeTest", "advisories"],
  },
  flowLogs: { text: "all", changes: ["network.flowLogs"] },
  domain: {
    text: "chat.example.com",
    changes: ["domain", ...certificate, "advisories"],
  },
  hostedZone: {
    text: "example.com",
    with: { domain: "chat.example.com" },
    changes: ["domain", ...certificate, "advisories"],
  },
  certificateArn: {
    text: certificateArn,
    with: { domain: "chat.example.com" },
    changes: ["domain", ...certificate, "advisories"],
  },
  frontendOrigins: {
    text: `["https://www.example.com"]`,
    with: { domain: "chat.example.com" },
    changes: ["domain", "frontendOrigins", ...certificate, "advisories"],
  },
  webFirewall: { text: "true", changes: ["webFirewall"] },
  requestsPerAddress: { text: "500", with: { webFirewall: "true" }, changes: ["webFirewall"] },
  accessLogs: { text: "true", changes: ["accessLogs"] },
  stickiness: { text: "lb_cookie", changes: ["loadBalancer.stickiness.type"] },
  healthCheckPath: { text: "/healthz", changes: ["loadBalancer.healthCheck.path"] },
  image: { text: ":1.4.2", changes: ["image.reference"] },
  imageContext: { text: "../ChatPop", changes: ["image.context"] },
  architecture: { text: "arm64", changes: ["image.architecture", "task.architecture"] },
  taskCpu: {
    text: "256",
    changes: [
      "task.cpu",
      ...otherServer,
      ...messageCapacity,
      "capacity.readShare",
      "autoscaling.connections.target",
      ...thresholds("open-connections"),
    ],
  },
  taskMemory: { text: "2048", changes: ["task.memory", "capacity.sockets", "capacity.edge"] },
  server: {
    text: "uvicorn",
    changes: [
      ...otherServer,
      ...messageCapacity,
      "autoscaling.connections.target",
      ...thresholds("open-connections"),
    ],
  },
  channelLayer: {
    text: "core",
    changes: ["task.environment.CHANNEL_LAYER", "channelLayer"],
  },
  frameLimit: {
    text: "131072",
    changes: ["task.environment.CHATPOP_FRAME_LIMIT"],
  },
  minTasks: { text: "3", changes: ["autoscaling.minimum", ...thresholds("tasks-below-minimum")] },
  desiredTasks: { text: "5", changes: ["service.desiredTasks"] },
  maxTasks: {
    text: "60",
    changes: [
      "autoscaling.maximum",
      "database.instanceClass",
      ...busy,
      ...thresholds("open-connections", "new-connections", ...classAlarms),
      ...alarms(burst.database),
    ],
  },
  requestsPerTarget: { text: "1000", changes: ["autoscaling.requests"] },
  connectionsPerTask: { text: "3000", changes: ["autoscaling.connections.target"] },
  scheduledScaling: {
    text: `{"night":{"schedule":"cron(0 23 * * ? *)","minTasks":1},"morning":{"schedule":"cron(0 7 * * ? *)","minTasks":2}}`,
    changes: ["autoscaling.schedule", ...thresholds("tasks-below-minimum")],
  },
  environment: { text: `{"A":"1"}`, changes: ["task.environment.A"] },
  secrets: { text: `{"A":"${secret}"}`, changes: ["task.secrets.A"] },
  outbox: {
    text: "true",
    changes: [
      "outbox",
      "workers",
      "task.environment.OUTBOX_ENABLED",
      "capacity.messagesPerSecond",
      "autoscaling.connections.target",
      ...thresholds("open-connections"),
      ...relay,
    ],
  },
  workers: {
    text: `{"mailer":{"command":"./mail"}}`,
    changes: [
      "workers",
      ...alarms("worker-not-running-mailer"),
      ...queried("worker-not-running"),
      "monitoring.dashboard",
    ],
  },
  scheduledCommands: {
    text: "{}",
    changes: [
      "scheduledCommands.commands",
      ...alarms("command-not-started"),
      "monitoring.notices.command-failed",
      ...queried("command-failed"),
      "monitoring.dashboard",
    ],
  },
  djangoSecretKeyVersion: {
    text: "2",
    changes: ["secrets.djangoSecretKeyVersion", "task.secretVersions", "release.secretVersions"],
  },
  executeCommand: { text: "true", changes: ["service.executeCommand", "task.executeCommand"] },
  migrationCommand: { text: "./migrate now", changes: ["release.migrationCommand"] },
  skipEquivalentIndexes: { text: "true", changes: ["release.skipEquivalentIndexes"] },
  databaseVersion: { text: "16.3", changes: ["database.version", "database.family"] },
  databaseClass: { text: "db.t4g.medium", changes: ["database.instanceClass"] },
  databaseStorage: {
    text: "600",
    changes: [
      "database.storage",
      "database.growsInPlace",
      "database.speed.iops",
      "database.speed.storageThroughput",
      "database.maxStorage",
      ...thresholds("database-free-storage"),
    ],
  },
  smokeTestPath: { text: "/api/status", changes: ["release.smokeTest.path"] },
  availability: {
    text: "high",
    changes: [
      "database.multiAz",
      "cache.nodes",
      "network.natGateways",
      ...secondCacheNode,
      "monitoring.dashboard",
      "advisories",
    ],
  },
  adopted: {
    text: '["database"]',
    changes: [
      ...["adopted", "database.exportsLog"],
      ...queried(
        ...["database-failure", "database-cpu", "database-connections", "database-read-latency"],
        ...["database-write-latency", "response-time", "proxy-borrow-latency"],
      ),
    ],
  },
  disposable: {
    text: "true",
    with: { deletionProtection: "false" },
    changes: [
      "disposable",
      "deletionProtection",
      "database.finalSnapshot",
      "cache.snapshotDays",
      "advisories",
    ],
  },
  databaseMaxStorage: { text: "2000", changes: ["database.maxStorage"] },
  databaseMultiAz: { text: "true", changes: ["database.multiAz"] },
  databaseBackupDays: { text: "10", changes: ["database.backupDays", "media.noncurrentDays"] },
  databaseBackupWindow: { text: "03:00-04:00", changes: ["database.backupWindow"] },
  databaseMaintenanceWindow: { text: "sat:02:00-sat:03:00", changes: ["database.maintenanceWindow"] },
  backupCopyRegion: { text: "us-west-2", changes: ["backupCopy", "monitoring.notices.backup-failed"] },
  snapshotIdentifier: { text: "before-the-fire", changes: ["database.snapshotIdentifier", "advisories"] },
  databasePasswordVersion: {
    text: "2",
    changes: ["secrets.databasePasswordVersion", "task.secretVersions", "release.secretVersions"],
  },
  databaseProxy: {
    text: "false",
    changes: [
      "databaseProxy",
      ...alarms("proxy-borrow-latency", "proxy-pinned-sessions"),
      ...queried("proxy-borrow-latency", "proxy-pinned-sessions"),
      "monitoring.dashboard",
      "advisories",
    ],
  },
  readReplicas: {
    text: "1",
    changes: [
      "database.readReplicas",
      ...replicaAlarms,
      ...alarms(`${burst.database}-2`),
      "monitoring.dashboard",
    ],
  },
  finalSnapshot: { text: "false", changes: ["database.finalSnapshot"] },
  cacheEngine: { text: "valkey", changes: ["cache.engine", "cache.version", "cache.family"] },
  cacheNodeType: { text: "cache.t4g.small", changes: ["cache.nodeType"] },
  cacheReplicas: {
    text: "1",
    changes: ["cache.nodes", ...secondCacheNode, "monitoring.dashboard"],
  },
  cacheShards: {
    text: "2",
    changes: ["cache.shards", ...secondCacheNode, "monitoring.dashboard"],
  },
  media: { text: "false", changes: ["media"] },
  mediaDistribution: {
    text: "true",
    with: mediaDistribution,
    changes: ["media.distribution", "task.secrets.AWS_CLOUDFRONT_KEY_B64"],
  },
  mediaPublicKey: { text: mediaDistribution.mediaPublicKey, changes: [] },
  mediaFormerPublicKey: {
    text: otherPublicKey,
    with: mediaDistribution,
    changes: ["media.distribution", "task.secrets.AWS_CLOUDFRONT_KEY_B64"],
  },
  mediaDomain: {
    text: "media.example.com",
    with: { ...mediaDistribution, mediaCertificateArn },
    changes: ["media.distribution", "task.secrets.AWS_CLOUDFRONT_KEY_B64"],
  },
  mediaCertificateArn: {
    text: mediaCertificateArn,
    with: { ...mediaDistribution, mediaDomain: "media.example.com" },
    changes: ["media.distribution", "task.secrets.AWS_CLOUDFRONT_KEY_B64"],
  },
  logRetentionDays: { text: "30", changes: ["logRetentionDays"] },
  alarmEmail: { text: "on-call@example.com", changes: ["monitoring.email", "advisories"] },
  alarmWebhook: { text: "https://example.com/sns", changes: ["monitoring.webhook", "advisories"] },
  runbookUrl: { text: "https://wiki.example.com/chatpop", changes: runbookLinks },
  alarms: {
    text: `{"cache-memory":{"threshold":85}}`,
    changes: ["monitoring.alarms.cache-memory.threshold", "monitoring.dashboard"],
  },
  monthlyBudget: { text: "500", changes: ["monitoring.budget"] },
  containerInsights: { text: "true", changes: ["containerInsights"] },
  deletionProtection: { text: "false", changes: ["cache.snapshotDays", "deletionProtection", "advisories"] },
  deployRepository: { text: "octo-org/octo-repo", changes: ["delivery", ...runbookLinks] },
  deployEnvironment: {
    text: "live",
    with: { deployRepository: "octo-org/octo-repo" },
    changes: ["delivery", ...runbookLinks],
  },
};
