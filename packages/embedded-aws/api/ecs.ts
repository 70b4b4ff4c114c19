// ECS: runs one-off tasks, and describes tasks and services.
import { setTimeout as delay } from "node:timers/promises";
import type { Resource } from "../account";
import { clusterOf, taskDefinitionOf } from "../models/ecsService";
import { AwsError, type Context, type Properties } from "../models/model";
import { foreignGroups, vpcsOf } from "../models/placement";
import { authorize, type Operation, type Operations } from "./call";
import { describeService } from "./deployments";
import { runningTasks, startTask, taskOf, type ContainerOverride, type Task } from "./tasks";

/** Time for which DescribeTasks waits for the end of a task (ms), so that callers need not poll often. */
const patience = 20_000;

/** Tasks by the token of the request that started them: a second request with it starts no task. */
const started = new Map<string, Task>();

const runTask: Operation = (input, caller) => {
  const { context } = caller;
  const cluster = clusterOf(input, context);
  const definition = definitionOf(input, context);
  authorize(caller, "ecs:RunTask", definition.id, { "ecs:cluster": cluster.id });
  for (const role of [definition.inputs.executionRoleArn, definition.inputs.taskRoleArn]) {
    if (typeof role !== "string") continue;
    authorize(caller, "iam:PassRole", role, { "iam:PassedToService": "ecs-tasks.amazonaws.com" });
  }
  if ((input.launchType ?? "FARGATE") !== "FARGATE") {
    refuse("No Container Instances were found in your cluster.");
  }
  if (Number(input.count ?? 1) !== 1) refuse("The embedded AWS starts one task a call: leave out count");
  const place = placeOf(input, context);
  const token = input.clientToken === undefined ? undefined : `${context.home} ${String(input.clientToken)}`;
  const task =
    (token !== undefined && started.get(token)) ||
    startTask(
      {
        ...{ cluster, definition, place },
        assignPublicIp: hasAddress(input),
        overrides: overridesOf(input, definition),
        ...(input.startedBy === undefined ? {} : { startedBy: String(input.startedBy) }),
      },
      context,
    );
  if (token !== undefined) started.set(token, task);
  return { tasks: [describe(task, "PROVISIONING")], failures: [] };
};

const describeTasks: Operation = async (input, caller) => {
  const cluster = clusterOf(input, caller.context);
  const names = (input.tasks ?? []) as string[];
  const found = names.map((name) => ({ name, task: taskOf(name) }));
  for (const { name, task } of found) {
    authorize(caller, "ecs:DescribeTasks", task?.arn ?? name, { "ecs:cluster": cluster.id });
  }
  const tasks = found.flatMap(({ task }) => (task?.cluster.id === cluster.id ? [task] : []));
  return {
    tasks: await Promise.all(tasks.map(poll)),
    failures: found
      .filter(({ task }) => task?.cluster.id !== cluster.id)
      .map(({ name }) => ({ arn: name, reason: "MISSING" })),
  };
};

const listTasks: Operation = (input, caller) => {
  const cluster = clusterOf(input, caller.context);
  authorize(caller, "ecs:ListTasks", "*", { "ecs:cluster": cluster.id });
  const own = runningTasks().filter(
    (task) =>
      task.cluster.id === cluster.id && (input.startedBy === undefined || input.startedBy === task.startedBy),
  );
  return { taskArns: own.map(({ arn }) => arn) };
};

const stopTask: Operation = async (input, caller) => {
  const cluster = clusterOf(input, caller.context);
  const task = taskOf(String(input.task));
  authorize(caller, "ecs:StopTask", task?.arn ?? String(input.task), { "ecs:cluster": cluster.id });
  if (!task) throw new AwsError("InvalidParameterException", "The referenced task was not found.");
  task.stop(String(input.reason ?? "Task stopped by user"));
  task.polls = 0;
  await task.ended;
  return { task: describe(task, "STOPPED") };
};

const describeServices: Operation = (input, caller) => {
  const { context } = caller;
  const cluster = clusterOf(input, context);
  const services = ((input.services ?? []) as string[]).map((name) => {
    const arn = name.startsWith("arn:")
      ? name
      : `arn:aws:ecs:${context.region}:${context.accountId}:service/${String(cluster.outputs.name)}/${name}`;
    authorize(caller, "ecs:DescribeServices", arn, { "ecs:cluster": cluster.id });
    return { arn, service: context.account.get("aws:ecs/service:Service", arn) };
  });
  return {
    services: services.flatMap(({ service }) =>
      service ? [describeService(service, cluster, context)] : [],
    ),
    failures: services.filter(({ service }) => !service).map(({ arn }) => ({ arn, reason: "MISSING" })),
  };
};

