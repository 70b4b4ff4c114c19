import { scales } from "../stacks/guide";
import { type GuideMetric, guideMetrics } from "../stacks/guideMetrics";
import { makePlan } from "../stacks/plan";
import {
  type AlarmKey,
  alarmKeys,
  downWhen,
  type NoticeKey,
  notices,
  watched,
} from "../stacks/plan/monitoring/watched";
import {
  type Notice,
  type Subject,
  subjects,
  type Unit,
  type Watched,
} from "../stacks/plan/monitoring/watched/watched";
import { remedies } from "./remedies";
import { felts, waitsText } from "./remedies/felt";
import type { Step } from "./remedies/remedy";

const plans = scales.map((scale) => makePlan({ scale }));
const mebibyte = 1024 ** 2;

const rounded = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 1 });

/** A value of a metric as people say it. */
export function formatted(value: number, unit: Unit): string {
  const by: Readonly<Record<Unit, () => string>> = {
    percent: () => `${rounded(value)} %`,
    count: () => rounded(value),
    seconds: () =>
      value < 1 ? `${rounded(1_000 * value)} ms` : value < 3_600 ? `${rounded(value)} s` : duration(value),
    microseconds: () => `${rounded(value / 1_000)} ms`,
    days: () => `${rounded(value)} days`,
    bytes: () =>
      value < 1024 * mebibyte
        ? `${rounded(value / mebibyte)} MiB`
        : `${rounded(value / mebibyte / 1024)} GiB`,
  };
  return by[unit]();
}

/**
 * The thresholds at the three scales, one cell each; a dash where the scale has no such alarm. An alarm that only a
 * setting brings shows its threshold as `on demand`.
 */
function thresholds(key: string, { alarm, unit }: Watched): readonly string[] {
  const sign = alarm?.comparison === "LessThanThreshold" ? "<" : ">";
  const cells = plans.map(({ monitoring }) => {
    const planned = Object.values(monitoring.alarms).find((each) => each.key === key);
    return planned ? `${sign} ${formatted(planned.threshold, unit)}` : "–";
  });
  if (new Set(cells).size > 1) return cells;
  const onDemand = cells[0] === "–" && typeof alarm?.threshold === "number";
  return [onDemand ? `on demand: ${sign} ${formatted(alarm.threshold, unit)}` : cells[0]!, "〃", "〃"];
}

const link = (key: string) => `[${key}](#${key})`;
/** An alarm by its name, which adds the worker's to the key. */
const alarmLink = ([name, key]: readonly [string, string]) => `[${name}](#${key})`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Every metric of the guide's monitoring chapter, with its alarm. */
function guideText(): string {
  const rows: readonly (readonly [string, GuideMetric])[] = Object.entries(guideMetrics);
  return table(
    ["guide", "alarm", ...scales],
    rows.map(([key, { requirement, wording }]) => [
      `${wording} (${requirement})`,
      ...(watched[key]!.alarm
        ? [link(key), ...thresholds(key, watched[key]!)]
        : ["on the dashboard; the sockets themselves: [open-connections](#open-connections)", "–", "–", "–"]),
    ]),
  );
}

/** Whether a scale has a notice of its own accord. */
function noticeCells(key: NoticeKey): readonly string[] {
  const always = plans.every(({ monitoring }) => key === "chat-is-down" || key in monitoring.notices);
  return always ? ["always", "〃", "〃"] : ["on demand", "〃", "〃"];
}

/** Every alarm that the guide does not have. */
function furtherText(): string {
  const further = alarmKeys.filter((key) => !(key in guideMetrics));
  return table(
    ["alarm", "what it is about", ...scales],
    further.map((key) => {
      const row = watched[key];
      if (row) return [link(key), row.title, ...thresholds(key, row)];
      return [link(key), notices[key as NoticeKey].title, ...noticeCells(key as NoticeKey)];
    }),
  );
}

const duration = (seconds: number) =>
  seconds % 3_600 === 0 ? `${seconds / 3_600} h` : `${seconds / 60} min`;

/** How the metric is measured: `AWS/RDS CPUUtilization, Average over 5 min, 2 times in a row`. */
function measured({ subject, metric, expression, filter, statistic, alarm }: Watched): string {
  const { namespace: common, ofStack }: Subject = subjects[subject];
  const namespace = ofStack ? `${common}/<stack>` : common;
  const names = typeof metric === "string" ? [metric] : Object.values(metric);
  const { period, periods } = alarm!;
  return [
    `${names.map((name) => `\`${namespace} ${name}\``).join(", ")}`,
    ...(expression === undefined ? [] : [`as \`${expression}\``]),
    ...(filter ? [`made of log lines by \`${filter.pattern}\``] : []),
    `${statistic} over ${duration(period)}`,
    periods === 1 ? "once" : `${periods} times in a row`,
  ].join(", ");
}

const stepText = ({ text, sh }: Step, index: number): string => {
  const kind = sh?.startsWith("python ") ? "task" : "account";
  const block = sh === undefined ? [] : ["", `\`\`\`sh ${kind}`, ...sh.split("\n"), "```"];
  return [`${index + 1}. ${text}`, ...block.map((line) => (line === "" ? "" : `   ${line}`))].join("\n");
};

function section(key: AlarmKey): string {
  const row = watched[key];
  const notice: Notice = notices[key as NoticeKey];
  const rule = row?.alarm ?? notice;
  const { title, requirements } = row ?? notice;
  const how = row
    ? [`${measured(row)}.`, "", table([...scales], [thresholds(key, row)])]
    : [notice.raisedBy ?? `Any of ${Object.entries(downWhen).map(alarmLink).join(", ")}.`];
  return [
    `### ${key}`,
    "",
    `**${title}** (${rule.severity}; ${requirements.join(", ")}). ${rule.meaning}`,
    "",
    `**Users see:** ${felts[key].users}. **Look:** ${waitsText[felts[key].waits]}.`,
    "",
    ...how,
    "",
    ...remedies[key].map(stepText),
  ].join("\n");
}

/** The runbook's part on alarms: the guide's metrics, further alarms, and the steps for each. */
export function alarmsText(): string {
  return [
    "## The guide's metrics",
    "",
    guideText(),
    "",
    "## Further alarms",
    "",
    furtherText(),
    "",
    "## What each means, and what to do",
    "",
    alarmKeys.map(section).join("\n\n"),
  ].join("\n");
}
