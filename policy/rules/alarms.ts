import type { PolicyResource } from "@pulumi/policy";
import { type GuideMetric, guideMetrics } from "../../stacks/guideMetrics";
import { maxConnections, sizeOf } from "../../aws/instanceClasses";
import { leaveNames } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { has } from "../stack";
import { number } from "../settings";
import type { Stack } from "../stack";
import { types } from "../../aws/types";
import { asText, type Finding, known } from "../values";

/** Subjects of the guide's metrics, by namespace. */
const subjects: Readonly<Record<string, (stack: Stack) => readonly PolicyResource[]>> = {
  "AWS/ECS": (stack) => stack.chatServices(),
  "AWS/RDS": (stack) => stack.primaries(),
  "AWS/ElastiCache": (stack) => stack.caches(),
  "AWS/ApplicationELB": (stack) =>
    stack
      .ofType(types.loadBalancer)
      .filter(({ props }) => known(() => props["loadBalancerType"]) !== "network"),
};

/** Whether an alarm looks at a metric itself: what metric math makes of it has another threshold. */
const looksAt = ({ props }: PolicyResource, { namespace, metric }: GuideMetric): boolean =>
  props["namespace"] === namespace && props["metricName"] === metric;

/** Whether an alarm's dimensions were made of a resource, or name it. */
function isAbout(stack: Stack, alarm: PolicyResource, subject: PolicyResource): boolean {
  if (stack.madeOf(subject, types.alarm, "dimensions").includes(alarm)) return true;
  const values =
    known(() => Object.values((alarm.props["dimensions"] ?? {}) as Record<string, unknown>).map(asText)) ??
    [];
  const names = ["identifier", "name", "arnSuffix", "replicationGroupId", "clusterId"].flatMap(
    (property) => known(() => subject.props[property]) ?? [],
  );
  // The nodes of a replication group are called <group>-001 and so on.
  return values.some((value) =>
    names.some((name) => value === name || value.startsWith(`${asText(name)}-0`)),
  );
}

/** Thresholds that a class can never reach (GAP-34). */
const unreachable: Readonly<Record<string, (subject: PolicyResource, threshold: number) => Finding>> = {
  "database-connections": ({ props }, threshold) => {
    const most = maxConnections(asText(props["instanceClass"]));
    return (
      most !== undefined && threshold >= most && `${asText(props["instanceClass"])} accepts about ${most}`
    );
  },
  "database-free-memory": ({ props }, threshold) => {
    const memory = sizeOf(asText(props["instanceClass"]))?.memory;
    return (
      memory !== undefined &&
      threshold >= memory * 1024 ** 3 &&
      `${asText(props["instanceClass"])} has ${memory} GiB in all, so that the alarm never rests`
    );
  },
  "cache-cpu": ({ props }, threshold) => {
    const vcpu = sizeOf(asText(props["nodeType"]))?.vcpu;
    return vcpu === 2 && threshold >= 50 && "Redis uses one core, which is 50 % of a node with two vCPU";
  },
};

const directionFault = ({ metric, below }: GuideMetric, { props }: PolicyResource): Finding =>
  !(below ? /^LessThan/ : /^GreaterThan/).test(asText(props["comparisonOperator"])) &&
  `${metric} calls for ${below ? "LessThanThreshold" : "GreaterThanThreshold"}`;

function thresholdFault(
  key: string,
  row: GuideMetric,
  alarm: PolicyResource,
  subject: PolicyResource,
  lowest: number,
  highest: number,
): Finding {
  const threshold = alarm.props["threshold"] as number;
  if (!(threshold >= lowest && threshold <= highest))
    return `the threshold ${threshold} of ${row.metric} is not within ${lowest} to ${highest}: is it in the metric's unit?`;
  const never = unreachable[key]?.(subject, threshold);
  return never && `the threshold ${threshold} of ${row.metric} does not fit: ${never}`;
}

/** Statistics that fit a metric: the sum for events; for measurements neither sum nor count, nor their best value. */
function statisticFault({ metric, events, below }: GuideMetric, { props }: PolicyResource): Finding {
  const statistic = asText(props["statistic"] ?? props["extendedStatistic"]);
  const best = below ? "Maximum" : "Minimum";
  // Of hosts the minimum says that as many have failed all the while.
  const fits = events
    ? /^Sum$/
    : new RegExp(`^(?!Sum|SampleCount${/HostCount$/.test(metric) ? "" : `|${best}`})`);
  return !fits.test(statistic) && `${statistic} says nothing about ${metric}`;
}

