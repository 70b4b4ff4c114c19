// CloudWatch alarms. AWS accepts an alarm on a missing metric, or without a recipient; here both are mistakes.
import { z } from "zod";
import { readRule } from "./alarmRule";
import { alarmPublisher, deliveryFault } from "./delivery";
import { metricId, refuseMath, statistic, units } from "./metricMath";
import { metricFault, type MetricQuery } from "./metrics";
import { AwsError, stricter, type Context, type Model } from "./model";
import { refusal } from "./refusal";
import { arn, taggable, text } from "./schema";

const metricAlarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const compositeAlarmType = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

const name = text(/^[^\p{Cc}]{1,255}$/u, "an alarm's name of at most 255 characters");
const actions = z.array(arn()).max(5);
const dimensions = z
  .record(z.string().min(1).max(255), z.string().min(1).max(1024))
  .refine((given) => Object.keys(given).length <= 30, { error: "a metric has at most 30 dimensions" });
const period = z.int().refine((given) => [10, 20, 30].includes(given) || (given > 0 && given % 60 === 0), {
  error: ({ input }) => `${String(input)} seconds is neither 10, 20, 30 nor a multiple of 60`,
});

const common = {
  actionsEnabled: z.boolean().optional(),
  alarmActions: actions.optional(),
  alarmDescription: z.string().max(1024).optional(),
  insufficientDataActions: actions.optional(),
  okActions: actions.optional(),
};

const query = z.strictObject({
  id: metricId,
  expression: z.string().min(1).max(1024).optional(),
  label: z.string().optional(),
  returnData: z.boolean().optional(),
  metric: z
    .strictObject({
      dimensions: dimensions.optional(),
      metricName: z.string().min(1),
      namespace: z.string().min(1),
      period,
      stat: statistic,
      unit: z.enum(units).optional(),
    })
    .optional(),
});

const day = 86_400;

