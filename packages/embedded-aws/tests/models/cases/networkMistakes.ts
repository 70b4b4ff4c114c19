// Common mistakes with networks, security groups and endpoints, and correct inputs that resemble them.
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const ingress = { securityGroupId: "sg-00000001", ipProtocol: "tcp", fromPort: 443, toPort: 443 };

export const networkMistakes: readonly Case[] = [
  ...cases(
    "ec2/vpc",
    "AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html",
    { cidrBlock: "10.3.0.0/16" },
    {
      accepts: [
        ["no names of AWS's", { enableDnsHostnames: false, enableDnsSupport: false }],
        ["addresses of IPv6", { assignGeneratedIpv6CidrBlock: true }],
      ],
      refuses: [["names without a resolver", { enableDnsHostnames: true, enableDnsSupport: false }]],
    },
  ),
  ...cases(
    "ec2/subnet",
    "AWSEC2/latest/APIReference/API_CreateSubnet.html",
    (world) => {
      const id = world.create("ec2/vpc", { cidrBlock: "10.3.0.0/16" }).id;
      world.create("ec2/subnet", { vpcId: id, cidrBlock: "10.3.0.0/24" });
      return { vpcId: id };
    },
    {
      accepts: [["the next one", { cidrBlock: "10.3.1.0/24", mapPublicIpOnLaunch: true }]],
      refuses: [
        ["one inside another", { cidrBlock: "10.3.0.128/25" }],
        ["no block", {}],
      ],
    },
  ),
  ...cases(
    "ec2/securityGroup",
    "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
    { vpcId },
    {
      accepts: [["a description with a colon", { name: "web", description: "For: the chat (1)" }]],
      refuses: [
        ["a name like an id", { name: "sg-web" }],
        ["a description of two lines", { name: "web", description: "one\ntwo" }],
        ["the name of AWS's own", { name: "default" }],
      ],
    },
  ),
  ...cases(
    "vpc/securityGroupIngressRule",
    "AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
    ingress,
    {
      accepts: [
        ["everybody", { cidrIpv4: "0.0.0.0/0" }],
        ["the group itself", { referencedSecurityGroupId: "sg-00000001" }],
        [
          "every protocol",
          { ipProtocol: "-1", fromPort: undefined, toPort: undefined, cidrIpv4: "10.0.0.0/8" },
        ],
      ],
      refuses: [
        ["nobody", {}],
        ["a block and a group", { cidrIpv4: "10.0.0.0/8", referencedSecurityGroupId: "sg-00000001" }],
        ["a port without its end", { toPort: undefined, cidrIpv4: "10.0.0.0/8" }],
        ["ports in the wrong order", { fromPort: 9001, toPort: 9000, cidrIpv4: "10.0.0.0/8" }],
        ["an address without length", { cidrIpv4: "10.0.0.1" }],
        ["an IPv6 block as IPv4", { cidrIpv4: "::/0" }],
        ["a group of a network that is no peer", { referencedSecurityGroupId: "sg-00000002" }],
      ],
    },
  ),
  ...cases(
    "ec2/vpcEndpoint",
    "AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
    (world) => {
      world.put("aws:ec2/routeTable:RouteTable", "rtb-0000000a", { vpcId });
      return { vpcId, serviceName: "com.amazonaws.us-east-1.s3" };
    },
    {
      accepts: [["S3's gateway", { routeTableIds: ["rtb-0000000a"] }]],
      refuses: [
        ["a gateway in subnets", { subnetIds: ["subnet-0000000a"] }],
        ["a gateway with a name of its own", { privateDnsEnabled: true }],
        [
          "an interface in route tables",
          {
            ...{ serviceName: "com.amazonaws.us-east-1.sqs", vpcEndpointType: "Interface" },
            routeTableIds: ["rtb-0000000a"],
          },
        ],
      ],
    },
  ),
];