/** What stops the chat besides, and the guide does not list. */
const essential: Readonly<Record<string, GuideMetric>> = {
  "database-free-storage": {
    requirement: "GAP-35",
    wording: "RDS FreeStorageSpace: a full database stops",
    namespace: "AWS/RDS",
    metric: "FreeStorageSpace",
    below: true,
    threshold: 2 * 1024 ** 3,
    accepted: { lowest: 1024 ** 3, highest: 65_536 * 1024 ** 3 },
  },
  "no-healthy-task": {
    requirement: "GAP-35",
    wording: "ALB HealthyHostCount: no task serves anybody",
    namespace: "AWS/ApplicationELB",
    metric: "HealthyHostCount",
    below: true,
    threshold: 1,
    accepted: { lowest: 1, highest: 10_000 },
  },
};

const guideRows: readonly (readonly [string, GuideMetric])[] = [
  ...Object.entries(guideMetrics),
  ...Object.entries(essential),
];

/** One rule for each metric of the guide that has a threshold. */
export const guideAlarms = guideRows
  .filter(([, { threshold }]) => threshold !== undefined)
  .map(([key, row]) =>
    stackRule(
      {
        name: `alarm-${key}`,
        description: `An alarm calls somebody by ${row.metric} of ${row.namespace}, in the metric's own unit`,
        severity: "medium",
        requirements: [row.requirement, "G-195", "GAP-34"],
        remedy: `an aws.cloudwatch.MetricAlarm on ${row.metric} with the resource's dimensions`,
        mends: [leaveNames("alarms", (alarm) => alarm === key)],
        settings: {
          lowest: number(row.accepted.lowest, "Lowest threshold, in the metric's unit."),
          highest: number(row.accepted.highest, "Highest threshold, in the metric's unit."),
        },
      },
      function* (stack, { lowest, highest }) {
        for (const subject of subjects[row.namespace]?.(stack) ?? []) {
          const alarms = stack.ofType(types.alarm).filter((alarm) => isAbout(stack, alarm, subject));
          const own = alarms.filter((alarm) => known(() => looksAt(alarm, row)));
          if (own.length === 0) {
            // One whose metric is still unknown may be the one.
            yield* stack.judge(
              subject,
              () => !alarms.some((alarm) => looksAt(alarm, row)) && `no alarm looks at its ${row.metric}`,
            );
          }
          for (const alarm of own) {
            yield* stack.judge(alarm, () => directionFault(row, alarm));
            yield* stack.judge(alarm, () => thresholdFault(key, row, alarm, subject, lowest, highest));
            yield* stack.judge(alarm, () => statisticFault(row, alarm));
          }
        }
      },
    ),
  );

/** Whether an alarm is one of those that an alarm with actions looks at: by its name, or made of it. */
const tellsThroughOther = (stack: Stack, alarm: PolicyResource): boolean => {
  const name = known(() => alarm.props["alarmName"] ?? alarm.props["name"]);
  return stack
    .ofType(types.compositeAlarm)
    .filter((composite) => composite !== alarm && has(composite, "alarmActions"))
    .some(
      (composite) =>
        stack.madeOf(alarm, types.compositeAlarm, "alarmRule").includes(composite) ||
        (typeof name === "string" &&
          asText(known(() => composite.props["alarmRule"]) ?? "").includes(`"${name}"`)),
    );
};

export const alarmAction = stackRule(
  {
    name: "alarm-action",
    description: "Every alarm tells somebody, by itself or through an alarm over it",
    severity: "high",
    requirements: ["G-129", "G-195"],
    remedy: "alarmActions with the ARN of an SNS topic, and no actionsEnabled: false",
    publicChecks: ["CKV_AWS_319", "CloudWatch.15", "CloudWatch.17"],
  },
  function* (stack) {
    for (const alarm of [types.alarm, types.compositeAlarm].flatMap((type) => stack.ofType(type))) {
      yield* stack.judge(
        alarm,
        () =>
          !has(alarm, "alarmActions") && !tellsThroughOther(stack, alarm) && "tells nobody when it goes off",
      );
      yield* stack.judge(
        alarm,
        () => alarm.props["actionsEnabled"] === false && "is silenced (actionsEnabled: false)",
      );
    }
  },
);

