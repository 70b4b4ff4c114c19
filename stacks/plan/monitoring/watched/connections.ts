import { connectionsAt } from "../../../capacity";
import type { Watched } from "./watched";

/** A socket is two connections of the load balancer: one to the client, one to the task. */
const openSockets = { metric: { active: "ActiveConnectionCount" }, expression: "active / 2" };

/** Sockets at the load balancer. */
export const connections = {
  "open-connections": {
    title: "Open connections",
    group: "Connections",
    requirements: ["G-125", "GAP-34"],
    subject: "loadBalancer",
    unit: "count",
    ...openSockets,
    statistic: "Sum",
    alarm: {
      severity: "warning",
      // What all tasks together were measured to carry with their messages, once autoscaling has started the last of them.
      threshold: ({ autoscaling, capacity, demand }) =>
        Math.round(0.8 * autoscaling.maximum * connectionsAt(100, demand, capacity)),
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 5,
      missingData: "notBreaching",
      meaning: "The sockets fill 80 % of what the most tasks that autoscaling may start can hold.",
      remedy: "Raise chatpop:rooms or chatpop:maxTasks before the rest is used up.",
    },
  },
  "new-connections": {
    title: "New connections a minute",
    group: "Connections",
    requirements: ["G-184"],
    subject: "loadBalancer",
    unit: "count",
    metric: "NewConnectionCount",
    statistic: "Sum",
  },
  "rejected-connections": {
    title: "Connections that the load balancer rejected",
    group: "Connections",
    requirements: ["GAP-35"],
    subject: "loadBalancer",
    unit: "count",
    metric: "RejectedConnectionCount",
    statistic: "Sum",
    alarm: {
      severity: "critical",
      threshold: 0,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      missingData: "notBreaching",
      meaning: "The load balancer has reached its most connections and turns users away.",
      remedy: "Find out whether the surge is real; ask AWS to pre-scale the load balancer.",
    },
  },
  "tls-errors": {
    title: "TLS handshakes that failed",
    group: "Connections",
    requirements: ["G-51"],
    subject: "loadBalancer",
    unit: "count",
    metric: "ClientTLSNegotiationErrorCount",
    statistic: "Sum",
    when: ({ domain }) => domain !== undefined,
  },
} as const satisfies Readonly<Record<string, Watched>>;
