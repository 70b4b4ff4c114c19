import { tasksFor } from "../../stacks/capacity";
import type { Scale } from "../../stacks/guide";
import { makePlan, type Plan } from "../../stacks/plan";
import type { Service } from "./simulation";
import type { TrackedMetric } from "./tracking";

/** The service that a Plan deploys. */
export function serviceOf({ autoscaling, capacity, demand, loadBalancer, network }: Plan): Service {
  const { minimum, maximum, cpu, connections } = autoscaling;
  const policies: TrackedMetric[] = [{ metric: "cpu", ...cpu }];
  if (connections) policies.push({ metric: "connections", ...connections });
  return {
    minimum,
    maximum,
    policies,
    connections: demand.connections,
    messagesPerSecond: demand.messagesPerSecond,
    capacity,
    zones: network.zones.length,
    healthCheckInterval: loadBalancer.healthCheck.interval,
    slowStart: loadBalancer.slowStart,
  };
}

/** The same service, scaled by CPU alone as in the guide. */
export const onCpuAlone = (service: Service): Service => ({
  ...service,
  policies: service.policies.filter(({ metric }) => metric === "cpu"),
});

/** Number of tasks that just carry `people` in equal shares. */
export function needed(
  { capacity, connections, messagesPerSecond }: Service,
  people: number,
  talk = 1,
): number {
  const messages = (talk * people * messagesPerSecond) / connections;
  return tasksFor({ connections: people, messagesPerSecond: messages }, capacity);
}

/** A service with its name in the comparison. */
export interface Variant {
  /** Name in the comparison's tables: `this project`. */
  readonly name: string;
  /** Service that is simulated. */
  readonly service: Service;
}

/** Candidates at a scale: the guide's policy and this project's, with the guide's task counts and the measured ones. */
export function variants(scale: Scale): readonly [guide: Variant, ours: Variant, measured: Variant] {
  const [guide, measured] = (["guide", "measured"] as const).map((sizing) =>
    serviceOf(makePlan({ scale, sizing })),
  );
  return [
    { name: "guide: CPU alone", service: onCpuAlone(guide!) },
    { name: "this project", service: guide! },
    { name: "this project, sizing: measured", service: measured! },
  ];
}
