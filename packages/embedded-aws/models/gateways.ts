// Internet gateways, NAT gateways and their addresses.
import { randomInt } from "node:crypto";
import { z } from "zod";
import type { Model } from "./model";
import { AwsError } from "./model";
import { identifier, range, subnetId, taggable, vpcId } from "./schema";
import { quota } from "../settings";
import { hasInternetGateway } from "./internet";
import { ec2Arn, subnet, vpc } from "./vpc";

const internetGateway: Model = {
  type: "aws:ec2/internetGateway:InternetGateway",
  inputs: taggable({ vpcId: vpcId.optional() }),
  references: [{ path: "vpcId", to: vpc.type, missing: "InvalidVpcID.NotFound" }],
  unique: [{ property: "vpcId", taken: "Resource.AlreadyAssociated" }],
  computed: ["arn", "ownerId"],
  identify: (_, { hex }) => `igw-${hex(17)}`,
  describe: (_, id, context) => ({
    arn: ec2Arn("internet-gateway", id, context),
    ownerId: context.accountId,
  }),
  beforeCreate(_, { account, settings, region }) {
    const most = quota(settings, "internetGateways");
    if (account.list(internetGateway.type).length >= most) {
      throw new AwsError(
        "InternetGatewayLimitExceeded",
        `The maximum number of internet gateways has been reached: ${most} in ${region}`,
      );
    }
  },
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
  references: [{ path: "instance", to: "aws:ec2/instance:Instance", missing: "InvalidInstanceID.NotFound" }],
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
  beforeCreate(_, { account, region, settings }) {
    const most = quota(settings, "elasticIps");
    if (account.list(eip.type).length >= most) {
      throw new AwsError(
        "AddressLimitExceeded",
        `The maximum number of addresses has been reached: ${most} in ${region}`,
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
  beforeCreate(inputs, context) {
    const { account, settings } = context;
    const zone = account.get(subnet.type, String(inputs["subnetId"]))?.outputs["availabilityZone"];
    const inZone = account
      .list(natGateway.type)
      .filter(
        ({ inputs: { subnetId: own } }) =>
          account.get(subnet.type, String(own))?.outputs["availabilityZone"] === zone,
      );
    const most = quota(settings, "natGatewaysPerZone");
    if (inZone.length >= most) {
      throw new AwsError(
        "NatGatewayLimitExceeded",
        `Performing this operation would exceed the limit of ${most} NAT gateways in ${String(zone)}`,
      );
    }
    const network = account.get(subnet.type, String(inputs["subnetId"]))?.outputs["vpcId"];
    // CreateNatGateway succeeds; the provider then waits in vain.
    if (inputs["connectivityType"] !== "private" && !hasInternetGateway(network, context)) {
      throw new AwsError(
        "Gateway.NotAttached",
        `unexpected state 'failed', wanted target 'available': Network ${String(network)} has no Internet gateway attached; ` +
          "let the NAT gateway depend on one",
      );
    }
  },
};

/** A random address of a block; AWS reserves the first four and the last. */
function addressIn(block: string): string {
  const { first, last } = range(block);
  const value = randomInt(first + 4, last);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export const models: readonly Model[] = [internetGateway, eip, natGateway];
