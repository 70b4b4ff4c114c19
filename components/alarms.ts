import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { DimensionsBySubject } from "../stacks/plan/monitoring/dashboard";
import type { AlarmPlan, MonitoringPlan } from "../stacks/plan/monitoring";
import type { EventKey } from "../stacks/plan/monitoring/watched";
import { type Notice, notices, type NoticesArgs } from "./notices";

/** The alarms, the resources that they watch, and their topic. */
export interface AlarmsArgs extends NoticesArgs {
  /** The list of alarms with thresholds, periods and texts. */
  readonly plan: MonitoringPlan;
  /** Topic that receives a message when an alarm goes off, and when it ends. */
  readonly topicArn: pulumi.Input<string>;
  /** CloudWatch dimensions of the watched resources. */
  readonly dimensions: DimensionsBySubject<pulumi.Input<string>>;
  /** Resources that must run first: an alarm on a chat that does not run yet goes off at once. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Metric alarms, the composite alarm over them, and notices of events that no metric shows (G-115 … G-129, G-195). */
export class Alarms extends pulumi.ComponentResource {
  /** All alarms; the composite alarm comes first. */
  readonly arns: readonly pulumi.Output<string>[];

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:Alarms", name, {}, opts);
    const { plan, topicArn } = args;
    const actions = { alarmActions: [topicArn], okActions: [topicArn] };

    // The name says which stack is meant: stacks may share an account, and the person on call reads the name first.
    const ofStack = `${name}-${plan.stack}`;

    const alarms = new Map(
      Object.entries(plan.alarms).map(([key, alarm]) => [
        key,
        new cloudwatch.MetricAlarm(
          `${ofStack}-${key}`,
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
          { parent: this, dependsOn: [...args.dependsOn] },
        ),
      ]),
    );
    const chatIsDown =
      plan.chatIsDown &&
      new cloudwatch.CompositeAlarm(
        `${name}-chat-is-down`,
        {
          // AWS needs a name, and PutMetricAlarm would overwrite an alarm of another stack with the same name.
          alarmName: `${ofStack}-chat-is-down`,
          alarmDescription: plan.chatIsDown.description,
          alarmRule: pulumi
            .all(plan.chatIsDown.anyOf.map((key) => alarms.get(key)?.name))
            .apply((names) => names.map((each) => `ALARM("${each}")`).join(" OR ")),
          ...actions,
        },
        { parent: this },
      );
    for (const [key, notice] of Object.entries(notices(args))) {
      const description = plan.notices[key as EventKey];
      if (description !== undefined) this.tell(`${name}-${key}`, topicArn, description, notice);
    }

    this.arns = [...(chatIsDown ? [chatIsDown] : []), ...alarms.values()].map(({ arn }) => arn);
    this.registerOutputs({ arns: this.arns });
  }

  /** Sends events that match a pattern to the topic, as readable text. */
  private tell(
    name: string,
    topicArn: pulumi.Input<string>,
    description: string,
    { source, events, pattern, paths, details }: Notice,
  ): void {
    const rule = new cloudwatch.EventRule(
      name,
      {
        description: description.slice(0, 512),
        eventPattern: pulumi.jsonStringify({ source: [source], "detail-type": events, ...pattern }),
      },
      { parent: this },
    );
    new cloudwatch.EventTarget(
      name,
      {
        rule: rule.name,
        // A drawn one would leave a second target behind, and send everything twice, after an update that was cut off.
        targetId: "topic",
        arn: topicArn,
        inputTransformer: {
          inputPaths: paths,
          inputTemplate: JSON.stringify(`${description} ${details}`),
        },
      },
      { parent: this },
    );
  }
}

/** The metric of an alarm, or an expression over several metrics of one resource. */
export function measured(
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
      ...(percentile
        ? // With ten requests at night, the slowest 5 % are less than one request.
          { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "ignore" }
        : { statistic }),
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
