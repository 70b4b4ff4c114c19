import type { PolicyResource } from "@pulumi/policy";
import { type Stack, has } from "./stack";
import { canonical, types } from "../aws/types";
import { asNumber, asText, type Entries, type Finding, findingIn, known, type Properties } from "./values";

/** One way into security groups, in whichever of AWS's three forms it was written. */
export interface Ingress {
  /** The resource to blame. */
  readonly resource: PolicyResource;
  /** Security groups that the rule admits traffic into. */
  readonly into: readonly PolicyResource[];
  /** Security groups that the traffic comes from. */
  readonly from: readonly PolicyResource[];
  /** Fault of a source network; called inside a check, because networks may be unknown. */
  readonly networks: (judge: (network: string) => Finding) => Finding;
  /** Fault of a prefix list, or of a group by its id; also called inside a check. */
  readonly named: (judge: (id: string) => Finding) => Finding;
  /** Whether it is for datagrams; read inside a check. */
  readonly isUdp: () => boolean;
  /** First and last port; read inside a check. */
  readonly ports: () => readonly [number, number];
}

const everyPort = [0, 65_535] as const;

/** Protocol -1 means everything, whatever ports are given. */
const portsOf = (protocol: unknown, from: unknown, to: unknown): readonly [number, number] =>
  asText(protocol) === "-1" || from === undefined || asNumber(from) < 0
    ? everyPort
    : [asNumber(from), asNumber(to ?? from)];

const isUdp = (protocol: unknown): boolean => /^(udp|17)$/i.test(asText(protocol));

/** Judges the values of some arguments, each a text or a list. */
const valuesIn =
  (read: () => Properties, ...properties: readonly string[]): Ingress["networks"] =>
  (judge) =>
    findingIn(properties, (property) => findingIn(read()[property] as Entries<string>, judge));

/** The argument that names groups, unless it was made of groups of this stack. */
const byHand = (from: readonly PolicyResource[], property: string) => (from.length > 0 ? [] : [property]);

function ofRule(stack: Stack, rule: PolicyResource): Ingress {
  const { props } = rule;
  const from = stack.sources(rule, "referencedSecurityGroupId", types.securityGroup);
  const named = ["prefixListId", ...byHand(from, "referencedSecurityGroupId")];
  return {
    resource: rule,
    into: stack.sources(rule, "securityGroupId", types.securityGroup),
    from,
    named: valuesIn(() => props, ...named.filter((property) => has(rule, property))),
    networks: valuesIn(() => props, ...["cidrIpv4", "cidrIpv6"].filter((property) => has(rule, property))),
    isUdp: () => isUdp(props["ipProtocol"]),
    ports: () => portsOf(props["ipProtocol"], props["fromPort"], props["toPort"]),
  };
}

function ofOldRule(stack: Stack, rule: PolicyResource): Ingress {
  const { props } = rule;
  const from = stack.sources(rule, "sourceSecurityGroupId", types.securityGroup);
  const named = ["prefixListIds", ...byHand(from, "sourceSecurityGroupId")];
  return {
    resource: rule,
    into: stack.sources(rule, "securityGroupId", types.securityGroup),
    from,
    named: valuesIn(() => props, ...named.filter((property) => has(rule, property))),
    networks: valuesIn(() => props, "cidrBlocks", "ipv6CidrBlocks"),
    isUdp: () => isUdp(props["protocol"]),
    ports: () => portsOf(props["protocol"], props["fromPort"], props["toPort"]),
  };
}

