import type { Decisions } from "../decisions";
import type { CompleteSettings } from "../complete";
import { type BudgetPlan, budgetPlan } from "./budget";
import { loadBalancer } from "./watched/loadBalancer";
import { queriesOf, type SavedQuery } from "./queries";
import { downWhen, type EventKey, notices, watched } from "./watched";
import {
  type AlarmRule,
  type Group,
  groups,
  type LogFilter,
  type Notice,
  type Severity,
  type Subject,
  type SubjectName,
  subjects,
  type Unit,
  type Watched,
} from "./watched/watched";

/** A metric, or metric math, of one resource. */
export interface Measure {
  /** The kind of resource; `index` says which one. */
  readonly subject: SubjectName;
  /** Which one of the kind: 0 is the first. */
  readonly index: number;
  /** CloudWatch's, `AWS/RDS`, or the stack's own, `ChatPop/medium`. */
  readonly namespace: string;
  /** The metric, or metrics by the names that `expression` uses. */
  readonly metric: string | Readonly<Record<string, string>>;
  /** CloudWatch metric math over `metric`; undefined takes the metric as it is. */
  readonly expression?: string;
  /** CloudWatch's statistic over a period: `Average`, `Sum`, `p95`. */
  readonly statistic: string;
}

/** An alarm on a metric. */
export interface AlarmPlan extends Measure {
  /** Name in `chatpop:alarms` and in `docs/operations/runbook.md`, the same for every resource of a kind: `database-cpu`. */
  readonly key: string;
  /** With the resource where there are several: `CPU of the database, replica 1`. */
  readonly title: string;
  /** Meaning and first step, for the person who is called. */
  readonly description: string;
  /** In the unit of the metric. */
  readonly threshold: number;
  /** On which side of the threshold values are bad; the threshold itself is good. */
  readonly comparison: AlarmRule["comparison"];
  /** Seconds of one data point. */
  readonly period: number;
  /** Data points in a row that must be bad. */
  readonly periods: number;
  /** Meaning of a period without data. */
  readonly missingData: AlarmRule["missingData"];
}

/** A metric that CloudWatch makes of lines in the tasks' log. */
export interface LogMetricPlan extends LogFilter {
  /** The stack's own: `ChatPop/medium`. */
  readonly namespace: string;
  /** Name that CloudWatch shows: `LostMessages`. */
  readonly metric: string;
}

/** A panel of the dashboard: one line for each resource. */
export interface PanelPlan {
  /** The row's title in the list of what is watched: `CPU of the database`. */
  readonly title: string;
  /** Unit of the axis, which begins at 0. */
  readonly unit: Unit;
  /** Measures in the order of their resources, each with its label in the legend. */
  readonly lines: readonly (Measure & { readonly label: string })[];
  /** Seconds of one data point. */
  readonly period: number;
  /** Threshold of the alarm, drawn as a line; undefined draws none. */
  readonly threshold?: number;
}

/** Alarms, the people they reach, and the dashboard. */
export interface MonitoringPlan {
  /** Name of the Pulumi stack: whoever is called has to know which of an account's chats it is. */
  readonly stack: string;
  /** Alarms on metrics by the last part of their name: the key, with what tells several resources of a kind apart. */
  readonly alarms: Readonly<Record<string, AlarmPlan>>;
  /** Metrics that are made of lines in the tasks' log, by the key of what is watched. */
  readonly logMetrics: Readonly<Record<string, LogMetricPlan>>;
  /** Saved queries that show the cause in a log, by the alarm's key; an alarm without one has its cause in no log. */
  readonly queries: Readonly<Record<string, SavedQuery>>;
  /** Texts of the notices from events, without those that cannot happen here or that the operator has turned off. */
  readonly notices: Readonly<Partial<Record<EventKey, string>>>;
  /**
   * The alarm on failing requests by which ECS rolls a deployment back; it goes off sooner, at fewer of them, than
   * alarms for people.
   */
  readonly deployment: AlarmPlan;
  /** The alarm over other ones; undefined where the operator wants none. */
  readonly chatIsDown?: { readonly description: string; readonly anyOf: readonly string[] };
  /** Panels by group, from top to bottom; a group without panels is left out. */
  readonly dashboard: readonly { readonly title: Group; readonly panels: readonly PanelPlan[] }[];
  /** Why alarms are turned off, by their names in `chatpop:alarms`; the policy pack accepts their absence for it. */
  readonly turnedOff: Readonly<Record<string, string>>;
  /** E-mail address of the alarms; undefined sends no mail. */
  readonly email?: string;
  /** URL that receives the alarms by POST; undefined posts none. */
  readonly webhook?: string;
  /** Budget of a month; undefined watches no cost. */
  readonly budget?: BudgetPlan;
}

/** Additions for one resource of a kind: to the alarm's name (`-2`) and to its title (`, replica 1`). */
function additionsOf(subject: SubjectName, index: number, decisions: Decisions) {
  const { further, names }: Subject = subjects[subject];
  const name = names?.(decisions)[index];
  if (name !== undefined) return { suffix: `-${name}`, addition: `, ${name}` };
  return index === 0
    ? { suffix: "", addition: "" }
    : { suffix: `-${index + 1}`, addition: further ? `, ${further(index, decisions)}` : "" };
}

