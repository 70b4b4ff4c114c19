import type { PolicyResource } from "@pulumi/policy";
import { taskCapacity } from "../../stacks/capacity";
import { connectionScalingFromRooms, taskSize } from "../../stacks/guide";
import { leave } from "../mends";
import { stackRule } from "../rule";
import { valueOf } from "../metricMath";
import { defaultCooldown, metricsOf, type ScalingMetric, scalingPolicies, tracking } from "../scaling";
import { number } from "../settings";
import { types } from "../../aws/types";
import { asNumber, asText, type Finding, findingIn, known } from "../values";

const connections = "ActiveConnectionCount";

/** The metric that something holds of. One that is unknown may be it as well; where no other is, the check waits for it. */
function metricOf(
  policy: PolicyResource,
  holds: (metric: ScalingMetric) => boolean,
): ScalingMetric | undefined {
  const metrics = metricsOf(policy);
  return metrics.find((metric) => known(() => holds(metric))) ?? metrics.find(holds);
}

const connectionsIn = (policy: PolicyResource) =>
  metricOf(policy, ({ metricName }) => metricName === connections);
const followsConnections = (policy: PolicyResource) => connectionsIn(policy) !== undefined;

/** The dimensions that each metric of the load balancer is written with; with others there never is any data. */
const written: Readonly<Record<string, string>> = {
  [connections]: "LoadBalancer",
  HealthyHostCount: "LoadBalancer and TargetGroup",
};

function dimensionFault(metric: ScalingMetric): Finding {
  const right = written[metric.metricName ?? ""];
  if (right === undefined) return undefined;
  const names = [metric.dimensions ?? []]
    .flat()
    .map((dimension) => dimension?.name)
    .sort()
    .join(" and ");
  return names !== right && `${metric.metricName} has no data by ${names || "nothing"}, but by ${right}`;
}

/** The tracked value must be a quotient over the tasks: a count alone would not fall when tasks are added. */
function quotientFault(policy: PolicyResource): Finding {
  const tracked = metricOf(policy, ({ returnData }) => returnData !== false);
  const tasks = () =>
    metricOf(policy, ({ metricName = "" }) => /^(HealthyHostCount|RunningTaskCount)$/.test(metricName));
  const [dividend = "", ...divisors] = asText(tracked?.expression ?? "").split("/");
  const uses = (text: string, metric?: ScalingMetric) =>
    text !== "" && metric?.id !== undefined && text.split(/\W+/).includes(metric.id);
  return findingIn(
    [() => uses(dividend, connectionsIn(policy)), () => divisors.some((divisor) => uses(divisor, tasks()))],
    (holds) => !holds() && "connections are not divided by the tasks that share them",
  );
}

/** Value of a policy's expression for a number of sockets (CloudWatch counts both ends) and of tasks. */
function tracked(policy: PolicyResource, sockets: number, tasks: number): number | undefined {
  const metrics = metricsOf(policy);
  const value = (id: string | undefined, depth: number): number | undefined => {
    const metric = metrics.find((each) => each.id === id);
    if (!metric || depth > metrics.length) return undefined;
    if (metric.expression !== undefined)
      return valueOf(asText(metric.expression), (other) => value(other, depth + 1));
    return metric.metricName === connections ? 2 * sockets : tasks;
  };
  return value(metrics.find(({ returnData, id }) => id !== undefined && returnData !== false)?.id, 0);
}

/** ActiveConnectionCount counts both ends of a connection: the client's and the task's. Halved, it is the sockets. */
function factorFault(policy: PolicyResource): Finding {
  const [sockets, tasks] = [900, 3];
  const value = tracked(policy, sockets, tasks);
  // Of an expression with functions only the figure is looked for.
  if (value === undefined)
    return (
      !metricOf(policy, ({ expression }) => /(^|[^\w.])(2|0\.5)(?![\w.])/.test(asText(expression ?? ""))) &&
      `${connections} counts both ends of a connection: without dividing by 2 tasks are counted twice as full`
    );
  if (Math.abs(value - sockets / tasks) < 1e-6) return undefined;
  return `${sockets} sockets on ${tasks} tasks come to ${+value.toFixed(2)} each, not ${sockets / tasks}: ${connections} counts both ends of a connection, so half of it is divided by the tasks`;
}

