// The network itself: VPCs, their subnets, and the gateways that lead out of them.
import { randomInt } from "node:crypto";
import { z } from "zod";
import type { Context, Model, Properties } from "./model";
import { AwsError } from "./model";
import { zoneId, zonesOf } from "./regions";
import { cidr, identifier, ipv6Cidr, range, subnetId, taggable, vpcId } from "./schema";

const vpcsPerRegion = 5;
const addressesPerRegion = 5;

const flag = z.boolean().optional();
const block = cidr.refine((value) => /\/(1[6-9]|2[0-8])$/.test(value), {
  error: ({ input }) =>
    `InvalidVpc.Range: the CIDR '${String(input)}' is invalid: the size must be between /16 and /28`,
});

export function ec2Arn(kind: string, id: string, { region, accountId }: Context): string {
  return `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;
}

const vpc: Model = {
  type: "aws:ec2/vpc:Vpc",
  inputs: taggable({
    assignGeneratedIpv6CidrBlock: flag,
    cidrBlock: block,
    enableDnsHostnames: flag,
    enableDnsSupport: flag,
    enableNetworkAddressUsageMetrics: flag,
    instanceTenancy: z.enum(["default", "dedicated"]).optional(),
  }),
  defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  computed: [
    ...["arn", "defaultNetworkAclId", "defaultRouteTableId", "defaultSecurityGroupId", "dhcpOptionsId"],
    ...["enableDnsHostnames", "enableNetworkAddressUsageMetrics", "ipv6AssociationId", "ipv6CidrBlock"],
    ...["mainRouteTableId", "ownerId"],
  ],
  identify: (_, { hex }) => `vpc-${hex(17)}`,
  describe(inputs, id, context, previous) {
    const drawn = (prefix: string, output: string) =>
      (previous?.outputs[output] as string | undefined) ?? `${prefix}-${context.hex(17)}`;
    const mainRouteTableId = drawn("rtb", "mainRouteTableId");
    const ipv6 = inputs["assignGeneratedIpv6CidrBlock"] === true;
    return {
      arn: ec2Arn("vpc", id, context),
      defaultNetworkAclId: drawn("acl", "defaultNetworkAclId"),
      defaultRouteTableId: mainRouteTableId,
      defaultSecurityGroupId: drawn("sg", "defaultSecurityGroupId"),
      dhcpOptionsId: drawn("dopt", "dhcpOptionsId"),
      enableDnsHostnames: inputs["enableDnsHostnames"] ?? false,
      enableNetworkAddressUsageMetrics: inputs["enableNetworkAddressUsageMetrics"] ?? false,
      ipv6AssociationId: ipv6 ? drawn("vpc-cidr-assoc", "ipv6AssociationId") : "",
      ipv6CidrBlock: ipv6 ? previous?.outputs["ipv6CidrBlock"] || `2600:1f18:${context.hex(4)}::/56` : "",
      mainRouteTableId,
      ownerId: context.accountId,
    };
  },
  beforeCreate(_, { account, region }) {
    if (account.list(vpc.type).length >= vpcsPerRegion) {
      throw new AwsError(
        "VpcLimitExceeded",
        `The maximum number of VPCs has been reached: ${vpcsPerRegion} in ${region}`,
      );
    }
  },
  replaces: {
    instanceTenancy: (_, after) => after["instanceTenancy"] === "dedicated",
  },
};

const subnet: Model = {
  type: "aws:ec2/subnet:Subnet",
  inputs: taggable({
    assignIpv6AddressOnCreation: flag,
    availabilityZone: z.string().optional(),
    availabilityZoneId: z.string().optional(),
    cidrBlock: block.optional(),
    enableDns64: flag,
    enableResourceNameDnsARecordOnLaunch: flag,
    enableResourceNameDnsAaaaRecordOnLaunch: flag,
    ipv6CidrBlock: ipv6Cidr.optional(),
    ipv6Native: flag,
    mapPublicIpOnLaunch: flag,
    privateDnsHostnameTypeOnLaunch: z.enum(["ip-name", "resource-name"]).optional(),
    vpcId,
  }),
  defaults: {
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    enableResourceNameDnsARecordOnLaunch: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
    ipv6Native: false,
    mapPublicIpOnLaunch: false,
  },
  references: [{ path: "vpcId", to: vpc.type, missing: "InvalidVpcID.NotFound" }],
  computed: ["arn", "availabilityZone", "availabilityZoneId", "ownerId", "privateDnsHostnameTypeOnLaunch"],
  identify: (_, { hex }) => `subnet-${hex(17)}`,
  describe(inputs, id, context) {
    const zones = zonesOf(context.region);
    const zone =
      inputs["availabilityZone"] ?? zones.find((each) => zoneId(each) === inputs["availabilityZoneId"]);
    const availabilityZone = String(zone ?? zones[0]);
    return {
      arn: ec2Arn("subnet", id, context),
      availabilityZone,
      availabilityZoneId: zoneId(availabilityZone),
      ownerId: context.accountId,
      privateDnsHostnameTypeOnLaunch: inputs["privateDnsHostnameTypeOnLaunch"] ?? "ip-name",
    };
  },
  beforeCreate(inputs, context) {
    requireZone(inputs, context);
    requireRoom(inputs, context);
  },
};

function requireZone(inputs: Properties, { region }: Context): void {
  const zones = zonesOf(region);
  for (const [argument, allowed] of [
    ["availabilityZone", zones],
    ["availabilityZoneId", zones.map(zoneId)],
  ] as const) {
    const given = inputs[argument];
    if (given !== undefined && !allowed.includes(String(given))) {
      throw new AwsError(
        "InvalidParameterValue",
        `Value (${String(given)}) for parameter ${argument} is invalid. Subnets can be created in ${allowed.join(", ")}.`,
      );
    }
  }
}

function requireRoom(inputs: Properties, { account }: Context): void {
  const wanted = inputs["cidrBlock"];
  if (typeof wanted !== "string") return;
  const around = String(account.get(vpc.type, String(inputs["vpcId"]))?.inputs["cidrBlock"]);
  if (range(wanted).first < range(around).first || range(wanted).last > range(around).last) {
    throw new AwsError(
      "InvalidSubnet.Range",
      `The CIDR '${wanted}' is invalid: it lies outside the VPC's ${around}.`,
    );
  }
  const rival = account
    .list(subnet.type)
    .filter((other) => other.inputs["vpcId"] === inputs["vpcId"])
    .find(({ inputs: { cidrBlock } }) => overlap(wanted, String(cidrBlock)));
  if (rival !== undefined) {
    throw new AwsError(
      "InvalidSubnet.Conflict",
      `The CIDR '${wanted}' conflicts with another subnet: ${rival.id} has ${String(rival.inputs["cidrBlock"])}`,
    );
  }
}

