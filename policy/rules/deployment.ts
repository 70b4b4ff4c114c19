import { guide } from "../../stacks/guide";
import { resourceRule, stackRule } from "../rule";
import { number, scaleSettings } from "../settings";
import { types } from "../types";
import { findingIn } from "../values";

export const noTaskBeforeItsSuccessor = resourceRule(
  {
    name: "no-task-before-its-successor",
    type: types.service,
    description:
      "A deployment stops no task before its successor is healthy, and goes back by itself when it fails",
    severity: "high",
    requirements: ["G-71", "GAP-17", "GAP-24"],
    remedy:
      "deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent above it, deploymentCircuitBreaker: { enable: true, rollback: true }",
  },
  [
    (properties) => {
      if (!("loadBalancers" in properties)) return undefined;
      const percent = (properties["deploymentMinimumHealthyPercent"] as number | undefined) ?? 100;
      return percent < 100 && `a deployment lets the service fall to ${percent} % of its tasks`;
    },
    (properties) =>
      "loadBalancers" in properties &&
      findingIn(["enable", "rollback"] as const, (property) => {
        const breaker = properties["deploymentCircuitBreaker"] as
          { enable?: boolean; rollback?: boolean } | undefined;
        return !breaker?.[property] && "a deployment that fails goes on starting tasks for ever";
      }),
  ],
);

export const healthCheckGracePeriod = resourceRule(
  {
    name: "health-check-grace-period",
    type: types.service,
    description: "A new task has a minute to start before its health counts",
    severity: "medium",
    requirements: ["GAP-17"],
    remedy: "healthCheckGracePeriodSeconds: 120",
    settings: { shortest: number(60, "Least seconds during which health checks do not count.") },
  },
  [
    (properties, { shortest }) => {
      if (!("loadBalancers" in properties)) return undefined;
      const seconds = (properties["healthCheckGracePeriodSeconds"] as number | undefined) ?? 0;
      return seconds < shortest && `a task that is still starting is replaced after ${seconds} s`;
    },
  ],
);

const largeFromRooms = guide.large.rooms;

export const deploymentInSteps = stackRule(
  {
    name: "deployment-in-steps-from-5000-rooms",
    description: "From 5,000 rooms a deployment goes in steps, so that not everybody reconnects at once",
    severity: "medium",
    requirements: ["GAP-24", "GAP-40"],
    remedy: "deploymentMaximumPercent: 150 on the service, slowStart: 60 on the target group",
    settings: {
      ...scaleSettings,
      maximumPercent: number(150, "Most tasks during a deployment, in percent of the desired ones."),
      slowStart: number(30, "Least seconds over which a new task's share of requests grows."),
    },
  },
  function* (stack, { maximumPercent, slowStart }) {
    if (stack.rooms() < largeFromRooms) return;
    for (const service of stack.chatServices()) {
      yield* stack.judge(service, () => {
        const percent = (service.props["deploymentMaximumPercent"] as number | undefined) ?? 200;
        return percent > maximumPercent && `a deployment starts up to ${percent} % of the tasks at once`;
      });
      for (const group of stack.sources(service, "loadBalancers", types.targetGroup)) {
        yield* stack.judge(group, () => {
          const seconds = (group.props["slowStart"] as number | undefined) ?? 0;
          return seconds < slowStart && `a new task gets its full share of requests after ${seconds} s`;
        });
      }
    }
  },
);
