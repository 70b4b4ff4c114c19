import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { MonitoringPlan } from "../stacks/plan/monitoring";

/** The patterns, and the log that is searched. */
export interface LogMetricsArgs {
  /** Patterns and metrics by the key in the list of watched things. */
  readonly plan: MonitoringPlan["logMetrics"];
  /** Group that all tasks log to. */
  readonly logGroupName: pulumi.Input<string>;
}

/** Metrics that CloudWatch makes from lines in the tasks' log, for facts that no other metric shows. */
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