function overlap(one: string, other: string): boolean {
  return range(one).first <= range(other).last && range(other).first <= range(one).last;
}

const internetGateway: Model = {
  type: "aws:ec2/internetGateway:InternetGateway",
  inputs: taggable({ vpcId: vpcId.optional() }),
  references: [{ path: "vpcId", to: vpc.type, missing: "InvalidVpcID.NotFound" }],
  unique: [
    { property: "vpcId", taken: "InvalidParameterValue: Network already has an internet gateway attached" },
  ],
  computed: ["arn", "ownerId"],
  identify: (_, { hex }) => `igw-${hex(17)}`,
  describe: (_, id, context) => ({
    arn: ec2Arn("internet-gateway", id, context),
    ownerId: context.accountId,
  }),
  beforeDelete({ id, outputs }, { account }) {
    const users = account
      .list(natGateway.type)
      .filter((gateway) => gateway.outputs["vpcId"] === outputs["vpcId"]);
    if (users.length > 0) {
      throw new AwsError(
        "DependencyViolation",
        `Network ${String(outputs["vpcId"])} has some mapped public address(es) (${users.map((user) => user.id).join(", ")}). ` +
          `Please unmap those public address(es) before detaching the gateway ${id}.`,
      );
    }
  },
};

const eip: Model = {
  type: "aws:ec2/eip:Eip",
  inputs: taggable({
    address: z.ipv4().optional(),
    associateWithPrivateIp: z.ipv4().optional(),
    domain: z.enum(["vpc"]).optional(),
    instance: z.string().optional(),
    networkBorderGroup: z.string().optional(),
    networkInterface: z.string().optional(),
    publicIpv4Pool: z.string().optional(),
  }),
  inUse: "InvalidIPAddress.InUse",
  computed: [
    "allocationId",
    "arn",
    "domain",
    "networkBorderGroup",
    "publicDns",
    "publicIp",
    "publicIpv4Pool",
  ],
  identify: (_, { hex }) => `eipalloc-${hex(17)}`,
  describe(inputs, id, context, previous) {
    // 203.0.113.0/24 is reserved for documentation: nobody answers there.
    const publicIp = previous?.outputs["publicIp"] ?? `203.0.113.${randomInt(1, 255)}`;
    return {
      allocationId: id,
      arn: ec2Arn("elastic-ip", id, context),
      domain: "vpc",
      networkBorderGroup: inputs["networkBorderGroup"] ?? context.region,
      publicDns: `ec2-${String(publicIp).replaceAll(".", "-")}.compute-1.amazonaws.com`,
      publicIp,
      publicIpv4Pool: inputs["publicIpv4Pool"] ?? "amazon",
    };
  },
  beforeCreate(_, { account, region }) {
    if (account.list(eip.type).length >= addressesPerRegion) {
      throw new AwsError(
        "AddressLimitExceeded",
        `The maximum number of addresses has been reached: ${addressesPerRegion} in ${region}`,
      );
    }
  },
};

