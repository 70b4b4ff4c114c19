import type { Decisions } from "../../decisions";

/** A kind of resource that CloudWatch measures: namespace and dimensions of its metrics, and how many there are. */
export interface Subject {
  /** CloudWatch's: `AWS/RDS`. */
  readonly namespace: string;
  /** Dimensions that identify one resource: `ClusterName` and `ServiceName`. */
  readonly dimensions: readonly string[];
  /** Number of resources in a deployment; with 0 nothing of the kind is watched. */
  readonly count: (decisions: Decisions) => number;
  /** Addition to the titles of the second resource and further ones; index 0 is the first. */
  readonly further?: (index: number, decisions: Decisions) => string;
  /** Names of the resources, for titles and for names of alarms. @default they are numbered */
  readonly names?: (decisions: Decisions) => readonly string[];
  /** Whether the namespace ends in the stack's name, because no dimension tells stacks apart. */
  readonly ofStack?: true;
}

/** Every kind of resource that is watched. */
export const subjects = {
  loadBalancer: { namespace: "AWS/ApplicationELB", dimensions: ["LoadBalancer"], count: () => 1 },
  targetGroup: {
    namespace: "AWS/ApplicationELB",
    dimensions: ["LoadBalancer", "TargetGroup"],
    count: () => 1,
  },
  service: { namespace: "AWS/ECS", dimensions: ["ClusterName", "ServiceName"], count: () => 1 },
  worker: {
    namespace: "AWS/ECS",
    dimensions: ["ClusterName", "ServiceName"],
    count: ({ workers }) => workers.length,
    names: ({ workers }) => workers.map(({ name }) => name),
  },
  /** The primary, then its read replicas. */
  database: {
    namespace: "AWS/RDS",
    dimensions: ["DBInstanceIdentifier"],
    count: ({ database }) => 1 + database.readReplicas,
    further: (index) => `replica ${index}`,
  },
  replica: {
    namespace: "AWS/RDS",
    dimensions: ["DBInstanceIdentifier"],
    count: ({ database }) => database.readReplicas,
    further: (index) => `replica ${index + 1}`,
  },
  proxy: {
    namespace: "AWS/RDS",
    dimensions: ["ProxyName"],
    count: ({ databaseProxy }) => Number(databaseProxy !== undefined),
  },
  cacheNode: {
    namespace: "AWS/ElastiCache",
    dimensions: ["CacheClusterId"],
    count: ({ cache }) => cache.shards * cache.nodes,
    further: (index, { cache: { nodes } }) => {
      const [cache, node] = [Math.floor(index / nodes), index % nodes];
      return [...(cache > 0 ? [`cache ${cache + 1}`] : []), ...(node > 0 ? [`node ${node + 1}`] : [])].join(
        ", ",
      );
    },
  },
  natGateway: {
    namespace: "AWS/NATGateway",
    dimensions: ["NatGatewayId"],
    count: ({ network }) => network.natGateways,
    further: (index) => `gateway ${index + 1}`,
  },
  logGroup: { namespace: "AWS/Logs", dimensions: ["LogGroupName"], count: () => 1 },
  /** Lines of the tasks' log. Metric filters here give no dimensions, so the namespace ends in the stack's name. */
  log: { namespace: "ChatPop", dimensions: [], count: () => 1, ofStack: true },
  certificate: {
    namespace: "AWS/CertificateManager",
    dimensions: ["CertificateArn"],
    count: ({ domain }) => Number(domain !== undefined),
  },
  scheduleGroup: {
    namespace: "AWS/Scheduler",
    dimensions: ["ScheduleGroup"],
    count: ({ scheduledCommands }) => Number(scheduledCommands.commands.length > 0),
  },
} as const satisfies Readonly<Record<string, Subject>>;

/** Name of a kind of resource that is watched: `database`. */
export type SubjectName = keyof typeof subjects;

/** Parts of the dashboard, in its order. */
export const groups = [
  "Connections",
  "Tasks",
  "Message path",
  "Database",
  "Cache",
  "RDS Proxy",
  "Load balancer",
  "Cost drivers",
] as const;
/** Title of a part of the dashboard. */
export type Group = (typeof groups)[number];

