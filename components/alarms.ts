import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { DimensionsBySubject } from "../stacks/monitoring/dashboard";
import type { AlarmPlan, MonitoringPlan } from "../stacks/monitoring";

/** What is watched, what it is compared with, and who is told. */
export interface AlarmsArgs {
  /** Thresholds, periods and texts, and which alarms there are at all. */
  readonly plan: MonitoringPlan;
  /** Topic that is told when something goes off, and when it is well again. */
  readonly topicArn: pulumi.Input<string>;
  /** How CloudWatch names the resources that are watched. */
  readonly dimensions: DimensionsBySubject<pulumi.Input<string>>;
  /** Services whose failed deployments are told. */
  readonly serviceArns: readonly pulumi.Input<string>[];
  /** Cluster of the scheduled tasks. */
  readonly clusterArn: pulumi.Input<string>;
  /** ECS's group of scheduled tasks, whose failures are told. @default there are none */
  readonly scheduledTasks?: string;
  /** What must run first: an alarm that looks at a chat which does not run yet goes off at once. */
  readonly after: readonly pulumi.Resource[];
}

/** The alarms on metrics, the one over them, and the notices of what no metric shows (G-115 … G-129, G-195). */
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
          { parent: this, dependsOn: [...args.after] },
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
    if (plan.commandFailed !== undefined) this.tellFailedCommands(name, plan.commandFailed, args);

    this.arns = [...(chatIsDown ? [chatIsDown] : []), ...alarms.values()].map(({ arn }) => arn);
    this.registerOutputs({ arns: this.arns });
  }

  /** After a rollback the service is well, so no metric shows that the release did not happen. */
  private tellFailedDeployments(name: string, description: string, args: AlarmsArgs): void {
    this.tell(`${name}-deployment-failed`, args.topicArn, {
      description,
      event: "ECS Deployment State Change",
      pattern: { resources: [...args.serviceArns], detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] } },
      paths: { service: "$.resources[0]", reason: "$.detail.reason" },
      details: "ECS says of <service>: <reason>",
    });
  }

  /** Whoever started a task is told whether it began, and never how it ended. */
  private tellFailedCommands(name: string, description: string, args: AlarmsArgs): void {
    this.tell(`${name}-command-failed`, args.topicArn, {
      description,
      event: "ECS Task State Change",
      pattern: {
        detail: {
          clusterArn: [args.clusterArn],
          group: [args.scheduledTasks],
          lastStatus: ["STOPPED"],
          $or: [
            { containers: { name: [application.containerName], exitCode: [{ "anything-but": 0 }] } },
            // Without an image, a secret or a network a container has no exit code.
            { stopCode: ["TaskFailedToStart"] },
          ],
        },
      },
      paths: { task: "$.detail.taskArn", reason: "$.detail.stoppedReason" },
      details: "ECS says of <task>: <reason>",
    });
  }

  /** Sends those of ECS's events that fit a pattern to the topic, in words. */
  private tell(name: string, topicArn: pulumi.Input<string>, notice: Notice): void {
    const rule = new cloudwatch.EventRule(
      name,
      {
        description: notice.description,
        eventPattern: pulumi.jsonStringify({
          source: ["aws.ecs"],
          "detail-type": [notice.event],
          ...notice.pattern,
        }),
      },
      { parent: this },
    );
    new cloudwatch.EventTarget(
      name,
      {
        rule: rule.name,
        arn: topicArn,
        inputTransformer: {
          inputPaths: notice.paths,
          inputTemplate: JSON.stringify(`${notice.description} ${notice.details}`),
        },
      },
      { parent: this },
    );
  }
}

/** An event that somebody is told of. */
interface Notice {
  readonly description: string;
  /** EventBridge's `detail-type`. */
  readonly event: string;
  /** What else of the event must fit. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Places in the event, by the names that `details` uses. */
  readonly paths: Readonly<Record<string, string>>;
  /** What the event itself adds to the description. */
  readonly details: string;
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
