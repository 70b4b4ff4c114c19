import type { Watched } from "./watched";

/**
 * RequestCount includes each request for which the load balancer found a task, also if the answer is 502 or 504.
 * Requests without a task, which get 503, are not in it.
 */
const asked = { requests: "RequestCount", unrouted: "HTTPCode_ELB_503_Count" };
/** Answers of the load balancer's own: 500, 502, 503, 504. */
const refused = "HTTPCode_ELB_5XX_Count";

// Metrics without an event are not written; SUM ignores them.
const all = "SUM([requests, unrouted])";
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
    title: "Requests that the load balancer answers itself (5xx)",
    group: "Load balancer",
    requirements: ["G-158", "GAP-35"],
    subject: "loadBalancer",
    unit: "percent",
    metric: { ...asked, refused },
    // A share of the requests, and more than ten errors: a few errors are a large share at night.
    expression: `IF(refused > 10, 100 * refused / ${all}, 0)`,
    statistic: "Sum",
    alarm: {
      severity: "critical",
      threshold: 1,
      comparison: "GreaterThanThreshold",
      period: 300,
      periods: 1,
      missingData: "notBreaching",
      meaning:
        "The load balancer itself answers more than one request in a hundred with an error: it finds no task, or tasks hang up on it.",
      remedy: "Count 502, 503 and 504 apart, then look at the tasks' health.",
    },
  },
  "failing-requests": {
    title: "Requests that fail",
    group: "Load balancer",
    requirements: ["G-158", "GAP-35"],
    subject: "loadBalancer",
    unit: "percent",
    metric: { ...asked, errors: "HTTPCode_Target_5XX_Count", refused },
    expression: `IF(${all} >= 20, 100 * ${failed} / ${all}, 0)`,
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
