import { guideMetrics } from "../../../guideMetrics";
// The image's tests read the same file, to compare it with what is really logged.
import logMetrics from "../logMetrics.json";
import type { Watched } from "./watched";

const response = guideMetrics["response-time"];
const applicationErrors = guideMetrics["application-errors"];
const connectionErrors = guideMetrics["target-connection-errors"];
const lost = logMetrics["lost-messages"];
const backlog = logMetrics["outbox-backlog"];
const stuck = logMetrics["outbox-stuck"];

/** Whether messages arrive, and how fast. */
export const messagePath = {
  "response-time": {
    title: "Response time, slowest 5 %",
    group: "Message path",
    requirements: [response.requirement],
    subject: "targetGroup",
    unit: "seconds",
    metric: response.metric,
    statistic: "p95",
    alarm: {
      severity: "warning",
      threshold: response.threshold,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 3,
      missingData: "notBreaching",
      accepted: response.accepted,
      meaning: "One request in twenty has waited longer than the threshold for 15 minutes.",
      remedy: "Compare CPU of the tasks, latency of the database and the proxy's borrow latency.",
    },
  },
  "application-errors": {
    title: "Errors of the application (5xx)",
    group: "Message path",
    requirements: [applicationErrors.requirement, "G-158"],
    subject: "targetGroup",
    unit: "count",
    metric: applicationErrors.metric,
    statistic: "Sum",
    alarm: {
      severity: "warning",
      threshold: applicationErrors.threshold,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      // The load balancer writes this metric only when there is something to count.
      missingData: "notBreaching",
      accepted: applicationErrors.accepted,
      meaning: "The application has answered a request with an error of its own.",
      remedy: "Read the traceback in the task log.",
    },
  },
  "target-connection-errors": {
    title: "Connections to tasks that failed",
    group: "Message path",
    requirements: [connectionErrors.requirement, "GAP-34"],
    subject: "targetGroup",
    unit: "count",
    metric: connectionErrors.metric,
    statistic: "Sum",
    alarm: {
      severity: "warning",
      threshold: connectionErrors.threshold,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      missingData: "notBreaching",
      accepted: connectionErrors.accepted,
      meaning: "A task did not accept the load balancer's connection: it was dying, or too busy to answer.",
      remedy: "Look for tasks that stopped at that time, and for tasks at 100 % CPU.",
    },
  },
  "lost-messages": {
    title: "Messages that did not reach every task",
    group: "Message path",
    requirements: ["GAP-49"],
    subject: "log",
    unit: "count",
    metric: lost.metric,
    filter: lost,
    statistic: "Sum",
    alarm: {
      // Not critical: for a day after a task was killed, messages for this task alone are dropped too.
      severity: "warning",
      threshold: 0,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      missingData: "notBreaching",
      meaning:
        "A hundred messages wait for one task already, so the channel layer drops what comes: its users miss messages.",
      remedy: "Relieve the tasks (chatpop:maxTasks), unless one was killed: nobody reads its messages.",
    },
  },
  "outbox-backlog": {
    title: "Wait of the oldest message in the outbox",
    group: "Message path",
    requirements: ["G-171", "GAP-7"],
    subject: "log",
    unit: "seconds",
    metric: backlog.metric,
    filter: backlog,
    statistic: "Maximum",
    when: ({ outbox }) => outbox,
    alarm: {
      severity: "critical",
      threshold: 10,
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 5,
      // Every relay logs once a minute how late it is; a relay that waits for the database or Redis logs nothing.
      missingData: "breaching",
      accepted: { lowest: 1, highest: 3_600 },
      meaning: "Messages have reached their rooms late for five minutes, or no relay has said anything.",
      remedy: "Compare the relay's CPU with its load; give chatpop:workers more outbox-relay tasks.",
    },
  },
  "outbox-stuck": {
    title: "Messages that the relay has set aside",
    group: "Message path",
    requirements: ["G-171", "GAP-7"],
    subject: "log",
    unit: "count",
    metric: stuck.metric,
    filter: stuck,
    // Every relay counts all of them.
    statistic: "Maximum",
    when: ({ outbox }) => outbox,
    alarm: {
      severity: "warning",
      threshold: 0,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      // The alarm outbox-backlog covers a relay that logs nothing.
      missingData: "notBreaching",
      meaning: "A message could not be sent ten times: it stays in the outbox, and only a reload shows it.",
      remedy: "Look at it with manage.py outbox --stuck; retry it after a mended release, or drop it.",
    },
  },
  "cache-traffic": {
    title: "Bytes that Redis hands to the tasks",
    group: "Message path",
    requirements: ["G-184"],
    subject: "cacheNode",
    unit: "bytes",
    metric: "NetworkBytesOut",
    statistic: "Sum",
  },
} as const satisfies Readonly<Record<string, Watched>>;
