// Ways from a subnet to the internet: its route table, the gateway of the default route, and a public address.
import type { Resource } from "../account";
import { phaseOf } from "../states/phases";
import type { Context } from "./model";

const everywhere = "0.0.0.0/0";

/** Whether the VPC has an internet gateway. */
export function hasInternetGateway(vpc: unknown, { account }: Context): boolean {
  return account.find("aws:ec2/internetGateway:InternetGateway", "vpcId", vpc) !== undefined;
}

interface Way {
  readonly gatewayId?: unknown;
  readonly natGatewayId?: unknown;
}

/** The default route of a subnet, from its own table or its VPC's main table. */
function defaultRoute(subnet: Resource, { account }: Context): Way | undefined {
  const own = account.find("aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId", subnet.id);
  const vpc = account.get("aws:ec2/vpc:Vpc", String(subnet.outputs.vpcId));
  const table = String(own?.inputs.routeTableId ?? vpc?.outputs.mainRouteTableId);
  const inline = ["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"].flatMap(
    (type) =>
      ((account.get(type, table)?.inputs.routes ?? []) as (Way & { cidrBlock?: unknown })[]).filter(
        ({ cidrBlock }) => cidrBlock === everywhere,
      ),
  );
  const separate = account
    .list("aws:ec2/route:Route")
    .map(({ inputs }) => inputs)
    .filter(
      ({ routeTableId, destinationCidrBlock }) =>
        routeTableId === table && destinationCidrBlock === everywhere,
    );
  return [...inline, ...separate][0];
}

/**
 * The reason for which something in a subnet cannot reach the internet; undefined if it can. `hasAddress`: it has a
 * public address.
 */
export function wayOutFault(subnetId: string, hasAddress: boolean, context: Context): string | undefined {
  const { account, clock } = context;
  const subnet = account.get("aws:ec2/subnet:Subnet", subnetId);
  if (!subnet) return undefined;
  const way = defaultRoute(subnet, context);
  if (!way) return `${subnetId} has no route to 0.0.0.0/0`;
  const nat =
    way.natGatewayId === undefined
      ? undefined
      : account.get("aws:ec2/natGateway:NatGateway", String(way.natGatewayId));
  if (way.natGatewayId !== undefined) {
    const state = nat && phaseOf(nat, clock.now())?.state;
    return state === "available"
      ? undefined
      : `its NAT gateway ${String(way.natGatewayId)} is ${state ?? "gone"}`;
  }
  if (way.gatewayId !== undefined && !hasAddress)
    return `${subnetId} is a public subnet, and the task has no public address: set assignPublicIp, or use a NAT gateway`;
  return undefined;
}

/** Whether interface endpoints of these services, with private DNS names, stand in the VPC of the subnet. */
export function hasEndpoints(
  subnetId: string,
  services: readonly string[],
  { account, region }: Context,
): boolean {
  const vpc = account.get("aws:ec2/subnet:Subnet", subnetId)?.outputs.vpcId;
  const there = account
    .list("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter(({ inputs }) => inputs.vpcId === vpc)
    .map(({ inputs }) => inputs.serviceName);
  return services.every((service) => there.includes(`com.amazonaws.${region}.${service}`));
}
