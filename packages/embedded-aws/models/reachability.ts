// Reachability in the network, by the security groups of both sides.
import type { Context } from "./model";
import { protocolOf } from "./protocols";
import { range } from "./schema";

/** A place in a VPC. */
export interface Place {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

interface Rule {
  readonly protocol: unknown;
  readonly fromPort: unknown;
  readonly toPort: unknown;
  readonly groups: readonly unknown[];
  readonly blocks: readonly unknown[];
}

type Direction = "ingress" | "egress";

/** Whether the groups of both places admit TCP from one to the other on that port. */
export function reaches(from: Place, to: Place, port: number, context: Context): boolean {
  return (
    permits(from.securityGroups, "egress", to, port, context) &&
    permits(to.securityGroups, "ingress", from, port, context)
  );
}

/** Whether a rule of any of the groups admits the packet. */
function permits(
  groups: readonly string[],
  direction: Direction,
  peer: Place,
  port: number,
  context: Context,
): boolean {
  return groups
    .flatMap((group) => rulesOf(group, direction, context))
    .some(
      (rule) =>
        coversPort(rule, port) &&
        (rule.groups.some((group) => peer.securityGroups.includes(String(group))) ||
          rule.blocks.some((block) => coversSubnets(String(block), peer.subnets, context))),
    );
}

function rulesOf(group: string, direction: Direction, { account }: Context): Rule[] {
  const own = account.get("aws:ec2/securityGroup:SecurityGroup", group)?.inputs[direction];
  const inline = ((own ?? []) as Record<string, unknown>[]).map((rule) => ({
    protocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    groups: [...((rule.securityGroups ?? []) as unknown[]), ...(rule.self === true ? [group] : [])],
    blocks: (rule.cidrBlocks ?? []) as unknown[],
  }));
  const kind = direction === "ingress" ? "Ingress" : "Egress";
  const separate = account
    .list(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
    .filter(({ inputs }) => inputs.securityGroupId === group)
    .map(({ inputs }) => ({
      protocol: inputs.ipProtocol,
      fromPort: inputs.fromPort,
      toPort: inputs.toPort,
      groups: inputs.referencedSecurityGroupId === undefined ? [] : [inputs.referencedSecurityGroupId],
      blocks: inputs.cidrIpv4 === undefined ? [] : [inputs.cidrIpv4],
    }));
  const older = account
    .list("aws:ec2/securityGroupRule:SecurityGroupRule")
    .filter(({ inputs }) => inputs.securityGroupId === group && inputs.type === direction)
    .map(({ inputs }) => ({
      protocol: inputs.protocol,
      fromPort: inputs.fromPort,
      toPort: inputs.toPort,
      groups:
        inputs.self === true ? [group] : [inputs.sourceSecurityGroupId].filter((each) => each !== undefined),
      blocks: (inputs.cidrBlocks ?? []) as unknown[],
    }));
  return [...inline, ...separate, ...older];
}

function coversPort({ protocol, fromPort, toPort }: Rule, port: number): boolean {
  const name = protocolOf(protocol);
  if (name === "-1") return true;
  return name === "tcp" && Number(fromPort) <= port && port <= Number(toPort);
}

function coversSubnets(block: string, subnets: readonly string[], { account }: Context): boolean {
  const allowed = range(block);
  return subnets.some((id) => {
    const cidr = account.get("aws:ec2/subnet:Subnet", id)?.inputs.cidrBlock;
    if (typeof cidr !== "string") return false;
    const subnet = range(cidr);
    return allowed.first <= subnet.first && subnet.last <= allowed.last;
  });
}
