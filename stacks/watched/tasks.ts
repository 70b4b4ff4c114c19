import { guideMetrics } from "../guideMetrics";
import type { Watched } from "./watched";

const cpu = guideMetrics["service-cpu"];
const memory = guideMetrics["service-memory"];
const unhealthy = guideMetrics["unhealthy-tasks"];

export const tasks = {
  "service-cpu": {
    title: "CPU of the tasks",
    group: "Tasks",
    requirements: [cpu.requirement, "G-158", "GAP-49"],
    subject: "service",
    unit: "percent",
    metric: cpu.metric,
    statistic: "Average",
    alarm: {
      severity: "warning",
      threshold: cpu.threshold,
      comparison: "GreaterThanThreshold",
      // Autoscaling keeps the same value: it answers within minutes, so a quarter of an hour means that it cannot.
      period: 300,
      periods: 3,
      missingData: "missing",
      accepted: cpu.accepted,
      meaning:
        "Autoscaling has not brought CPU down in 15 minutes; overloaded tasks lose messages without a trace.",
      remedy: "Raise chatpop:maxTasks, or find out why new tasks do not become healthy.",
    },
  },
  "service-memory": {
    title: "Memory of the fullest task",
    group: "Tasks",
    requirements: [memory.requirement],
    subject: "service",
    unit: "percent",
    metric: memory.metric,
    statistic: "Maximum",
    alarm: {
      severity: "warning",
      threshold: memory.threshold,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 3,
      missingData: "missing",
      accepted: memory.accepted,
      meaning: "A task is about to be killed for want of memory, with all of its sockets.",
      remedy: "Spread the sockets over more tasks (chatpop:minTasks) or raise chatpop:taskMemory.",
    },
  },
  "tasks-below-minimum": {
    title: "Healthy tasks",
    group: "Tasks",
    requirements: ["GAP-35", "G-20"],
    subject: "targetGroup",
    unit: "count",
    // Container Insights counts running tasks, but is charged; the load balancer's count is free and knows their health.
    metric: "HealthyHostCount",
    statistic: "Minimum",
    alarm: {
      severity: "warning",
      threshold: ({ autoscaling: { minimum, schedule } }) =>
        Math.min(minimum, ...schedule.map((limits) => limits.minimum)),
      comparison: "LessThanThreshold",
      period: 60,
      periods: 5,
      // Without targets the metric is not written at all.
      missingData: "breaching",
      meaning: "For five minutes fewer tasks have been healthy than autoscaling has to keep.",
      remedy: "Read why tasks stopped: aws ecs describe-services and the task log.",
    },
  },
  "no-healthy-task": {
    title: "Healthy tasks at best",
    group: "Tasks",
    requirements: ["GAP-35"],
    subject: "targetGroup",
    unit: "count",
    metric: "HealthyHostCount",
    statistic: "Maximum",
    alarm: {
      severity: "critical",
      threshold: 1,
      comparison: "LessThanThreshold",
      period: 60,
      periods: 2,
      missingData: "breaching",
      meaning: "No task is healthy: nobody can use the chat.",
      remedy: "Read the task log; when the last release is at fault, roll it back.",
    },
  },
  "unhealthy-tasks": {
    title: "Unhealthy tasks",
    group: "Tasks",
    requirements: [unhealthy.requirement],
    subject: "targetGroup",
    unit: "count",
    metric: unhealthy.metric,
    statistic: "Minimum",
    alarm: {
      severity: "warning",
      threshold: unhealthy.threshold,
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 3,
      missingData: "notBreaching",
      accepted: unhealthy.accepted,
      meaning: "A task has failed its health checks for three minutes, and ECS has not replaced it yet.",
      remedy: "Ask the load balancer for the reason: aws elbv2 describe-target-health.",
    },
  },
  "worker-not-running": {
    title: "Running tasks of the workers",
    group: "Tasks",
    requirements: ["GAP-35", "G-175"],
    subject: "worker",
    unit: "count",
    // Every running task writes one sample a minute: ECS's own way to count tasks without Container Insights.
    metric: "CPUUtilization",
    statistic: "SampleCount",
    alarm: {
      severity: "critical",
      threshold: 1,
      comparison: "LessThanThreshold",
      period: 60,
      periods: 5,
      // Without a task the metric is not written at all.
      missingData: "breaching",
      meaning: "A worker has had no task for five minutes; without outbox-relay no message arrives.",
      remedy: "Read why its tasks stop: aws ecs describe-services and the task log.",
    },
  },
  "worker-cpu": {
    title: "CPU of the workers",
    group: "Tasks",
    requirements: ["G-184"],
    subject: "worker",
    unit: "percent",
    metric: "CPUUtilization",
    statistic: "Average",
  },
} as const satisfies Readonly<Record<string, Watched>>;
