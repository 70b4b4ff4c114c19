import type { Measure, MonitoringPlan, PanelPlan } from ".";
import { type SubjectName, subjects, type Unit } from "./watched/watched";

/** The values of a resource's CloudWatch dimensions, by dimension: `{ ClusterName, ServiceName }`. */
export type DimensionValues = Readonly<Record<string, string>>;

/** For each kind of resource, the dimensions of every one of them. */
export type DimensionsBySubject<Value = string> = Readonly<
  Record<SubjectName, readonly Readonly<Record<string, Value>>[]>
>;

const columns = 24;
const panel = { width: 8, height: 6 };
const perRow = columns / panel.width;

const axis: Readonly<Record<Unit, string>> = {
  percent: "%",
  count: "",
  seconds: "s",
  microseconds: "µs",
  days: "days",
  bytes: "bytes",
};

/** The body of the CloudWatch dashboard: the alarms on top, then every group with its panels, three in a row. */
export function dashboardBody(
  groups: MonitoringPlan["dashboard"],
  dimensions: DimensionsBySubject,
  alarmArns: readonly string[],
  region: string,
) {
  const status = { height: 2 + 2 * Math.ceil(alarmArns.length / 8) };
  const widgets: object[] = [
    {
      type: "alarm",
      x: 0,
      y: 0,
      width: columns,
      ...status,
      properties: { title: "Alarms", alarms: [...alarmArns] },
    },
  ];
  let y = status.height;
  for (const { title, panels } of groups) {
    widgets.push({
      type: "text",
      x: 0,
      y,
      width: columns,
      height: 1,
      properties: { markdown: `## ${title}` },
    });
    panels.forEach((each, index) => {
      const x = panel.width * (index % perRow);
      const row = Math.floor(index / perRow);
      widgets.push({
        type: "metric",
        x,
        y: y + 1 + panel.height * row,
        ...panel,
        properties: graph(each, dimensions, region),
      });
    });
    y += 1 + panel.height * Math.ceil(panels.length / perRow);
  }
  // Over a week CloudWatch would draw sums of hours, beside thresholds that are meant for minutes.
  return { periodOverride: "inherit", widgets };
}

function graph(
  { title, unit, lines, period, threshold }: PanelPlan,
  dimensions: DimensionsBySubject,
  region: string,
) {
  return {
    title,
    region,
    view: "timeSeries",
    stacked: false,
    period,
    metrics: lines.flatMap((line) => metricsOf(line, line.label, dimensions)),
    yAxis: { left: { min: 0, label: axis[unit], showUnits: false } },
    ...(threshold !== undefined && {
      annotations: { horizontal: [{ label: "alarm", value: threshold, color: "#d62728" }] },
    }),
  };
}

/** The lines of one resource: its metric, or the expression with the metrics that it is made of. */
function metricsOf(measure: Measure, label: string, dimensions: DimensionsBySubject): unknown[][] {
  const { subject, index, namespace, metric, expression, statistic: stat } = measure;
  const values: DimensionValues = dimensions[subject][index] ?? {};
  const pairs = subjects[subject].dimensions.flatMap((name) => [name, values[name]]);
  if (typeof metric === "string") return [[namespace, metric, ...pairs, { stat, label }]];
  // The lines of a panel share their ids, so each resource needs its own.
  const own = (id: string) => (index === 0 ? id : `${id}${index + 1}`);
  return [
    [{ expression: expression?.replace(/\b[a-z]\w*/g, own), label, id: own("value") }],
    ...Object.entries(metric).map(([id, name]) => [
      namespace,
      name,
      ...pairs,
      { id: own(id), stat, visible: false },
    ]),
  ];
}