const natGateway: Model = {
  type: "aws:ec2/natGateway:NatGateway",
  inputs: taggable({
    allocationId: identifier("eipalloc", "an Elastic IP's allocation").optional(),
    connectivityType: z.enum(["public", "private"]).optional(),
    privateIp: z.ipv4().optional(),
    secondaryAllocationIds: z.array(identifier("eipalloc", "an Elastic IP's allocation")).optional(),
    secondaryPrivateIpAddressCount: z.int().min(1).max(31).optional(),
    secondaryPrivateIpAddresses: z.array(z.ipv4()).optional(),
    subnetId,
  }).superRefine((inputs, context) => {
    const isPublic = inputs.connectivityType !== "private";
    if (isPublic === (inputs.allocationId !== undefined)) return;
    const message = isPublic
      ? "MissingParameter: a public NAT gateway needs an allocationId"
      : "InvalidParameter: a private NAT gateway takes no allocationId";
    context.addIssue({ code: "custom", path: ["allocationId"], message });
  }),
  defaults: { connectivityType: "public" },
  references: [
    { path: "subnetId", to: subnet.type, missing: "InvalidSubnetID.NotFound" },
    { path: "allocationId", to: eip.type, missing: "InvalidAllocationID.NotFound" },
    { path: "secondaryAllocationIds.*", to: eip.type, missing: "InvalidAllocationID.NotFound" },
  ],
  unique: [{ property: "allocationId", taken: "Resource.AlreadyAssociated" }],
  computed: ["associationId", "networkInterfaceId", "privateIp", "publicIp", "vpcId"],
  identify: (_, { hex }) => `nat-${hex(17)}`,
  describe(inputs, _, { account, hex }, previous) {
    const home = account.get(subnet.type, String(inputs["subnetId"]));
    const address = account.get(eip.type, String(inputs["allocationId"]));
    return {
      associationId: address && (previous?.outputs["associationId"] ?? `eipassoc-${hex(17)}`),
      networkInterfaceId: previous?.outputs["networkInterfaceId"] ?? `eni-${hex(17)}`,
      privateIp:
        previous?.outputs["privateIp"] ?? inputs["privateIp"] ?? addressIn(String(home?.inputs["cidrBlock"])),
      publicIp: address?.outputs["publicIp"],
      vpcId: home?.outputs["vpcId"],
    };
  },
  beforeCreate(inputs, { account }) {
    const network = account.get(subnet.type, String(inputs["subnetId"]))?.outputs["vpcId"];
    if (inputs["connectivityType"] !== "private" && !account.find(internetGateway.type, "vpcId", network)) {
      throw new AwsError(
        "Gateway.NotAttached",
        `Network ${String(network)} has no Internet gateway attached: let the NAT gateway depend on one`,
      );
    }
  },
};

/** An address of a block; AWS keeps the first four and the last for itself. */
export function addressIn(block: string): string {
  const { first, last } = range(block);
  const value = randomInt(first + 4, last);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export const models: readonly Model[] = [vpc, subnet, internetGateway, eip, natGateway];
