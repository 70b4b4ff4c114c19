// An ECS service: its creation, change and deletion. Its inputs: ecsServiceInputs.ts.
import type { Resource } from "../account";
import { quota } from "../settings";
import { readContainers } from "./containerDefinitions";
import { inputs, type Inputs } from "./ecsServiceInputs";
import { loadBalancersOf } from "./listeners";
import { AwsError, type Context, type Model, type Properties } from "./model";
import { foreignGroups, toSecurityGroups, toSubnets, vpcsOf } from "./placement";
import { requireStart } from "./taskStart";

const type = "aws:ecs/service:Service";
const logicalName = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
const targetGroupType = "aws:lb/targetGroup:TargetGroup";

function refuse(message: string): never {
  throw new AwsError("InvalidParameterException", message);
}

/** The service's cluster, by ARN or by name. @default the cluster "default" */
export function clusterOf(given: Pick<Inputs, "cluster">, { account }: Context): Resource {
  const name = given.cluster ?? "default";
  const property = name.startsWith("arn:") ? "arn" : "name";
  const cluster = account.find("aws:ecs/cluster:Cluster", property, name);
  if (!cluster) throw new AwsError("ClusterNotFoundException", `Cluster not found: ${name}`);
  return cluster;
}

/** The service's task definition, by ARN, by `family:revision`, or by family for the newest revision. */
export function taskDefinitionOf(given: Pick<Inputs, "taskDefinition">, { account }: Context): Resource {
  const wanted = given.taskDefinition ?? "";
  const matching = account
    .list("aws:ecs/taskDefinition:TaskDefinition")
    .filter(({ id, inputs: { family } }) => id === wanted || id.endsWith(`/${wanted}`) || family === wanted);
  return matching.at(-1) ?? refuse(`Unable to describe task definition: ${wanted}`);
}

/** Refuses a capacity provider that the cluster does not have. */
export function requireCapacity(
  given: Pick<Inputs, "capacityProviderStrategies">,
  cluster: Resource,
  context: Context,
): void {
  const attached = context.account.find(
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
    "clusterName",
    cluster.outputs.name,
  );
  const providers = (attached?.inputs.capacityProviders ?? []) as string[];
  for (const { capacityProvider } of given.capacityProviderStrategies ?? []) {
    if (!providers.includes(capacityProvider)) {
      refuse(
        `The specified capacity provider '${capacityProvider}' is not associated with the cluster ${String(cluster.outputs.name)}: wait for its ClusterCapacityProviders`,
      );
    }
  }
}

function requireNetwork(given: Inputs, taskDefinition: Resource, context: Context): string | undefined {
  const network = given.networkConfiguration;
  const own = taskDefinition.outputs.networkMode === "awsvpc";
  if (own && !network)
    refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (!own && network)
    refuse("Network Configuration is not valid for the given networkMode of this task definition.");
  const vpcs = vpcsOf(network?.subnets ?? [], context);
  if (vpcs.length > 1) refuse(`The subnets of a service must be in one VPC, not in ${vpcs.join(", ")}`);
  const foreign = foreignGroups(network?.securityGroups ?? [], vpcs[0], context);
  if (foreign.length > 0)
    refuse(
      `The provided security groups ${foreign.join(", ")} and the subnets are not in the same VPC (${vpcs[0]})`,
    );
  return vpcs[0];
}

