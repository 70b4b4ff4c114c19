import type { PolicyResource } from "@pulumi/policy";
import { dimensionsOf, metricsOf } from "../../aws/metrics";
import { types } from "../../aws/types";
import logMetrics from "../../stacks/plan/monitoring/logMetrics.json";
import { nearest } from "../../stacks/settings/nearest";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import { has, type Stack } from "../stack";
import {
  asNumber,
  asText,
  entryOf,
  type Finding,
  findingIn,
  given,
  objects,
  type Properties,
} from "../values";

/** Metrics of events: where nothing happens there is no data, which must not call; each event is reported as 1. */
const ofEvents =
  /^(HTTPCode_|TargetConnectionErrorCount|RejectedConnectionCount|Errors$|Throttles$|FailedInvocations|.*Error\w*Count$)/;
/** Metrics that are silent when what they count is gone. */
const ofLife = /^(HealthyHostCount|RunningTaskCount)$/;
/** Metrics of which less is worse. */
const ofReserve =
  /^(Free(able|Storage)|HealthyHostCount$|RunningTaskCount$|BurstBalance$|.*CreditBalance$|EBS\w+Balance%$)/;
/** Metrics of a state, which is measured again and again: a sum of it only says how often. */
const ofState = new RegExp(
  `${ofReserve.source}|Utilization$|Latency$|Lag$|ResponseTime$|^(UnHealthyHostCount|DatabaseConnections|CurrConnections|SwapUsage)$`,
);

/** Metrics of an alarm: its own, or those of its metric math. */
const looksAt = (alarm: Properties): readonly Properties[] =>
  given(alarm, "metricName")
    ? [alarm]
    : objects(alarm["metricQueries"]).flatMap(({ metric }) => objects([metric]));

const inMetrics = (alarm: Properties, judge: (metric: Properties, name: string) => Finding): Finding =>
  findingIn(looksAt(alarm), (metric) => judge(metric, asText(metric["metricName"])));

const calls = ({ comparisonOperator }: Properties, direction: "Greater" | "Less") =>
  asText(comparisonOperator).startsWith(direction);

const statisticOf = ({ statistic, stat, extendedStatistic }: Properties) =>
  asText(statistic ?? stat ?? extendedStatistic);

function unreachable(alarm: Properties): Finding {
  const [threshold, metric] = [asNumber(alarm["threshold"]), asText(alarm["metricName"])];
  if (alarm["threshold"] === undefined || alarm["metricName"] === undefined) return undefined;
  const [lowest, highest] = /(Utilization|Percentage)$/.test(metric) ? [0, 100] : [0, Infinity];
  const orEqual = /OrEqual/.test(asText(alarm["comparisonOperator"]));
  const never = calls(alarm, "Greater")
    ? threshold > highest || (threshold === highest && !orEqual)
    : calls(alarm, "Less") &&
      asText(alarm["namespace"]).startsWith("AWS/") &&
      (threshold < lowest || (threshold === lowest && !orEqual));
  return never && `never calls: ${metric} is never ${calls(alarm, "Less") ? "below" : "above"} ${threshold}`;
}

function dimensionFault({ namespace, dimensions }: Properties, name: string): Finding {
  const needed = entryOf(dimensionsOf, namespace)?.(name) ?? [];
  const named = Object.keys((dimensions ?? {}) as object);
  const missing = needed.filter((each) => !named.includes(each));
  return (
    missing.length > 0 && `never calls: ${name} has no data without the dimension ${missing.join(" and ")}`
  );
}

/** Letters in which a name of a metric is a slip of the pen; a metric that is not listed differs in more. */
const slip = 2;

function misspelt({ namespace }: Properties, name: string): Finding {
  const all = entryOf(metricsOf, namespace);
  const [meant] = all && !all.includes(name) ? nearest(name, all, slip) : [];
  return meant !== undefined && `never calls: ${asText(namespace)} has no metric ${name}; it has ${meant}`;
}

