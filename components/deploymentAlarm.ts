import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { MonitoringPlan } from "../stacks/plan/monitoring";
import { measured } from "./alarms";
import type { LoadBalancer } from "./loadBalancer";

/** What is watched while new tasks take over, and who is told. */
export interface DeploymentAlarmArgs {
  /** The alarm, and the stack's name. */
  readonly plan: Pick<MonitoringPlan, "deployment" | "stack">;
  /** Where requests fail. */
  readonly loadBalancer: LoadBalancer;
  /** Topic that is told when it goes off, and when it is well again. */
  readonly topicArn: pulumi.Input<string>;
}

/** The alarm by which ECS takes a deployment back: failing requests, of which its health checks know nothing. */
export class DeploymentAlarm extends pulumi.ComponentResource {
  /** For the service. */
  readonly alarmName: pulumi.Output<string>;

  constructor(name: string, args: DeploymentAlarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:DeploymentAlarm", name, {}, opts);
    const { deployment, stack } = args.plan;
    const alarm = new cloudwatch.MetricAlarm(
      `${name}-${stack}-deployment`,
      {
        alarmDescription: deployment.description,
        ...measured(deployment, { LoadBalancer: args.loadBalancer.arnSuffix }),
        threshold: deployment.threshold,
        comparisonOperator: deployment.comparison,
        evaluationPeriods: deployment.periods,
        datapointsToAlarm: deployment.periods,
        treatMissingData: deployment.missingData,
        alarmActions: [args.topicArn],
        okActions: [args.topicArn],
      },
      { parent: this },
    );
    this.alarmName = alarm.name;
    this.registerOutputs({ alarmName: this.alarmName });
  }
}
