/** A row of the guide's monitoring chapter (G-115 … G-128), in the names and units that CloudWatch uses (GAP-34). */
export interface GuideMetric {
  /** Its number in `docs/guide.md`: `G-118`. */
  readonly requirement: string;
  /** As the guide words it. */
  readonly wording: string;
  /** As CloudWatch has it: `AWS/RDS`. */
  readonly namespace: string;
  /** As CloudWatch has it: `CPUUtilization`. */
  readonly metric: string;
  /** True if low values are bad. @default false */
  readonly below?: true;
  /** True if every data point is an event, so that only the sum counts them. @default false */
  readonly events?: true;
  /** The guide's threshold in the metric's own unit; undefined where it only says "watch". */
  readonly threshold?: number;
  /** Plausible thresholds; beyond them the unit is wrong. */
  readonly accepted: { readonly lowest: number; readonly highest: number };
}

const percent = { lowest: 30, highest: 95 };
/** The guide's "any". */
const any = { lowest: 0, highest: 50 };
const mebibyte = 1024 ** 2;

/** By the key of the alarm that watches it. */
export const guideMetrics = {
  "service-cpu": {
    requirement: "G-115",
    wording: "ECS CPUUtilization > 70 %",
    namespace: "AWS/ECS",
    metric: "CPUUtilization",
    threshold: 70,
    accepted: percent,
  },
  "service-memory": {
    requirement: "G-116",
    wording: "ECS MemoryUtilization > 80 %",
    namespace: "AWS/ECS",
    metric: "MemoryUtilization",
    threshold: 80,
    accepted: percent,
  },
  // Counted by the load balancer, although the guide lists it under ECS.
  "target-connection-errors": {
    requirement: "G-117",
    wording: "TargetConnectionErrorCount: any",
    namespace: "AWS/ApplicationELB",
    metric: "TargetConnectionErrorCount",
    events: true,
    threshold: 0,
    accepted: any,
  },
  "database-cpu": {
    requirement: "G-118",
    wording: "RDS CPUUtilization > 80 %",
    namespace: "AWS/RDS",
    metric: "CPUUtilization",
    threshold: 80,
    accepted: percent,
  },
  // Right for max_connections = 200 only; the alarm derives its threshold from the class.
  "database-connections": {
    requirement: "G-119",
    wording: "RDS DatabaseConnections > 180",
    namespace: "AWS/RDS",
    metric: "DatabaseConnections",
    threshold: 180,
    accepted: { lowest: 10, highest: 5_000 },
  },
  // CloudWatch counts seconds, the guide milliseconds, here and in the next two rows.
  "database-read-latency": {
    requirement: "G-120",
    wording: "RDS ReadLatency > 20 ms",
    namespace: "AWS/RDS",
    metric: "ReadLatency",
    threshold: 0.02,
    accepted: { lowest: 0.001, highest: 0.2 },
  },
  "database-write-latency": {
    requirement: "G-120",
    wording: "RDS WriteLatency > 20 ms",
    namespace: "AWS/RDS",
    metric: "WriteLatency",
    threshold: 0.02,
    accepted: { lowest: 0.001, highest: 0.2 },
  },
  "database-free-memory": {
    requirement: "G-121",
    wording: "RDS FreeableMemory < 500 MB",
    namespace: "AWS/RDS",
    metric: "FreeableMemory",
    below: true,
    threshold: 500 * mebibyte,
    accepted: { lowest: 50 * mebibyte, highest: 16 * 1024 * mebibyte },
  },
  // Redis works on one thread: with two vCPU a full one shows as 50 %, and 70 % is never reached.
  "cache-cpu": {
    requirement: "G-122",
    wording: "ElastiCache CPUUtilization > 70 %",
    namespace: "AWS/ElastiCache",
    metric: "CPUUtilization",
    threshold: 70,
    accepted: { ...percent, lowest: 5 },
  },
  "cache-engine-cpu": {
    requirement: "G-123",
    wording: "ElastiCache EngineCPUUtilization > 80 %",
    namespace: "AWS/ElastiCache",
    metric: "EngineCPUUtilization",
    threshold: 80,
    accepted: percent,
  },
  "cache-memory": {
    requirement: "G-124",
    wording: "ElastiCache DatabaseMemoryUsagePercentage > 80 %",
    namespace: "AWS/ElastiCache",
    metric: "DatabaseMemoryUsagePercentage",
    threshold: 80,
    accepted: percent,
  },
  // Not the number of sockets: 5,000 of them share 41 connections to Redis.
  "cache-connections": {
    requirement: "G-125",
    wording: "ElastiCache CurrConnections: watch",
    namespace: "AWS/ElastiCache",
    metric: "CurrConnections",
    accepted: { lowest: 1, highest: 65_000 },
  },
  "response-time": {
    requirement: "G-126",
    wording: "ALB TargetResponseTime > 500 ms",
    namespace: "AWS/ApplicationELB",
    metric: "TargetResponseTime",
    threshold: 0.5,
    accepted: { lowest: 0.05, highest: 5 },
  },
  "unhealthy-tasks": {
    requirement: "G-127",
    wording: "ALB UnHealthyHostCount > 0",
    namespace: "AWS/ApplicationELB",
    metric: "UnHealthyHostCount",
    threshold: 0,
    accepted: { lowest: 0, highest: 10 },
  },
  "application-errors": {
    requirement: "G-128",
    wording: "ALB HTTPCode_Target_5XX_Count: any",
    namespace: "AWS/ApplicationELB",
    metric: "HTTPCode_Target_5XX_Count",
    events: true,
    threshold: 0,
    accepted: any,
  },
} as const satisfies Readonly<Record<string, GuideMetric>>;

/** Key of the alarm that watches a metric of the guide: `database-cpu`. */
export type GuideMetricKey = keyof typeof guideMetrics;
