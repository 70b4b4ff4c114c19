import { guideMetrics } from "../../../stacks/guideMetrics";
import { types } from "../../recording/types";
import { all, attach, detach, remove, set } from "../mutations";
import type { Cases, Violation } from "./case";

const alarm = (key: string) => ({ type: types.alarm, name: `chatpop-test-${key}` });
const service = `${types.service} chatpop-backend-service`;
const balancer = `${types.loadBalancer} chatpop-alb`;
const database = `${types.database} chatpop-db`;
const cache = `${types.cache} chatpop-redis`;

const subjects: Readonly<Record<string, string>> = {
  "AWS/ECS": service,
  "AWS/ApplicationELB": balancer,
  "AWS/RDS": database,
  "AWS/ElastiCache": cache,
};

/** A threshold as somebody writes it who has the wrong unit, or the guide's number where the class makes it wrong. */
export const mistaken: Readonly<Record<string, number>> = {
  "service-cpu": 0.7,
  "service-memory": 0.8,
  "target-connection-errors": 100,
  "database-cpu": 0.8,
  "database-connections": 5,
  "database-read-latency": 20,
  "database-write-latency": 20,
  "database-free-memory": 500,
  "cache-cpu": 0.7,
  "cache-engine-cpu": 0.8,
  "cache-memory": 0.8,
  "response-time": 500,
  "unhealthy-tasks": 50,
  "application-errors": 100,
};

const rows = Object.entries(guideMetrics).filter(([, row]) => "threshold" in row);

const ofTheGuide: readonly Violation[] = rows.flatMap(([key, { requirement, namespace, metric }]) => [
  {
    what: `no alarm on ${metric} of ${namespace} (${requirement}, G-195)`,
    scale: "small",
    mutation: remove(alarm(key)),
    policy: `alarm-${key}`,
    blames: subjects[namespace],
    says: new RegExp(`no alarm looks at its ${metric}`),
  },
  {
    what: `${String(mistaken[key])} as the threshold of ${metric} (${requirement}, GAP-34)`,
    scale: "small",
    mutation: set(alarm(key), "threshold", mistaken[key]!),
    policy: `alarm-${key}`,
    blames: `${types.alarm} chatpop-test-${key}`,
    says: /is not within .* is it in the metric's unit\?/,
  },
]);

