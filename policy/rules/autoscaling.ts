import type { PolicyResource } from "@pulumi/policy";
import {
  type Demand,
  demandOf,
  guideScaleOf,
  guideTasks,
  measuredTasks,
  taskCapacity,
} from "../../stacks/capacity";
import { cpuScaling, guide, type TaskCounts, taskSize } from "../../stacks/guide";
import { asMeasured } from "../measuredTask";
import { leave } from "../mends";
import { stackRule } from "../rule";
import { defaultCooldown, scalingPolicies, tracking } from "../scaling";
import { number } from "../settings";
import { has, type Stack } from "../stack";
import { types } from "../../aws/types";
import { asNumber, known } from "../values";

/** Tasks that were measured to carry the load, which may be fewer than the guide's: `sizing: measured` plans them. */
function measuredFor(demand: Demand, stack: Stack, service: PolicyResource): TaskCounts | undefined {
  const [definition] = stack.sources(service, "taskDefinition", types.taskDefinition);
  if (!definition || !has(definition, "cpu") || !has(definition, "memory")) return undefined;
  return measuredTasks(demand, taskCapacity(asMeasured(definition, demand)));
}

export const taskRangeForScale = stackRule(
  {
    name: "task-range-for-scale",
    description:
      "Autoscaling may go as low and must be able to go as high as the guide's scale, or a measurement, says",
    severity: "high",
    requirements: ["G-20", "G-74", "G-156", "G-163", "G-170"],
    remedy: "raise minCapacity and maxCapacity",
    mends: [leave("minTasks"), leave("desiredTasks"), leave("maxTasks")],
  },
  function* (stack) {
    const rooms = stack.rooms();
    const { minimum, maximum } = guide[guideScaleOf(rooms)].tasks;
    const demand = stack.knownDemand();
    for (const service of stack.chatServices()) {
      const enough = demand && known(() => measuredFor(demand, stack, service));
      const limits = [
        ["minCapacity", Math.min(minimum, enough?.minimum ?? minimum)],
        ["maxCapacity", Math.min(maximum, enough?.maximum ?? maximum)],
      ] as const;
      for (const target of stack.scalingTargets(service))
        for (const [property, least] of limits) {
          yield* stack.judge(target, () => {
            const value = target.props[property] as number;
            return (
              value < least &&
              `${property} ${value} is below the ${least} tasks of ${rooms.toLocaleString("en")} rooms`
            );
          });
        }
    }
  },
);

/** The guide's task at its slowest, so that no deployment is called too big for its server. */
const slowest = (usersPerRoom: number) =>
  taskCapacity({ ...taskSize, server: "daphne", outbox: true, usersPerRoom });

export const taskLimit = stackRule(
  {
    name: "task-limit",
    description: "Autoscaling stops where twice the tasks run that the load was measured to need",
    severity: "low",
    level: "advisory",
    requirements: ["G-20", "GAP-11"],
    remedy: "lower maxCapacity: what starts more tasks is a fault or an attack, and each is paid for",
    mends: [leave("maxTasks")],
  },
  function* (stack) {
    const [rooms, connections] = [stack.rooms(), stack.connections()];
    const demand = demandOf(rooms, connections / rooms);
    const most = Math.max(
      guideTasks(demand).maximum,
      measuredTasks(demand, slowest(demand.usersPerRoom)).maximum,
    );
    for (const target of stack.chatServices().flatMap((service) => stack.scalingTargets(service))) {
      yield* stack.judge(target, () => {
        const value = target.props["maxCapacity"] as number;
        return (
          value > most &&
          `maxCapacity ${value} is above the ${most} tasks that ${connections.toLocaleString("en")} connections ever need`
        );
      });
    }
  },
);

interface Suspended {
  readonly dynamicScalingOutSuspended?: boolean;
}

const followsCpu = (policy: PolicyResource) =>
  tracking(policy)?.predefinedMetricSpecification?.predefinedMetricType === "ECSServiceAverageCPUUtilization";

export const cpuScalingOfService = stackRule(
  {
    name: "cpu-scaling",
    description: "The service scales on its tasks' CPU, out quickly and in slowly",
    severity: "high",
    requirements: ["G-21", "G-75", "G-157", "G-192", "GAP-33", "GAP-53"],
    remedy: `target tracking on ECSServiceAverageCPUUtilization with ${cpuScaling.target} %, cool-downs ${cpuScaling.scaleInCooldown} s in and ${cpuScaling.scaleOutCooldown} s out`,
    settings: {
      lowest: number(40, "Lowest CPU target in percent; below it most of what is paid for stands idle."),
      highest: number(cpuScaling.target, "Highest CPU target in percent."),
      scaleInCooldown: number(
        cpuScaling.scaleInCooldown,
        "Least seconds between two scale-ins; each cuts sockets.",
      ),
      // The guide's 60 s let steps add up wherever its maximum does not cut them off.
      scaleOutCooldown: number(180, "Most seconds between two scale-outs."),
    },
  },
  function* (stack, { lowest, highest, scaleInCooldown, scaleOutCooldown }) {
    for (const service of stack.chatServices()) {
      for (const target of stack.scalingTargets(service)) {
        yield* stack.judge(target, () => {
          const { dynamicScalingOutSuspended } = (target.props["suspendedState"] ?? {}) as Suspended;
          return dynamicScalingOutSuspended === true && "scaling out is suspended (suspendedState)";
        });
      }
      const policies = scalingPolicies(stack, service);
      const onCpu = policies.filter((policy) => known(() => followsCpu(policy)));
      if (onCpu.length === 0) {
        yield* stack.judge(service, () => !policies.some(followsCpu) && "nothing scales the service on CPU");
      }
      for (const policy of onCpu) {
        yield* stack.judge(
          policy,
          () =>
            tracking(policy)?.disableScaleIn === true &&
            "never scales in: the tasks of the busiest hour stay, and are paid for (disableScaleIn)",
        );
        yield* stack.judge(policy, () => {
          const value = asNumber(tracking(policy)?.targetValue);
          return (
            !(value >= lowest && value <= highest) &&
            `CPU target ${value} % is not within ${lowest}–${highest} %`
          );
        });
        yield* stack.judge(policy, () => {
          const value = tracking(policy)?.scaleInCooldown ?? defaultCooldown;
          return (
            value < scaleInCooldown && `scales in every ${value} s, faster than every ${scaleInCooldown} s`
          );
        });
        yield* stack.judge(policy, () => {
          const value = tracking(policy)?.scaleOutCooldown ?? defaultCooldown;
          return (
            value > scaleOutCooldown && `scales out every ${value} s, slower than every ${scaleOutCooldown} s`
          );
        });
      }
    }
  },
);

export const scalingOwnsTaskCount = stackRule(
  {
    name: "scaling-owns-task-count",
    description: "An update leaves the number of tasks to autoscaling",
    subject: "service with a desired count and a scaling target",
    severity: "high",
    requirements: ["GAP-31", "G-74"],
    remedy: 'ignoreChanges: ["desiredCount"] on the service',
  },
  function* (stack) {
    for (const service of stack.chatServices()) {
      if (stack.scalingTargets(service).length === 0 || !has(service, "desiredCount")) continue;
      yield* stack.judge(
        service,
        () =>
          !service.opts.ignoreChanges.includes("desiredCount") &&
          "every update sets the number of tasks back to desiredCount",
      );
    }
  },
);
