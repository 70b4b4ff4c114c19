// VPC endpoints to AWS's services, and flow logs of a VPC.
import { z } from "zod";
import type { Context, Model, Properties } from "./model";
import { AwsError } from "./model";
import { policyDocument } from "./policyDocument";
import { modelled, arn, routeTableId, securityGroupId, subnetId, taggable, text, vpcId } from "./schema";
import { ec2Arn } from "./vpc";

const vpc = "aws:ec2/vpc:Vpc";

const gatewayServices = ["dynamodb", "s3"];
const interfaceServices = [
  ...["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "elasticache", "elasticloadbalancing"],
  ...[
    "events",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "rds",
    "rds-data",
    "s3",
    "scheduler",
    "secretsmanager",
  ],
  ...[
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "sts",
    "application-autoscaling",
    "autoscaling",
    "ec2",
    "ec2messages",
    "xray",
  ],
];

const onlyForInterfaces = ["subnetIds", "securityGroupIds", "privateDnsEnabled"] as const;

const endpoint: Model = {
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  inputs: taggable({
    autoAccept: z.boolean().optional(),
    dnsOptions: z
      .strictObject({
        dnsRecordIpType: z.enum(["ipv4", "dualstack", "service-defined", "ipv6"]).optional(),
        privateDnsOnlyForInboundResolverEndpoint: z.boolean().optional(),
      })
      .optional(),
    ipAddressType: z.enum(["ipv4", "dualstack", "ipv6"]).optional(),
    policy: policyDocument("resource", 20480).optional(),
    privateDnsEnabled: z.boolean().optional(),
    routeTableIds: z.array(routeTableId).optional(),
    securityGroupIds: z.array(securityGroupId).optional(),
    serviceName: text(
      /^com\.amazonaws\.[a-z0-9-]+\.[a-z0-9.-]+$/,
      "a service's name (com.amazonaws.<region>.<service>)",
    ),
    subnetIds: z.array(subnetId).optional(),
    vpcEndpointType: modelled(
      ["Gateway", "Interface"],
      ["GatewayLoadBalancer", "Resource", "ServiceNetwork"],
      "endpoint of the type",
    ).optional(),
    vpcId,
  }).superRefine((inputs, context) => {
    const gateway = (inputs.vpcEndpointType ?? "Gateway") === "Gateway";
    for (const name of gateway ? onlyForInterfaces : (["routeTableIds"] as const)) {
      if (inputs[name] === undefined || inputs[name] === false) continue;
      const message = `InvalidParameter: ${name} is not for endpoints of type ${gateway ? "Gateway" : "Interface"}`;
      context.addIssue({ code: "custom", path: [name], message });
    }
  }),
  defaults: { vpcEndpointType: "Gateway" },
  documents: ["policy"],
  references: [
    { path: "vpcId", to: vpc, missing: "InvalidVpcId.NotFound" },
    {
      path: "routeTableIds.*",
      to: "aws:ec2/routeTable:RouteTable",
      missing: "InvalidRouteTableId.NotFound",
      holds: false,
    },
    { path: "subnetIds.*", to: "aws:ec2/subnet:Subnet", missing: "InvalidSubnetId.NotFound" },
    {
      path: "securityGroupIds.*",
      to: "aws:ec2/securityGroup:SecurityGroup",
      missing: "InvalidSecurityGroupId.NotFound",
    },
  ],
  computed: [
    ...[
      "arn",
      "cidrBlocks",
      "dnsEntries",
      "ipAddressType",
      "networkInterfaceIds",
      "ownerId",
      "policy",
      "prefixListId",
    ],
    ...["privateDnsEnabled", "requesterManaged", "routeTableIds", "securityGroupIds", "state", "subnetIds"],
  ],
  changesOnUpdate: ["networkInterfaceIds"],
  identify: (_, { hex }) => `vpce-${hex(17)}`,
  describe(inputs, id, context, previous) {
    const gateway = inputs["vpcEndpointType"] === "Gateway";
    const subnets = (inputs["subnetIds"] ?? []) as string[];
    const service = serviceOf(inputs);
    const network = context.account.get(vpc, String(inputs["vpcId"]));
    return {
      arn: ec2Arn("vpc-endpoint", id, context),
      cidrBlocks: gateway ? ["198.51.100.0/24"] : [],
      dnsEntries: gateway
        ? []
        : [
            {
              dnsName: `${id}-${context.hex(8)}.${service}.${context.region}.vpce.amazonaws.com`,
              hostedZoneId: "Z7HUB22UULQXV",
            },
          ],
      ipAddressType: inputs["ipAddressType"] ?? "ipv4",
      networkInterfaceIds: subnets.map(() => `eni-${context.hex(17)}`),
      ownerId: context.accountId,
      policy:
        inputs["policy"] ??
        JSON.stringify({
          Statement: [{ Action: "*", Effect: "Allow", Principal: "*", Resource: "*" }],
          Version: "2008-10-17",
        }),
      prefixListId: gateway ? (previous?.outputs["prefixListId"] ?? `pl-${context.hex(8)}`) : undefined,
      privateDnsEnabled: inputs["privateDnsEnabled"] ?? false,
      requesterManaged: false,
      routeTableIds: inputs["routeTableIds"] ?? [],
      securityGroupIds:
        inputs["securityGroupIds"] ?? (gateway ? [] : [network?.outputs["defaultSecurityGroupId"]]),
      state: "available",
      subnetIds: subnets,
    };
  },
  beforeCreate(inputs, context) {
    requireService(inputs, context);
    requireRoom(inputs, context);
  },
  beforeUpdate: (inputs, previous, context) => requireRoom(inputs, context, previous.id),
};

function serviceOf(inputs: Properties): string {
  return String(inputs["serviceName"]).split(".").slice(3).join(".");
}

function requireService(inputs: Properties, { region }: Context): void {
  const gateway = inputs["vpcEndpointType"] === "Gateway";
  const known = gateway ? gatewayServices : interfaceServices;
  const name = String(inputs["serviceName"]);
  const here = name.startsWith(`com.amazonaws.${region}.`);
  if (here && !gateway && !known.includes(serviceOf(inputs))) {
    throw new AwsError(
      "InvalidServiceName",
      `The embedded AWS does not know the VPC endpoint service '${name}', or it does not exist: it knows ${known.join(", ")}`,
    );
  }
  if (!here || !known.includes(serviceOf(inputs))) {
    throw new AwsError(
      "InvalidServiceName",
      `The VPC endpoint service '${name}' does not exist for ${String(inputs["vpcEndpointType"])} endpoints; ` +
        `com.amazonaws.${region}. goes with ${known.join(", ")}`,
    );
  }
}

function requireRoom(inputs: Properties, { account }: Context, self?: string): void {
  const network = account.get(vpc, String(inputs["vpcId"]));
  for (const [argument, type] of [
    ["subnetIds", "aws:ec2/subnet:Subnet"],
    ["securityGroupIds", "aws:ec2/securityGroup:SecurityGroup"],
    ["routeTableIds", "aws:ec2/routeTable:RouteTable"],
  ] as const) {
    const foreign = ((inputs[argument] ?? []) as string[]).find(
      (id) => account.get(type, id)?.outputs["vpcId"] !== network?.id,
    );
    if (foreign)
      throw new AwsError("InvalidParameter", `${foreign} (${argument}) does not belong to ${network?.id}`);
  }
  const zones = ((inputs["subnetIds"] ?? []) as string[]).map(
    (id) => account.get("aws:ec2/subnet:Subnet", id)?.outputs["availabilityZone"],
  );
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (twice !== undefined) {
    throw new AwsError("DuplicateSubnetsInSameZone", `Found another subnet in the zone ${String(twice)}`);
  }
  if (inputs["privateDnsEnabled"] !== true) return;
  if (network?.outputs["enableDnsSupport"] !== true || network.outputs["enableDnsHostnames"] !== true) {
    throw new AwsError(
      "InvalidParameter",
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames to be true for ${network?.id}`,
    );
  }
  const rival = account
    .list(endpoint.type)
    .find(
      ({ id, outputs }) =>
        id !== self &&
        outputs["privateDnsEnabled"] === true &&
        outputs["vpcId"] === network.id &&
        outputs["serviceName"] === inputs["serviceName"],
    );
  if (rival) {
    throw new AwsError(
      "InvalidParameter",
      `private-dns-enabled cannot be set because ${rival.id} has the DNS name of ${String(inputs["serviceName"])} in ${network.id}`,
    );
  }
}

/** Fields of a record of traffic. */
const fields = new Set([
  ...["version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol"],
  ...["packets", "bytes", "start", "end", "action", "log-status", "vpc-id", "subnet-id", "instance-id"],
  ...["tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr", "region", "az-id", "sublocation-type"],
  ...["sublocation-id", "pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path"],
  ...["ecs-cluster-arn", "ecs-cluster-name", "ecs-container-instance-arn", "ecs-container-instance-id"],
  ...["ecs-container-id", "ecs-second-container-id", "ecs-service-name", "ecs-task-definition-arn"],
  ...["ecs-task-arn", "ecs-task-id", "reject-reason", "resource-id", "encryption-status"],
]);

function fieldFault(format: string, context: z.RefinementCtx): void {
  const parts = format.trim().split(/\s+/);
  const wrong = parts.find((part) => !/^\$\{[^}]+\}$/.test(part) || !fields.has(part.slice(2, -1)));
  if (wrong !== undefined)
    context.addIssue({ code: "custom", message: `InvalidParameter: Unknown fields provided: ${wrong}` });
}

const flowLog: Model = {
  type: "aws:ec2/flowLog:FlowLog",
  inputs: taggable({
    deliverCrossAccountRole: arn("iam", "role/").optional(),
    eniId: z.string().optional(),
    iamRoleArn: arn("iam", "role/").optional(),
    logDestination: arn().optional(),
    logDestinationType: z.enum(["cloud-watch-logs", "s3", "kinesis-data-firehose"]).optional(),
    logFormat: z.string().superRefine(fieldFault).optional(),
    maxAggregationInterval: z.literal([60, 600]).optional(),
    subnetId: subnetId.optional(),
    trafficType: z.enum(["ACCEPT", "ALL", "REJECT"]).optional(),
    vpcId: vpcId.optional(),
  }).superRefine((inputs, context) => {
    const sources = (["eniId", "subnetId", "vpcId"] as const).filter((name) => inputs[name] !== undefined);
    if (sources.length !== 1) {
      const message = `exactly one of eniId, subnetId, vpcId must be given, got ${sources.join(", ") || "none"}`;
      context.addIssue({ code: "custom", path: ["trafficType"], message });
    }
    if (sources.length > 0 && inputs.trafficType === undefined)
      context.addIssue({
        code: "custom",
        path: ["trafficType"],
        message: `MissingParameter: trafficType is required for ${sources.join(", ")}`,
      });
    const toLogs = (inputs.logDestinationType ?? "cloud-watch-logs") === "cloud-watch-logs";
    if (toLogs && inputs.iamRoleArn === undefined) {
      const message =
        "InvalidParameter: DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs";
      context.addIssue({ code: "custom", path: ["iamRoleArn"], message });
    }
  }),
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  references: [
    { path: "vpcId", to: vpc, missing: "InvalidVpcId.NotFound", holds: false },
    { path: "subnetId", to: "aws:ec2/subnet:Subnet", missing: "InvalidSubnetId.NotFound", holds: false },
    { path: "iamRoleArn", to: "aws:iam/role:Role", by: "arn", missing: "InvalidParameter", holds: false },
  ],
  computed: ["arn", "logDestination", "logFormat"],
  identify: (_, { hex }) => `fl-${hex(17)}`,
  describe: (inputs, id, context) => ({
    arn: ec2Arn("vpc-flow-log", id, context),
    logDestination: inputs["logDestination"],
    logFormat:
      inputs["logFormat"] ??
      "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
  }),
};

export const models: readonly Model[] = [endpoint, flowLog];
