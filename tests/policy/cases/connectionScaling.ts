import { types } from "../../recording/types";
import { merge, remove } from "../mutations";
import type { Cases } from "./case";

const service = `${types.service} chatpop-backend-service`;
const tracking = "targetTrackingScalingPolicyConfiguration";
const connections = `${types.autoscalingPolicy} chatpop-connections`;
const onConnections = { type: types.autoscalingPolicy, name: "chatpop-connections" };
const balancer = { name: "LoadBalancer", value: "app/chatpop-alb/1" };
const group = { name: "TargetGroup", value: "targetgroup/chatpop-tg/1" };
const stat = (metricName: string, stat: string, ...dimensions: (typeof balancer)[]) => ({
  metric: { namespace: "AWS/ApplicationELB", metricName, dimensions },
  stat,
});
const counted = stat("ActiveConnectionCount", "Sum", balancer);
const hosts = stat("HealthyHostCount", "Maximum", balancer, group);

/** The metric math with one of its metrics changed. */
const math = (
  ofConnections: Partial<typeof counted>,
  ofTasks: Partial<typeof hosts> = {},
  expression = "connections / (2 * tasks)",
) =>
  merge(onConnections, tracking, {
    customizedMetricSpecification: {
      metrics: [
        { id: "connections", metricStat: { ...counted, ...ofConnections }, returnData: false },
        { id: "tasks", metricStat: { ...hosts, ...ofTasks }, returnData: false },
        { id: "perTask", expression },
      ],
    },
  });

/** Limits of the night, and a morning as the program demands it. */
const nights = (morning: number, night: object) =>
  JSON.stringify({
    night: { schedule: "cron(0 23 * * ? *)", minTasks: 1, ...night },
    morning: { schedule: "cron(0 7 * * ? *)", minTasks: morning },
  });

export const connectionScaling: Cases = {
  violations: [
    {
      what: "no scaling on connections from 1,000 rooms (G-21, G-192)",
      scale: "medium",
      mutation: remove(onConnections),
      policy: "connection-scaling-from-1000-rooms",
      blames: service,
      says: /nothing scales the service on open connections/,
    },
    {
      what: "connections by target group, which never have data (GAP-33)",
      scale: "large",
      mutation: math({ metric: { ...counted.metric, dimensions: [balancer, group] } }),
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /ActiveConnectionCount has no data by LoadBalancer and TargetGroup, but by LoadBalancer/,
    },
    {
      what: "tasks without their target group, which never have data",
      scale: "medium",
      mutation: math({}, { metric: { ...hosts.metric, dimensions: [balancer] } }),
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /HealthyHostCount has no data by LoadBalancer, but by LoadBalancer and TargetGroup/,
    },
    {
      what: "connections in another namespace",
      scale: "medium",
      mutation: math({ metric: { ...counted.metric, namespace: "AWS/ECS" } }),
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /ActiveConnectionCount is not written to AWS\/ECS/,
    },
    {
      what: "an average of connections",
      scale: "medium",
      mutation: math({ stat: "Average" }),
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /Average of ActiveConnectionCount is not the number of connections/,
    },
    {
      what: "connections that are not divided by tasks",
      scale: "medium",
      mutation: merge(onConnections, tracking, {
        customizedMetricSpecification: {
          namespace: "AWS/ApplicationELB",
          metricName: "ActiveConnectionCount",
          statistic: "Sum",
          dimensions: [balancer],
        },
      }),
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /connections are not divided by the tasks that share them/,
    },
    {
      what: "connections that are multiplied by tasks",
      scale: "medium",
      mutation: math({}, {}, "connections * tasks"),
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /connections are not divided by the tasks that share them/,
    },
    {
      what: "tasks that are divided by connections",
      scale: "medium",
      mutation: math({}, {}, "2 * tasks / connections"),
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /connections are not divided by the tasks that share them/,
    },
    {
      what: "more connections than a task carries (GAP-11)",
      scale: "large",
      config: { connectionsPerTask: "20000" },
      policy: "connection-scaling-from-1000-rooms",
      blames: connections,
      says: /20000 connections per task are more than \d+/,
    },
    {
      what: "scale-ins on connections in quick succession (GAP-33)",
      scale: "medium",
      mutation: merge(onConnections, tracking, { scaleInCooldown: 300 }),
      policy: "connection-scale-in",
      blames: connections,
      says: /scales in every 300 s, faster than every 600 s/,
    },
    {
      what: "a scale-in on connections that is left to AWS's default",
      scale: "medium",
      mutation: merge(onConnections, tracking, { scaleInCooldown: undefined }),
      policy: "connection-scale-in",
      blames: connections,
      says: /scales in every 300 s/,
    },
    {
      what: "connections without a say in scaling in (GAP-33)",
      scale: "small",
      config: { connectionsPerTask: "700" },
      mutation: merge(onConnections, tracking, { disableScaleIn: true }),
      policy: "connection-scale-in",
      blames: connections,
      says: /does not take part in scaling in/,
    },
    {
      what: "a night with one task for 1,000 rooms (G-176)",
      scale: "medium",
      config: { scheduledScaling: nights(2, { minTasks: 1 }) },
      policy: "scheduled-limits",
      blames: `${types.autoscalingSchedule} chatpop-night`,
      says: /minCapacity 1 is below 2: one zone could take everybody along/,
    },
    {
      what: "a night that cannot grow (G-20, G-176)",
      scale: "large",
      config: { scheduledScaling: nights(10, { minTasks: 5, maxTasks: 20 }) },
      policy: "scheduled-limits",
      blames: `${types.autoscalingSchedule} chatpop-night`,
      says: /maxCapacity 20 is below the 40 tasks that a surge needs/,
    },
    {
      what: "a night without a morning (G-74, G-176)",
      scale: "large",
      config: { scheduledScaling: nights(10, { minTasks: 5 }) },
      mutation: remove({ type: types.autoscalingSchedule, name: "chatpop-morning" }),
      policy: "scheduled-limits",
      blames: `${types.autoscalingSchedule} chatpop-night`,
      says: /minCapacity 5 is never raised to 10 tasks again/,
    },
  ],
  allowances: [
    {
      what: "a quotient that minds missing data",
      scale: "medium",
      mutation: math({}, {}, "IF(tasks > 0, FILL(connections, 0) / (2 * tasks), 0)"),
    },
    {
      what: "fewer tasks at night (G-176)",
      scale: "large",
      config: { scheduledScaling: nights(10, { minTasks: 2 }) },
    },
    { what: "one task at night for few rooms", scale: "small", config: { scheduledScaling: nights(1, {}) } },
    {
      what: "scaling on connections below 1,000 rooms",
      scale: "small",
      config: { connectionsPerTask: "700" },
    },
    { what: "no scaling on connections below 1,000 rooms", scale: "small", config: { rooms: "999" } },
  ],
};
