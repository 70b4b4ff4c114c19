import { guideMetrics } from "../../../guideMetrics";
import { burstCredits, sizeOf } from "../../../../aws/instanceClasses";
import type { Watched } from "./watched";

const mebibyte = 1024 ** 2;

const cpu = guideMetrics["cache-cpu"];
const engineCpu = guideMetrics["cache-engine-cpu"];
const memory = guideMetrics["cache-memory"];
const clients = guideMetrics["cache-connections"];

/** Redis: its one thread, its memory, its burst credits and its clients. */
export const cache = {
  "cache-cpu": {
    title: "CPU of the cache",
    group: "Cache",
    requirements: [cpu.requirement, "GAP-34"],
    subject: "cacheNode",
    unit: "percent",
    metric: cpu.metric,
    statistic: "Average",
    alarm: {
      severity: "warning",
      // 90 % of the one core that Redis uses; from four vCPU on, the others carry its network.
      threshold: ({ cache: { nodeType } }) => {
        const vcpu = sizeOf(nodeType)?.vcpu ?? 1;
        return vcpu <= 2 ? Math.min(cpu.threshold, 90 / vcpu) : cpu.threshold;
      },
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 2,
      missingData: "missing",
      accepted: cpu.accepted,
      meaning: "Redis is using nearly all of the one core that it can use: messages are late.",
      remedy:
        "A node with faster cores helps a little (chatpop:cacheNodeType), fewer tasks or rooms help more.",
    },
  },
  "cache-engine-cpu": {
    title: "CPU of the cache's engine",
    group: "Cache",
    requirements: [engineCpu.requirement],
    subject: "cacheNode",
    unit: "percent",
    metric: engineCpu.metric,
    statistic: "Average",
    alarm: {
      severity: "warning",
      threshold: engineCpu.threshold,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 2,
      missingData: "missing",
      accepted: engineCpu.accepted,
      meaning: "The thread that carries out every Redis command is nearly busy: messages are late.",
      remedy: "Let more caches share the rooms (chatpop:cacheShards); fewer, bigger tasks help a little.",
    },
  },
  "cache-memory": {
    title: "Memory of the cache",
    group: "Cache",
    requirements: [memory.requirement],
    subject: "cacheNode",
    unit: "percent",
    metric: memory.metric,
    statistic: "Average",
    alarm: {
      severity: "warning",
      threshold: memory.threshold,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 2,
      missingData: "missing",
      accepted: memory.accepted,
      meaning: "The cache fills up; when it is full it drops what expires soonest.",
      remedy: "Choose a bigger chatpop:cacheNodeType, or cache fewer messages a room.",
    },
  },
  "cache-evictions": {
    title: "Keys that the cache dropped",
    group: "Cache",
    requirements: ["GAP-35", "GAP-37"],
    subject: "cacheNode",
    unit: "count",
    metric: "Evictions",
    statistic: "Sum",
    alarm: {
      severity: "warning",
      threshold: 0,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      missingData: "notBreaching",
      meaning: "Redis drops keys for want of memory; a dropped channel group loses its room's messages.",
      remedy: "Choose a bigger chatpop:cacheNodeType.",
    },
  },
  "cache-swap": {
    title: "Swap of the cache",
    group: "Cache",
    requirements: ["GAP-35"],
    subject: "cacheNode",
    unit: "bytes",
    metric: "SwapUsage",
    statistic: "Average",
    alarm: {
      severity: "warning",
      threshold: 50 * mebibyte, // AWS's own advice
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 3,
      missingData: "missing",
      meaning: "Redis swaps memory to disk, which makes every message slow.",
      remedy: "Choose a bigger chatpop:cacheNodeType.",
    },
  },
  "cache-burst-credits": {
    title: "Time that the cache's burst credits last",
    group: "Cache",
    requirements: ["GAP-35", "GAP-42"],
    subject: "cacheNode",
    unit: "seconds",
    // Balance of credits divided by the usage of five minutes. A new node has few credits and uses hardly any.
    metric: { balance: "CPUCreditBalance", usage: "CPUCreditUsage" },
    expression: "300 * balance / usage",
    statistic: "Average",
    when: ({ cache: { nodeType } }) => burstCredits(nodeType) !== undefined,
    alarm: {
      // Unlike RDS, ElastiCache sells no further credits: a node without any falls back to 10 or 20 % of its CPU.
      severity: "critical",
      threshold: 3_600,
      comparison: "LessThanThreshold",
      period: 300,
      periods: 3,
      // Without usage there is no quotient.
      missingData: "notBreaching",
      accepted: { lowest: 300, highest: 86_400 },
      meaning:
        "At this pace the node's CPU credits are used up within the hour; Redis is then slowed to its baseline and messages are late.",
      remedy: "Choose a node that is not burstable, for instance cache.m5.large.",
    },
  },
  "cache-connections": {
    title: "Connections to the cache (not the sockets)",
    group: "Cache",
    requirements: [clients.requirement, "GAP-34"],
    subject: "cacheNode",
    unit: "count",
    metric: clients.metric,
    statistic: "Maximum",
  },
} as const satisfies Readonly<Record<string, Watched>>;
