import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { setTimeout as sleep } from "node:timers/promises";
import type { InvocationContext } from "./functions/rounds";

/** A rolling update that is about to begin. */
export interface RoomEvent {
  /** ARN of the cluster, in which one service scales. */
  readonly cluster: string;
  /** Least tasks, in force after this update at the latest. */
  readonly minimum: number;
  /** Most tasks, likewise. */
  readonly maximum: number;
  /** Percent of the desired tasks that old and new ones together may reach. */
  readonly maximumPercent: number;
}

/** Result of the step. */
export interface Room {
  /** Desired tasks; undefined where nothing scales yet, as before the first deployment. */
  readonly tasks?: number;
  /** Whether the limits were raised for it. */
  readonly raised: boolean;
}

const reserve = 10_000;
const pollEvery = 5_000;

/**
 * Makes room for a new task beside the old ones. ECS rounds the percentage down: 150 % of one task leave no place for a
 * second one, and a service that still runs one when it moves to a larger scale would never begin to deploy. Its scaling
 * target gets the new limits only after the service, so they come into force here.
 *
 * @throws Error with the way to raise the count by hand when Application Auto Scaling does not.
 */
export async function makeRoom(event: RoomEvent, context: InvocationContext): Promise<Room> {
  const [scaling, ecs] = [new ApplicationAutoScalingClient(), new ECSClient()];
  const target = await targetIn(scaling, event.cluster);
  if (!target) return { raised: false };
  const service = target.ResourceId!.split("/").at(-1)!;
  let tasks = await desiredTasks(ecs, event.cluster, service);
  if (hasRoom(tasks, event)) return { tasks, raised: false };

  const { ServiceNamespace, ScalableDimension, ResourceId } = target;
  await scaling.send(
    new RegisterScalableTargetCommand({
      ...{ ServiceNamespace, ScalableDimension, ResourceId },
      MinCapacity: event.minimum,
      MaxCapacity: Math.max(event.maximum, target.MaxCapacity ?? 0),
    }),
  );
  for (;;) {
    tasks = await desiredTasks(ecs, event.cluster, service);
    if (hasRoom(tasks, event)) return { tasks, raised: true };
    if (context.getRemainingTimeInMillis() < reserve + pollEvery) {
      throw new Error(
        `The service ${service} still has ${tasks} tasks, of which ${event.maximumPercent} % leave no place for a new one, ` +
          `although its scaling target now asks for ${event.minimum}. Users are served by the revision before. Raise the count ` +
          `and run pulumi up again: aws ecs update-service --cluster ${event.cluster} --service ${service} ` +
          `--desired-count ${event.minimum}`,
      );
    }
    await sleep(pollEvery);
  }
}

/** ECS rounds down. A service without tasks waits for nothing. */
const hasRoom = (tasks: number, { maximumPercent }: RoomEvent): boolean =>
  tasks === 0 || Math.floor((tasks * maximumPercent) / 100) > tasks;

/** The target of the cluster's one service that scales. */
async function targetIn(
  scaling: ApplicationAutoScalingClient,
  clusterArn: string,
): Promise<ScalableTarget | undefined> {
  const prefix = `service/${clusterArn.split("/").at(-1)}/`;
  let NextToken: string | undefined;
  do {
    const page = await scaling.send(
      new DescribeScalableTargetsCommand({
        ServiceNamespace: "ecs",
        ScalableDimension: "ecs:service:DesiredCount",
        NextToken,
      }),
    );
    const found = page.ScalableTargets?.find(({ ResourceId }) => ResourceId?.startsWith(prefix));
    if (found) return found;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

async function desiredTasks(ecs: ECSClient, cluster: string, service: string): Promise<number> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  return services[0]?.desiredCount ?? 0;
}
