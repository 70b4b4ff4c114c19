// Two components of this project in a program that is not the chat's.
import * as ec2 from "@pulumi/aws/ec2";
import * as random from "@pulumi/random";
import { Database } from "../../components/database";
import { Network } from "../../components/network";
import { makePlan } from "../../stacks/plan";

// A plan is plain data: made from settings, without the stack's configuration. Each component takes its own part.
const plan = makePlan({ scale: "small", zones: 2, databaseBackupDays: 14 });

const network = new Network("shop", plan.network);
const group = new ec2.SecurityGroup("shop-db", {
  vpcId: network.vpcId,
  description: "Admits the VPC to the database",
  ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: [plan.network.vpcCidr] }],
});
const password = new random.RandomPassword("shop-db", { length: 32, special: false });
const database = new Database("shop", {
  plan: plan.database,
  subnetIds: network.privateSubnetIds,
  securityGroupId: group.id,
  password: password.result,
  deletionProtection: false,
  disposable: true,
  logRetentionDays: plan.logRetentionDays,
});

export const host = database.host;
