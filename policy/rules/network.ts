import type { PolicyResource } from "@pulumi/policy";
import { groupsOf, type Ingress, ingresses, meet } from "../ingress";
import { stackRule } from "../rule";
import { type Complaint, has, type Stack } from "../stack";
import { types } from "../types";

const everywhere = ["0.0.0.0/0", "::/0"];
const publicPorts = [80, 443];

const range = (from: number, to: number) => (from === to ? `port ${from}` : `ports ${from}–${to}`);

export const internetIngress = stackRule(
  {
    name: "internet-ingress",
    description: "The internet reaches nothing but ports 80 and 443 of the load balancer",
    severity: "critical",
    requirements: ["G-52", "G-191", "GAP-13"],
    remedy: "let the load balancer's group in instead (referencedSecurityGroupId), or narrow the network",
    publicChecks: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277", "AWS-0107", "EC23"],
  },
  function* (stack) {
    const loadBalancers = groupsOf(stack, types.loadBalancer);
    for (const { resource, into, networks, ports } of ingresses(stack)) {
      yield* stack.judge(resource, () =>
        networks((network) => {
          if (!everywhere.includes(network)) return undefined;
          if (!meet(into, loadBalancers))
            return `lets the internet into ${names(into)}, which is no load balancer's`;
          const [from, to] = ports();
          return !(from === to && publicPorts.includes(from)) && `lets the internet in on ${range(from, to)}`;
        }),
      );
    }
  },
);

const names = (groups: readonly PolicyResource[]) => groups.map(({ name }) => name).join(", ") || "a group";

/** Ways into some groups that are open to anything but some other groups. */
function* trespassers(
  stack: Stack,
  into: readonly PolicyResource[],
  allowed: readonly PolicyResource[],
  whose: string,
): Generator<Complaint> {
  const enters = (ingress: Ingress) => meet(ingress.into, into);
  for (const { resource, from, networks } of ingresses(stack).filter(enters)) {
    yield* stack.judge(resource, () => networks((network) => `lets ${network} into ${whose}`));
    const strangers = from.filter((group) => !meet([group], [...allowed, ...into]));
    yield* stack.judge(resource, () => strangers.length > 0 && `lets ${names(strangers)} into ${whose}`);
  }
}

export const dataFromTasksOnly = stackRule(
  {
    name: "data-from-tasks-only",
    description: "Database and cache are reached by tasks, functions and the proxy of the stack only",
    severity: "critical",
    requirements: ["G-2", "G-45", "GAP-9", "GAP-13"],
    remedy: "referencedSecurityGroupId: the group of the tasks, the functions or the proxy",
  },
  function* (stack) {
    const data = groupsOf(stack, types.database, types.cache, types.cacheCluster, types.proxy);
    const users = groupsOf(stack, types.service, types.function, types.proxy);
    yield* trespassers(stack, data, users, "the data tier");
  },
);

export const tasksFromLoadBalancerOnly = stackRule(
  {
    name: "tasks-from-load-balancer-only",
    description: "Tasks are reached through the load balancer only, whose headers they believe",
    severity: "high",
    requirements: ["G-72", "GAP-13", "GAP-22"],
    remedy: "referencedSecurityGroupId: the group of the load balancer",
  },
  function* (stack) {
    yield* trespassers(
      stack,
      groupsOf(stack, types.service),
      groupsOf(stack, types.loadBalancer),
      "the tasks",
    );
  },
);

/** Which arguments place a resource into subnets, and how they are called in a message. */
const placements = [
  [types.loadBalancer, "subnets", "subnetMappings"],
  [types.databaseSubnetGroup, "subnetIds"],
  [types.cacheSubnetGroup, "subnetIds"],
  [types.proxy, "vpcSubnetIds"],
] as const;

export const twoZones = stackRule(
  {
    name: "two-zones",
    description: "Load balancer, proxy and data stand in at least two availability zones",
    severity: "high",
    requirements: ["G-50", "G-72", "G-106", "G-191"],
    remedy: "chatpop:zones 2 or more: subnets of at least two zones",
  },
  function* (stack) {
    for (const [type, ...properties] of placements) {
      for (const resource of stack.ofType(type)) {
        const property = properties.find((each) => has(resource, each));
        if (!property) continue;
        yield* stack.judge(resource, () => {
          const count = (resource.props[property] as readonly unknown[]).length;
          return count < 2 && `stands in ${count} subnet only`;
        });
        yield* stack.judge(resource, () => {
          const zones = stack
            .sources(resource, property, types.subnet)
            .map((subnet) => subnet.props["availabilityZone"] as string | undefined);
          return (
            zones.length > 1 &&
            zones.every(Boolean) &&
            new Set(zones).size === 1 &&
            `all its subnets are in zone ${zones[0]}`
          );
        });
      }
    }
  },
);

/** Whether a subnet has a route to the internet that also lets the internet in. */
function isPublic(stack: Stack, subnet: PolicyResource): boolean {
  return stack
    .madeOf(subnet, types.routeTableAssociation, "subnetId")
    .some((association) =>
      (association.propertyDependencies["routeTableId"] ?? []).some((table) =>
        stack
          .madeOf(table, types.route, "routeTableId")
          .some((route) => stack.sources(route, "gatewayId", types.internetGateway).length > 0),
      ),
    );
}

export const dataInPrivateSubnets = stackRule(
  {
    name: "data-in-private-subnets",
    description: "Database and cache stand in subnets without a route from the internet",
    severity: "high",
    requirements: ["G-45", "G-111", "GAP-13"],
    remedy: "subnetIds: subnets whose route table has no internet gateway",
  },
  function* (stack) {
    for (const type of [types.databaseSubnetGroup, types.cacheSubnetGroup]) {
      for (const group of stack.ofType(type)) {
        for (const subnet of stack.sources(group, "subnetIds", types.subnet)) {
          yield* stack.judge(group, () => isPublic(stack, subnet) && `${subnet.name} is a public subnet`);
        }
      }
    }
  },
);

export const flowLogs = stackRule(
  {
    name: "flow-logs",
    description: "The VPC records who talks to whom",
    severity: "low",
    level: "advisory",
    requirements: ["GAP-13"],
    remedy: "an aws.ec2.FlowLog with this vpcId",
    publicChecks: ["CKV2_AWS_11", "VPC7", "AWS-0178"],
  },
  function* (stack) {
    for (const vpc of stack.ofType(types.vpc)) {
      const logs = stack.madeOf(vpc, types.flowLog, "vpcId");
      yield* stack.judge(vpc, () => logs.length === 0 && "the VPC has no flow log");
    }
  },
);