/** Rows of the list that apply to this deployment, with a measure for each resource. */
function present(decisions: Decisions) {
  return Object.entries(watched).flatMap(([key, row]) => {
    const { namespace: common, count, ofStack }: Subject = subjects[row.subject];
    if (row.when?.(decisions) === false) return [];
    const namespace = ofStack ? `${common}/${decisions.stack}` : common;
    const measures = Array.from({ length: count(decisions) }, (_, index): Measure & { label: string } => ({
      subject: row.subject,
      index,
      namespace,
      metric: row.metric,
      ...(row.expression !== undefined && { expression: row.expression }),
      statistic: row.statistic,
      label: `${row.title}${additionsOf(row.subject, index, decisions).addition}`,
    }));
    return measures.length === 0 ? [] : [{ key, row, measures }];
  });
}

/** Alarms, metrics of the log, notices and dashboard of a deployment. */
export function monitoringPlan(decisions: Decisions, settings: CompleteSettings): MonitoringPlan {
  const here = present(decisions);
  const own = settings.alarms;
  const { stack } = decisions;
  const describe = (
    key: string,
    { severity, meaning, remedy }: { severity: Severity; meaning: string; remedy: string },
  ) => `ChatPop ${stack}, ${severity}: ${meaning} ${remedy} Steps: ${settings.runbookUrl}#${key}`;
  const isOff = (key: string) => own[key] !== undefined && "enabled" in own[key];
  const thresholdOf = (key: string, { alarm }: Watched, index: number): number | undefined => {
    const chosen = own[key];
    if (!alarm || isOff(key)) return undefined;
    if (chosen && "threshold" in chosen) return chosen.threshold;
    return typeof alarm.threshold === "function" ? alarm.threshold(decisions, index) : alarm.threshold;
  };

  const alarms = here.flatMap(({ key, row, measures }) => {
    if (!row.alarm) return [];
    const { comparison, period, periods, missingData } = row.alarm;
    const common = { key, description: describe(key, row.alarm), comparison, period, periods, missingData };
    return measures.flatMap(({ label, ...measure }): AlarmPlan[] => {
      const threshold = thresholdOf(key, row, measure.index);
      return threshold === undefined ? [] : [{ ...measure, ...common, threshold, title: label }];
    });
  });
  const dashboard = groups.map((title) => ({
    title,
    panels: here
      .filter(({ row }) => row.group === title)
      .map(({ key, row, measures }): PanelPlan => {
        const [threshold, ...others] = new Set(measures.map(({ index }) => thresholdOf(key, row, index)));
        return {
          title: row.title,
          unit: row.unit,
          lines: measures,
          period: row.alarm?.period ?? row.period ?? 300,
          ...(threshold !== undefined && others.length === 0 && { threshold }),
        };
      }),
  }));
  const logMetrics = here.flatMap(({ key, row: { filter }, measures: [measure] }) =>
    filter && typeof measure?.metric === "string"
      ? [[key, { ...filter, namespace: measure.namespace, metric: measure.metric }] as const]
      : [],
  );
  const byName = Object.fromEntries(
    alarms.map((alarm) => [
      `${alarm.key}${additionsOf(alarm.subject, alarm.index, decisions).suffix}`,
      alarm,
    ]),
  );
  const { "chat-is-down": down, ...events } = notices;
  const wantedEvents = Object.entries(events as Readonly<Record<string, Notice>>)
    .filter(([key, { when }]) => !isOff(key) && when?.(decisions) !== false)
    .map(([key, notice]) => [key, describe(key, notice)] as const);
  const anyOf = Object.keys(downWhen).filter((name) => name in byName);

  const failing = loadBalancer["failing-requests"];

  return {
    stack,
    alarms: byName,
    deployment: {
      ...{ key: "failing-requests", title: failing.title, subject: failing.subject, index: 0 },
      ...{ namespace: subjects.loadBalancer.namespace, metric: failing.metric },
      ...{ expression: failing.expression, statistic: failing.statistic },
      description: describe("failing-requests", {
        severity: "warning",
        meaning: "More than one request in ten fails; ECS takes a deployment back while this is so.",
        remedy: failing.alarm.remedy,
      }),
      ...{ threshold: 10, comparison: failing.alarm.comparison, period: 60, periods: 2 },
      missingData: failing.alarm.missingData,
    },
    logMetrics: Object.fromEntries(logMetrics),
    queries: queriesOf([...alarms.map(({ key }) => key), ...wantedEvents.map(([key]) => key)], decisions),
    notices: Object.fromEntries(wantedEvents),
    ...(!isOff("chat-is-down") &&
      anyOf.length > 0 && { chatIsDown: { description: describe("chat-is-down", down), anyOf } }),
    dashboard: dashboard.filter(({ panels }) => panels.length > 0),
    turnedOff: Object.fromEntries(
      Object.entries(own).flatMap(([key, choice]) => ("reason" in choice ? [[key, choice.reason]] : [])),
    ),
    email: settings.alarmEmail,
    webhook: settings.alarmWebhook,
    ...(settings.monthlyBudget !== undefined && { budget: budgetPlan(settings.monthlyBudget) }),
  };
}