export const alarms: Cases = {
  violations: [
    ...ofTheGuide,
    {
      what: "an alarm on another database's CPU (G-118)",
      scale: "small",
      mutation: all(
        detach(alarm("database-cpu"), "dimensions", types.database),
        set(alarm("database-cpu"), "dimensions", { DBInstanceIdentifier: "another" }),
      ),
      policy: "alarm-database-cpu",
      blames: database,
      says: /no alarm looks at its CPUUtilization/,
    },
    {
      what: "metric math in place of an alarm on every error (G-128)",
      scale: "small",
      // The alarm on failing requests looks at the same metric, and calls at half of all requests.
      mutation: remove(alarm("application-errors")),
      policy: "alarm-application-errors",
      blames: balancer,
      says: /no alarm looks at its HTTPCode_Target_5XX_Count/,
    },
    {
      what: "an alarm that calls when there is enough memory (G-121)",
      scale: "small",
      mutation: set(alarm("database-free-memory"), "comparisonOperator", "GreaterThanThreshold"),
      policy: "alarm-database-free-memory",
      blames: `${types.alarm} chatpop-test-database-free-memory`,
      says: /FreeableMemory calls for LessThanThreshold/,
      also: ["alarm-goes-off"],
    },
    {
      what: "the guide's 180 connections with a class that accepts fewer (G-119, GAP-34)",
      scale: "small",
      mutation: all(
        set({ type: types.database }, "instanceClass", "db.t3.micro"),
        set(alarm("database-connections"), "threshold", 180),
      ),
      policy: "alarm-database-connections",
      also: ["database-size-for-scale", "database-connections-for-tasks"],
      blames: `${types.alarm} chatpop-test-database-connections`,
      says: /the threshold 180 of DatabaseConnections does not fit: db\.t3\.micro accepts about 85/,
    },
    {
      what: "less free memory than the class has in all (G-121, GAP-34)",
      scale: "small",
      mutation: set(alarm("database-free-memory"), "threshold", 3 * 1024 ** 3),
      policy: "alarm-database-free-memory",
      blames: `${types.alarm} chatpop-test-database-free-memory`,
      says: /db\.t3\.small has 2 GiB in all/,
    },
    {
      what: "the guide's 70 % for a cache with two vCPU, which it never reaches (G-122, GAP-34)",
      scale: "small",
      mutation: set(alarm("cache-cpu"), "threshold", 70),
      policy: "alarm-cache-cpu",
      blames: `${types.alarm} chatpop-test-cache-cpu`,
      says: /Redis uses one core/,
    },
    {
      what: "an alarm on how often a CPU was measured (G-118)",
      scale: "small",
      mutation: set(alarm("database-cpu"), "statistic", "SampleCount"),
      policy: "alarm-database-cpu",
      blames: `${types.alarm} chatpop-test-database-cpu`,
      says: /SampleCount says nothing about CPUUtilization/,
    },
    {
      what: "an alarm on the average of errors, which is always one (G-128)",
      scale: "small",
      mutation: set(alarm("application-errors"), "statistic", "Average"),
      policy: "alarm-application-errors",
      blames: `${types.alarm} chatpop-test-application-errors`,
      says: /Average says nothing about HTTPCode_Target_5XX_Count/,
    },
    {
      what: "an alarm that tells nobody (G-129)",
      scale: "medium",
      mutation: set(alarm("proxy-pinned-sessions"), "alarmActions", undefined),
      policy: "alarm-action",
      blames: `${types.alarm} chatpop-test-proxy-pinned-sessions`,
      says: /tells nobody/,
    },
    {
      what: "an alarm over others that tells nobody (G-129)",
      scale: "small",
      mutation: set({ type: types.compositeAlarm }, "alarmActions", []),
      policy: "alarm-action",
      blames: `${types.compositeAlarm} chatpop-chat-is-down`,
      says: /tells nobody/,
    },
    {
      what: "an alarm that is silenced",
      scale: "small",
      mutation: set(alarm("database-swap"), "actionsEnabled", false),
      policy: "alarm-action",
      blames: `${types.alarm} chatpop-test-database-swap`,
      says: /is silenced/,
    },
    {
      what: "free storage in GiB (GAP-35)",
      scale: "small",
      mutation: set(alarm("database-free-storage"), "threshold", 5),
      policy: "alarm-unit",
      blames: `${types.alarm} chatpop-test-database-free-storage`,
      says: /the threshold 5 of AWS\/RDS FreeStorageSpace is in bytes/,
      also: ["alarm-database-free-storage"],
    },
    {
      what: "the proxy's borrow latency in milliseconds (GAP-35)",
      scale: "medium",
      mutation: set(alarm("proxy-borrow-latency"), "threshold", 100),
      policy: "alarm-unit",
      blames: `${types.alarm} chatpop-test-proxy-borrow-latency`,
      says: /is in microseconds/,
    },
    {
      what: "a topic to which no alarm can publish",
      scale: "small",
      mutation: set({ type: types.topic }, "kmsMasterKeyId", "alias/aws/sns"),
      policy: "alarm-topic-key",
      blames: `${types.topic} chatpop-alerts`,
      says: /CloudWatch may not use alias\/aws\/sns/,
    },
    {
      what: "a failed deployment that nobody hears of (GAP-35)",
      scale: "small",
      mutation: all(remove({ type: types.eventTarget }), remove({ type: types.eventRule })),
      policy: "failed-deployment-told",
      blames: service,
      says: /nobody is told when its deployment fails/,
    },
    {
      what: "an event rule without a target (GAP-35)",
      scale: "small",
      mutation: remove({ type: types.eventTarget }),
      policy: "failed-deployment-told",
      blames: service,
      says: /nobody is told/,
      also: ["notices-arrive"],
    },
    {
      what: "no dashboard (G-184)",
      scale: "small",
      mutation: remove({ type: types.dashboard }),
      policy: "dashboard",
      blames: service,
      says: /no dashboard shows it/,
    },
    {
      what: "a dashboard without the connections that are to be watched (G-125, G-195)",
      scale: "small",
      mutation: set({ type: types.dashboard }, "dashboardBody", `{"widgets":[]}`),
      policy: "dashboard",
      blames: cache,
      says: /no dashboard shows its CurrConnections/,
    },
  ],
  allowances: [
    {
      what: "a load balancer of an older type name, with all its alarms",
      scale: "small",
      mutation: (resources) =>
        resources.map((each) =>
          each.type === types.loadBalancer ? { ...each, type: "aws:alb/loadBalancer:LoadBalancer" } : each,
        ),
    },
    {
      what: "an event rule whose pattern a preview does not know",
      scale: "small",
      mutation: all(
        detach({ type: types.eventRule, name: "chatpop-deployment-failed" }, "eventPattern", types.service),
        attach(
          { type: types.eventRule, name: "chatpop-deployment-failed" },
          "eventPattern",
          `${types.cluster} chatpop-cluster`,
        ),
      ),
    },
    {
      what: "a threshold that somebody has chosen, in the metric's unit",
      scale: "large",
      config: {
        alarms: JSON.stringify({
          "database-cpu": { threshold: 85 },
          "database-read-latency": { threshold: 0.05 },
          "cache-swap": { enabled: false, reason: "measured, and harmless" },
        }),
      },
    },
    {
      what: "an alarm that names its database instead of being made of it",
      scale: "small",
      mutation: all(
        set({ type: types.database }, "identifier", "chatpop-db-fixed"),
        detach(alarm("database-cpu"), "dimensions", types.database),
        set(alarm("database-cpu"), "dimensions", { DBInstanceIdentifier: "chatpop-db-fixed" }),
      ),
    },
    {
      what: "a topic without a key, or with one of its own",
      scale: "small",
      mutation: set({ type: types.topic }, "kmsMasterKeyId", undefined),
    },
  ],
};
