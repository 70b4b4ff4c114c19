// Routing: route tables, their routes, and their associations with subnets.
import { crc32 } from "node:zlib";
import { z } from "zod";
import type { Context, Model, Properties } from "./model";
import { AwsError } from "./model";
import {
  cidr,
  identifier,
  ipv6Cidr,
  regional,
  routeTableId,
  subnetId,
  taggable,
  text,
  vpcId,
} from "./schema";
import { ec2Arn } from "./vpc";

const vpc = "aws:ec2/vpc:Vpc";
const internetGateway = "aws:ec2/internetGateway:InternetGateway";

const gatewayId = text(/^(local|(igw|vgw)-[0-9a-f]{8,17})$/, "the id of a gateway (igw-… or vgw-…) or local");
const natGatewayId = identifier("nat", "a NAT gateway");

const table: Model = {
  type: "aws:ec2/routeTable:RouteTable",
  inputs: taggable({
    propagatingVgws: z.array(identifier("vgw", "a virtual private gateway")).optional(),
    routes: z
      .array(
        z.strictObject({
          cidrBlock: cidr.optional(),
          ipv6CidrBlock: ipv6Cidr.optional(),
          gatewayId: gatewayId.optional(),
          natGatewayId: natGatewayId.optional(),
          vpcEndpointId: identifier("vpce", "a VPC endpoint").optional(),
        }),
      )
      .optional(),
    vpcId,
  }),
  references: [
    { path: "vpcId", to: vpc, missing: "InvalidVpcID.NotFound" },
    {
      path: "routes.*.natGatewayId",
      to: "aws:ec2/natGateway:NatGateway",
      missing: "InvalidNatGatewayID.NotFound",
      holds: false,
    },
  ],
  computed: ["arn", "ownerId", "propagatingVgws", "routes"],
  identify: (_, { hex }) => `rtb-${hex(17)}`,
  describe: (inputs, id, context) => ({
    arn: ec2Arn("route-table", id, context),
    ownerId: context.accountId,
    propagatingVgws: inputs["propagatingVgws"] ?? [],
    routes: inputs["routes"] ?? [],
  }),
};

const destinations = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;
const targets = [
  ...["egressOnlyGatewayId", "gatewayId", "natGatewayId", "networkInterfaceId"],
  ...["transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"],
] as const;

const route: Model = {
  type: "aws:ec2/route:Route",
  inputs: regional({
    destinationCidrBlock: cidr.optional(),
    destinationIpv6CidrBlock: ipv6Cidr.optional(),
    destinationPrefixListId: identifier("pl", "a prefix list").optional(),
    egressOnlyGatewayId: identifier("eigw", "an egress-only gateway").optional(),
    gatewayId: gatewayId.optional(),
    natGatewayId: natGatewayId.optional(),
    networkInterfaceId: identifier("eni", "a network interface").optional(),
    routeTableId,
    transitGatewayId: identifier("tgw", "a transit gateway").optional(),
    vpcEndpointId: identifier("vpce", "a VPC endpoint").optional(),
    vpcPeeringConnectionId: identifier("pcx", "a peering connection").optional(),
  }).superRefine((inputs, context) => {
    for (const choice of [destinations, targets]) {
      const given = choice.filter((name) => (inputs as Properties)[name] !== undefined);
      if (given.length === 1) continue;
      const message = `exactly one of ${choice.join(", ")} must be given, got ${given.join(", ") || "none"}`;
      context.addIssue({ code: "custom", path: ["routeTableId"], message });
    }
  }),
  references: [
    // AWS deletes routes together with their table, and deletes a gateway although a route leads to it.
    { path: "routeTableId", to: table.type, missing: "InvalidRouteTableID.NotFound", holds: false },
    {
      path: "natGatewayId",
      to: "aws:ec2/natGateway:NatGateway",
      missing: "InvalidNatGatewayID.NotFound",
      holds: false,
    },
    {
      path: "vpcEndpointId",
      to: "aws:ec2/vpcEndpoint:VpcEndpoint",
      missing: "InvalidVpcEndpointId.NotFound",
      holds: false,
    },
  ],
  unique: destinations.map((property) => ({
    property,
    within: ["routeTableId"],
    taken: "RouteAlreadyExists",
  })),
  computed: ["instanceId", "instanceOwnerId", "networkInterfaceId", "origin", "state"],
  identify: (inputs) => {
    const destination = destinations.map((name) => inputs[name]).find((value) => value !== undefined);
    return `r-${String(inputs["routeTableId"])}${crc32(String(destination))}`;
  },
  describe: (inputs) => ({
    instanceId: "",
    instanceOwnerId: "",
    networkInterfaceId: inputs["networkInterfaceId"] ?? "",
    origin: "CreateRoute",
    state: "active",
  }),
  beforeCreate: requireGatewayOfSameNetwork,
  beforeUpdate: (inputs, _, context) => requireGatewayOfSameNetwork(inputs, context),
};