/** Sockets that fill the memory of a task of this size; the other parts of a task's capacity do not count for it. */
const socketsOf = (cpu: number, memory: number) =>
  taskCapacity({ cpu, memory, server: "uvicorn", outbox: false, usersPerRoom: 1 }).sockets;
const guideSockets = socketsOf(taskSize.cpu, taskSize.memory);

/** How many times the sockets of the guide's task a task of this definition carries; as many where it has no size. */
const timesSockets = ({ props }: PolicyResource) =>
  socketsOf(asNumber(props["cpu"] ?? taskSize.cpu), asNumber(props["memory"] ?? taskSize.memory)) /
  guideSockets;

const checks: readonly ((metric: ScalingMetric, policy: PolicyResource) => Finding)[] = [
  ({ namespace }) => namespace !== "AWS/ApplicationELB" && `${connections} is not written to ${namespace}`,
  (_metric, policy) => findingIn(metricsOf(policy), dimensionFault),
  ({ statistic }) => statistic !== "Sum" && `${statistic} of ${connections} is not the number of connections`,
  (_metric, policy) => quotientFault(policy),
  (_metric, policy) => factorFault(policy),
];

export const connectionScaling = stackRule(
  {
    name: "connection-scaling-from-1000-rooms",
    description: "From 1,000 rooms the service scales on open connections per task as well",
    severity: "high",
    requirements: ["G-21", "G-192", "GAP-33", "GAP-11"],
    remedy: "target tracking on ActiveConnectionCount (Sum, by LoadBalancer only) / (2 × HealthyHostCount)",
    mends: [leave("connectionsPerTask")],
    settings: {
      highest: number(
        guideSockets,
        "Highest target of connections per task of 1 GB; more fill its memory. A task of another size carries them in proportion.",
      ),
    },
  },
  function* (stack, { highest }) {
    if (!stack.reaches(connectionScalingFromRooms)) return;
    for (const service of stack.chatServices()) {
      const policies = scalingPolicies(stack, service);
      const following = policies.filter((policy) => known(() => followsConnections(policy)));
      if (following.length === 0) {
        yield* stack.judge(
          service,
          () => !policies.some(followsConnections) && "nothing scales the service on open connections",
        );
      }
      for (const policy of following) {
        for (const check of checks) yield* stack.judge(policy, () => check(connectionsIn(policy)!, policy));
        yield* stack.judge(policy, () => {
          const target = tracking(policy)?.targetValue ?? NaN;
          const tasks = stack.sources(service, "taskDefinition", types.taskDefinition);
          const most = highest * Math.min(...(tasks.length > 0 ? tasks.map(timesSockets) : [1]));
          return !(target <= most) && `${target} connections per task are more than ${most}`;
        });
      }
    }
  },
);

export const connectionScaleIn = stackRule(
  {
    name: "connection-scale-in",
    description: "Scaling on connections goes inwards slowly, and has a say whenever another policy wants to",
    severity: "high",
    requirements: ["GAP-33"],
    remedy: "scaleInCooldown: 900 and no disableScaleIn on the policy that tracks connections",
    settings: {
      scaleInCooldown: number(600, "Least seconds between two scale-ins; each cuts sockets."),
    },
  },
  function* (stack, { scaleInCooldown }) {
    for (const service of stack.chatServices()) {
      for (const policy of scalingPolicies(stack, service)) {
        if (!known(() => followsConnections(policy))) continue;
        yield* stack.judge(policy, () => {
          const value = tracking(policy)?.scaleInCooldown ?? defaultCooldown;
          return (
            value < scaleInCooldown && `scales in every ${value} s, faster than every ${scaleInCooldown} s`
          );
        });
        yield* stack.judge(
          policy,
          () =>
            tracking(policy)?.disableScaleIn === true &&
            "does not take part in scaling in, so CPU alone stops tasks that are full of silent sockets",
        );
      }
    }
  },
);
