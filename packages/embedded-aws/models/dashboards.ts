// CloudWatch dashboards: the body is JSON with its own grammar, and its metrics must exist.
import { z } from "zod";
import { metricFault, type MetricQuery } from "./metrics";
import { stricter, type Context, type Model } from "./model";
import { json, regional, text } from "./schema";

const place = {
  x: z.int().min(0).max(23).optional(),
  y: z.int().min(0).optional(),
  width: z.int().min(1).max(24).optional(),
  height: z.int().min(1).max(1000).optional(),
};

const widget = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("metric"),
    ...place,
    properties: z.object({ region: z.string(), metrics: z.array(z.array(z.unknown()).min(1)).min(1) }),
  }),
  z.object({
    type: z.literal("alarm"),
    ...place,
    properties: z.object({ alarms: z.array(z.string()).max(100) }),
  }),
  z.object({ type: z.literal("text"), ...place, properties: z.object({ markdown: z.string() }) }),
  z.object({
    type: z.literal("log"),
    ...place,
    properties: z.object({ region: z.string(), query: z.string() }),
  }),
]);
type Widget = z.infer<typeof widget>;

const body = z.strictObject({
  start: z.string().optional(),
  end: z.string().optional(),
  periodOverride: z.enum(["auto", "inherit"]).optional(),
  widgets: z
    .array(
      widget.refine(({ x = 0, width = 6 }) => x + width <= 24, { error: "reaches beyond the 24 columns" }),
    )
    .max(500),
});

const inputs = regional({
  dashboardBody: json.superRefine((given, context) => {
    const result = body.safeParse(parsed(given));
    if (result.success) return;
    const faults = result.error.issues.map(({ path, message }) => `/${path.join("/")}: ${message}`);
    context.addIssue({
      code: "custom",
      message: `The dashboard body is invalid, there are ${faults.length} validation errors: ${faults.join("; ")}`,
    });
  }),
  dashboardName: text(/^[A-Za-z0-9_-]{1,255}$/, "a dashboard's name: letters, digits, _ and -"),
});
type Inputs = z.infer<typeof inputs>;

function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    // The type `json` reports the fault itself.
    return { widgets: [] };
  }
}

/** The metric of a row `[namespace, metric, dimension, value, …, {stat}]`; a row with an expression has none. */
function queryOf(row: readonly unknown[]): MetricQuery[] {
  const texts = row.filter((each) => typeof each === "string");
  const options = row.find((each) => typeof each === "object") as { stat?: string } | undefined;
  const [namespace, metricName, ...pairs] = texts;
  if (namespace === undefined || metricName === undefined) return [];
  const dimensions = Object.fromEntries(
    pairs.flatMap((each, index) => (index % 2 === 0 ? [[each, pairs[index + 1] ?? ""] as const] : [])),
  );
  return [{ namespace, metricName, dimensions, stat: options?.stat }];
}

function faultsOf(each: Widget, context: Context): readonly (string | undefined)[] {
  if (each.type === "metric")
    return each.properties.metrics.flatMap(queryOf).map((query) => metricFault(query, context));
  if (each.type !== "alarm") return [];
  return each.properties.alarms.map((arn) =>
    ["metricAlarm:MetricAlarm", "compositeAlarm:CompositeAlarm"].some((type) =>
      context.account.find(`aws:cloudwatch/${type}`, "arn", arn),
    )
      ? undefined
      : `${arn} is no alarm`,
  );
}

/** Refuses a panel without data, which AWS would show empty. */
function requireContent(given: Inputs, context: Context): void {
  const { widgets } = parsed(given.dashboardBody) as z.infer<typeof body>;
  widgets.forEach((each, index) => {
    const fault = faultsOf(each, context).find((found) => found !== undefined);
    if (fault !== undefined)
      throw stricter(
        "InvalidParameterInput",
        `/widgets/${index} of ${given.dashboardName} would stay empty: ${fault}`,
      );
  });
}

const dashboard: Model = {
  type: "aws:cloudwatch/dashboard:Dashboard",
  inputs,
  unique: [{ property: "dashboardName", taken: "AlreadyExists" }],
  computed: ["dashboardArn"],
  identify: (given: Inputs) => given.dashboardName,
  describe: (_given, id, { accountId }) => ({
    dashboardArn: `arn:aws:cloudwatch::${accountId}:dashboard/${id}`,
  }),
  beforeCreate: requireContent,
  beforeUpdate: (given: Inputs, _previous, context) => requireContent(given, context),
};

export const models: readonly Model[] = [dashboard];
