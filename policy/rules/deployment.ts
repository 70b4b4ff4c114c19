import type { PolicyResource } from "@pulumi/policy";
import { types } from "../../aws/types";
import { guide, stepsAboveTasks } from "../../stacks/guide";
import { chatRule } from "../chatRule";
import { leadingTo } from "../listeners";
import { stackRule } from "../rule";
import { scheduledActions } from "../scaling";
import type { Stack } from "../stack";
import { number } from "../settings";
import { asNumber, findingIn, known, type Properties } from "../values";

/** Whether ECS itself replaces the tasks of a service, and not CodeDeploy or somebody else. */
const ecsDeploys = (properties: Properties) =>
  ((properties["deploymentController"] as { type?: string } | undefined)?.type ?? "ECS") === "ECS";

const leastPercent = (properties: Properties) =>
  (properties["deploymentMinimumHealthyPercent"] as number | undefined) ?? 100;

const mostPercent = (properties: Properties) =>
  (properties["deploymentMaximumPercent"] as number | undefined) ?? 200;

/** The fewest tasks that may run at any hour: by what scales the service and by the clock, else as many as it is told. */
function fewestTasks(stack: Stack, service: PolicyResource): number {
  const targets = stack.scalingTargets(service).map(({ props }) => asNumber(props["minCapacity"]));
  const byClock = scheduledActions(stack, service).flatMap(({ props }) => {
    const { minCapacity } = (props["scalableTargetAction"] ?? {}) as { minCapacity?: number };
    return minCapacity ?? [];
  });
  const counts = [...targets, ...byClock];
  return counts.length > 0 ? Math.min(...counts) : asNumber(service.props["desiredCount"] ?? 1);
}

export const deploymentCanBegin = stackRule(
  {
    name: "deployment-can-begin",
    description:
      "ECS can begin a deployment: behind a listener, and with the fewest tasks too, which it rounds to whole ones",
    subject: "service that ECS itself deploys",
    severity: "high",
    requirements: ["G-71", "GAP-24"],
    remedy:
      "deploymentMaximumPercent 200, or enough tasks that a part of them is a whole one; dependsOn the listener",
  },
  function* (stack) {
    for (const service of stack.ofType(types.service)) {
      yield* stack.judge(service, () => {
        if (!ecsDeploys(service.props)) return undefined;
        const [most, least] = [mostPercent(service.props), leastPercent(service.props)];
        // Of the chat, no-task-before-its-successor says so, whatever the count.
        if (most <= 100 && stack.chatServices().includes(service)) return undefined;
        const count = fewestTasks(stack, service);
        const [ceiling, floor] = [Math.floor((count * most) / 100), Math.ceil((count * least) / 100)];
        return (
          count > 0 &&
          ceiling <= floor &&
          `a deployment never begins: ${most} % of ${count} tasks are ${ceiling}, of which ${floor} have to stay`
        );
      });
    }
    // The provider asks again for two minutes, within which another program may be lucky.
    for (const service of stack.is("chatpop") ? stack.chatServices() : []) {
      for (const group of stack.sources(service, "loadBalancers", types.targetGroup)) {
        const leading = leadingTo(stack, group);
        yield* stack.judge(
          service,
          () => leading.length === 0 && `no listener leads to ${group.name}: nobody reaches its tasks`,
        );
        yield* stack.judge(
          service,
          () =>
            leading.length > 0 &&
            !leading.some((each) => stack.before(service).includes(each)) &&
            `does not wait for a listener that leads to ${group.name}: ECS refuses a target group without a load balancer`,
        );
      }
    }
  },
);

export const noTaskBeforeItsSuccessor = chatRule(
  {
    name: "no-task-before-its-successor",
    of: "chatServices",
    description:
      "A deployment stops no task before its successor is healthy, and goes back by itself when it fails",
    severity: "high",
    requirements: ["G-71", "GAP-17", "GAP-24"],
    remedy:
      "deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent above it, deploymentCircuitBreaker: { enable: true, rollback: true }",
  },
  [
    (properties) => {
      const percent = leastPercent(properties);
      return (
        percent < 100 &&
        ecsDeploys(properties) &&
        `a deployment lets the service fall to ${percent} % of its tasks`
      );
    },
    (properties) =>
      mostPercent(properties) <= 100 &&
      ecsDeploys(properties) &&
      `a deployment can start no task beside the old ones (deploymentMaximumPercent ${mostPercent(properties)})`,
    (properties) =>
      findingIn(["enable", "rollback"] as const, (property) => {
        const breaker = properties["deploymentCircuitBreaker"] as
          { enable?: boolean; rollback?: boolean } | undefined;
        return (
          !breaker?.[property] &&
          ecsDeploys(properties) &&
          "a deployment that fails goes on starting tasks for ever"
        );
      }),
  ],
);

