import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { DimensionsBySubject } from "../stacks/dashboard";
import type { AlarmPlan, MonitoringPlan } from "../stacks/monitoring";

export interface AlarmsArgs {
  readonly plan: MonitoringPlan;
  /** Topic that is told when something goes off, and when it is well again. */
  readonly topicArn: pulumi.Input<string>;
  /** How CloudWatch names the resources that are watched. */
  readonly dimensions: DimensionsBySubject<pulumi.Input<string>>;
  /** Services whose failed deployments are told. */
  readonly serviceArns: readonly pulumi.Input<string>[];
}

/** The alarms on metrics, the one over them, and the notice of a failed deployment (G-115 … G-129, G-195). */
export class Alarms extends pulumi.ComponentResource {
  /** Every alarm, the one over the others first. */
  readonly arns: readonly pulumi.Output<string>[];

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:Alarms", name, {}, opts);
    const { plan, topicArn } = args;
    const actions = { alarmActions: [topicArn], okActions: [topicArn] };

    const alarms = new Map(
      Object.entries(plan.alarms).map(([key, alarm]) => [
        key,
        new cloudwatch.MetricAlarm(
          `${name}-${key}`,
          {
            alarmDescription: alarm.description,
            ...measured(alarm, args.dimensions[alarm.subject][alarm.index] ?? {}),
            threshold: alarm.threshold,
            comparisonOperator: alarm.comparison,
            evaluationPeriods: alarm.periods,
            datapointsToAlarm: alarm.periods,
            treatMissingData: alarm.missingData,
            ...actions,
          },
          { parent: this },
        ),
      ]),
    );
    const chatIsDown =
      plan.chatIsDown &&
      new cloudwatch.CompositeAlarm(
        `${name}-chat-is-down`,
        {
          // AWS wants a name, and would take over an alarm of another stack that has it.
          alarmName: `${name}-${pulumi.getStack()}-chat-is-down`,
          alarmDescription: plan.chatIsDown.description,
          alarmRule: pulumi
            .all(plan.chatIsDown.anyOf.map((key) => alarms.get(key)?.name))
            .apply((names) => names.map((each) => `ALARM("${each}")`).join(" OR ")),
          ...actions,
        },
        { parent: this },
      );
    if (plan.deploymentFailed !== undefined) this.tellFailedDeployments(name, plan.deploymentFailed, args);

    this.arns = [...(chatIsDown ? [chatIsDown] : []), ...alarms.values()].map(({ arn }) => arn);
    this.registerOutputs({ arns: this.arns });
  }

  /** After a rollback the service is well, so no metric shows that the release did not happen. */
  private tellFailedDeployments(name: string, description: string, args: AlarmsArgs): void {
    const rule = new cloudwatch.EventRule(
      `${name}-deployment-failed`,
      {
        description,
        eventPattern: pulumi.jsonStringify({
          source: ["aws.ecs"],
          "detail-type": ["ECS Deployment State Change"],
          resources: [...args.serviceArns],
          detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
        }),
      },
      { parent: this },
    );
    new cloudwatch.EventTarget(
      `${name}-deployment-failed`,
      {
        rule: rule.name,
        arn: args.topicArn,
        inputTransformer: {
          inputPaths: { service: "$.resources[0]", reason: "$.detail.reason" },
          inputTemplate: JSON.stringify(`${description} ECS says of <service>: <reason>`),
        },
      },
      { parent: this },
    );
  }
}

/** What an alarm looks at: one metric, or an expression over several of the same resource. */
function measured(
  { namespace, metric, expression, statistic, period, title }: AlarmPlan,
  dimensions: Readonly<Record<string, pulumi.Input<string>>>,
): cloudwatch.MetricAlarmArgs {
  if (typeof metric === "string") {
    const percentile = statistic.startsWith("p");
    return {
      namespace,
      metricName: metric,
      dimensions,
      period,
      ...(percentile ? { extendedStatistic: statistic } : { statistic }),
    };
  }
  return {
    metricQueries: [
      { id: "value", expression, label: title, returnData: true },
      ...Object.entries(metric).map(([id, metricName]) => ({
        id,
        metric: { namespace, metricName, dimensions, period, stat: statistic },
        returnData: false,
      })),
    ],
  };
}