/** The rules that a group has of its own. */
function inline(stack: Stack, group: PolicyResource): readonly Ingress[] {
  if (!has(group, "ingress")) return [];
  const rules = () => group.props["ingress"] as readonly Properties[];
  // Pulumi records the sources per argument, not per inline rule, so each inline rule gets all of them.
  const from = stack.sources(group, "ingress", types.securityGroup);
  // A list that is unknown as a whole counts as one way in, whose check waits.
  return Array.from({ length: known(() => rules().length) ?? 1 }, (_, index) => {
    const rule = () => rules()[index] ?? {};
    return {
      resource: group,
      into: [group],
      from,
      named: valuesIn(rule, "prefixListIds", ...byHand(from, "securityGroups")),
      networks: valuesIn(rule, "cidrBlocks", "ipv6CidrBlocks"),
      isUdp: () => isUdp(rule()["protocol"]),
      ports: () => portsOf(rule()["protocol"], rule()["fromPort"], rule()["toPort"]),
    };
  });
}

/** Every way into the security groups of a stack. */
export function ingresses(stack: Stack): readonly Ingress[] {
  return [
    ...stack.ofType(types.ingressRule).map((rule) => ofRule(stack, rule)),
    ...stack
      .ofType(types.securityGroupRule)
      .filter((rule) => known(() => rule.props["type"]) !== "egress")
      .map((rule) => ofOldRule(stack, rule)),
    ...[types.securityGroup, types.defaultSecurityGroup]
      .flatMap((type) => stack.ofType(type))
      .flatMap((group) => inline(stack, group)),
  ];
}

/** The argument of a resource with its security groups, and the field in it. */
const membership: readonly (readonly [type: string, property: string, field?: string])[] = [
  [types.loadBalancer, "securityGroups"],
  [types.service, "networkConfiguration", "securityGroups"],
  [types.function, "vpcConfig", "securityGroupIds"],
  [types.proxy, "vpcSecurityGroupIds"],
  [types.database, "vpcSecurityGroupIds"],
  [types.cache, "securityGroupIds"],
  [types.cacheCluster, "securityGroupIds"],
];

/** Security groups that resources of these types are members of. */
export function groupsOf(stack: Stack, ...memberTypes: readonly string[]): readonly PolicyResource[] {
  return membership
    .filter(([type]) => memberTypes.includes(type))
    .flatMap(([type, property]) =>
      stack.ofType(type).flatMap((member) => stack.sources(member, property, types.securityGroup)),
    );
}

/** Ids of the security groups that resources of these types name by hand; read inside a check. */
export function idsOf(stack: Stack, ...memberTypes: readonly string[]): readonly string[] {
  return membership
    .filter(([type]) => memberTypes.includes(type))
    .flatMap(([type, property, field]) =>
      stack
        .ofType(type)
        .filter((member) => stack.sources(member, property, types.securityGroup).length === 0)
        .flatMap(({ props }) => {
          const value = props[property];
          return (field ? (value as Properties | undefined)?.[field] : value) ?? [];
        }),
    ) as readonly string[];
}

/** Whether a resource was given no security group, so that it is in the default one of its VPC. */
export const inDefaultGroup = (resource: PolicyResource): boolean =>
  membership.some(([type, property]) => canonical(resource.type) === type && !has(resource, property));

/** Whether two lists have a resource in common. */
export const meet = (some: readonly PolicyResource[], others: readonly PolicyResource[]): boolean =>
  some.some(({ urn }) => others.some((other) => other.urn === urn));

/**
 * Whether groups let other groups in on a port. A network lets anybody in who has an address in it, and so may a group or a
 * list of another stack; what is still unknown may as well.
 */
export const admits = (
  stack: Stack,
  into: readonly PolicyResource[],
  from: readonly PolicyResource[],
  port: number,
): boolean =>
  ingresses(stack)
    .filter((each) => meet(each.into, into))
    .some(({ from: sources, networks, named, ports }) => {
      const [first, last] = known(ports) ?? everyPort;
      if (!(first <= port && port <= last)) return false;
      const anybody = (judge: Ingress["networks"]) => known(() => [judge(() => "let in")]) ?? ["unknown"];
      return meet(sources, from) || [networks, named].some((each) => Boolean(anybody(each)[0]));
    });
