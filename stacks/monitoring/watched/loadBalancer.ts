import type { Watched } from "./watched";

// A metric that counted nothing is not written, and SUM passes over it.
const asked = "SUM([requests, refused])";
const failed = "SUM([errors, refused])";

/** Requests, and those of them that fail. */
export const loadBalancer = {
  requests: {
    title: "Requests a minute",
    group: "Load balancer",
    requirements: ["G-184"],
    subject: "loadBalancer",
    unit: "count",
    metric: "RequestCount",
    statistic: "Sum",
  },
  "load-balancer-errors": {
    title: "Errors of the load balancer (5xx)",
    group: "Load balancer",
    requirements: ["G-158", "GAP-35"],
    subject: "loadBalancer",
    unit: "count",
    metric: "HTTPCode_ELB_5XX_Count",
    statistic: "Sum",
    alarm: {
      severity: "critical",
      threshold: 10,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      missingData: "notBreaching",
      meaning: "The load balancer itself answers with errors: it finds no task, or tasks hang up on it.",
      remedy: "Count 502, 503 and 504 apart, then look at the tasks' health.",
    },
  },
  "failing-requests": {
    title: "Requests that fail",
    group: "Load balancer",
    requirements: ["G-158", "GAP-35"],
    subject: "loadBalancer",
    unit: "percent",
    metric: {
      requests: "RequestCount",
      errors: "HTTPCode_Target_5XX_Count",
      refused: "HTTPCode_ELB_5XX_Count",
    },
    expression: `IF(${asked} >= 20, 100 * ${failed} / ${asked}, 0)`,
    statistic: "Sum",
    alarm: {
      severity: "critical",
      threshold: 50,
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 3,
      missingData: "notBreaching",
      accepted: { lowest: 1, highest: 99 },
      meaning: "More than half of all requests fail.",
      remedy: "Read the traceback in the task log; check database and cache.",
    },
  },
} as const satisfies Readonly<Record<string, Watched>>;