export const healthCheckGracePeriod = chatRule(
  {
    name: "health-check-grace-period",
    of: "chatServices",
    description: "A new task has a minute to start before its health counts",
    severity: "medium",
    requirements: ["GAP-17"],
    remedy: "healthCheckGracePeriodSeconds: 120",
    settings: { shortest: number(60, "Least seconds during which health checks do not count.") },
  },
  [
    (properties, { shortest }) => {
      const seconds = (properties["healthCheckGracePeriodSeconds"] as number | undefined) ?? 0;
      return seconds < shortest && `a task that is still starting is replaced after ${seconds} s`;
    },
  ],
);

/** The most tasks that a service may have at once; more than a few where nothing says so. */
const mostTasks = (stack: Stack, service: PolicyResource): number =>
  Math.max(
    ...stack
      .scalingTargets(service)
      .map(({ props }) => asNumber(known(() => props["maxCapacity"]) ?? Infinity)),
    asNumber(known(() => service.props["desiredCount"]) ?? Infinity),
  );

const largeFromRooms = guide.large.rooms;

export const deploymentInSteps = stackRule(
  {
    name: "deployment-in-steps-from-5000-rooms",
    description: "From 5,000 rooms a deployment goes in steps, so that not everybody reconnects at once",
    subject: "service of so many tasks",
    severity: "medium",
    requirements: ["GAP-24", "GAP-40"],
    remedy: "deploymentMaximumPercent: 150 on the service, slowStart: 60 on the target group",
    settings: {
      maximumPercent: number(150, "Most tasks during a deployment, in percent of the desired ones."),
      slowStart: number(30, "Least seconds over which a new task's share of requests grows."),
    },
  },
  function* (stack, { maximumPercent, slowStart }) {
    if (!stack.reaches(largeFromRooms)) return;
    const stepped = stack.chatServices().filter((each) => mostTasks(stack, each) > stepsAboveTasks);
    // Half of one task is none, so that nothing would be deployed: a service that may run one takes twice as many.
    const mayRunOne = (service: PolicyResource) =>
      stack.scalingTargets(service).some(({ props }) => known(() => props["minCapacity"]) === 1);
    for (const service of stepped.filter((each) => !mayRunOne(each))) {
      yield* stack.judge(service, () => {
        const percent = mostPercent(service.props);
        return (
          percent > maximumPercent &&
          ecsDeploys(service.props) &&
          `a deployment starts up to ${percent} % of the tasks at once`
        );
      });
    }
    const groups = stepped.flatMap((each) => stack.sources(each, "loadBalancers", types.targetGroup));
    for (const group of new Set(groups)) {
      yield* stack.judge(group, () => {
        const seconds = (group.props["slowStart"] as number | undefined) ?? 0;
        return seconds < slowStart && `a new task gets its full share of requests after ${seconds} s`;
      });
    }
  },
);

interface DeploymentAlarms {
  readonly enable?: boolean;
  readonly rollback?: boolean;
}

export const deploymentWatched = chatRule(
  {
    name: "deployment-watched",
    of: "chatServices",
    description:
      "An update waits for its deployment, which goes back when requests fail, and ECS moves no task between zones",
    severity: "medium",
    requirements: ["G-71", "GAP-24"],
    remedy:
      'alarms: { alarmNames, enable: true, rollback: true }, waitForSteadyState: true, availabilityZoneRebalancing: "DISABLED"',
  },
  [
    (properties) => {
      if (!ecsDeploys(properties)) return undefined;
      const { enable, rollback } = (properties["alarms"] ?? {}) as DeploymentAlarms;
      return !(enable && rollback) && "a release whose requests fail stays (alarms)";
    },
    (properties) =>
      properties["waitForSteadyState"] !== true &&
      "an update ends well before its tasks are healthy (waitForSteadyState)",
    // AWS turns it on where a new service says nothing.
    (properties) =>
      (properties["availabilityZoneRebalancing"] ?? "ENABLED") !== "DISABLED" &&
      "ECS stops healthy tasks, and cuts their sockets, to balance zones (availabilityZoneRebalancing)",
  ],
);
