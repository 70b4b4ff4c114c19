import { fewestTasks, startsInSteps } from "./autoscaling";
import type { CompleteSettings } from "./complete";

/** One Fargate task of the chat. */
export interface TaskPlan {
  /** Processor that the image was built for. */
  readonly architecture: "x86_64" | "arm64";
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Starts the server of the sockets. */
  readonly command: readonly string[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  /** Variables in addition to those from the stack's resources. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables from Secrets Manager: name to ARN. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Changes with the values of the stack's secrets, which a task reads only when it starts. */
  readonly secretVersions: string;
  /** Whether operators may open a shell in a task. */
  readonly executeCommand: boolean;
}

/** The ECS service that keeps the chat's tasks running. */
export interface ServicePlan {
  /** Tasks at the first deployment; autoscaling decides from then on. */
  readonly desiredTasks: number;
  /** Percent of the desired tasks that go on serving during a deployment. */
  readonly minimumHealthyPercent: number;
  /** Percent of the desired tasks that old and new ones together may reach. */
  readonly maximumPercent: number;
  /** Seconds during which a new task's health checks do not count. */
  readonly healthCheckGracePeriod: number;
  /** Whether operators may open a shell in a task. */
  readonly executeCommand: boolean;
}

/*
 * The overlay's own, which has the options of both servers (image/chatpop_aws/server.py); the image's entry point allows
 * the task's own address, which a load balancer's health check carries as its Host header (GAP-1).
 */
const command = ["python", "-m", "chatpop_aws.server"];

/** Seconds over which a leaving task closes its sockets one after another; Fargate's 120 leave it time to end. */
const drainSeconds = 90;

/** Changes with the values of the stack's secrets. */
export const secretVersions = (s: CompleteSettings): string =>
  `${s.databasePasswordVersion}.${s.djangoSecretKeyVersion}`;

/** Command, size and variables of a task. */
export function taskPlan(s: CompleteSettings): TaskPlan {
  return {
    architecture: s.architecture,
    cpu: s.taskCpu,
    memory: s.taskMemory,
    command,
    stopTimeout: 120, // Fargate's longest; a task asks 10,000 sockets to come back over 90 s
    environment: {
      CHATPOP_DRAIN_SECONDS: String(drainSeconds),
      CHATPOP_SERVER: s.server,
      CHATPOP_FRAME_LIMIT: String(s.frameLimit),
      CHANNEL_LAYER: s.channelLayer,
      ...(s.outbox && { OUTBOX_ENABLED: "True" }),
      ...s.environment,
    },
    secrets: s.secrets,
    secretVersions: secretVersions(s),
    executeCommand: s.executeCommand,
  };
}

/** Number of tasks, and their replacement in a deployment. */
export function servicePlan(s: CompleteSettings): ServicePlan {
  return {
    desiredTasks: s.desiredTasks,
    minimumHealthyPercent: 100,
    // A full second set of many tasks would reconnect everybody at once and needs twice the account's vCPU quota. ECS
    // rounds down: with 150 % of one task there would never be room for a second one.
    maximumPercent: startsInSteps(s) && fewestTasks(s) > 1 ? 150 : 200,
    healthCheckGracePeriod: 120,
    executeCommand: s.executeCommand,
  };
}

/**
 * Limits that a deployment needs before it can begin. A service that comes from a smaller scale may still run one task,
 * and its scaling target gets the new limits only after it: Application Auto Scaling takes no target without a service.
 */
export function room(
  s: CompleteSettings,
): { readonly minimum: number; readonly maximum: number; readonly maximumPercent: number } | undefined {
  const { maximumPercent } = servicePlan(s);
  return maximumPercent < 200 ? { minimum: s.minTasks, maximum: s.maxTasks, maximumPercent } : undefined;
}