const describeTaskDefinition: Operation = (input, caller) => {
  authorize(caller, "ecs:DescribeTaskDefinition", "*");
  const { inputs, outputs, id } = definitionOf(input, caller.context);
  return {
    taskDefinition: {
      taskDefinitionArn: id,
      family: inputs.family,
      revision: outputs.revision,
      containerDefinitions: JSON.parse(String(inputs.containerDefinitions)) as unknown,
    },
  };
};

export const operations: Operations = {
  DescribeTaskDefinition: describeTaskDefinition,
  RunTask: runTask,
  DescribeTasks: describeTasks,
  ListTasks: listTasks,
  StopTask: stopTask,
  DescribeServices: describeServices,
};

function refuse(message: string): never {
  throw new AwsError("InvalidParameterException", message);
}

function definitionOf(input: Properties, context: Context): Resource {
  try {
    return taskDefinitionOf(input, context);
  } catch {
    throw new AwsError("ClientException", "Unable to describe task definition.");
  }
}

/** Whether the task gets a public address: RunTask has ENABLED, DISABLED, or nothing. */
function hasAddress(input: Properties): boolean {
  const network = input.networkConfiguration as
    { awsvpcConfiguration?: { assignPublicIp?: unknown } } | undefined;
  return network?.awsvpcConfiguration?.assignPublicIp === "ENABLED";
}

function placeOf(input: Properties, context: Context) {
  const network = (input.networkConfiguration as { awsvpcConfiguration?: Properties } | undefined)
    ?.awsvpcConfiguration;
  if (!network) refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  const subnets = (network.subnets ?? []) as string[];
  const securityGroups = (network.securityGroups ?? []) as string[];
  if (subnets.length === 0) refuse("subnets can not be empty.");
  const missing = subnets.find((id) => !context.account.get("aws:ec2/subnet:Subnet", id));
  if (missing !== undefined) {
    refuse(
      `Error retrieving subnet information for [${missing}]: The subnet ID '${missing}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
    );
  }
  const unknown = securityGroups.find(
    (id) => !context.account.get("aws:ec2/securityGroup:SecurityGroup", id),
  );
  if (unknown !== undefined) {
    refuse(
      `Error retrieving security group information for [${unknown}]: The security group '${unknown}' does not exist (ErrorCode: InvalidGroup.NotFound)`,
    );
  }
  const vpcs = vpcsOf(subnets, context);
  if (vpcs.length > 1) refuse(`The subnets of a task must be in one VPC, not in ${vpcs.join(", ")}`);
  const foreign = foreignGroups(securityGroups, vpcs[0], context);
  if (foreign.length > 0)
    refuse(`The security groups ${foreign.join(", ")} are not in the VPC of the subnets`);
  return { subnets, securityGroups };
}

function overridesOf(input: Properties, definition: Resource): readonly ContainerOverride[] {
  const { containerOverrides = [] } = (input.overrides ?? {}) as { containerOverrides?: ContainerOverride[] };
  const text = String(definition.inputs.containerDefinitions);
  const names = (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
  const unknown = containerOverrides.find(({ name }) => !names.includes(name));
  if (unknown)
    refuse(`Override for container named ${unknown.name} is not a container in the TaskDefinition.`);
  return containerOverrides;
}

async function poll(task: Task): Promise<Properties> {
  if (task.polls > 0) {
    task.polls -= 1;
    return describe(task, "RUNNING");
  }
  const tired = new AbortController();
  await Promise.race([
    task.ended,
    delay(patience, undefined, { signal: tired.signal }).catch(() => undefined),
  ]);
  tired.abort();
  return describe(task, task.end ? "STOPPED" : "RUNNING");
}

function describe(task: Task, lastStatus: "PROVISIONING" | "RUNNING" | "STOPPED"): Properties {
  const end = lastStatus === "STOPPED" ? task.end : undefined;
  const exit = end?.exitCode === undefined ? {} : { exitCode: end.exitCode };
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.id,
    taskDefinitionArn: task.definition.id,
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    launchType: "FARGATE",
    lastStatus,
    desiredStatus: end ? "STOPPED" : "RUNNING",
    createdAt: task.createdAt,
    ...(end ? { stopCode: end.stopCode, stoppedReason: end.reason, stoppedAt: Date.now() / 1000 } : {}),
    containers: task.containers.map((name) => ({ name, taskArn: task.arn, lastStatus, ...exit })),
  };
}
