import { connectionsAt } from "../../../capacity";
import type { Decisions } from "../../decisions";
import type { Watched } from "./watched";

/** A socket is two connections of the load balancer: one to the client, one to the task. */
const openSockets = { metric: { active: "ActiveConnectionCount" }, expression: "active / 2" };

/**
 * Most connections that a minute of a deployment at the evening's peak opens. Each batch sends its sockets to other
 * tasks; a client that comes back opens a socket and asks for what it missed, and each message may need a connection of
 * its own. The load balancer counts each of them twice.
 */
function newConnectionsOfDeployment({ demand, service }: Decisions): number {
  const batch = demand.connections * Math.min(1, service.maximumPercent / 100 - 1);
  return Math.round(2 * (2 * batch + 60 * demand.messagesPerSecond));
}

/** Sockets at the load balancer, and the certificate that it shows them. */
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
      // Measured capacity of all tasks at autoscaling's maximum, with their messages.
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
    requirements: ["G-184", "GAP-24"],
    subject: "loadBalancer",
    unit: "count",
    metric: "NewConnectionCount",
    statistic: "Sum",
    alarm: {
      severity: "warning",
      threshold: newConnectionsOfDeployment,
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 3,
      missingData: "notBreaching",
      meaning: "More clients connect than a deployment sends to other tasks: they come back again and again.",
      remedy: "Read in the task log why sockets end; a deployment that is under way has to stop.",
    },
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
  "certificate-expiry": {
    title: "Days until the certificate expires",
    group: "Connections",
    requirements: ["G-51", "GAP-14", "GAP-35"],
    subject: "certificate",
    unit: "days",
    metric: "DaysToExpiry",
    statistic: "Minimum",
    alarm: {
      severity: "warning",
      // ACM renews 60 days before the end: after a month of trying it has failed.
      threshold: 30,
      comparison: "LessThanThreshold",
      // ACM writes it twice a day.
      period: 86_400,
      periods: 1,
      // A new certificate has no value yet, and an expired one has none any more: by then the alarm has been on for a
      // month.
      missingData: "notBreaching",
      // An imported certificate may be shorter-lived than ACM's, which end after 13 months.
      accepted: { lowest: 1, highest: 395 },
      meaning: "The certificate has not been renewed; when it expires, no client connects any more.",
      remedy: "Put back the record that proves the domain, or import the certificate that follows.",
    },
  },
} as const satisfies Readonly<Record<string, Watched>>;
