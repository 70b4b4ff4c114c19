// A VPC in an account of its own, and short ways to build on it.
import type { Properties } from "../../models/model";
import type { Cloud, Created } from "../provider/harness";
import { openCloud, refusalOf } from "../provider/harness";

export const types = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  eip: "aws:ec2/eip:Eip",
  routeTable: "aws:ec2/routeTable:RouteTable",
  route: "aws:ec2/route:Route",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  defaultSecurityGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  defaultRouteTable: "aws:ec2/defaultRouteTable:DefaultRouteTable",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  flowLog: "aws:ec2/flowLog:FlowLog",
};

export type Kind = keyof typeof types;

export interface Network {
  readonly cloud: Cloud;
  readonly vpc: Created;
  create(kind: Kind, inputs: Properties): Promise<Created>;
  refused(kind: Kind, inputs: Properties): Promise<string>;
  remove(kind: Kind, resource: Created): Promise<void>;
  subnet(cidrBlock: string, more?: Properties): Promise<Created>;
}

/** Opens an account with one VPC, 10.0.0.0/16 in us-east-1. */
export async function openNetwork(): Promise<Network> {
  const cloud = await openCloud();
  let count = 0;
  const create = (kind: Kind, inputs: Properties) => cloud.create(types[kind], `r${(count += 1)}`, inputs);
  const vpc = await create("vpc", { cidrBlock: "10.0.0.0/16" });
  return {
    cloud,
    vpc,
    create,
    refused: (kind, inputs) => refusalOf(create(kind, inputs)),
    remove: (kind, resource) => cloud.delete(types[kind], "r", resource),
    subnet: (cidrBlock, more = {}) => create("subnet", { vpcId: vpc.id, cidrBlock, ...more }),
  };
}
