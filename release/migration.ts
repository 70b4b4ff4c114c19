import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from "@aws-sdk/client-ecs";
import { setTimeout as sleep } from "node:timers/promises";
import type { InvocationContext } from "./functions/rounds";

/** A one-off task that migrates the database. */
export interface MigrationEvent {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** ARN of the new task definition, with revision. */
  readonly taskDefinition: string;
  readonly container: string;
  /** The command that takes the place of the container's own. */
  readonly command: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  /** The instance itself: migrations use session features that would pin an RDS Proxy's connections. */
  readonly databaseHost: string;
  readonly logGroup: string;
}

/** How far a migration has come. */
export interface Migration {
  readonly state: "succeeded" | "running";
  readonly taskArn: string;
}

/** Kept back to answer: milliseconds. */
const reserve = 10_000;
const pollEvery = 2_000;
const logLines = 20;

/**
 * Starts the migration as a one-off task, or goes on waiting for the one of an earlier round.
 *
 * @returns `running` when the invocation's time is over before the task ends.
 * @throws Error with exit code, reason and the last log lines when the task does not end well.
 */
export async function migrate(
  event: MigrationEvent,
  context: InvocationContext,
  previous: Migration | undefined,
): Promise<Migration> {
  const ecs = new ECSClient();
  const taskArn = previous?.taskArn ?? (await start(ecs, event));
  for (;;) {
    const task = await describe(ecs, event, taskArn);
    if (task.lastStatus === "STOPPED") {
      await assertSuccess(task, event);
      return { state: "succeeded", taskArn };
    }
    if (context.getRemainingTimeInMillis() < reserve + pollEvery) return { state: "running", taskArn };
    await sleep(pollEvery);
  }
}

async function start(ecs: ECSClient, event: MigrationEvent): Promise<string> {
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: event.cluster,
      taskDefinition: event.taskDefinition,
      launchType: "FARGATE",
      count: 1,
      startedBy: "chatpop-release",
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...event.subnets],
          securityGroups: [...event.securityGroups],
          assignPublicIp: event.assignPublicIp ? "ENABLED" : "DISABLED",
        },
      },
      overrides: {
        containerOverrides: [
          {
            name: event.container,
            command: [...event.command],
            environment: [{ name: "POSTGRES_HOST", value: event.databaseHost }],
          },
        ],
      },
    }),
  );
  const taskArn = tasks[0]?.taskArn;
  if (taskArn) return taskArn;
  const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
  throw new Error(`ECS did not start the migration: ${reasons.join(", ") || "no reason given"}`);
}

async function describe(ecs: ECSClient, event: MigrationEvent, taskArn: string): Promise<Task> {
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: event.cluster, tasks: [taskArn] }),
  );
  if (tasks[0]) return tasks[0];
  throw new Error(
    `ECS has forgotten the migration task ${taskArn}: whether it succeeded is in ${event.logGroup}`,
  );
}

async function assertSuccess(task: Task, event: MigrationEvent): Promise<void> {
  const container = task.containers?.find(({ name }) => name === event.container);
  if (container?.exitCode === 0) return;
  const ending =
    container?.exitCode === undefined
      ? `never ran: ${container?.reason ?? task.stoppedReason ?? "no reason given"}`
      : `ended with exit code ${container.exitCode}`;
  const lines = await lastLines(event, task.taskArn ?? "");
  throw new Error([`The migration (${event.command.join(" ")}) ${ending}`, ...lines].join("\n"));
}

async function lastLines(event: MigrationEvent, taskArn: string): Promise<readonly string[]> {
  const stream = `ecs/${event.container}/${taskArn.split("/").at(-1)}`;
  try {
    const { events = [] } = await new CloudWatchLogsClient().send(
      new GetLogEventsCommand({ logGroupName: event.logGroup, logStreamName: stream, limit: logLines }),
    );
    return events.map(({ message }) => `  ${message}`);
  } catch (error) {
    // A task that never ran has no log; the reason above says more.
    return [`  (no log: ${(error as Error).message})`];
  }
}
