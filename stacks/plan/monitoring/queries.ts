import { application } from "../../guide";
import type { Decisions } from "../decisions";
import { relayName } from "../workers";
import type { AlarmKey } from "./watched";

/** A log that a query reads: of all tasks, of PostgreSQL (the primary's and its replicas'), or of the RDS Proxy. */
export type QueriedLog = "tasks" | "database" | "proxy";

/** A query of CloudWatch Logs Insights that shows the cause of an alarm. */
export interface SavedQuery {
  /** Log that it reads. */
  readonly log: QueriedLog;
  /** In the language of Logs Insights. */
  readonly query: string;
}

/** Commands of a query, in the order in which Logs Insights carries them out. */
const query = (log: QueriedLog, ...commands: readonly string[]): SavedQuery => ({
  log,
  query: commands.join("\n| "),
});

const containing = (...phrases: readonly string[]) =>
  `filter ${phrases.map((phrase) => `@message like "${phrase}"`).join(" or ")}`;
const inStreams = (container: string) => `filter @logStream like "ecs/${container}/"`;
const newest = ["sort @timestamp desc", "limit 50"] as const;
const most = (field: string) => [`sort ${field} desc`, "limit 20"] as const;
const lines = "fields @timestamp, @logStream, @message";

/** Each line of a traceback is an event: its last one names the error, and the same errors count together. */
const errors = [
  "filter @message like /(Error|Exception|ERROR|CRITICAL)/",
  "stats count(*) as times, latest(@timestamp) as last by @message",
  ...most("times"),
] as const;

/** Statements that took longer than `log_min_duration_statement`, by their beginning. */
const slowStatements = query(
  "database",
  containing("duration: "),
  "parse @message /duration: (?<ms>[0-9.]+) ms +[^:]+: (?<statement>.{1,80})/",
  "stats count(*) as times, sum(ms) as total, max(ms) as longest by statement",
  ...most("total"),
);

const applicationErrors = query("tasks", ...errors);
const ofWorkers = query(
  "tasks",
  lines,
  `filter @logStream not like "ecs/${application.containerName}/"`,
  ...newest,
);

/**
 * One query for each alarm whose cause a log shows; CloudWatch keeps it as `chatpop-<stack>/<alarm>`. Other alarms have
 * their cause in metrics, in events of ECS or RDS, or in AWS's trail: their steps ask there.
 */
export const queries = {
  "deployment-failed": applicationErrors,
  "command-failed": query("tasks", inStreams(application.containerName), ...errors),
  "database-failure": query(
    "database",
    lines,
    "filter @message like /(FATAL|PANIC|shutting down|starting PostgreSQL|ready to accept)/",
    ...newest,
  ),
  "new-connections": query(
    "tasks",
    containing("try again later", "connect to another task", "Traceback"),
    "stats count(*) as times by @message, bin(1m) as minute",
    ...most("times"),
  ),
  "tasks-below-minimum": applicationErrors,
  "no-healthy-task": applicationErrors,
  "unhealthy-tasks": applicationErrors,
  "worker-not-running": ofWorkers,
  "worker-below-count": ofWorkers,
  "response-time": slowStatements,
  "application-errors": applicationErrors,
  "lost-messages": query(
    "tasks",
    lines,
    containing("channels over capacity in group", "sockets may have missed messages"),
    ...newest,
  ),
  "outbox-backlog": query("tasks", `${lines}, outboxLag, outboxStuck`, inStreams(relayName), ...newest),
  "outbox-stuck": query("tasks", lines, inStreams(relayName), containing("is set aside"), ...newest),
  "database-cpu": slowStatements,
  "database-connections": query(
    "database",
    containing("FATAL"),
    "parse @message /FATAL: +(?<reason>.{1,100})/",
    "stats count(*) as times, latest(@timestamp) as last by reason",
    ...most("times"),
  ),
  "database-read-latency": slowStatements,
  "database-write-latency": query(
    "database",
    lines,
    containing("checkpoint complete", "automatic vacuum", "CREATE INDEX"),
    ...newest,
  ),
  "replica-lag": query("database", lines, containing("conflict with recovery"), ...newest),
  "replica-fallbacks": query("tasks", lines, containing("rests for"), ...newest),
  "proxy-borrow-latency": slowStatements,
  "proxy-pinned-sessions": query("proxy", lines, containing("pinned"), ...newest),
  "load-balancer-errors": applicationErrors,
  "failing-requests": applicationErrors,
} as const satisfies Partial<Record<AlarmKey, SavedQuery>>;
/** Alarms that have a saved query. */
export type QueriedAlarm = keyof typeof queries;

/** Queries by alarm, of those alarms that this deployment has; an adopted database keeps its log to itself. */
export function queriesOf(
  alarms: readonly string[],
  { database, databaseProxy }: Decisions,
): Readonly<Record<string, SavedQuery>> {
  const written: Readonly<Record<QueriedLog, boolean>> = {
    tasks: true,
    database: database.exportsLog,
    proxy: databaseProxy !== undefined,
  };
  return Object.fromEntries(
    Object.entries(queries).filter(([alarm, { log }]) => alarms.includes(alarm) && written[log]),
  );
}
