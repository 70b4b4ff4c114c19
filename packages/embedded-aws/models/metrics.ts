// Metrics in alarms, dashboards and scaling policies. CloudWatch accepts any name and then waits for data for ever.
import { valueOf } from "../account";
import type { Context } from "./model";
import { type Metric, type Named, namespaces, unmodelled } from "./metricTable";

/** A program's reference to a metric. */
export interface MetricQuery {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `p95` … */
  readonly stat?: string;
  readonly unit?: string;
}

const listed = (names: readonly string[]) => `{${[...names].sort().join(", ")}}`;

/** The reason for which the metric never has meaningful data; undefined if it has. */
export function metricFault(query: MetricQuery, context: Context): string | undefined {
  const { namespace: name, metricName } = query;
  const namespace = namespaces[name];
  // Namespaces outside of AWS/ are the program's own.
  if (!namespace && unmodelled.includes(name))
    return `The embedded AWS does not know the metrics of ${name}: add them to packages/embedded-aws/models/metricTable.ts`;
  if (!namespace) return name.startsWith("AWS/") ? `no namespace is called ${name}` : undefined;

  const families = namespace.families.filter(({ metrics }) => metricName in metrics);
  if (families.length === 0) return `${name} has no metric ${metricName}`;

  const given = listed(Object.keys(query.dimensions));
  const family = families.find(({ dimensions }) => dimensions.some((each) => listed(each) === given));
  if (!family) {
    const possible = families.flatMap(({ dimensions }) => dimensions).map(listed);
    return `${metricName} is not written with the dimensions ${given}, but with ${possible.join(" or ")}`;
  }
  return (
    dimensionFault(query, namespace.dimensions, context) ??
    valueFault(query, family.metrics[metricName]!) ??
    needFault(query, namespace.dimensions, family.metrics[metricName]!, context)
  );
}

function dimensionFault(
  { dimensions }: MetricQuery,
  named: Readonly<Record<string, Named>>,
  context: Context,
): string | undefined {
  for (const [dimension, value] of Object.entries(dimensions)) {
    const how = named[dimension]!;
    if ("always" in how) {
      if (value !== how.always) return `${dimension} is always ${how.always}, not ${value}`;
    } else if (!resourceOf(how, value, context)) {
      return `${dimension} ${value} is no ${how.by} of any ${how.type.split(":").pop()}`;
    }
  }
  return undefined;
}

function valueFault(
  { metricName, stat, unit }: MetricQuery,
  { unit: own, statistics }: Metric,
): string | undefined {
  if (unit !== undefined && unit !== own) return `${metricName} is written in ${own}, not in ${unit}`;
  if (stat !== undefined && statistics && !statistics.includes(stat))
    return `${stat} of ${metricName} means nothing: use ${statistics.join(", ")}`;
  return undefined;
}

function needFault(
  { dimensions, metricName }: MetricQuery,
  named: Readonly<Record<string, Named>>,
  { needs }: Metric,
  context: Context,
): string | undefined {
  if (!needs) return undefined;
  const value = dimensions[needs.dimension]!;
  const resource = resourceOf(named[needs.dimension]!, value, context);
  return resource && !needs.holds(resource.outputs)
    ? `${value} never writes ${metricName}: ${needs.otherwise}`
    : undefined;
}

function resourceOf(how: Named, value: string, { account }: Context) {
  if ("always" in how) return undefined;
  return account.list(how.type).find((resource) => [valueOf(resource, how.by)].flat().includes(value));
}
