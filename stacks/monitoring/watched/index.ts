import { cache } from "./cache";
import { connections } from "./connections";
import { cost } from "./cost";
import { database } from "./database";
import { loadBalancer } from "./loadBalancer";
import { messagePath } from "./messagePath";
import { proxy } from "./proxy";
import { tasks } from "./tasks";
import type { Watched } from "./watched";

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
/** Keys of what has an alarm on a metric. */
export type MetricAlarmKey = { [K in Key]: (typeof all)[K] extends { alarm: object } ? K : never }[Key];

/** Everything that is watched: the one list behind alarms, dashboard and runbook. */
export const watched: Readonly<Record<string, Watched>> = all;

/** Alarms that no metric raises. */
export const notices = {
  "chat-is-down": {
    severity: "critical",
    title: "The chat is down",
    requirements: ["G-158", "GAP-35"],
    raisedBy: undefined,
    meaning: "Nobody, or hardly anybody, can use the chat.",
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
  },
} as const;
/** Name of an alarm that no metric raises, as `chatpop:alarms` takes it: `chat-is-down`. */
export type NoticeKey = keyof typeof notices;

/** Any one of these means that the chat is down. */
export const downWhen = ["no-healthy-task", "failing-requests"] as const satisfies readonly MetricAlarmKey[];

/** Name of an alarm, as `chatpop:alarms` takes it. */
export type AlarmKey = MetricAlarmKey | NoticeKey;
/** Keys that chatpop:alarms knows, in the order of the documentation. */
export const alarmKeys = [
  ...Object.keys(notices),
  ...Object.keys(watched).filter((key) => watched[key]?.alarm),
] as readonly AlarmKey[];
