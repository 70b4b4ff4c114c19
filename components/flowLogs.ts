import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { assumedBy, policyDocument } from "./policyDocuments";

/** The VPC, the kind of flows, and their retention. */
export interface FlowLogsArgs {
  /** Id of the VPC; all its network interfaces are recorded. Another one replaces the flow log. */
  readonly vpcId: pulumi.Input<string>;
  /**
   * Recorded flows: those that a security group or network ACL refused, or all. A change replaces the flow log, not its
   * records.
   */
  readonly trafficType: "REJECT" | "ALL";
  /** Days that records are kept. */
  readonly logRetentionDays: number;
}

/** Records the connections in the VPC (GAP-13) every ten minutes into a log group of its own. */
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
          // AWS offers no resource limit for this action.
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
