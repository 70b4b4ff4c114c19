import type { Watched } from "./watched";

/**
 * RequestCount has every request for which the load balancer found a task, also those that it answers with 502 or 504;
 * what it answers with 503 for want of a task is missing there.
 */
const asked = { requests: "RequestCount", unrouted: "HTTPCode_ELB_503_Count" };
/** Answers of the load balancer's own: 500, 502, 503, 504. */
const refused = "HTTPCode_ELB_5XX_Count";

// A metric that counted nothing is not written, and SUM passes over it.
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
    // At night eleven errors are a lot of all requests, at large in the evening they are none.
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
