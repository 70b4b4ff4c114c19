import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { assumedBy, policyDocument } from "./policyDocuments";

/** What is recorded, and for how long. */
export interface FlowLogsArgs {
  /** The VPC, all network interfaces of which are recorded. */
  readonly vpcId: pulumi.Input<string>;
  /** Which flows are recorded: those that a security group or network ACL refused, or all. */
  readonly trafficType: "REJECT" | "ALL";
  /** Days that records are kept. */
  readonly logRetentionDays: number;
}

/** Records who talks to whom in the VPC (GAP-13), every ten minutes, into a log group of its own. */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:FlowLogs", name, {}, opts);
    const logName = `${name}-flow-logs`;

    const logGroup = new cloudwatch.LogGroup(
      logName,
      { namePrefix: "/vpc/chatpop-flow-logs-", retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const role = new iam.Role(
      logName,
      {
        description: "Writes the VPC's flow logs",
        assumeRolePolicy: assumedBy("vpc-flow-logs.amazonaws.com"),
      },
      { parent: this },
    );
    const permission = new iam.RolePolicy(
      logName,
      {
        role: role.id,
        policy: policyDocument(
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [pulumi.interpolate`${logGroup.arn}:*`],
          },
          // AWS limits it to no log group.
          { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
        ),
      },
      { parent: this },
    );
    new ec2.FlowLog(
      logName,
      {
        vpcId: args.vpcId,
        trafficType: args.trafficType,
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        tags: { Name: logName },
      },
      { parent: this, dependsOn: permission },
    );
    this.registerOutputs({});
  }
}
