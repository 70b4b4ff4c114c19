import type { PolicyResource } from "@pulumi/policy";
import { groupsOf, idsOf, inDefaultGroup, type Ingress, ingresses, meet } from "../ingress";
import { isInternet, isOwnNetwork } from "../networks";
import { isPublic } from "../routes";
import { stackRule } from "../rule";
import { type Complaint, has, type Stack } from "../stack";
import { types } from "../../aws/types";
import { type Finding, judged, known, undecided } from "../values";

const publicPorts = [80, 443];

/** Ports of shells, remote desktops, databases and caches. */
const inside = [
  ...[20, 21, 22, 23, 135, 445, 1433, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 4333, 5432, 5500, 5601, 5672],
  ...[5900, 5985, 5986, 6379, 6380, 8086, 9042, 9090, 9092, 9200, 9300, 11211, 15672, 27017, 27018],
];

/**
 * Whether ports are open to everybody that only administrators and programs use, or more of them than a service has.
 * Calls (WebRTC, TURN) take a port of their own each, for datagrams and from those that nobody else has.
 */
const tooOpen = (from: number, to: number, isUdp: boolean) =>
  (to - from > 100 && !(isUdp && from >= 10_000)) || inside.some((port) => from <= port && port <= to);

/** Types of resources with data, or on the way to it. */
const dataTier = [types.database, types.cache, types.cacheCluster, types.proxy];

const range = (from: number, to: number) => (from === to ? `port ${from}` : `ports ${from}–${to}`);

export const internetIngress = stackRule(
  {
    name: "internet-ingress",
    description: "The internet reaches nothing but ports 80 and 443 of the load balancer",
    severity: "critical",
    requirements: ["G-52", "G-191", "GAP-13"],
    remedy: "let the load balancer's group in instead (referencedSecurityGroupId), or narrow the network",
    publicChecks: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277", "AWS-0107", "EC23", "EC2.18", "EC2.19"],
  },
  function* (stack) {
    const loadBalancers = groupsOf(stack, types.loadBalancer);
    const data = groupsOf(stack, ...dataTier);
    // Another program may well serve something else: it is asked for ports that nobody serves to everybody.
    const strict = stack.is("chatpop");
    for (const { resource, into, networks, ports, isUdp } of ingresses(stack)) {
      const internet = (judge: () => Finding) =>
        judged(networks((network) => isInternet(network) && judge()));
      yield* stack.judge(resource, () =>
        internet(() => {
          if (meet(into, data)) return `lets the internet into ${names(into)}, the data tier`;
          const [from, to] = ports();
          if (!strict) return tooOpen(from, to, isUdp()) && `lets the internet in on ${range(from, to)}`;
          if (!meet(into, loadBalancers))
            return `lets the internet into ${names(into)}, which is no load balancer's`;
          return !(from === to && publicPorts.includes(from)) && `lets the internet in on ${range(from, to)}`;
        }),
      );
    }
  },
);

const names = (groups: readonly PolicyResource[]) => groups.map(({ name }) => name).join(", ") || "a group";

/** Ways into the groups of some types that are open to anything but the groups of some other types. */
function* trespassers(
  stack: Stack,
  hosts: readonly string[],
  guests: readonly string[],
  whose: string,
): Generator<Complaint> {
  const into = groupsOf(stack, ...hosts);
  const allowed = groupsOf(stack, ...guests, ...hosts);
  const balancers = groupsOf(stack, types.loadBalancer);
  const strict = stack.is("chatpop");
  // What a network load balancer without a group passes on comes from networks.
  const grouped = groupsOf(stack, ...guests).length > 0 || hosts === dataTier;
  const enters = (ingress: Ingress) => meet(ingress.into, into);
  for (const { resource, from, networks, named } of ingresses(stack).filter(enters)) {
    yield* stack.judge(resource, () =>
      networks((network) => (strict || !isOwnNetwork(network)) && `lets ${network} into ${whose}`),
    );
    // To whom the addresses of its own network belong, another program knows itself.
    yield* stack.judge(
      resource,
      () =>
        networks(
          (network) =>
            !strict &&
            grouped &&
            isOwnNetwork(network) &&
            `lets ${network} into ${whose}, whoever has an address in it`,
        ),
      "medium",
    );
    yield* stack.judge(resource, () =>
      named((id) => {
        if (idsOf(stack, ...guests, ...hosts).includes(id)) return undefined;
        // Whose group another stack's is, this one does not show.
        if (!strict && id.startsWith("sg-")) return undecided(id);
        return `lets ${id} into ${whose}`;
      }),
    );
    // Another program may have its guests on instances, in a cluster, or behind a bastion.
    const strangers = from.filter((group) =>
      strict ? !meet([group], allowed) : meet([group], balancers) && !meet([group], allowed),
    );
    yield* stack.judge(resource, () => strangers.length > 0 && `lets ${names(strangers)} into ${whose}`);
  }
}

