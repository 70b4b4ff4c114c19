// Place of a resource in the network: the zones and the VPC of its subnets, and the VPC of its security groups.
import type { Resource } from "../account";
import type { Context, Reference } from "./model";

const subnet = "aws:ec2/subnet:Subnet";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";

/** A reference of `path` to subnets. */
export function toSubnets(path: string, missing: string): Reference {
  return { path, to: subnet, missing };
}

/** A reference of `path` to security groups. */
export function toSecurityGroups(path: string, missing: string): Reference {
  return { path, to: securityGroup, missing };
}

/** The distinct values of an output over the resources with these ids. */
function distinct(type: string, ids: readonly string[], output: string, context: Context): string[] {
  const found = ids.map((id) => context.account.get(type, id)).filter((each): each is Resource => !!each);
  return [...new Set(found.map((each) => String(each.outputs[output])))];
}

/** The availability zones that these subnets cover. */
export function zonesOf(subnets: readonly string[], context: Context): string[] {
  return distinct(subnet, subnets, "availabilityZone", context);
}

/** The VPCs of these subnets; a correct program has one. */
export function vpcsOf(subnets: readonly string[], context: Context): string[] {
  return distinct(subnet, subnets, "vpcId", context);
}

/** The security groups among these that do not belong to the VPC. */
export function foreignGroups(
  groups: readonly string[],
  vpc: string | undefined,
  context: Context,
): string[] {
  return groups.filter((id) => {
    const group = context.account.get(securityGroup, id);
    return group !== undefined && vpc !== undefined && group.outputs.vpcId !== vpc;
  });
}
