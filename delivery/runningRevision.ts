import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";

/** The outputs of a stack, as far as the check needs them. */
export interface Outputs {
  /** Where users open the chat. */
  readonly url: string;
  /** ECS cluster of the service. */
  readonly clusterName: string;
  /** ECS service that runs the chat. */
  readonly serviceName: string;
  /** What the update deployed; `image` is the complete reference of the task definition. */
  readonly delivery: { readonly image: string };
}

/**
 * Asks ECS itself, in the name of whoever deploys, what users are served by (GAP-30).
 *
 * @returns the address of the chat.
 * @throws Error that names what runs instead.
 */
export async function checkRunningRevision(outputs: Outputs, ecs = new ECSClient()): Promise<string> {
  const { clusterName: cluster, serviceName, delivery, url } = outputs;
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [serviceName] }));
  const [service] = services;
  const primary = service?.deployments?.find(({ status }) => status === "PRIMARY");
  if (!service || !primary) throw new Error(`The service ${serviceName} does not run in ${cluster}.`);

  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: primary.taskDefinition }),
  );
  const images = (taskDefinition?.containerDefinitions ?? []).map(({ image }) => image);
  const revision = `${taskDefinition?.family}:${taskDefinition?.revision}`;
  if (!images.includes(delivery.image)) {
    throw new Error(
      `${serviceName} runs ${revision} with ${images.join(", ")} instead of ${delivery.image}. Its last events:\n` +
        (service.events ?? [])
          .slice(0, 5)
          .map(({ message }) => `  ${message}`)
          .join("\n"),
    );
  }
  // Fewer tasks than desired are no failure: users who come back after a deployment make autoscaling start more.
  const { runningCount = 0, desiredCount, rolloutState } = primary;
  if (runningCount === 0 || rolloutState !== "COMPLETED") {
    throw new Error(
      `${revision} has ${runningCount} of ${desiredCount} tasks running; its deployment is ${rolloutState}.`,
    );
  }
  return url;
}