const metricInputs = taggable({
  ...common,
  name: name.optional(),
  comparisonOperator: z.enum([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  datapointsToAlarm: z.int().min(1).optional(),
  dimensions: dimensions.optional(),
  evaluateLowSampleCountPercentiles: z.enum(["evaluate", "ignore"]).optional(),
  evaluationPeriods: z.int().min(1),
  extendedStatistic: statistic.optional(),
  metricName: z.string().min(1).max(255).optional(),
  metricQueries: z.array(query).min(1).max(20).optional(),
  namespace: text(/^[^:].{0,254}$/, "a namespace (AWS/RDS)").optional(),
  period: period.optional(),
  statistic: z.enum(["Average", "Minimum", "Maximum", "SampleCount", "Sum"]).optional(),
  threshold: z.number(),
  treatMissingData: z.enum(["missing", "ignore", "breaching", "notBreaching"]).optional(),
  unit: z.enum(units).optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  const { metricName, metricQueries, evaluationPeriods } = given;
  if ((metricName === undefined) === (metricQueries === undefined))
    return refuse("metricName", "give metricName with namespace, period and statistic, or metricQueries");
  if (metricQueries) refuseMath(metricQueries, context, false);
  if (metricName !== undefined) {
    for (const needed of ["namespace", "period"] as const)
      if (given[needed] === undefined) refuse(needed, `metricName needs ${needed}`);
    if ((given.statistic === undefined) === (given.extendedStatistic === undefined))
      refuse("statistic", "give either statistic or extendedStatistic");
  }
  if ((given.datapointsToAlarm ?? 1) > evaluationPeriods)
    refuse(
      "datapointsToAlarm",
      `${given.datapointsToAlarm} is more than evaluationPeriods (${evaluationPeriods})`,
    );
  const longest = Math.max(
    given.period ?? 0,
    ...(metricQueries ?? []).map(({ metric }) => metric?.period ?? 0),
  );
  const limit = longest < 3_600 ? day : 7 * day;
  if (longest * evaluationPeriods > limit)
    refuse(
      "evaluationPeriods",
      `Metrics cannot be checked across more than ${limit} seconds: ${evaluationPeriods} × ${longest}`,
    );
});
type MetricInputs = z.infer<typeof metricInputs>;

function metricsOf(given: MetricInputs): MetricQuery[] {
  const { metricName, namespace = "", dimensions: own = {}, statistic: stat, unit } = given;
  if (metricName !== undefined)
    return [{ namespace, metricName, dimensions: own, stat: stat ?? given.extendedStatistic, unit }];
  return (given.metricQueries ?? []).flatMap(({ metric }) =>
    metric ? [{ ...metric, dimensions: metric.dimensions ?? {} }] : [],
  );
}

function requireMetrics(given: MetricInputs, context: Context): void {
  for (const metric of metricsOf(given)) {
    const fault = metricFault(metric, context);
    if (fault?.startsWith("The embedded AWS")) throw new AwsError("ValidationError", fault);
    if (fault) throw stricter("ValidationError", `The alarm ${given.name} would never have data: ${fault}`);
  }
}

type Actions = { [K in keyof typeof common]?: z.infer<(typeof common)[K]> };

function requireHeard(given: Actions, alarmName: string, context: Context): void {
  const { alarmActions = [], okActions = [], insufficientDataActions = [] } = given;
  const topics = [...alarmActions, ...okActions, ...insufficientDataActions].filter((each) =>
    each.includes(":sns:"),
  );
  for (const topic of topics) {
    const fault = deliveryFault(topic, alarmPublisher(alarmArn(alarmName, context), context), context);
    if (fault) throw stricter("ValidationError", `Nobody would hear of ${alarmName}: ${fault}`);
  }
}

const alarmArn = (alarmName: string, { region, accountId }: Context) =>
  `arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName}`;

function requireMetricAlarm(given: MetricInputs, context: Context): void {
  requireMetrics(given, context);
  requireHeard(given, given.name ?? "", context);
}

/** AWS refuses to delete an alarm that a composite alarm uses. */
function requireUnwatched(alarmName: unknown, { account }: Context): void {
  const watching = account
    .list(compositeAlarmType)
    .filter(({ inputs }) => namesIn(String(inputs.alarmRule)).includes(String(alarmName)));
  if (watching.length > 0) {
    throw new AwsError(
      "ValidationError",
      `Cannot delete ${String(alarmName)} as there are composite alarm(s) depending on it: ${watching.map(({ id }) => id).join(", ")}`,
    );
  }
}

const metricAlarm: Model = {
  type: metricAlarmType,
  inputs: metricInputs,
  autoName: { property: "name", maxLength: 255 },
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  // PutMetricAlarm silently overwrites an alarm; two resources with one name would undo each other.
  unique: [{ property: "name", taken: "AlreadyExists" }],
  computed: ["arn", "evaluateLowSampleCountPercentiles"],
  identify: (given: MetricInputs) => given.name ?? "",
  describe: (given: MetricInputs, id, context) => ({
    arn: alarmArn(id, context),
    evaluateLowSampleCountPercentiles: given.evaluateLowSampleCountPercentiles ?? "",
  }),
  beforeCreate: requireMetricAlarm,
  beforeUpdate: (given: MetricInputs, _previous, context) => requireMetricAlarm(given, context),
  beforeDelete: ({ id }, context) => requireUnwatched(id, context),
};

function namesIn(rule: string): readonly string[] {
  const read = readRule(rule);
  return "names" in read ? read.names : [];
}

const compositeInputs = taggable({
  ...common,
  actionsSuppressor: z
    .strictObject({ alarm: z.string(), extensionPeriod: z.int().min(0), waitPeriod: z.int().min(0) })
    .optional(),
  alarmName: name,
  alarmRule: z
    .string()
    .max(10240)
    .superRefine((rule, context) => {
      const read = readRule(rule);
      if ("fault" in read) context.addIssue({ code: "custom", message: `the rule ${rule} ${read.fault}` });
    }),
});
type CompositeInputs = z.infer<typeof compositeInputs>;

function requireCompositeAlarm(given: CompositeInputs, context: Context): void {
  const { account } = context;
  const missing = namesIn(given.alarmRule).find(
    (each) => !account.get(metricAlarmType, each) && !account.get(compositeAlarmType, each),
  );
  if (missing !== undefined)
    throw new AwsError(
      "ValidationError",
      `AlarmRule of ${given.alarmName} names ${missing}, and there is no such alarm`,
    );
  requireHeard(given, given.alarmName, context);
}

const compositeAlarm: Model = {
  type: compositeAlarmType,
  inputs: compositeInputs,
  defaults: { actionsEnabled: true },
  unique: [{ property: "alarmName", taken: "AlreadyExists" }],
  computed: ["arn"],
  identify: (given: CompositeInputs) => given.alarmName,
  describe: (_given, id, context) => ({ arn: alarmArn(id, context) }),
  beforeCreate: requireCompositeAlarm,
  beforeUpdate: (given: CompositeInputs, _previous, context) => requireCompositeAlarm(given, context),
  beforeDelete: ({ id }, context) => requireUnwatched(id, context),
};

export const models: readonly Model[] = [metricAlarm, compositeAlarm];
