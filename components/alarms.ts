import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { DimensionsBySubject } from "../stacks/plan/monitoring/dashboard";
import type { AlarmPlan, MonitoringPlan } from "../stacks/plan/monitoring";
import type { EventKey } from "../stacks/plan/monitoring/watched";
import { type Notice, notices, type NoticesArgs } from "./notices";

/** What is watched, what it is compared with, and who is told. */
export interface AlarmsArgs extends NoticesArgs {
  /** Thresholds, periods and texts, and which alarms there are at all. */
  readonly plan: MonitoringPlan;
  /** Topic that is told when something goes off, and when it is well again. */
  readonly topicArn: pulumi.Input<string>;
  /** How CloudWatch names the resources that are watched. */
  readonly dimensions: DimensionsBySubject<pulumi.Input<string>>;
  /** What must run first: an alarm that looks at a chat which does not run yet goes off at once. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The alarms on metrics, the one over them, and the notices of what no metric shows (G-115 … G-129, G-195). */
export class Alarms extends pulumi.ComponentResource {
  /** Every alarm, the one over the others first. */
  readonly arns: readonly pulumi.Output<string>[];

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:Alarms", name, {}, opts);
    const { plan, topicArn } = args;
    const actions = { alarmActions: [topicArn], okActions: [topicArn] };

    // Whoever is called reads the alarm's name first, and stacks may share an account.
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
          // AWS wants a name, and would take over an alarm of another stack that has it.
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

  /** Sends the events that fit a pattern to the topic, in words. */
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

/** What an alarm looks at: one metric, or an expression over several of the same resource. */
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
        ? // Of ten requests at night the slowest one in twenty is none.
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