function requireGatewayOfSameNetwork(inputs: Properties, { account }: Context): void {
  const id = String(inputs["gatewayId"] ?? "");
  if (!id.startsWith("igw-")) return;
  const gateway = account.get(internetGateway, id);
  if (gateway === undefined) {
    throw new AwsError("InvalidGatewayID.NotFound", `The gateway ID '${id}' does not exist`);
  }
  const home = account.get(table.type, String(inputs["routeTableId"]));
  if (home?.outputs["vpcId"] !== gateway.outputs["vpcId"]) {
    throw new AwsError(
      "InvalidParameterValue",
      `route table ${home?.id} and network gateway ${id} belong to different networks`,
    );
  }
}

const association: Model = {
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  inputs: regional({ gatewayId: gatewayId.optional(), routeTableId, subnetId: subnetId.optional() }).refine(
    (inputs) => (inputs.subnetId === undefined) !== (inputs.gatewayId === undefined),
    { path: ["routeTableId"], error: "exactly one of subnetId, gatewayId must be given" },
  ),
  references: [
    { path: "routeTableId", to: table.type, missing: "InvalidRouteTableID.NotFound" },
    { path: "subnetId", to: "aws:ec2/subnet:Subnet", missing: "InvalidSubnetID.NotFound", holds: false },
    { path: "gatewayId", to: internetGateway, missing: "InvalidGatewayID.NotFound", holds: false },
  ],
  unique: [{ property: "subnetId", taken: "Resource.AlreadyAssociated" }],
  computed: [],
  identify: (_, { hex }) => `rtbassoc-${hex(17)}`,
  describe: () => ({}),
  beforeCreate: requireSameNetwork,
  beforeUpdate: (inputs, _, context) => requireSameNetwork(inputs, context),
};

function requireSameNetwork(inputs: Properties, { account }: Context): void {
  const home = account.get("aws:ec2/subnet:Subnet", String(inputs["subnetId"]));
  const follows = account.get(table.type, String(inputs["routeTableId"]));
  if (home !== undefined && home.outputs["vpcId"] !== follows?.outputs["vpcId"]) {
    throw new AwsError(
      "InvalidParameterValue",
      `Route table ${follows?.id} and subnet ${home.id} belong to different networks`,
    );
  }
}

const defaultTable: Model = {
  type: "aws:ec2/defaultRouteTable:DefaultRouteTable",
  inputs: taggable({
    defaultRouteTableId: routeTableId,
    propagatingVgws: (table.inputs as z.ZodObject).shape["propagatingVgws"] as z.ZodType,
    routes: (table.inputs as z.ZodObject).shape["routes"] as z.ZodType,
  }),
  replace: ["defaultRouteTableId"],
  computed: ["arn", "ownerId", "routes", "vpcId"],
  identify: (inputs) => String(inputs["defaultRouteTableId"]),
  describe: (inputs, id, context) => ({
    arn: ec2Arn("route-table", id, context),
    ownerId: context.accountId,
    routes: inputs["routes"] ?? [],
    vpcId: context.account.find(vpc, "defaultRouteTableId", id)?.id,
  }),
  beforeCreate(inputs, { account }) {
    if (!account.find(vpc, "defaultRouteTableId", inputs["defaultRouteTableId"])) {
      throw new AwsError(
        "InvalidRouteTableID.NotFound",
        `no VPC has the default route table ${String(inputs["defaultRouteTableId"])}`,
      );
    }
  },
};

export const models: readonly Model[] = [table, route, association, defaultTable];
