// The default VPC that AWS gives every account in every region: a public subnet in each zone, and a gateway.
import { createHash } from "node:crypto";
import type { Properties, Resource } from "../account";
import { zonesOf } from "./regions";

const known = new Map<string, readonly Resource[]>();

/** Resources that a region has from the start. */
export function defaultNetwork(region: string, accountId: string): readonly Resource[] {
  const found = known.get(region) ?? make(region, accountId);
  known.set(region, found);
  return found;
}

function make(region: string, accountId: string): readonly Resource[] {
  const id = (prefix: string, what: string) =>
    `${prefix}-${createHash("sha256").update(`${region} ${what}`).digest("hex").slice(0, 17)}`;
  const put = (type: string, own: string, inputs: Properties, outputs: Properties = {}): Resource => ({
    ...{ type, id: own, urn: "", region, inputs },
    outputs: { ...inputs, ...outputs, id: own, ownerId: accountId },
  });
  const ec2 = (kind: string, own: string) => `arn:aws:ec2:${region}:${accountId}:${kind}/${own}`;
  const [vpcId, gatewayId, table] = [id("vpc", "vpc"), id("igw", "gateway"), id("rtb", "table")];
  const vpc = put(
    "aws:ec2/vpc:Vpc",
    vpcId,
    {
      cidrBlock: "172.31.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      instanceTenancy: "default",
    },
    {
      ...{ arn: ec2("vpc", vpcId), default: true, mainRouteTableId: table, defaultRouteTableId: table },
      defaultSecurityGroupId: id("sg", "group"),
    },
  );
  const subnets = zonesOf(region).map((availabilityZone, index) => {
    const own = id("subnet", availabilityZone);
    const inputs = {
      vpcId,
      availabilityZone,
      cidrBlock: `172.31.${index * 16}.0/20`,
      mapPublicIpOnLaunch: true,
    };
    return put("aws:ec2/subnet:Subnet", own, inputs, { arn: ec2("subnet", own), defaultForAz: true });
  });
  const route = { routeTableId: table, destinationCidrBlock: "0.0.0.0/0", gatewayId };
  return [
    vpc,
    ...subnets,
    put("aws:ec2/internetGateway:InternetGateway", gatewayId, { vpcId }),
    put("aws:ec2/route:Route", id("r", "route"), route),
    put("aws:ec2/securityGroup:SecurityGroup", id("sg", "group"), { vpcId, name: "default" }, { vpcId }),
  ];
}

/** The default VPC of a region. */
export const defaultVpc = (region: string, accountId: string) =>
  defaultNetwork(region, accountId)[0] as Resource;
