import { cache } from "./cache";
import { connections } from "./connections";
import { cost } from "./cost";
import { database } from "./database";
import { loadBalancer } from "./loadBalancer";
import { messagePath } from "./messagePath";
import { proxy } from "./proxy";
import { tasks } from "./tasks";
import { relayName } from "../../workers";
import type { Notice, Watched } from "./watched";

const all = {
  ...connections,
  ...tasks,
  ...messagePath,
  ...database,
  ...cache,
  ...proxy,
  ...loadBalancer,
  ...cost,
};

type Key = keyof typeof all;
/** Keys of the alarms on metrics. */
export type MetricAlarmKey = { [K in Key]: (typeof all)[K] extends { alarm: object } ? K : never }[Key];

/** Everything that is watched: the one list behind alarms, dashboard and runbook. */
export const watched: Readonly<Record<string, Watched>> = all;

/** Alarms without a metric. Other alarms raise the first one, events of AWS the rest. */
export const notices = {
  "chat-is-down": {
    severity: "critical",
    title: "The chat is down",
    requirements: ["G-158", "GAP-35"],
    meaning: "Nobody, or hardly anybody, can use the chat, or no message arrives.",
    remedy: "Begin with the alarm that raised it; when the last release is at fault, roll it back.",
  },
  "deployment-failed": {
    severity: "critical",
    title: "Deployment failed",
    requirements: ["GAP-35"],
    raisedBy: "The event `SERVICE_DEPLOYMENT_FAILED` of the service, or of a worker's.",
    meaning: "ECS has given up a deployment and gone back to the tasks before it.",
    remedy: "Read why the new tasks did not become healthy; the old ones go on serving.",
  },
  "command-failed": {
    severity: "warning",
    title: "Scheduled command failed",
    requirements: ["GAP-35"],
    raisedBy:
      "The event `ECS Task State Change` of a scheduled command's task: stopped, with an exit code other than 0 or before it began.",
    meaning: "A scheduled command has not done its work.",
    remedy: "Read what it said in the task log, then run it again by hand.",
    when: ({ scheduledCommands }) => scheduledCommands.commands.length > 0,
  },
  "database-failure": {
    severity: "critical",
    title: "Failure or failover of the database",
    requirements: ["GAP-35"],
    raisedBy:
      "The event `RDS DB Instance Event` of the primary or a replica, in the categories failure, failover and low storage.",
    meaning: "RDS itself says that the database failed, changed its zone or has no storage left.",
    remedy: "A failover is over within minutes; after a failure restore, with low storage raise its limit.",
  },
  "backup-failed": {
    severity: "warning",
    title: "Backup or its copy in another region failed",
    requirements: ["GAP-35"],
    raisedBy:
      "The events `Backup Job State Change` (failed, aborted, expired) and `Copy Job State Change` (failed) of the database.",
    meaning: "Last night has no copy in the other region.",
    remedy: "Read why in the job's message, and start a backup by hand.",
    when: ({ backupCopy }) => backupCopy !== undefined,
  },
} as const satisfies Readonly<Record<string, Notice>>;
/** Name of an alarm that no metric raises, as `chatpop:alarms` takes it: `chat-is-down`. */
export type NoticeKey = keyof typeof notices;
/** Notices that an event brings. */
export type EventKey = Exclude<NoticeKey, "chat-is-down">;

const relayDown = `worker-not-running-${relayName}` as const;
/** Any one of these alarms, by name, means that the chat is down; the outbox's only where there is one. */
export const downWhen = {
  "no-healthy-task": "no-healthy-task",
  "failing-requests": "failing-requests",
  "outbox-backlog": "outbox-backlog",
  [relayDown]: "worker-not-running",
} as const satisfies Readonly<Record<string, MetricAlarmKey>>;

/** Name of an alarm, as `chatpop:alarms` takes it. */
export type AlarmKey = MetricAlarmKey | NoticeKey;
/** Keys that chatpop:alarms knows, in the order of the documentation. */
export const alarmKeys = [
  ...Object.keys(notices),
  ...Object.keys(watched).filter((key) => watched[key]?.alarm),
] as readonly AlarmKey[];
