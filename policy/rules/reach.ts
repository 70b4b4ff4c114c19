import type { PolicyResource } from "@pulumi/policy";
import { type Container, containers } from "../containers";
import { admits, groupsOf } from "../ingress";
import { balancersOf } from "../listeners";
import { isPrivate, reachesNothing } from "../routes";
import { stackRule } from "../rule";
import type { Stack } from "../stack";
import { types } from "../../aws/types";
import { asNumber, asText, type Entries, type Finding, findingIn } from "../values";

interface Behind {
  readonly containerName?: string;
  readonly containerPort?: number;
}

const behind = ({ props }: PolicyResource) => props["loadBalancers"] as Entries<Behind>;

const listens = ({ portMappings }: Container, port: number) =>
  portMappings.some(({ containerPort, containerPortRange }) => {
    const [from = NaN, to = from] = asText(containerPort ?? containerPortRange ?? "")
      .split("-")
      .map(asNumber);
    return from <= port && port <= to;
  });

export const serviceNamesItsContainer = stackRule(
  {
    name: "service-names-its-container",
    description: "The load balancer's requests go to a container, and to a port of it, that the task has",
    subject: "service behind a load balancer with a task definition of this stack",
    severity: "high",
    requirements: ["G-53", "G-58"],
    remedy: "containerName and containerPort as they stand in the task's containerDefinitions",
  },
  function* (stack) {
    for (const service of stack.chatServices()) {
      for (const task of stack.sources(service, "taskDefinition", types.taskDefinition)) {
        yield* stack.judge(service, () => {
          const all = containers(task.props);
          if (all.length === 0) return undefined;
          return findingIn(behind(service), ({ containerName, containerPort }) => {
            const named = all.find(({ name }) => name === asText(containerName));
            if (!named)
              return `sends requests to the container ${asText(containerName)}, which ${task.name} does not have`;
            // Without a port AWS takes the container's only one.
            if (containerPort === undefined || named.portMappings.length === 0) return undefined;
            return (
              !listens(named, containerPort) &&
              `sends requests to port ${containerPort}, on which the container ${named.name} does not listen`
            );
          });
        });
      }
    }
  },
);

/** Fault of a way between the groups of two resources; undefined where the stack does not show it. */
function wayFault(
  stack: Stack,
  from: readonly PolicyResource[],
  into: readonly PolicyResource[],
  port: number,
): Finding {
  if (from.length === 0 || into.length === 0 || !Number.isFinite(port)) return undefined;
  const [to] = into;
  if (reachesNothing(stack, from, port)) return `${from[0]!.name} lets nothing out on port ${port}`;
  return (
    !admits(stack, into, from, port) && `${to!.name} lets nothing of ${from[0]!.name} in on port ${port}`
  );
}

const ofMember = (stack: Stack, member: PolicyResource, property: string) =>
  stack.sources(member, property, types.securityGroup);

export const loadBalancerReachesTasks = stackRule(
  {
    name: "load-balancer-reaches-tasks",
    description: "The security groups let the load balancer's requests through to the tasks",
    subject: "service whose groups, and whose load balancer's, are this stack's",
    severity: "high",
    requirements: ["G-52", "G-190", "GAP-13"],
    remedy:
      "an egress rule of the load balancer's group and an ingress rule of the tasks', for the container's port",
  },
  function* (stack) {
    for (const service of stack.chatServices()) {
      const into = ofMember(stack, service, "networkConfiguration");
      for (const balancer of new Set(balancersOf(stack, service))) {
        yield* stack.judge(service, () =>
          findingIn(behind(service), ({ containerPort }) =>
            wayFault(stack, ofMember(stack, balancer, "securityGroups"), into, asNumber(containerPort)),
          ),
        );
      }
    }
  },
);

/** What the chat's tasks talk to, with the argument for its groups and its port where it says none. */
const data: readonly (readonly [type: string, groups: string, port: number])[] = [
  [types.cache, "securityGroupIds", 6379],
  [types.database, "vpcSecurityGroupIds", 5432],
  [types.proxy, "vpcSecurityGroupIds", 5432],
];

export const tasksReachData = stackRule(
  {
    name: "tasks-reach-data",
    description: "The security groups let the tasks through to database, proxy and cache",
    severity: "high",
    requirements: ["G-45", "G-52", "GAP-13"],
    remedy: "an egress rule of the tasks' group and an ingress rule of the data's, for its port",
  },
  function* (stack) {
    const tasks = groupsOf(stack, types.service);
    for (const [type, groups, usual] of data) {
      for (const each of stack.ofType(type)) {
        yield* stack.judge(each, () =>
          wayFault(
            stack,
            tasks,
            ofMember(stack, each, groups),
            type === types.proxy ? usual : asNumber(each.props["port"] ?? usual),
          ),
        );
      }
    }
  },
);

export const tasksWithoutPublicAddress = stackRule(
  {
    name: "tasks-without-public-address",
    description: "Tasks in private subnets have no public address, which only costs there",
    subject: "service in private subnets",
    severity: "low",
    requirements: ["GAP-13", "GAP-46"],
    remedy: "networkConfiguration.assignPublicIp: false",
    publicChecks: ["CKV_AWS_333", "ECS.2"],
  },
  function* (stack) {
    for (const service of stack.ofType(types.service)) {
      const subnets = stack.sources(service, "networkConfiguration", types.subnet);
      yield* stack.judge(service, () => {
        const [hidden] = subnets.filter((subnet) => isPrivate(stack, subnet));
        if (!hidden) return undefined;
        const { assignPublicIp } = service.props["networkConfiguration"] as { assignPublicIp?: boolean };
        return (
          assignPublicIp === true &&
          `its tasks have public addresses in ${hidden.name}, where nobody reaches them`
        );
      });
    }
  },
);
