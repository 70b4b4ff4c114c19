// A service in ECS's description: the revision that runs, and the result of the last deployment.
import { createHash } from "node:crypto";
import type { Resource } from "../account";
import { canBegin, stuck, taskDefinitionOf, tasksOf } from "../models/ecsService";
import type { Context, Properties } from "../models/model";

/**
 * The service with its deployments. After a rollback by the circuit breaker, the service's output names the revision
 * that runs, and its input the one that failed.
 */
export function describeService(service: Resource, cluster: Resource, context: Context): Properties {
  const name = String(service.outputs.name);
  const running = revisionOf(service.outputs.taskDefinition, context);
  const wanted = revisionOf(service.inputs.taskDefinition, context);
  const tasks = tasksOf(service, context);
  const behind = wanted !== running;
  const waiting = behind && !canBegin({ ...service.inputs, desiredCount: tasks });
  const failed = behind && !waiting;
  const words = waiting
    ? [stuck(name)]
    : failed
      ? [
          `(service ${name}) rolling back to deployment ${idOf(running)}.`,
          `(service ${name}) (deployment ${idOf(wanted)}) deployment failed: tasks failed to start.`,
        ]
      : [`(service ${name}) has reached a steady state.`];
  const primary = {
    ...deployment(running, "PRIMARY", tasks),
    rolloutState: "COMPLETED",
    rolloutStateReason: failed
      ? `ECS deployment circuit breaker: rolling back to deploymentId ${idOf(running)}.`
      : `ECS deployment ${idOf(running)} completed.`,
  };
  const broken = {
    ...deployment(wanted, "ACTIVE", 0),
    failedTasks: 3,
    rolloutState: "FAILED",
    rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
  };
  const pending = {
    ...deployment(wanted, "PRIMARY", tasks),
    runningCount: 0,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${idOf(wanted)} in progress.`,
  };
  const former = { ...primary, status: "ACTIVE" };
  return {
    serviceArn: service.id,
    serviceName: name,
    clusterArn: cluster.id,
    status: "ACTIVE",
    desiredCount: tasks,
    runningCount: tasks,
    pendingCount: 0,
    taskDefinition: waiting ? wanted : running,
    deployments: waiting ? [pending, former] : failed ? [primary, broken] : [primary],
    events: words.map((message) => ({ id: idOf(message), createdAt: now(), message })),
  };
}

function deployment(taskDefinition: string, status: string, tasks: number): Properties {
  return {
    id: idOf(taskDefinition),
    status,
    taskDefinition,
    desiredCount: tasks,
    runningCount: tasks,
    pendingCount: 0,
    failedTasks: 0,
    createdAt: now(),
    updatedAt: now(),
  };
}

const now = () => Date.now() / 1000;

/** The ARN of a revision, which stays valid after the revision is deregistered. */
function revisionOf(named: unknown, context: Context): string {
  const taskDefinition = String(named);
  return taskDefinition.startsWith("arn:")
    ? taskDefinition
    : taskDefinitionOf({ taskDefinition }, context).id;
}

function idOf(text: string): string {
  return `ecs-svc/${BigInt(`0x${createHash("sha256").update(text).digest("hex").slice(0, 15)}`)}`;
}
