// The two configurations of a scaling policy: target tracking and steps.
import { z } from "zod";
import { metricId, refuseMath, statistic } from "./metricMath";
import type { MetricQuery } from "./metrics";
import { refusal } from "./refusal";
import { text } from "./schema";

const seconds = z.int().min(0).max(86400);

const dimensions = z.array(z.strictObject({ name: z.string(), value: z.string() })).max(30);

const metric = z
  .strictObject({
    expression: z.string().min(1).max(2048).optional(),
    id: metricId,
    label: z.string().optional(),
    metricStat: z
      .strictObject({
        metric: z.strictObject({
          dimensions: dimensions.optional(),
          metricName: z.string().min(1),
          namespace: z.string().min(1),
        }),
        stat: statistic,
        unit: z.string().optional(),
      })
      .optional(),
    returnData: z.boolean().optional(),
  })
  .superRefine((given, context) => {
    if ((given.expression === undefined) === (given.metricStat === undefined)) {
      refusal(context)("expression", `metric ${given.id} needs either expression or metricStat`);
    }
  });

const metrics = z
  .array(metric)
  .min(1)
  .superRefine((given, context) => refuseMath(given, context, true));

const customizedMetric = z
  .strictObject({
    dimensions: dimensions.optional(),
    metricName: z.string().optional(),
    metrics: metrics.optional(),
    namespace: z.string().optional(),
    statistic: z.enum(["Average", "Minimum", "Maximum", "SampleCount", "Sum"]).optional(),
    unit: z.string().optional(),
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const single = [given.metricName, given.namespace, given.statistic];
    if (given.metrics && single.some((each) => each !== undefined))
      refuse("metrics", "give metrics, or metricName with namespace and statistic, not both");
    if (!given.metrics && single.some((each) => each === undefined))
      refuse("metricName", "give metricName, namespace and statistic, or metrics");
  });

const requestCount = "ALBRequestCountPerTarget";
const predefinedMetrics = [
  "ECSServiceAverageCPUUtilization",
  "ECSServiceAverageMemoryUtilization",
  requestCount,
] as const;

const predefinedMetric = z
  .strictObject({
    predefinedMetricType: z.enum(predefinedMetrics, {
      error: ({ input }) =>
        `Predefined metric type ${String(input)} is not valid for ECS services: ${predefinedMetrics.join(", ")}`,
    }),
    resourceLabel: text(
      /^app\/[^/]+\/[0-9a-f]+\/targetgroup\/[^/]+\/[0-9a-f]+$/,
      "app/<name>/<id>/targetgroup/<name>/<id>",
    ).optional(),
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const needed = given.predefinedMetricType === requestCount;
    if (needed && !given.resourceLabel)
      refuse(
        "resourceLabel",
        `${requestCount} needs resourceLabel: <load balancer's arnSuffix>/<target group's arnSuffix>`,
      );
    if (!needed && given.resourceLabel)
      refuse("resourceLabel", `resourceLabel goes with ${requestCount} only`);
  });

/** Keeps a metric at a value. */
export const targetTracking = z
  .strictObject({
    customizedMetricSpecification: customizedMetric.optional(),
    disableScaleIn: z.boolean().optional(),
    predefinedMetricSpecification: predefinedMetric.optional(),
    scaleInCooldown: seconds.optional(),
    scaleOutCooldown: seconds.optional(),
    targetValue: z.number().positive(),
  })
  .superRefine((given, context) => {
    if (
      (given.customizedMetricSpecification === undefined) ===
      (given.predefinedMetricSpecification === undefined)
    ) {
      refusal(context)(
        "predefinedMetricSpecification",
        "give either predefinedMetricSpecification or customizedMetricSpecification",
      );
    }
  });

type Dimensions = z.infer<typeof dimensions>;

/** The named metrics of a policy, alone or in metric math. */
export function metricsOf(tracking?: z.infer<typeof targetTracking>): readonly MetricQuery[] {
  const given = tracking?.customizedMetricSpecification;
  const named = (list: Dimensions = []) => Object.fromEntries(list.map(({ name, value }) => [name, value]));
  if (given?.metricName !== undefined && given.namespace !== undefined) {
    const { metricName, namespace, statistic, unit } = given;
    return [{ metricName, namespace, dimensions: named(given.dimensions), stat: statistic, unit }];
  }
  return (given?.metrics ?? []).flatMap(({ metricStat }) =>
    metricStat
      ? [{ ...metricStat, ...metricStat.metric, dimensions: named(metricStat.metric.dimensions) }]
      : [],
  );
}

const bound = text(/^-?\d+(\.\d+)?$/, "a number");

/** Changes the number of tasks by steps when an alarm fires. */
export const stepScaling = z.strictObject({
  adjustmentType: z.enum(["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"]),
  cooldown: seconds.optional(),
  metricAggregationType: z.enum(["Average", "Minimum", "Maximum"]).optional(),
  minAdjustmentMagnitude: z.int().min(0).optional(),
  stepAdjustments: z
    .array(
      z
        .strictObject({
          metricIntervalLowerBound: bound.optional(),
          metricIntervalUpperBound: bound.optional(),
          scalingAdjustment: z.int(),
        })
        .superRefine(({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper }, context) => {
          if (lower !== undefined && upper !== undefined && Number(lower) >= Number(upper)) {
            refusal(context)(
              "metricIntervalUpperBound",
              `the upper bound ${upper} must be above the lower bound ${lower}`,
            );
          }
        }),
    )
    .min(1)
    .superRefine((adjustments, context) => {
      const fault = stepsFault(adjustments);
      if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
    }),
});

/** Steps lie one behind the other; where one ends the next begins. */
function stepsFault(
  adjustments: readonly {
    readonly metricIntervalLowerBound?: string | undefined;
    readonly metricIntervalUpperBound?: string | undefined;
  }[],
): string | undefined {
  const steps = adjustments
    .map(({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper }) => ({
      from: lower === undefined ? -Infinity : Number(lower),
      to: upper === undefined ? Infinity : Number(upper),
    }))
    .sort((one, other) => one.from - other.from);
  const torn = steps.findIndex(({ from }, index) => index > 0 && steps[index - 1]!.to !== from);
  if (torn < 0) return undefined;
  const [before, after] = [steps[torn - 1]!, steps[torn]!];
  return `ValidationException: StepAdjustment intervals ${after.from < before.to ? "overlap" : "have a gap"}: one ends at ${before.to}, the next begins at ${after.from}`;
}