export const alarmGoesOff = resourceRule(
  {
    name: "alarm-goes-off",
    type: types.alarm,
    description: "An alarm goes off in time, when there is something to tell, and rests otherwise",
    severity: "high",
    requirements: ["G-195", "GAP-35"],
    remedy:
      "period × evaluationPeriods of at most an hour, datapointsToAlarm within them, and statistic, comparison, dimensions and treatMissingData as the metric needs them",
    settings: { longest: number(3_600, "Most seconds from the first bad value to the call.") },
  },
  [
    {
      of: "chatpop",
      judge: (alarm, { longest }) => {
        const periods = looksAt(alarm).map(({ period }) => asNumber(period ?? 0));
        const seconds = Math.max(0, ...periods) * asNumber(alarm["evaluationPeriods"] ?? 1);
        // Credits run out over hours, a certificate over days.
        const isSlow = () => /Credit|Balance|^DaysToExpiry$/.test(asText(alarm["metricName"]));
        return seconds > longest && !isSlow() && `calls after ${seconds} s only, more than ${longest} s`;
      },
    },
    ({ datapointsToAlarm, evaluationPeriods }) =>
      datapointsToAlarm !== undefined &&
      asNumber(datapointsToAlarm) > asNumber(evaluationPeriods ?? 1) &&
      `never calls: ${asText(datapointsToAlarm)} of ${asText(evaluationPeriods)} data points`,
    (alarm) =>
      ofEvents.test(asText(alarm["metricName"])) &&
      calls(alarm, "Greater") &&
      alarm["treatMissingData"] === "breaching" &&
      `calls whenever nothing happens: ${asText(alarm["metricName"])} has no data then (treatMissingData breaching)`,
    (alarm) =>
      ofLife.test(asText(alarm["metricName"])) &&
      calls(alarm, "Less") &&
      alarm["treatMissingData"] !== "breaching" &&
      `stays silent when everything is gone: ${asText(alarm["metricName"])} has no data then (treatMissingData ${asText(alarm["treatMissingData"] ?? "missing")})`,
    unreachable,
    (alarm) => {
      const metric = asText(alarm["metricName"]);
      const backwards =
        (ofReserve.test(metric) && calls(alarm, "Greater")) ||
        (ofEvents.test(metric) && calls(alarm, "Less"));
      return backwards && `calls when all is well: ${asText(alarm["comparisonOperator"])} of ${metric}`;
    },
    (alarm) =>
      inMetrics(
        alarm,
        (metric, name) =>
          ofState.test(name) &&
          statisticOf(metric) === "Sum" &&
          `Sum of ${name} only says how often it was measured`,
      ),
    (alarm) => {
      const isOne = ({ metricName }: Properties) => ofEvents.test(asText(metricName));
      const perEvent = (metric: Properties) => /^(Average|Minimum|Maximum)$/.test(statisticOf(metric));
      const never = calls(alarm, "Greater") && asNumber(alarm["threshold"]) >= 1;
      return inMetrics(
        alarm,
        (metric, name) =>
          isOne(metric) &&
          perEvent(metric) &&
          (metric !== alarm || never) &&
          `${statisticOf(metric)} of ${name} is 1 however many there are: Sum counts them`,
      );
    },
    (alarm) => inMetrics(alarm, dimensionFault),
    (alarm) => inMetrics(alarm, misspelt),
    (alarm) =>
      inMetrics(
        alarm,
        ({ namespace, unit }, name) =>
          namespace !== "ECS/ContainerInsights" &&
          asText(namespace) in metricsOf &&
          /^(Kilo|Mega|Giga|Tera)(bytes|bits)/.test(asText(unit)) &&
          `never calls: ${name} has no data in ${asText(unit)}; it is told in bytes`,
      ),
  ],
);

interface Transformation {
  readonly namespace?: string;
  readonly name?: string;
  readonly value?: string;
  readonly defaultValue?: unknown;
}

/** Lines in the chat's log, and the value that each is worth, by the metric that they are counted in. */
const chatMetrics = new Map(Object.values(logMetrics).map((each) => [each.metric, each]));

const transformation = ({ props }: PolicyResource) => (props["metricTransformation"] ?? {}) as Transformation;

/** Filters of the stack that write a metric. */
const filtersOf = (stack: Stack, { namespace, metricName }: Properties) =>
  stack
    .ofType(types.logMetricFilter)
    .map(transformation)
    .filter((each) => each.namespace === namespace && each.name === metricName);