/** Other metrics whose unit is easily mistaken: the least threshold that makes sense, and the unit. */
const units: Readonly<Record<string, { readonly least: number; readonly unit: string }>> = {
  "AWS/RDS FreeStorageSpace": { least: 1024 ** 2, unit: "bytes" },
  "AWS/RDS SwapUsage": { least: 1024 ** 2, unit: "bytes" },
  "AWS/RDS DatabaseConnectionsBorrowLatency": { least: 1_000, unit: "microseconds" },
  "AWS/ElastiCache SwapUsage": { least: 1024 ** 2, unit: "bytes" },
  "AWS/ElastiCache FreeableMemory": { least: 1024 ** 2, unit: "bytes" },
};

export const alarmUnit = resourceRule(
  {
    name: "alarm-unit",
    type: types.alarm,
    description: "Thresholds on bytes and microseconds are in bytes and microseconds",
    severity: "medium",
    requirements: ["GAP-34", "GAP-35"],
    remedy: "write the threshold in the unit that CloudWatch measures in",
  },
  [
    (properties) => {
      const metric = `${asText(properties["namespace"])} ${asText(properties["metricName"])}`;
      const row = units[metric];
      const threshold = properties["threshold"] as number;
      return (
        row !== undefined &&
        threshold < row.least &&
        `the threshold ${threshold} of ${metric} is in ${row.unit}, where nothing is that small`
      );
    },
  ],
);

export const alarmTopicKey = resourceRule(
  {
    name: "alarm-topic-key",
    type: types.topic,
    description: "A topic is not encrypted with AWS's own key, to which no alarm can publish",
    severity: "high",
    requirements: ["G-129"],
    remedy: "a key of your own as kmsMasterKeyId, whose policy lets cloudwatch.amazonaws.com use it",
  },
  [
    (properties) =>
      asText(properties["kmsMasterKeyId"]).includes("alias/aws/sns") &&
      "alarms are lost: CloudWatch may not use alias/aws/sns",
  ],
);

const onDeployments = ({ props }: PolicyResource) =>
  asText(props["eventPattern"]).includes("ECS Deployment State Change");

export const failedDeploymentTold = stackRule(
  {
    name: "failed-deployment-told",
    description: "Somebody is told when ECS takes a deployment back: no metric shows it",
    severity: "medium",
    requirements: ["GAP-35"],
    remedy:
      'an aws.cloudwatch.EventRule on "ECS Deployment State Change" of the service, with an SNS topic as its target',
  },
  function* (stack) {
    const targets = stack.ofType(types.eventTarget);
    const told = stack
      .ofType(types.eventRule)
      .filter((rule) =>
        targets.some((target) => stack.sources(target, "rule", types.eventRule).includes(rule)),
      );
    for (const service of stack.chatServices()) {
      const made = stack.madeOf(service, types.eventRule, "eventPattern");
      const own = told.some((rule) => made.includes(rule) || known(() => onDeployments(rule)));
      // Of those whose pattern is still unknown, one that is made of the service's cluster may be the one.
      const open = stack
        .sources(service, "cluster", types.cluster)
        .flatMap((cluster) => stack.madeOf(cluster, types.eventRule, "eventPattern"))
        .filter((rule) => told.includes(rule));
      yield* stack.judge(
        service,
        () => !own && !open.some(onDeployments) && "nobody is told when its deployment fails",
      );
    }
  },
);

export const dashboard = stackRule(
  {
    name: "dashboard",
    description: "A dashboard shows the chat, with the connections that are only to be watched",
    severity: "low",
    requirements: ["G-184", "G-125", "G-195"],
    remedy: "an aws.cloudwatch.Dashboard with CurrConnections of the cache and ActiveConnectionCount",
  },
  function* (stack) {
    const dashboards = stack.ofType(types.dashboard);
    for (const service of stack.chatServices()) {
      yield* stack.judge(service, () => dashboards.length === 0 && "no dashboard shows it");
    }
    const shown = () => dashboards.map(({ props }) => asText(props["dashboardBody"])).join("\n");
    for (const cache of dashboards.length > 0 ? stack.ofType(types.cache) : []) {
      yield* stack.judge(
        cache,
        () => !shown().includes("CurrConnections") && "no dashboard shows its CurrConnections",
      );
    }
  },
);
