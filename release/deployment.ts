import { DescribeServicesCommand, ECSClient, type Service } from "@aws-sdk/client-ecs";
import { setTimeout as sleep } from "node:timers/promises";
import type { InvocationContext } from "./functions/rounds";

/** A deployment that should have taken place. */
export interface DeploymentEvent {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** Name of the service. */
  readonly service: string;
  /** ARN of the task definition that this update registered. */
  readonly taskDefinition: string;
}

/** Result of the check. */
export interface Deployment {
  /** `running` when the invocation's time is over before the roll-out. */
  readonly state: "completed" | "running";
  /** ARN of the revision that the service runs. */
  readonly taskDefinition: string;
}

const reserve = 10_000;
const pollEvery = 5_000;

/**
 * Makes sure that the service runs the revision that this update registered: when the circuit breaker has gone back to
 * the revision before, ECS itself reports a stable service.
 *
 * @throws Error that names the revision that is running instead, and what the service said last.
 */
export async function verifyDeployment(
  event: DeploymentEvent,
  context: InvocationContext,
): Promise<Deployment> {
  const ecs = new ECSClient();
  for (;;) {
    const service = await describe(ecs, event);
    const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
    const running = primary?.taskDefinition ?? "nothing";
    if (!primary || running !== event.taskDefinition || primary.rolloutState === "FAILED") {
      throw new Error(
        `The deployment of ${revision(event.taskDefinition)} failed: the service runs ${revision(running)}. ` +
          `Its tasks did not become healthy; users are still served by the revision before. ` +
          `The service's last events:\n${lastEvents(service)}`,
      );
    }
    if (primary.rolloutState !== "IN_PROGRESS") return { state: "completed", taskDefinition: running };
    if (context.getRemainingTimeInMillis() < reserve + pollEvery) {
      return { state: "running", taskDefinition: running };
    }
    await sleep(pollEvery);
  }
}

async function describe(ecs: ECSClient, event: DeploymentEvent): Promise<Service> {
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: event.cluster, services: [event.service] }),
  );
  if (services[0]) return services[0];
  throw new Error(`There is no service ${event.service} in ${event.cluster}`);
}

/** `chatpop-backend-medium:12` of a task definition's ARN. */
const revision = (arn: string) => arn.split("/").at(-1) ?? arn;

const lastEvents = (service: Service) =>
  (service.events ?? [])
    .slice(0, 5)
    .map(({ message }) => `  ${message}`)
    .join("\n");
