import { guideMetrics } from "../../../guideMetrics";
import { burstCredits, maxConnections, sizeOf } from "../../../../aws/instanceClasses";
import type { Decisions } from "../../decisions";
// The image's tests read the same file, to compare it with what is really logged.
import logMetrics from "../logMetrics.json";
import type { Watched } from "./watched";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

const fallbacks = logMetrics["replica-fallbacks"];
const cpu = guideMetrics["database-cpu"];
const connections = guideMetrics["database-connections"];
const readLatency = guideMetrics["database-read-latency"];
const writeLatency = guideMetrics["database-write-latency"];
const freeMemory = guideMetrics["database-free-memory"];

/** Connections that the class accepts; for a class of unknown size the 200 that the guide speaks of. */
export const connectionLimit = ({ database }: Decisions) => maxConnections(database.instanceClass) ?? 200;

const latency = {
  severity: "warning",
  comparison: "GreaterThanThreshold",
  period: 300,
  periods: 3,
  missingData: "notBreaching",
} as const;

/** The primary and its read replicas. */
export const database = {
  "database-cpu": {
    title: "CPU of the database",
    group: "Database",
    requirements: [cpu.requirement, "G-129", "G-158"],
    subject: "database",
    unit: "percent",
    metric: cpu.metric,
    statistic: "Average",
    alarm: {
      severity: "warning",
      threshold: cpu.threshold,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 2,
      missingData: "missing",
      accepted: cpu.accepted,
      meaning: "The database has been busy for ten minutes: every request gets slower.",
      remedy: "Find the statements in the database's log; else choose a bigger chatpop:databaseClass.",
    },
  },
  "database-connections": {
    title: "Connections of the database",
    group: "Database",
    requirements: [connections.requirement, "GAP-18", "GAP-34"],
    subject: "database",
    unit: "count",
    metric: connections.metric,
    statistic: "Maximum",
    alarm: {
      severity: "warning",
      threshold: (decisions) => Math.floor(0.8 * connectionLimit(decisions)),
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 5,
      missingData: "missing",
      accepted: connections.accepted,
      meaning: "80 % of the connections that the class accepts are taken; the next burst gets errors.",
      remedy: "Turn on chatpop:databaseProxy, or choose a bigger chatpop:databaseClass.",
    },
  },
  "database-read-latency": {
    title: "Read latency of the database",
    group: "Database",
    requirements: [readLatency.requirement, "GAP-34"],
    subject: "database",
    unit: "seconds",
    metric: readLatency.metric,
    statistic: "Average",
    alarm: {
      ...latency,
      threshold: readLatency.threshold,
      accepted: readLatency.accepted,
      meaning: "Reads from storage take longer than the guide allows.",
      remedy: "Look for queries that read whole tables (a missing index), then at memory and burst credits.",
    },
  },
  "database-write-latency": {
    title: "Write latency of the database",
    group: "Database",
    requirements: [writeLatency.requirement, "GAP-34"],
    subject: "database",
    unit: "seconds",
    metric: writeLatency.metric,
    statistic: "Average",
    alarm: {
      ...latency,
      threshold: writeLatency.threshold,
      accepted: writeLatency.accepted,
      meaning: "Writes to storage take longer than the guide allows.",
      remedy: "Look at write IOPS and at what else writes: an index build, a clean-up, a backup.",
    },
  },
  "database-free-memory": {
    title: "Free memory of the database",
    group: "Database",
    requirements: [freeMemory.requirement, "GAP-34"],
    subject: "database",
    unit: "bytes",
    metric: freeMemory.metric,
    statistic: "Average",
    alarm: {
      severity: "warning",
      // The guide's 500 MB are always undercut by a class of 2 GB.
      threshold: ({ database: { instanceClass } }) => {
        const memory = sizeOf(instanceClass)?.memory;
        return Math.round(Math.min(freeMemory.threshold, memory ? 0.1 * memory * gibibyte : Infinity));
      },
      comparison: "LessThanThreshold",
      period: 300,
      periods: 3,
      missingData: "missing",
      accepted: freeMemory.accepted,
      meaning: "The database has hardly any memory left for its caches and for new connections.",
      remedy: "Choose a bigger chatpop:databaseClass; until then fewer connections help.",
    },
  },
  "database-swap": {
    title: "Swap of the database",
    group: "Database",
    requirements: ["GAP-35"],
    subject: "database",
    unit: "bytes",
    metric: "SwapUsage",
    statistic: "Average",
    alarm: {
      severity: "warning",
      threshold: 256 * mebibyte,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 3,
      missingData: "missing",
      meaning: "The database swaps memory to disk, which makes everything slow.",
      remedy: "Choose a bigger chatpop:databaseClass.",
    },
  },
  "database-free-storage": {
    title: "Free storage of the database",
    group: "Database",
    requirements: ["GAP-35"],
    subject: "database",
    unit: "bytes",
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    alarm: {
      severity: "critical",
      // RDS grows the storage by itself below 10 %, within five minutes.
      threshold: ({ database: { storage } }) => Math.round(0.1 * storage * gibibyte),
      comparison: "LessThanThreshold",
      period: 300,
      periods: 3,
      missingData: "missing",
      accepted: { lowest: gibibyte, highest: 65_536 * gibibyte },
      meaning: "RDS should have grown the storage and has not; a full database stops.",
      remedy: "Raise chatpop:databaseMaxStorage; RDS grows storage once in six hours only.",
    },
  },
  "database-burst-credits": {
    title: "Burst credits of the database",
    group: "Database",
    requirements: ["GAP-35", "GAP-42"],
    subject: "database",
    unit: "count",
    metric: "CPUCreditBalance",
    statistic: "Maximum",
    when: ({ database: { instanceClass } }) => burstCredits(instanceClass) !== undefined,
    alarm: {
      severity: "warning",
      // A new instance begins with none, and has this many after an hour.
      threshold: ({ database: { instanceClass } }) => burstCredits(instanceClass) ?? 0,
      comparison: "LessThanThreshold",
      period: 3_600,
      periods: 3,
      missingData: "missing",
      meaning: "The class has used up its CPU credits: every further burst is charged by the vCPU-hour.",
      remedy: "Choose a class that is not burstable, for instance db.m5.large.",
    },
  },
  "replica-lag": {
    title: "Lag of the read replicas",
    group: "Database",
    requirements: ["GAP-35"],
    subject: "replica",
    unit: "seconds",
    metric: "ReplicaLag",
    // Without writes the lag of a PostgreSQL replica climbs to five minutes and falls back; only the minimum shows a
    // real lag.
    statistic: "Minimum",
    alarm: {
      severity: "warning",
      threshold: 30,
      comparison: "GreaterThanThreshold",
      period: 600,
      periods: 1,
      // A vanished replica writes no metric.
      missingData: "breaching",
      accepted: { lowest: 1, highest: 3_600 },
      meaning:
        "The replica has not caught up in ten minutes, so that users read old messages, or it is gone.",
      remedy: "Give the replica the primary's class; look for a long query or a heavy write on the primary.",
    },
  },
  "replica-fallbacks": {
    title: "Histories that the primary answers in place of a replica",
    group: "Database",
    requirements: ["G-114", "G-166"],
    subject: "log",
    unit: "count",
    metric: fallbacks.metric,
    filter: fallbacks,
    statistic: "Sum",
    when: ({ database: { readReplicas } }) => readReplicas > 0,
    alarm: {
      severity: "warning",
      threshold: 0,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 3,
      missingData: "notBreaching",
      accepted: { lowest: 0, highest: 100_000 },
      meaning:
        "For 15 minutes replicas have failed or cancelled queries: the primary carries their reads as well.",
      remedy: "See whether the replicas are available, and what their queries wait for.",
    },
  },
} as const satisfies Readonly<Record<string, Watched>>;
