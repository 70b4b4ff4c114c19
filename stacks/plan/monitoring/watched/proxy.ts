import { connectionLimit } from "./database";
import type { Watched } from "./watched";

/** Every machine of the proxy writes its own share once a minute: the sum over a minute is the proxy's value. */
const held = { statistic: "Sum", period: 60 } as const;

/** Waiting requests, pinned sessions and clients of the RDS Proxy. */
export const proxy = {
  "proxy-borrow-latency": {
    title: "Wait for a connection of the proxy",
    group: "RDS Proxy",
    requirements: ["GAP-35"],
    subject: "proxy",
    unit: "microseconds",
    metric: "DatabaseConnectionsBorrowLatency",
    statistic: "Average",
    alarm: {
      severity: "warning",
      threshold: 100_000,
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 5,
      missingData: "notBreaching",
      accepted: { lowest: 1_000, highest: 120_000_000 },
      meaning: "Requests queue for a database connection: the pool is used up.",
      remedy: "Look for long transactions and pinned sessions, then choose a bigger chatpop:databaseClass.",
    },
  },
  "proxy-pinned-sessions": {
    title: "Sessions pinned to one connection",
    group: "RDS Proxy",
    requirements: ["GAP-35"],
    subject: "proxy",
    unit: "count",
    metric: "DatabaseConnectionsCurrentlySessionPinned",
    ...held,
    alarm: {
      severity: "warning",
      threshold: (decisions) => Math.floor(0.1 * connectionLimit(decisions)),
      comparison: "GreaterThanThreshold",
      period: 60,
      periods: 5,
      missingData: "notBreaching",
      meaning:
        "A tenth of the database's connections is held by single clients: the proxy cannot share them.",
      remedy: "Find what pins them in the proxy's log: SET, prepared statements, temporary tables.",
    },
  },
  "proxy-clients": {
    title: "Clients of the proxy",
    group: "RDS Proxy",
    requirements: ["GAP-35"],
    subject: "proxy",
    unit: "count",
    metric: "ClientConnections",
    ...held,
  },
} as const satisfies Readonly<Record<string, Watched>>;
