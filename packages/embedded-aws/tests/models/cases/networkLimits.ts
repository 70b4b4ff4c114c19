// Bounds, names and states of networks: blocks, groups, routes, addresses, endpoints and machines.
import { subnets } from "../database";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const rule = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] };
const inline = (change: object) => ({ ingress: [{ ...rule, ...change }] });
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, "1"]));
const machine = { ami: "ami-0123456789abcdef0", instanceType: "t3.micro", subnetId: "subnet-0000000a" };
const disk = (change: object) => ({ rootBlockDevice: { volumeType: "gp3", volumeSize: 20, ...change } });
const logged = (world: World) => ({
  ...{ logDestinationType: "cloud-watch-logs" },
  logDestination: world.create("cloudwatch/logGroup", { name: "/vpc" }).outputs["arn"],
});
const service = (name: string, change: object = {}) => ({
  ...{ serviceName: `com.amazonaws.us-east-1.${name}`, vpcEndpointType: "Interface" },
  ...{ subnetIds: subnets, securityGroupIds: ["sg-00000001"] },
  ...change,
});

export const networkLimits: readonly Case[] = [
  ...cases(
    "ec2/vpc",
    "AWSEC2/latest/APIReference/API_CreateVpc.html",
    { cidrBlock: "10.4.0.0/16" },
    {
      accepts: [
        ["addresses of the internet", { cidrBlock: "8.8.0.0/16" }],
        ["machines of its own", { instanceTenancy: "dedicated" }],
        ["fifty tags", { tags: tags(50) }],
        ["figures of its addresses", { enableNetworkAddressUsageMetrics: true }],
      ],
      refuses: [
        ["fifty-one tags", { tags: tags(51) }],
        ["a tag of 129 characters", { tags: { ["k".repeat(129)]: "1" } }],
        ["a tag's value of 257 characters", { tags: { team: "v".repeat(257) } }],
        ["an IPv6 block of no pool", { ipv6CidrBlock: "2001:db8::/56" }],
        ["a length of no pool", { cidrBlock: undefined, ipv4NetmaskLength: 16 }],
        ["no block", { cidrBlock: undefined }],
        ["an address for a block", { cidrBlock: "10.4.0.0" }],
      ],
    },
  ),
  ...cases(
    "ec2/subnet",
    "AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html",
    (world) => ({
      vpcId: world.create("ec2/vpc", { cidrBlock: "10.9.0.0/16" }).id,
      cidrBlock: "10.9.0.0/24",
    }),
    {
      accepts: [
        ["all of its network", { cidrBlock: "10.9.0.0/16" }],
        ["names by the resource", { privateDnsHostnameTypeOnLaunch: "resource-name" }],
      ],
      refuses: [
        ["names by a kind that there is not", { privateDnsHostnameTypeOnLaunch: "hostname" }],
        ["addresses of IPv6 without a block", { assignIpv6AddressOnCreation: true }],
        ["a block with host bits", { cidrBlock: "10.9.1.5/24" }],
        ["a block around its network", { cidrBlock: "10.8.0.0/15" }],
        ["a network that there is not", { vpcId: "vpc-0123456789abcdef0" }],
        ["an IPv6 block of /57", { ipv6CidrBlock: "2001:db8::/57" }],
        ["an IPv6 block in a network without", { ipv6CidrBlock: "2001:db8::/64" }],
      ],
    },
  ),
  ...cases(
    "ec2/securityGroup",
    "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html#limits",
    { name: "web", vpcId },
    {
      accepts: [
        ["a name of 255 characters", { name: "w".repeat(255) }],
        ["a beginning of a name", { name: undefined, namePrefix: "web-" }],
        ["the signs of a name", { name: "web (chat) [1]: a/b, c+d=e & f; {g}!$*" }],
        ["the signs of a rule's words", inline({ description: "[web] {1} #2; a=b & c! @d" })],
        ["a rule of its own and of others", inline({ self: true })],
      ],
      refuses: [
        ["a name of 256 characters", { name: "w".repeat(256) }],
        ["a name with an accent", { name: "wéb" }],
        ["a name and its beginning", { namePrefix: "web-" }],
        ["words of 256 characters", { description: "d".repeat(256) }],
        ["a rule's words with an umlaut", inline({ description: "für alle" })],
        ["an IPv6 block among the others", inline({ cidrBlocks: ["::/0"] })],
        ["a block with host bits", inline({ cidrBlocks: ["10.0.0.5/8"] })],
        ["a network that there is not", { vpcId: "vpc-0123456789abcdef0" }],
        [
          "a group that there is not",
          inline({ cidrBlocks: undefined, securityGroups: ["sg-0123456789abcdef0"] }),
        ],
      ],
    },
  ),
  ...cases(
    "ec2/securityGroupRule",
    "vpc/latest/userguide/security-group-rules.html",
    { type: "ingress", securityGroupId: "sg-00000001", ...rule },
    {
      accepts: [
        ["the group itself", { cidrBlocks: undefined, self: true }],
        ["another group", { cidrBlocks: undefined, sourceSecurityGroupId: "sg-00000001" }],
        ["the way out", { type: "egress" }],
        ["both kinds of blocks", { ipv6CidrBlocks: ["::/0"] }],
      ],
      refuses: [
        ["a direction that there is not", { type: "inbound" }],
        ["the group itself and a block", { self: true }],
        ["a group and a block", { sourceSecurityGroupId: "sg-00000001" }],
        ["no source", { cidrBlocks: undefined }],
        ["a group that there is not", { securityGroupId: "sg-0123456789abcdef0" }],
        ["ports in the wrong order", { fromPort: 9_001, toPort: 9_000 }],
        ["a word for the protocol", { protocol: "https" }],
      ],
    },
  ),
  ...cases(
    "vpc/securityGroupEgressRule",
    "AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html",
    { securityGroupId: "sg-00000001", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/8" },
    {
      accepts: [
        ["every port", { fromPort: 0, toPort: 65_535 }],
        ["S3's addresses", { cidrIpv4: undefined, prefixListId: "pl-63a5400a" }],
        ["a tag", { tags: { Name: "out" } }],
        ["a protocol by its number", { ipProtocol: "17" }],
      ],
      refuses: [
        ["a block with host bits", { cidrIpv4: "10.0.0.5/8" }],
        ["words of 256 characters", { description: "d".repeat(256) }],
        ["addresses by a word", { cidrIpv4: undefined, prefixListId: "s3" }],
        [
          "a group that there is not",
          { cidrIpv4: undefined, referencedSecurityGroupId: "sg-0123456789abcdef0" },
        ],
        ["a protocol above 255", { ipProtocol: "256" }],
      ],
    },
  ),
  ...cases(
    "ec2/route",
    "AWSEC2/latest/APIReference/API_CreateRoute.html",
    (world) => ({
      routeTableId: world.create("ec2/routeTable", { vpcId }).id,
      ...{ destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-00000000" },
    }),
    {
      accepts: [
        ["the internet", {}],
        [
          "IPv4 for those of IPv6",
          {
            destinationCidrBlock: undefined,
            destinationIpv6CidrBlock: "64:ff9b::/96",
            ...{ gatewayId: undefined, natGatewayId: "nat-00000000" },
          },
        ],
      ],
      refuses: [
        ["a gateway of another network", { gatewayId: "igw-00000001" }],
        ["a gateway that there is not", { gatewayId: "igw-0123456789abcdef0" }],
        ["no target", { gatewayId: undefined }],
        ["two destinations", { destinationIpv6CidrBlock: "::/0" }],
        ["an address for a block", { destinationCidrBlock: "0.0.0.0" }],
        ["a block with host bits", { destinationCidrBlock: "10.1.0.1/16" }],
        ["a table that there is not", { routeTableId: "rtb-0123456789abcdef0" }],
      ],
    },
  ),
  ...cases(
    "ec2/routeTableAssociation",
    "AWSEC2/latest/APIReference/API_AssociateRouteTable.html",
    (world) => ({
      routeTableId: world.create("ec2/routeTable", { vpcId }).id,
      subnetId: "subnet-0000000a",
    }),
    {
      accepts: [["a subnet", {}]],
      refuses: [
        ["a subnet of another network", { subnetId: "subnet-0000000c" }],
        ["a subnet and a gateway", { gatewayId: "igw-00000000" }],
        ["neither", { subnetId: undefined }],
        [
          "a subnet that has its table",
          (world) => {
            const routeTableId = world.create("ec2/routeTable", { vpcId }).id;
            world.create("ec2/routeTableAssociation", { routeTableId, subnetId: "subnet-0000000a" });
            return {};
          },
        ],
      ],
    },
  ),
  ...cases(
    "ec2/eip",
    "AWSEC2/latest/APIReference/API_AllocateAddress.html",
    { domain: "vpc" },
    {
      accepts: [
        ["no domain", { domain: undefined }],
        ["Amazon's pool", { publicIpv4Pool: "amazon" }],
      ],
      refuses: [
        ["a domain in capitals", { domain: "VPC" }],
        ["a machine that there is not", { instance: "i-0123456789abcdef0" }],
        [
          "the sixth of a region",
          (world) => {
            for (let at = 0; at < 5; at += 1) world.create("ec2/eip", { domain: "vpc" });
            return {};
          },
        ],
      ],
    },
  ),
  ...cases(
    "ec2/internetGateway",
    "AWSEC2/latest/APIReference/API_AttachInternetGateway.html",
    {},
    {
      accepts: [["no network", {}]],
      refuses: [
        ["a network that has its gateway", { vpcId }],
        ["a network that there is not", { vpcId: "vpc-0123456789abcdef0" }],
      ],
    },
  ),
  ...cases(
    "ec2/flowLog",
    "AWSEC2/latest/APIReference/API_CreateFlowLogs.html",
    (world) => ({
      ...{ vpcId, trafficType: "ALL", logDestinationType: "s3" },
      logDestination: `arn:aws:s3:::${world.create("s3/bucket", { bucket: "flows" }).id}`,
    }),
    {
      accepts: [
        [
          "lines in CloudWatch",
          (world) => ({
            ...logged(world),
            iamRoleArn: putRole(world, "flows", "vpc-flow-logs.amazonaws.com", [
              ...["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
              ...["logs:DescribeLogGroups", "logs:DescribeLogStreams"],
            ]),
          }),
        ],
        ["some fields", { logFormat: "${version} ${vpc-id} ${srcaddr} ${dstaddr} ${action}" }],
        [
          "files of Parquet by the hour",
          {
            destinationOptions: {
              fileFormat: "parquet",
              hiveCompatiblePartitions: true,
              perHourPartition: true,
            },
          },
        ],
      ],
      refuses: [
        ["lines in CloudWatch without a role", (world) => logged(world)],
        ["a field that there is not", { logFormat: "${version} ${source}" }],
        ["a network and a subnet", { subnetId: "subnet-0000000a" }],
        ["nothing to watch", { vpcId: undefined }],
        ["no kind of traffic", { trafficType: undefined }],
        ["a kind in small letters", { trafficType: "accept" }],
        ["files of JSON", { destinationOptions: { fileFormat: "json" } }],
      ],
    },
  ),
  ...cases(
    "ec2/vpcEndpoint",
    "vpc/latest/privatelink/create-interface-endpoint.html",
    { vpcId, ...service("ecr.dkr") },
    {
      accepts: [
        ["S3's interface", service("s3")],
        ["secrets", service("secretsmanager")],
        [
          "logs with a policy",
          {
            ...service("logs"),
            policy: JSON.stringify({
              Version: "2012-10-17",
              Statement: [{ Effect: "Allow", Principal: "*", Action: "logs:*", Resource: "*" }],
            }),
          },
        ],
      ],
      refuses: [
        ["a kind in small letters", { vpcEndpointType: "interface" }],
        ["two subnets of one zone", { subnetIds: ["subnet-0000000a", "subnet-000000a2"] }],
        ["a subnet of another network", { subnetIds: ["subnet-0000000c"] }],
        ["a service by its short name", { serviceName: "s3" }],
        ["a policy that is no JSON", { policy: "allow" }],
        ["a group of another network", { securityGroupIds: ["sg-00000002"] }],
        [
          "AWS's names in a network without names",
          (world) => {
            const id = world.create("ec2/vpc", { cidrBlock: "10.5.0.0/16" }).id;
            const subnetId = world.create("ec2/subnet", { vpcId: id, cidrBlock: "10.5.0.0/24" }).id;
            return { vpcId: id, subnetIds: [subnetId], securityGroupIds: undefined, privateDnsEnabled: true };
          },
        ],
      ],
    },
  ),
  ...cases("ec2/instance", "AWSEC2/latest/APIReference/API_RunInstances.html#limits", machine, {
    accepts: [
      ["the least throughput", disk({ throughput: 125 })],
      ["sixteen thousand IOPS", disk({ volumeSize: 100, iops: 16_000 })],
      ["no credits beyond", { creditSpecification: { cpuCredits: "standard" } }],
      ["its end at a stop", { instanceInitiatedShutdownBehavior: "terminate" }],
      ["a script", { userData: "#!/bin/sh\necho chat\n" }],
    ],
    refuses: [
      ["less than the least throughput", disk({ throughput: 124 })],
      ["2,999 IOPS", disk({ iops: 2_999 })],
      ["IOPS of a thousand a GiB", disk({ iops: 16_000 })],
      ["provisioned IOPS without a number", disk({ volumeType: "io2" })],
      ["credits that there are not", { creditSpecification: { cpuCredits: "fast" } }],
      ["sleep at a stop", { instanceInitiatedShutdownBehavior: "hibernate" }],
      ["a script twice", { userData: "#!/bin/sh", userDataBase64: "IyEvYmluL3No" }],
      ["a script of 17 KiB", { userData: `#!/bin/sh\n# ${"x".repeat(17_000)}` }],
      ["a tenancy that there is not", { tenancy: "shared" }],
      ["tokens in words", { metadataOptions: { httpTokens: "mandatory" } }],
      ["a group of another network", { vpcSecurityGroupIds: ["sg-00000002"] }],
      ["a profile that there is not", { iamInstanceProfile: "nobody" }],
      ["a key that there is not", { keyName: "nobody" }],
      ["no type", { instanceType: undefined }],
    ],
  }),
];