/**
 * Unit of the values that an alarm compares, as people say it: of a certificate's remaining time `days`, although
 * CloudWatch has no such unit. Errors name it, and docs/operations/runbook.md shows it behind the threshold. A unit that is
 * missing here is added here; the type checker then asks for its axis (`dashboard.ts`), its accepted thresholds
 * (`stacks/plan/rules/alarms.ts`) and its form in the documentation (`docs/alarms.ts`).
 */
export type Unit = "percent" | "count" | "seconds" | "microseconds" | "days" | "bytes";

/** `critical`: users notice it now. `warning`: they soon will, or somebody pays for nothing. */
export type Severity = "critical" | "warning";

/** A value, or one for each resource of the kind; `index` 0 is the first. */
type ByDecisions<T> = T | ((decisions: Decisions, index: number) => T);

/** Condition under which somebody is called, with the words of the call. */
export interface AlarmRule {
  /** How soon users notice; the text of the alarm begins with it. */
  readonly severity: Severity;
  /** Threshold in `unit`. */
  readonly threshold: ByDecisions<number>;
  /** On which side of the threshold values are bad; the threshold itself is good. */
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  /** Seconds of one data point. */
  readonly period: number;
  /** Data points looked at; all of them must be beyond the threshold. */
  readonly periods: number;
  /** Meaning of a period without data: `breaching` where silence itself is bad. */
  readonly missingData: "missing" | "ignore" | "breaching" | "notBreaching";
  /** Thresholds that an operator may choose, in `unit`. @default those of the unit (`stacks/plan/rules/alarms.ts`) */
  readonly accepted?: { readonly lowest: number; readonly highest: number };
  /** Meaning, in one sentence. */
  readonly meaning: string;
  /** First remedy, in one sentence. The steps with their commands are in docs/operations/runbook.md. */
  readonly remedy: string;
}

/** An alarm that no metric raises. */
export interface Notice {
  /** How soon somebody has to look. */
  readonly severity: Severity;
  /** Subject, in a few words. */
  readonly title: string;
  /** Requirements of docs/guide.md and gaps of docs/guide-gaps.md. */
  readonly requirements: readonly string[];
  /** The event of AWS that brings it; undefined where other alarms do. */
  readonly raisedBy?: string;
  /** Meaning, in one sentence. */
  readonly meaning: string;
  /** First remedy, in one sentence. */
  readonly remedy: string;
  /** Whether this deployment has it at all. @default always */
  readonly when?: (decisions: Decisions) => boolean;
}

/** A metric filter: CloudWatch makes a metric of lines in a log. */
export interface LogFilter {
  /** In CloudWatch's filter syntax. */
  readonly pattern: string;
  /** Value of a line: a number, or its place in the line (`$.outboxLag`). */
  readonly value: string;
  /** CloudWatch's word for the unit. */
  readonly unit: string;
}

/** Something that is watched: a panel of the dashboard, and an alarm where there is a limit to it. */
export interface Watched {
  /** Title of the panel and of the alarm: `CPU of the database`. */
  readonly title: string;
  /** Part of the dashboard that shows it. */
  readonly group: Group;
  /** Requirements of docs/guide.md and gaps of docs/guide-gaps.md. */
  readonly requirements: readonly string[];
  /** Kind of resource that it is measured on; each one gets a line and an alarm of its own. */
  readonly subject: SubjectName;
  /** Unit of `metric`, or of the result of `expression`. */
  readonly unit: Unit;
  /** A metric, or metrics by the names that `expression` uses. */
  readonly metric: string | Readonly<Record<string, string>>;
  /** CloudWatch metric math over `metric`. */
  readonly expression?: string;
  /** Lines of the tasks' log that make the metric. */
  readonly filter?: LogFilter;
  /** `Average`, `Sum`, `p95` … */
  readonly statistic: string;
  /** Seconds of one data point on the dashboard. @default the alarm's, or five minutes */
  readonly period?: number;
  /** Whether this deployment has it at all. @default always */
  readonly when?: (decisions: Decisions) => boolean;
  /** Alarm on it; undefined shows it on the dashboard only. */
  readonly alarm?: AlarmRule;
}
