import { type Bill, billOf, type BilledResource } from "../../aws/billing";
import { types } from "../../aws/types";
import { type Demand, serverFor, taskCapacity } from "../../stacks/capacity";
import { cpuScaling, taskSize } from "../../stacks/guide";
import { constantly, type Habits, type Share, usageOf } from "../../stacks/plan/price";
import { type Curve, curves } from "../simulation/curves";
import { play, type Service } from "../simulation/simulation";
import type { TrackedMetric } from "../simulation/tracking";
import { hoursOf } from "./hours";
import type { Registered } from "./resources";

/** The resources of a bill, with the habits, prices and load that it assumes. */
export interface CostQuestion extends Registered {
  /** Habits of people. */
  readonly habits: Habits;
  /** Region whose prices count. */
  readonly region: string;
  /** `constant`, or a load curve of the simulation: `day`, `week`, `surge`. */
  readonly curve: string;
}

/** Bills of the same resources with other numbers of tasks. */
export interface Cost {
  /** The load of the bill. */
  readonly demand: Demand;
  /** At the fewest tasks. */
  readonly minimum: Bill;
  /** At the tasks of the first deployment. */
  readonly desired: Bill;
  /** At the most tasks. */
  readonly maximum: Bill;
  /** With the simulation's tasks and use on the curve; equal to `desired` under a constant load. */
  readonly expected: Bill;
  /** Tasks of each, on average. */
  readonly tasks: {
    readonly minimum: number;
    readonly desired: number;
    readonly maximum: number;
    readonly expected: number;
  };
}

/** A week of five such days and two of half the people. */
const week = (day: Curve): Curve => ({
  name: "week",
  title: "A week",
  story: "Five days, then two of half as many people.",
  minutes: 7 * day.minutes,
  share: (minute) => day.share(minute % day.minutes) * (minute >= 5 * day.minutes ? 0.5 : 1),
});

const allCurves: readonly Curve[] = [...curves, week(curves.find(({ name }) => name === "day")!)];

/** Thrown if the resources do not show the number of users. */
export class UnknownDemand extends Error {
  constructor() {
    super("The resources do not say for whom they are. Say it with: rooms=1000 users=20 [messages=200]");
  }
}

/** Names of load curves. */
export const curveNames: readonly string[] = ["constant", ...allCurves.map(({ name }) => name)];

const of = (resources: readonly BilledResource[], type: string) =>
  resources.filter((each) => each.type === type);

/** The service among the resources, for the simulation. */
function simulated(
  resources: readonly BilledResource[],
  demand: Demand,
): Service & { readonly desired: number } {
  const service = of(resources, types.service).find(({ inputs }) => inputs["loadBalancers"] !== undefined);
  const target = of(resources, types.scalingTarget)[0]?.inputs;
  const first = Number(service?.inputs["desiredCount"] ?? 1);
  const definitions = of(resources, types.taskDefinition);
  const from = service?.propertyDependencies?.["taskDefinition"] ?? [];
  const definition = definitions.find(({ urn = "" }) => from.includes(urn)) ?? definitions[0];
  const [cpu, memory] = [
    Number(definition?.inputs["cpu"] ?? taskSize.cpu),
    Number(definition?.inputs["memory"] ?? taskSize.memory),
  ];
  const [minimum, maximum] = [
    Number(target?.["minCapacity"] ?? first),
    Number(target?.["maxCapacity"] ?? first),
  ];
  // An update keeps autoscaling's count, which is within its limits.
  const desired = Math.min(Math.max(first, minimum), maximum);
  // A second service is the relay, so there is an outbox.
  const outbox = of(resources, types.service).length > 1;
  const server = serverFor(demand, { cpu, memory, outbox }, maximum);
  const capacity = taskCapacity({ cpu, memory, server, outbox, usersPerRoom: demand.usersPerRoom });
  const policies = of(resources, types.scalingPolicy).flatMap(({ inputs }): TrackedMetric[] => {
    const tracking = (inputs["targetTrackingScalingPolicyConfiguration"] ?? {}) as {
      targetValue?: number;
      scaleInCooldown?: number;
      scaleOutCooldown?: number;
      predefinedMetricSpecification?: { predefinedMetricType?: string };
      customizedMetricSpecification?: unknown;
    };
    const { targetValue: to, scaleInCooldown = 300, scaleOutCooldown = 60 } = tracking;
    const metric =
      tracking.predefinedMetricSpecification?.predefinedMetricType === "ECSServiceAverageCPUUtilization"
        ? "cpu"
        : tracking.customizedMetricSpecification
          ? "connections"
          : undefined;
    return metric && to ? [{ metric, target: to, scaleInCooldown, scaleOutCooldown }] : [];
  });
  return {
    minimum,
    maximum,
    desired,
    policies: policies.length > 0 ? policies : [{ metric: "cpu", ...cpuScaling }],
    connections: demand.connections,
    messagesPerSecond: demand.messagesPerSecond,
    capacity,
    zones: 2,
    healthCheckInterval: 30,
    slowStart: 0,
  };
}

/**
 * The cost of registered resources.
 *
 * @throws UnpricedRegion, UnknownDemand, RangeError for an unknown curve.
 */
export function costOf({ resources, demand, habits, region, curve: name }: CostQuestion): Cost {
  if (!demand) throw new UnknownDemand();
  const { desired, minimum, maximum, ...service } = simulated(resources, demand);
  const constant = constantly(habits);
  const bill = (tasks: number, hours: readonly Share[]) =>
    billOf(resources, usageOf(demand, tasks, habits, hours), region);
  const curve = allCurves.find((each) => each.name === name);
  if (!curve && name !== "constant") {
    throw new RangeError(`curve is ${name}. Allowed: ${curveNames.join(", ")}.`);
  }
  const expectedTasks = curve
    ? play(curve, { ...service, minimum, maximum }).taskHours / (curve.minutes / 60)
    : desired;
  return {
    demand,
    minimum: bill(minimum, constant),
    desired: bill(desired, constant),
    maximum: bill(maximum, constant),
    expected: bill(expectedTasks, curve ? hoursOf(curve) : constant),
    tasks: { minimum, desired, maximum, expected: expectedTasks },
  };
}
