import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type Deployment,
  type Service,
} from "@aws-sdk/client-ecs";
import { application } from "../stacks/guide";
import { shorten } from "../stacks/imageReference";

/** The outputs of a stack that the pipeline needs. A stack with nothing but its role lacks the optional ones. */
export interface Outputs {
  /** Where users open the chat. */
  readonly url: string;
  /** ECS cluster of the service. */
  readonly clusterName?: string;
  /** ECS service that runs the chat. */
  readonly serviceName?: string;
  /** The stack's own repository, which `chatpop:image` leaves out. */
  readonly repositoryUrl?: string;
  /** ARN of the task definition that the update deployed, with its revision. */
  readonly delivery: { readonly taskDefinition: string };
}

/** ECS's answer about a service. */
interface Running {
  readonly service: Service;
  /** Deployment that ECS aims at. */
  readonly primary: Deployment;
}

async function running(ecs: ECSClient, { clusterName, serviceName }: Outputs): Promise<Running | undefined> {
  if (!clusterName || !serviceName) return undefined;
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: clusterName, services: [serviceName] }),
  );
  const [service] = services;
  const primary = service?.deployments?.find(({ status }) => status === "PRIMARY");
  return service && primary && { service, primary };
}

async function imageOf(ecs: ECSClient, taskDefinition: string | undefined): Promise<string | undefined> {
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const containers = described.taskDefinition?.containerDefinitions ?? [];
  return containers.find(({ name }) => name === application.containerName)?.image;
}

/**
 * Image in service, as `chatpop:image` names it; undefined before the first deployment. The answer comes from ECS: the
 * stack's history and outputs show only the image that somebody wanted.
 */
export async function servingImage(outputs: Outputs, ecs = new ECSClient()): Promise<string | undefined> {
  const found = await running(ecs, outputs);
  const image = found && (await imageOf(ecs, found.primary.taskDefinition));
  return image && shorten(image, outputs.repositoryUrl);
}

/**
 * Checks with ECS that users are served by the revision of the update (GAP-30), with the caller's permissions.
 *
 * @returns the address of the chat.
 * @throws Error that names the revision that runs instead.
 */
export async function checkRunningRevision(outputs: Outputs, ecs = new ECSClient()): Promise<string> {
  const { clusterName, serviceName, delivery, url } = outputs;
  const found = await running(ecs, outputs);
  if (!found) throw new Error(`The service ${serviceName} does not run in ${clusterName}.`);

  const { taskDefinition, runningCount = 0, desiredCount, rolloutState } = found.primary;
  const revision = taskDefinition?.split("/").at(-1);
  if (taskDefinition !== delivery.taskDefinition) {
    throw new Error(
      `${serviceName} runs ${revision} with ${await imageOf(ecs, taskDefinition)} instead of ` +
        `${delivery.taskDefinition.split("/").at(-1)}. Its last events:\n` +
        (found.service.events ?? [])
          .slice(0, 5)
          .map(({ message }) => `  ${message}`)
          .join("\n"),
    );
  }
  // Fewer tasks than desired are no failure: users come back after a deployment, and autoscaling then starts more.
  if (runningCount === 0 || rolloutState !== "COMPLETED") {
    throw new Error(
      `${revision} has ${runningCount} of ${desiredCount} tasks running; its deployment is ${rolloutState}.`,
    );
  }
  return url;
}