function requireTargets(
  given: Inputs,
  taskDefinition: Resource,
  vpc: string | undefined,
  context: Context,
): void {
  const containers = readContainers(taskDefinition.inputs.containerDefinitions);
  for (const { containerName, containerPort, targetGroupArn = "" } of given.loadBalancers ?? []) {
    const container = containers.find(({ name }) => name === containerName);
    if (!container) refuse(`The container ${containerName} does not exist in the task definition.`);
    if (!container.portMappings?.some((port) => port.containerPort === containerPort)) {
      refuse(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
    const group = context.account.find(targetGroupType, "arn", targetGroupArn);
    if (!group) refuse(`The specified target group does not exist: ${targetGroupArn}`);
    if (loadBalancersOf(targetGroupArn, context).length === 0) {
      refuse(
        `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer: make the service depend on the listener`,
      );
    }
    if (taskDefinition.outputs.networkMode === "awsvpc" && group.inputs.targetType !== "ip") {
      refuse(
        `The provided target group ${targetGroupArn} has target type ${String(group.inputs.targetType)}, which is incompatible with the awsvpc network mode specified in the task definition: use ip`,
      );
    }
    if (vpc !== undefined && group.inputs.vpcId !== vpc) {
      refuse(`The target group ${targetGroupArn} is in ${String(group.inputs.vpcId)}, the tasks in ${vpc}`);
    }
  }
}

/** CPU units of the tasks on Fargate On-Demand. */
function onDemandUnits(given: Inputs, taskDefinition: Resource | undefined, tasks: number): number {
  const strategies = given.capacityProviderStrategies ?? [];
  const cpu = Number(taskDefinition?.inputs.cpu ?? 0);
  if (given.launchType === "FARGATE") return tasks * cpu;
  const onDemand = strategies.find(({ capacityProvider }) => capacityProvider === "FARGATE");
  if (!onDemand) return 0;
  const base = Math.min(tasks, onDemand.base ?? 0);
  const weights = strategies.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return (base + Math.ceil(((tasks - base) * (onDemand.weight ?? 0)) / (weights || 1))) * cpu;
}

/**
 * Refuses more than the account's quota of running vCPUs: all services, and one more task of a service that deploys.
 */
function requireQuota(given: Inputs, taskDefinition: Resource, context: Context, previous?: Resource): void {
  const others = context.account.list(type).filter(({ id }) => id !== previous?.id);
  const running = others.reduce((sum, { inputs: other }) => {
    const definition = taskDefinitionOf(other as Inputs, context);
    return sum + onDemandUnits(other as Inputs, definition, Number(other.desiredCount ?? 0));
  }, 0);
  const tasks = given.desiredCount ?? 0;
  const replaces = previous !== undefined && previous.inputs.taskDefinition !== given.taskDefinition;
  const surge = replaces && tasks > 0 && (given.deploymentMinimumHealthyPercent ?? 100) === 100 ? 1 : 0;
  const vcpu = (running + onDemandUnits(given, taskDefinition, tasks + surge)) / 1024;
  const most = quota(context.settings, "fargateOnDemandVcpu");
  if (vcpu > most) {
    refuse(
      `service ${given.name} was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently (${vcpu} of ${most}). Ask for a higher Fargate On-Demand quota, or run fewer or smaller tasks`,
    );
  }
}

/** Whether a deployment may start or stop a task: ECS rounds the maximum down and the minimum up. */
export function canBegin(given: Properties): boolean {
  const tasks = Number(given.desiredCount ?? 0);
  const percent = (name: string, otherwise: number) => (tasks * Number(given[name] ?? otherwise)) / 100;
  const most = Math.floor(percent("deploymentMaximumPercent", 200));
  const least = Math.ceil(percent("deploymentMinimumHealthyPercent", 100));
  return tasks === 0 || most > tasks || least < tasks;
}

/** ECS's event for a deployment that can neither start nor stop a task. */
export const stuck = (name: unknown) =>
  `(service ${String(name)}) was unable to stop or start tasks during a deployment because of the service deployment configuration. ` +
  "Update the minimumHealthyPercent or maximumPercent value and try again.";

/** Whether a change makes ECS replace tasks. */
export function deploys(given: Properties, previous: Resource): boolean {
  const part = ({ taskDefinition, networkConfiguration, capacityProviderStrategies }: Properties) =>
    JSON.stringify([taskDefinition, networkConfiguration ?? null, capacityProviderStrategies ?? []]);
  return given.forceNewDeployment === true || part(given) !== part(previous.inputs);
}

/**
 * Refuses such a deployment with the time-out of a wait for it; without a wait, only DescribeServices shows the
 * failure.
 */
function requireBeginning(given: Inputs, previous: Resource, context: Context): void {
  const waits = given.waitForSteadyState === true;
  if (!waits || given.deploymentController?.type === "EXTERNAL") return;
  if (!deploys(given, previous) || canBegin({ ...given, desiredCount: tasksOf(previous, context) })) return;
  throw new AwsError(
    "timeout while waiting for state to become 'tfSTABLE'",
    `the last event is: ${stuck(given.name)}`,
  );
}

/** Tasks of the service: its count, within the limits of its Application Auto Scaling target. */
export function tasksOf({ id, inputs, outputs }: Resource, context: Context): number {
  const count = Number(outputs.desiredCount ?? inputs.desiredCount ?? 0);
  const target = context.account
    .list("aws:appautoscaling/target:Target")
    .find((each) => id.endsWith(`:${String(each.inputs.resourceId)}`));
  if (target === undefined) return count;
  return Math.min(Math.max(count, Number(target.inputs.minCapacity)), Number(target.inputs.maxCapacity));
}

function requireService(given: Inputs, context: Context, previous?: Resource): void {
  const cluster = clusterOf(given, context);
  const taskDefinition = taskDefinitionOf(given, context);
  const fargate =
    given.launchType === "FARGATE" ||
    given.capacityProviderStrategies?.some(({ capacityProvider }) => capacityProvider.startsWith("FARGATE"));
  const compatible = (taskDefinition.inputs.requiresCompatibilities ?? []) as string[];
  if (fargate && !compatible.includes("FARGATE")) {
    refuse("Task definition does not support launch_type FARGATE.");
  }
  if (!fargate && !given.capacityProviderStrategies?.length && (given.launchType ?? "EC2") === "EC2") {
    refuse(
      `No Container Instances were found in your cluster ${String(cluster.outputs.name)}: set launchType: "FARGATE" or capacityProviderStrategies`,
    );
  }
  requireCapacity(given, cluster, context);
  const vpc = requireNetwork(given, taskDefinition, context);
  requireTargets(given, taskDefinition, vpc, context);
  requireQuota(given, taskDefinition, context, previous);
  if ((given.desiredCount ?? 0) > 0) requireStart(taskDefinition, context, given.networkConfiguration);
}

/** The `aws:ecs/service:Service` model. */
export const service: Model = {
  type,
  inputs,
  autoName: { property: "name", maxLength: 255 },
  defaults: {
    deploymentMaximumPercent: 200,
    deploymentMinimumHealthyPercent: 100,
    enableEcsManagedTags: false,
    enableExecuteCommand: false,
    schedulingStrategy: "REPLICA",
    waitForSteadyState: false,
  },
  references: [
    // A target group can be deleted while a service names it; only its listener prevents that.
    {
      path: "loadBalancers.*.targetGroupArn",
      to: targetGroupType,
      by: "arn",
      missing: "InvalidParameterException",
      holds: false,
    },
    toSubnets("networkConfiguration.subnets.*", "InvalidParameterException"),
    toSecurityGroups("networkConfiguration.securityGroups.*", "InvalidParameterException"),
  ],
  unique: [{ property: "name", within: ["cluster"], taken: "InvalidParameterException" }],
  computed: ["arn", "availabilityZoneRebalancing", "cluster", "iamRole", "launchType", "platformVersion"],
  identify: (given: Inputs, context) =>
    `arn:aws:ecs:${context.region}:${context.accountId}:service/${String(clusterOf(given, context).outputs.name)}/${given.name}`,
  describe: (given: Inputs, id, context) => ({
    arn: id,
    availabilityZoneRebalancing: given.availabilityZoneRebalancing ?? "DISABLED",
    cluster: given.cluster ?? clusterOf(given, context).id,
    iamRole: given.iamRole ?? "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    launchType: given.launchType ?? (given.capacityProviderStrategies?.length ? "" : "FARGATE"),
    platformVersion: given.platformVersion ?? "LATEST",
  }),
  beforeCreate: (given: Inputs, context) => requireService(given, context),
  beforeUpdate(given: Inputs, previous, context) {
    const [before, after] = [
      previous.inputs.capacityProviderStrategies,
      given.capacityProviderStrategies,
    ].map((each) => JSON.stringify(each ?? []));
    if (before !== after && !given.forceNewDeployment) {
      refuse(
        "force_new_deployment should be true when capacity_provider_strategy is being updated: set forceNewDeployment",
      );
    }
    requireService(given, context, previous);
    requireBeginning(given, previous, context);
  },
  // The circuit breaker restores the former revision, and ECS reports success nevertheless.
  start({ urn, inputs: given }, context, previous) {
    const { enable, rollback } = (given as Inputs).deploymentCircuitBreaker ?? {};
    const replaces = previous !== undefined && previous.outputs.taskDefinition !== given.taskDefinition;
    if (replaces && !canBegin({ ...given, desiredCount: tasksOf(previous, context) })) {
      return Promise.resolve({ taskDefinition: previous.outputs.taskDefinition });
    }
    const fails = replaces && enable && rollback && context.fault?.(type, "rollback", logicalName(urn));
    return Promise.resolve(fails ? { taskDefinition: previous.outputs.taskDefinition } : undefined);
  },
  observed: ["taskDefinition"],
  replaces: { capacityProviderStrategies: () => false },
};
