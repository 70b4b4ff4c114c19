import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { MonitoringPlan } from "../stacks/plan/monitoring";
import { measured } from "./alarms";
import type { LoadBalancer } from "./loadBalancer";

/** The alarm during a deployment, and its topic. */
export interface DeploymentAlarmArgs {
  /** The alarm, and the stack's name. */
  readonly plan: Pick<MonitoringPlan, "deployment" | "stack">;
  /** The load balancer whose failing requests count. */
  readonly loadBalancer: LoadBalancer;
  /** Topic that receives a message when the alarm goes off, and when it ends. */
  readonly topicArn: pulumi.Input<string>;
}

/** The alarm on failing requests that makes ECS roll a deployment back; health checks do not see these requests. */
export class DeploymentAlarm extends pulumi.ComponentResource {
  /** Name of the alarm, for the service. */
  readonly alarmName: pulumi.Output<string>;
  /** For the dashboard. */
  readonly arn: pulumi.Output<string>;

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
    this.arn = alarm.arn;
    this.registerOutputs({ alarmName: this.alarmName });
  }
}
