// Two components of this project in a program that is not the chat's.
import * as ec2 from "@pulumi/aws/ec2";
import * as random from "@pulumi/random";
import { Database } from "chatpop-on-aws/components/database";
import { Network } from "chatpop-on-aws/components/network";
import { complete } from "chatpop-on-aws/stacks/plan/complete";
import { databasePlan } from "chatpop-on-aws/stacks/plan/database";
import { networkPlan } from "chatpop-on-aws/stacks/plan/network";

// A plan is plain data: made from settings, without the stack's configuration, and for one component alone.
const settings = complete({ scale: "small", zones: 2, databaseBackupDays: 14 });
const network = new Network("shop", networkPlan(settings));
const group = new ec2.SecurityGroup("shop-db", {
  vpcId: network.vpcId,
  description: "Admits the VPC to the database",
  ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: [settings.vpcCidr] }],
});
const password = new random.RandomPassword("shop-db", { length: 32, special: false });
const database = new Database("shop", {
  plan: databasePlan(settings),
  subnetIds: network.privateSubnetIds,
  securityGroupId: group.id,
  password: password.result,
  deletionProtection: false,
  disposable: true,
  logRetentionDays: 30,
});

export const host = database.host;
