// The network itself: VPCs and their subnets.
import { z } from "zod";
import type { Context, Model, Properties } from "./model";
import { AwsError } from "./model";
import { zoneId, zonesOf } from "./regions";
import { quota } from "../settings";
import { cidr, ipv6Cidr, range, taggable, vpcId } from "./schema";

const flag = z.boolean().optional();
const block = cidr.refine((value) => /\/(1[6-9]|2[0-8])$/.test(value), {
  error: ({ input }) =>
    `InvalidVpc.Range: the CIDR '${String(input)}' is invalid: the size must be between /16 and /28`,
});

/** Ranges that no VPC can have: this host, loopback, link-local, multicast. */
const reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"];

const vpcBlock = block.refine(
  (value) =>
    !reserved.some(
      (each) => range(each).first <= range(value).last && range(value).first <= range(each).last,
    ),
  {
    error: ({ input }) =>
      `InvalidVpc.Range: the CIDR '${String(input)}' is invalid: it lies in ${reserved.join(", ")}`,
  },
);

export function ec2Arn(kind: string, id: string, { region, accountId }: Context): string {
  return `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;
}

export const vpc: Model = {
  type: "aws:ec2/vpc:Vpc",
  inputs: taggable({
    assignGeneratedIpv6CidrBlock: flag,
    cidrBlock: vpcBlock,
    enableDnsHostnames: flag,
    enableDnsSupport: flag,
    enableNetworkAddressUsageMetrics: flag,
    instanceTenancy: z.enum(["default", "dedicated"]).optional(),
  }).refine(({ enableDnsHostnames, enableDnsSupport }) => !enableDnsHostnames || enableDnsSupport !== false, {
    path: ["enableDnsHostnames"],
    error: "InvalidParameterValue: DNS hostnames can only be enabled where enableDnsSupport is true",
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
  beforeCreate(_, { account, region, settings }) {
    const most = quota(settings, "vpcs");
    if (account.list(vpc.type).length >= most) {
      throw new AwsError(
        "VpcLimitExceeded",
        `The maximum number of VPCs has been reached: ${most} in ${region}`,
      );
    }
  },
  replaces: {
    instanceTenancy: (_, after) => after["instanceTenancy"] === "dedicated",
  },
};

export const subnet: Model = {
  type: "aws:ec2/subnet:Subnet",
  inputs: taggable({
    assignIpv6AddressOnCreation: flag,
    availabilityZone: z.string().optional(),
    availabilityZoneId: z.string().optional(),
    cidrBlock: block.optional(),
    enableDns64: flag,
    enableResourceNameDnsARecordOnLaunch: flag,
    enableResourceNameDnsAaaaRecordOnLaunch: flag,
    ipv6CidrBlock: ipv6Cidr
      .refine((value) => /\/(44|48|52|56|60|64)$/.test(value), {
        error: ({ input }) =>
          `InvalidSubnet.Range: the CIDR '${String(input)}' is invalid: its size is /44 to /64 in steps of 4`,
      })
      .optional(),
    ipv6Native: flag,
    mapPublicIpOnLaunch: flag,
    privateDnsHostnameTypeOnLaunch: z.enum(["ip-name", "resource-name"]).optional(),
    vpcId,
  })
    .refine(({ cidrBlock, ipv6Native }) => cidrBlock !== undefined || ipv6Native === true, {
      path: ["cidrBlock"],
      error: "MissingParameter: a subnet has a cidrBlock, or is ipv6Native",
    })
    .refine(({ availabilityZone, availabilityZoneId }) => !availabilityZone || !availabilityZoneId, {
      path: ["availabilityZone"],
      error: 'conflicts with "availabilityZoneId": give one of them',
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
    requireIpv6(inputs, context);
  },
  beforeUpdate: (inputs, _, context) => requireIpv6(inputs, context),
};

/** Refuses addresses of IPv6 where the network or the subnet has no block for them. */
function requireIpv6(inputs: Properties, { account }: Context): void {
  const { ipv6CidrBlock, assignIpv6AddressOnCreation, vpcId: network } = inputs;
  if (ipv6CidrBlock !== undefined && !account.get(vpc.type, String(network))?.outputs["ipv6CidrBlock"]) {
    throw new AwsError(
      "InvalidSubnet.Range",
      `The CIDR '${String(ipv6CidrBlock)}' is invalid: ${String(network)} has no IPv6 block`,
    );
  }
  if (assignIpv6AddressOnCreation === true && ipv6CidrBlock === undefined) {
    throw new AwsError(
      "InvalidParameterValue",
      "assignIpv6AddressOnCreation can be true only in a subnet with ipv6CidrBlock",
    );
  }
}

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

export const models: readonly Model[] = [vpc, subnet];
