import type { QueriedAlarm } from "../../stacks/plan/monitoring/queries";

/** One thing to do about an alarm. */
export interface Step {
  /** The action and the meaning of its answer, in a sentence or two. */
  readonly text: string;
  /** The command that does it. The variables at the head of the page's part on alarms are set. */
  readonly sh?: string;
}

const events = `aws ecs describe-services --cluster "$cluster" --services "$service" \\
  --query 'services[0].{events:events[:10].[createdAt,message],deployments:deployments[].[status,rolloutState,runningCount,desiredCount]}'`;

/** Steps that several alarms share. */
export const common = {
  serviceEvents: {
    text: "What does ECS say? Look for tasks that stopped and for a deployment that is under way.",
    sh: events,
  },
  stoppedTasks: {
    text: "Why did tasks stop? ECS forgets them after an hour. `OutOfMemoryError` asks for memory, exit code 1 for the log, `ResourceInitializationError` for network or secrets.",
    sh: `aws ecs list-tasks --cluster "$cluster" --service-name "$service" --desired-status STOPPED \\
  --query 'taskArns[:5]' --output text | xargs -r aws ecs describe-tasks --cluster "$cluster" \\
  --query 'tasks[].[stoppedAt,stopCode,stoppedReason,containers[0].exitCode,containers[0].reason]' --tasks`,
  },
  targetHealth: {
    text: "What does the load balancer see? `Target.Timeout` is a busy task, `Target.ResponseCodeMismatch` an answer other than 200, `Target.FailedHealthChecks` no answer.",
    sh: `aws elbv2 describe-target-health --target-group-arn "$targets" \\
  --query 'TargetHealthDescriptions[].[Target.Id,TargetHealth.State,TargetHealth.Reason]' --output table`,
  },
  rollBack: {
    text: "When it began with a release, go back to the image before it ([release, and roll back](change.md#release-and-roll-back)).",
  },
} as const satisfies Readonly<Record<string, Step>>;

/** Runs an alarm's saved query over the last hour, or over so many seconds. */
export const ask = (alarm: QueriedAlarm, seconds?: number): string =>
  ["ask", alarm, ...(seconds === undefined ? [] : [seconds])].join(" ");

/** Lines of the tasks' log that belong to an alarm. */
export const errors = (alarm: QueriedAlarm): Step => ({
  text: "What did the application say in the last hour? Each error with the number of its lines; the last line of a traceback names it.",
  sh: ask(alarm),
});

/** Lines of PostgreSQL's log that belong to an alarm. */
export const slowStatements = (alarm: QueriedAlarm): Step => ({
  text: "Which statements took longer than 500 ms in the last hour? Those that took the most time together come first, in ms.",
  sh: ask(alarm),
});

/** Changes a setting and brings it about. */
export const set = (key: string, value: string): string =>
  `pulumi config set chatpop:${key} ${value} --stack "$stack"\npulumi up --stack "$stack" --policy-pack policy`;

/** The application's own database, asked in a task: its image has psql, and Django knows host, user and password. */
export const sql = (queries: readonly string[], database?: "read_replica"): string =>
  [
    `python manage.py dbshell ${database ? `--database ${database} ` : ""}--`,
    ...queries.map((query) => `  -c "${query}"`),
  ].join(" \\\n");

/** This moment, as the aws command takes it and every system's `date` says it. */
export const now = "$(date +%s)";

/** The same, so many seconds ago. */
export const ago = (seconds: number): string => `$((${now} - ${seconds}))`;

/**
 * A command that shows a metric of an instance or node in the last three hours.
 *
 * @param period Seconds of one data point.
 */
export const course = (
  namespace: string,
  metric: string,
  dimension: string,
  statistic: string,
  period = 300,
): string =>
  `aws cloudwatch get-metric-statistics --namespace ${namespace} --metric-name ${metric} --dimensions ${dimension} \\
  --start-time ${ago(3 * 3_600)} --end-time ${now} --period ${period} --statistics ${statistic} \\
  --query 'sort_by(Datapoints,&Timestamp)[].[Timestamp,${statistic}]' --output table`;
