import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { setTimeout as sleep } from "node:timers/promises";
import type { InvocationContext } from "./functions/rounds";

/** A one-off task that migrates the database. */
export interface MigrationEvent {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** ARN of the new task definition, with revision. */
  readonly taskDefinition: string;
  /** Name of the definition's one container. */
  readonly container: string;
  /** The command that takes the place of the container's own. */
  readonly command: readonly string[];
  /** Settings of its database session in the form of `PGOPTIONS`, which libpq gives to any image's. */
  readonly session: string;
  /** Ids of subnets from which the image can be pulled. */
  readonly subnets: readonly string[];
  /** Ids of groups that the database lets in. */
  readonly securityGroups: readonly string[];
  /** Whether the task gets a public address, as it must in a subnet without NAT. */
  readonly assignPublicIp: boolean;
  /** The instance itself: migrations use session features that would pin an RDS Proxy's connections. */
  readonly databaseHost: string;
  /** Log group of the container, with streams `ecs/<container>/<task id>`. */
  readonly logGroup: string;
}

/** Progress of a migration. */
export interface Migration {
  /** `running` when the invocation's time is over before the task ends. */
  readonly state: "succeeded" | "running";
  /** The one-off task, for the next round to wait for. */
  readonly taskArn: string;
}

/** Time reserved at the end of the invocation for the answer (ms). */
const reserve = 10_000;
const pollEvery = 2_000;
/** Polls in which ECS may not know a new task yet. */
const patience = 30;
/** Name by which a later update finds a migration that is still running. */
const startedBy = "chatpop-release";
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
  const taskArn = previous?.taskArn ?? (await running(ecs, event)) ?? (await start(ecs, event));
  for (let unknown = previous ? patience : 0; ;) {
    const [task] = await describe(ecs, event, [taskArn]);
    if (!task && ++unknown > patience) {
      throw new Error(
        `ECS has forgotten the migration task ${taskArn}: whether it succeeded is in ${event.logGroup}`,
      );
    }
    if (task?.lastStatus === "STOPPED") {
      await assertSuccess(task, event);
      return { state: "succeeded", taskArn };
    }
    if (context.getRemainingTimeInMillis() < reserve + pollEvery) return { state: "running", taskArn };
    await sleep(pollEvery);
  }
}

/**
 * The task of an interrupted update. Django takes no lock: a second migration beside it could apply half of the
 * same changes.
 */
async function running(ecs: ECSClient, event: MigrationEvent): Promise<string | undefined> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: event.cluster, startedBy }));
  const tasks = taskArns.length === 0 ? [] : await describe(ecs, event, taskArns);
  const unfinished = tasks.filter(({ lastStatus }) => lastStatus !== "STOPPED");
  const other = unfinished.find(({ taskDefinitionArn }) => taskDefinitionArn !== event.taskDefinition);
  if (other) {
    throw new Error(
      `Another migration is still running: task ${other.taskArn} of ${other.taskDefinitionArn}. ` +
        "Wait until it has ended, then run pulumi up again.",
    );
  }
  return unfinished[0]?.taskArn;
}

async function start(ecs: ECSClient, event: MigrationEvent): Promise<string> {
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: event.cluster,
      taskDefinition: event.taskDefinition,
      launchType: "FARGATE",
      count: 1,
      startedBy,
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
            environment: [
              { name: "POSTGRES_HOST", value: event.databaseHost },
              { name: "PGOPTIONS", value: event.session },
            ],
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

async function describe(ecs: ECSClient, event: MigrationEvent, taskArns: string[]): Promise<Task[]> {
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: event.cluster, tasks: taskArns }),
  );
  return tasks;
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
