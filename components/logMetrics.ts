import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { MonitoringPlan } from "../stacks/plan/monitoring";

/** What is counted, and in which log. */
export interface LogMetricsArgs {
  /** Patterns and metrics by the key of what is watched. */
  readonly plan: MonitoringPlan["logMetrics"];
  /** Group that all tasks log to. */
  readonly logGroupName: pulumi.Input<string>;
}

/** Metrics that CloudWatch makes of what the tasks say in their log, because nothing else knows it. */
export class LogMetrics extends pulumi.ComponentResource {
  constructor(name: string, args: LogMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:LogMetrics", name, {}, opts);
    for (const [key, { pattern, namespace, metric, value, unit }] of Object.entries(args.plan)) {
      new cloudwatch.LogMetricFilter(
        `${name}-${key}`,
        {
          logGroupName: args.logGroupName,
          pattern,
          metricTransformation: { namespace, name: metric, value, unit },
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