export const alarmHasData = stackRule(
  {
    name: "alarm-has-data",
    description:
      "A metric of the program's own, which an alarm looks at, is written by a metric filter of the stack",
    subject: "alarm for a metric of the program's own",
    severity: "high",
    requirements: ["G-195"],
    remedy: "an aws.cloudwatch.LogMetricFilter with this namespace and name, or the alarm without it",
  },
  function* (stack) {
    // Of the chat it is known what it writes into its log.
    for (const filter of stack.runsTheChat() ? stack.ofType(types.logMetricFilter) : []) {
      yield* stack.judge(filter, () => {
        const { name = "", value } = transformation(filter);
        const written = chatMetrics.get(name);
        const pattern = asText(filter.props["pattern"]);
        if (written === undefined) return undefined;
        if (written.pattern !== pattern)
          return `looks for ${pattern}, where the chat writes ${written.pattern}`;
        return value !== written.value && `writes ${asText(value)} into ${name}, not ${written.value}`;
      });
    }
    for (const alarm of stack.ofType(types.alarm)) {
      yield* stack.judge(alarm, () =>
        inMetrics(alarm.props, ({ namespace, metricName }, name) => {
          if (metricName === undefined || /^(AWS\/|ECS\/|CWAgent|LambdaInsights)/.test(asText(namespace)))
            return undefined;
          const filters = filtersOf(stack, { namespace, metricName });
          if (filters.length === 0)
            return `never calls: no metric filter writes ${name} into ${asText(namespace)}`;
          if (calls(alarm.props, "Greater") && filters.every(({ value }) => asNumber(value) === 0))
            return `never calls: every filter writes 0 into ${name} (metricTransformation.value)`;
          // A filter that counts is silent where nothing happens; one that measures is silent when its source is.
          const silent = filters.every(
            ({ value, defaultValue }) => value === "1" && defaultValue === undefined,
          );
          return (
            silent &&
            calls(alarm.props, "Greater") &&
            alarm.props["treatMissingData"] === "breaching" &&
            `calls whenever nothing happens: ${name} has no data then (treatMissingData breaching)`
          );
        }),
      );
    }
  },
);

/** Names of alarms in the rule of a composite one, as far as they are written out: ALARM("down"), OK(up). */
const namesIn = (rule: string): readonly string[] =>
  [...rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*["']?([^"')]+?)["']?\s*\)/g)].map(
    ([, name = ""]) => name.replace(/^arn:.*:alarm:/, ""),
  );

/** Names that no alarm of the stack has. Of one that was given no name, Pulumi draws it, from its own name on. */
function strangers(stack: Stack, rule: string): readonly string[] {
  const alarms = [types.alarm, types.compositeAlarm].flatMap((type) => stack.ofType(type));
  const names = alarms.flatMap((alarm) =>
    ["name", "alarmName"].filter((key) => has(alarm, key)).map((key) => alarm.props[key]),
  );
  const isDrawn = (name: string) => alarms.some((alarm) => name.startsWith(`${alarm.name}-`));
  return namesIn(rule).filter((name) => !names.includes(name) && !isDrawn(name));
}

export const compositeGoesOff = stackRule(
  {
    name: "composite-goes-off",
    description: "An alarm over others goes off when one of them does",
    severity: "high",
    requirements: ["G-195"],
    remedy: "alarmRule: ALARM(…) OR ALARM(…), made of the names of alarms of this stack",
  },
  function* (stack) {
    for (const composite of stack.ofType(types.compositeAlarm)) {
      yield* stack.judge(composite, () => {
        const rule = asText(composite.props["alarmRule"] ?? "");
        if (stack.is("chatpop") && /\bAND\b/.test(rule) && !/\bNOT\b|\bOK\s*\(/.test(rule))
          return "calls only when all of its alarms do (AND)";
        if (/^\s*(FALSE|NOT\s+TRUE)\s*$/i.test(rule)) return "never calls (FALSE)";
        if (!/ALARM\s*\(/.test(rule)) return "calls when nothing is wrong: its rule asks for no ALARM";
        if (/\bNOT\s+ALARM/.test(rule) && !/\bAND\b/.test(rule))
          return "calls when nothing is wrong (NOT ALARM)";
        return false;
      });
      // Another program may look at alarms of another stack.
      if (!stack.is("chatpop")) continue;
      yield* stack.judge(composite, () => {
        const [stranger] = strangers(stack, asText(composite.props["alarmRule"] ?? ""));
        return stranger !== undefined && `looks at ${stranger}, which no alarm of this stack is called`;
      });
    }
  },
);