export const dataFromTasksOnly = stackRule(
  {
    name: "data-from-tasks-only",
    description:
      "Database and cache are reached by the stack's own tasks, functions and proxy, not from networks and load balancers",
    severity: "critical",
    requirements: ["G-2", "G-45", "GAP-9", "GAP-13"],
    remedy: "referencedSecurityGroupId: the group of the tasks, the functions or the proxy",
  },
  function* (stack) {
    const users = [types.service, types.function, types.proxy];
    yield* trespassers(stack, dataTier, users, "the data tier");
    for (const each of [...stack.ofType(types.database), ...stack.caches(), ...stack.ofType(types.proxy)]) {
      yield* stack.judge(
        each,
        () => inDefaultGroup(each) && "is in the VPC's default group, whose members all reach it",
      );
    }
  },
);

export const tasksFromLoadBalancerOnly = stackRule(
  {
    name: "tasks-from-load-balancer-only",
    description: "Tasks are reached through the load balancer only, whose headers they believe",
    subject: "way into the tasks",
    severity: "high",
    requirements: ["G-72", "GAP-13", "GAP-22"],
    remedy: "referencedSecurityGroupId: the group of the load balancer",
  },
  function* (stack) {
    yield* trespassers(stack, [types.service], [types.loadBalancer], "the tasks");
  },
);

/** Types of resources in subnets, with the arguments for the subnets. */
const placed = (stack: Stack): readonly (readonly [PolicyResource, ...string[]])[] => [
  ...stack
    .ofType(types.loadBalancer)
    // Only Application Load Balancers have to.
    .filter(({ props }) => (known(() => props["loadBalancerType"]) ?? "application") === "application")
    .map((each) => [each, "subnets", "subnetMappings"] as const),
  ...stack.chatServices().map((each) => [each, "networkConfiguration"] as const),
  ...stack.ofType(types.databaseSubnetGroup).map((each) => [each, "subnetIds"] as const),
  ...(stack.is("chatpop") ? stack.ofType(types.cacheSubnetGroup) : []).map(
    (each) => [each, "subnetIds"] as const,
  ),
  ...stack.ofType(types.proxy).map((each) => [each, "vpcSubnetIds"] as const),
];

/** The subnets of an argument, which is a list of them, or has one. Each of them may be unknown. */
const subnetsIn = (value: unknown) =>
  (Array.isArray(value) ? value : ((value as { subnets?: unknown }).subnets ?? [])) as readonly unknown[];

export const twoZones = stackRule(
  {
    name: "two-zones",
    description: "Load balancer, tasks, proxy and data stand in at least two availability zones",
    subject: "load balancer, service or subnet group with subnets",
    severity: "high",
    requirements: ["G-50", "G-72", "G-106", "G-191"],
    remedy: "subnets of at least two zones",
    publicChecks: ["ELB.13"],
  },
  function* (stack) {
    for (const [resource, ...properties] of placed(stack)) {
      const property = properties.find((each) => has(resource, each));
      if (!property) continue;
      yield* stack.judge(resource, () => {
        const count = subnetsIn(resource.props[property]).length;
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
  },
);

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
    publicChecks: ["CKV2_AWS_11", "VPC7", "AWS-0178", "EC2.6"],
  },
  function* (stack) {
    for (const vpc of stack.ofType(types.vpc)) {
      const logs = stack.madeOf(vpc, types.flowLog, "vpcId");
      yield* stack.judge(vpc, () => logs.length === 0 && "the VPC has no flow log");
    }
  },
);
