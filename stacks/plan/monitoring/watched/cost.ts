import { burstCredits } from "../../../../aws/instanceClasses";
import type { Watched } from "./watched";

/** Metrics that the bill grows with; they are on the dashboard only. */
export const cost = {
  "load-balancer-capacity": {
    title: "Load balancer capacity units",
    group: "Cost drivers",
    requirements: ["G-184"],
    subject: "loadBalancer",
    unit: "count",
    metric: "ConsumedLCUs",
    statistic: "Average",
  },
  "load-balancer-traffic": {
    title: "Bytes through the load balancer",
    group: "Cost drivers",
    requirements: ["G-184"],
    subject: "loadBalancer",
    unit: "bytes",
    metric: "ProcessedBytes",
    statistic: "Sum",
  },
  "tasks-running": {
    title: "Tasks that are paid for",
    group: "Cost drivers",
    requirements: ["G-184"],
    subject: "targetGroup",
    unit: "count",
    metric: "HealthyHostCount",
    statistic: "Average",
  },
  "nat-traffic": {
    title: "Bytes through the NAT gateways",
    group: "Cost drivers",
    requirements: ["G-184"],
    subject: "natGateway",
    unit: "bytes",
    metric: "BytesOutToDestination",
    statistic: "Sum",
  },
  "log-traffic": {
    title: "Bytes of log",
    group: "Cost drivers",
    requirements: ["G-184"],
    subject: "logGroup",
    unit: "bytes",
    metric: "IncomingBytes",
    statistic: "Sum",
  },
  "database-surplus-credits": {
    title: "Burst credits that are charged",
    group: "Cost drivers",
    requirements: ["GAP-42"],
    subject: "database",
    unit: "count",
    metric: "CPUSurplusCreditsCharged",
    statistic: "Sum",
    when: ({ database: { instanceClass } }) => burstCredits(instanceClass) !== undefined,
  },
} as const satisfies Readonly<Record<string, Watched>>;
