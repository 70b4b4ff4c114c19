// One-off tasks: from their definition to their end.
import type { Resource } from "../account";
import { readContainers, type Container } from "../models/containerDefinitions";
import type { Context, Fault } from "../models/model";
import type { Place } from "../models/reachability";
import { currentValue } from "../models/secretsManager";
import { requireStart } from "../models/taskStart";
import { openRoutes } from "../postgres/routes";
import { runContainer } from "./container";
import { logWriter } from "./logStreams";

/** RunTask's overrides of a container. */
export interface ContainerOverride {
  readonly name: string;
  readonly command?: readonly string[];
  readonly environment?: readonly { name: string; value: string }[];
}

/** The end of a task. */
export interface End {
  readonly stopCode: "EssentialContainerExited" | "TaskFailedToStart" | "UserInitiated";
  readonly reason: string;
  readonly exitCode?: number;
}

/** A task that was started. */
export interface Task {
  readonly arn: string;
  readonly cluster: Resource;
  readonly definition: Resource;
  readonly containers: readonly string[];
  readonly startedBy?: string;
  readonly createdAt: number;
  /** Resolves when the task has stopped. */
  readonly ended: Promise<End>;
  /** Its end; undefined while it runs. */
  end?: End;
  /** Number of questions to which it is still running although it may have ended. */
  polls: number;
  /** Makes it stop. */
  stop(reason: string): void;
}

/** Arguments of a task's start. */
export interface TaskRequest {
  readonly cluster: Resource;
  readonly definition: Resource;
  readonly place: Place;
  readonly overrides: readonly ContainerOverride[];
  readonly startedBy?: string;
  /** Whether the task gets a public address. @default false */
  readonly assignPublicIp?: boolean;
}

const tasks = new Map<string, Task>();

/** The task with that ARN or id, as long as this process lives. */
export function taskOf(name: string): Task | undefined {
  return [...tasks.values()].find(({ arn }) => arn === name || arn.endsWith(`/${name}`));
}

/** The tasks that have not ended. */
export function runningTasks(): readonly Task[] {
  return [...tasks.values()].filter(({ end, polls }) => end === undefined || polls > 0);
}

/** Starts a task. */
export function startTask(request: TaskRequest, context: Context): Task {
  const { cluster, definition, startedBy } = request;
  const arn = `arn:aws:ecs:${context.region}:${context.accountId}:task/${String(cluster.outputs.name)}/${context.hex(32)}`;
  const name = definition.urn.slice(definition.urn.lastIndexOf("::") + 2);
  const fault = context.fault?.("aws:ecs/task:Task", "run", name);
  let stop: (end: End) => void = () => undefined;
  const stopped = new Promise<End>((resolve) => (stop = resolve));
  const task: Task = {
    ...{ arn, cluster, definition },
    ...(startedBy === undefined ? {} : { startedBy }),
    containers: readContainers(definition.inputs.containerDefinitions).map((container) => container.name),
    createdAt: Date.now() / 1000,
    polls: fault?.polls ?? 0,
    stop: (reason) => stop({ stopCode: "UserInitiated", reason, exitCode: 143 }),
    ended: Promise.race([stopped, run(request, arn, context, fault)]).then((end) => (task.end = end)),
  };
  tasks.set(arn, task);
  return task;
}

async function run(
  request: TaskRequest,
  arn: string,
  context: Context,
  fault: Fault | undefined,
): Promise<End> {
  const { definition, overrides, place } = request;
  try {
    requireStart(definition, context, { ...place, assignPublicIp: request.assignPublicIp });
    const containers = readContainers(definition.inputs.containerDefinitions);
    const essential = containers.find(({ essential: counts = true }) => counts) as Container;
    const override = overrides.find(({ name }) => name === essential.name);
    const exitCode = await start(essential, override, place, arn, context, fault);
    return { stopCode: "EssentialContainerExited", reason: "Essential container in task exited", exitCode };
  } catch (error) {
    return { stopCode: "TaskFailedToStart", reason: (error as Error).message };
  }
}

async function start(
  container: Container,
  override: ContainerOverride | undefined,
  place: Place,
  arn: string,
  context: Context,
  fault: Fault | undefined,
): Promise<number> {
  const secrets = secretsOf(container, context);
  const environment = {
    ...byName([...(container.environment ?? []), ...(override?.environment ?? [])]),
    ...secrets,
  };
  const say = logOf(container, arn, Object.values(secrets), context);
  const open = await openRoutes(place, context, (host) => host === environment.POSTGRES_HOST);
  try {
    return await runContainer({
      command: override?.command ?? container.command ?? [],
      environment,
      failure: fault?.error,
      routes: open.routes,
      say,
    });
  } finally {
    await open.close();
  }
}

function byName(list: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/**
 * Values of the container's secrets: `<arn>:<key>::` reads one key of a JSON secret. The start has checked that they
 * can be read.
 */
function secretsOf(container: Container, context: Context): Record<string, string> {
  return byName(
    (container.secrets ?? []).map(({ name, valueFrom }) => {
      const parts = valueFrom.split(":");
      const text = currentValue(parts.slice(0, 7).join(":"), context) ?? "";
      const key = parts[7];
      return { name, value: key ? String((JSON.parse(text) as Record<string, unknown>)[key]) : text };
    }),
  );
}

function logOf(container: Container, arn: string, secrets: readonly string[], context: Context) {
  const options = container.logConfiguration?.options ?? {};
  const group = options["awslogs-group"];
  if (group === undefined) return () => undefined;
  const stream = `${options["awslogs-stream-prefix"]}/${container.name}/${arn.split("/").at(-1)}`;
  return logWriter(context, group, stream, secrets);
}
