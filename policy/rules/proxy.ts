import { resourceRule } from "../rule";
import { number } from "../settings";
import { types } from "../../aws/types";
import type { Properties } from "../values";

interface Pool {
  readonly maxConnectionsPercent?: number;
  readonly connectionBorrowTimeout?: number;
}

const poolOf = (properties: Properties) => (properties["connectionPoolConfig"] ?? {}) as Pool;

export const proxyPool = resourceRule(
  {
    name: "proxy-pool",
    type: types.proxyTargets,
    description:
      "The RDS Proxy may use most of the database's connections, leaves some to migrations, and lets clients wait for one",
    severity: "high",
    requirements: ["G-106", "GAP-28"],
    remedy: "connectionPoolConfig: { maxConnectionsPercent: 90, connectionBorrowTimeout: 120 }",
    settings: {
      fewest: number(50, "Least share of the database's connections that the proxy may use (%)."),
      most: number(95, "Most of them: the rest is for migrations, index builds and operators (%)."),
      shortest: number(10, "Least seconds that a client waits for a connection."),
    },
  },
  [
    (properties, { fewest, most }) => {
      const { maxConnectionsPercent: share = 100 } = poolOf(properties);
      return (
        !(share >= fewest && share <= most) &&
        `the proxy may use ${share} % of the database's connections, not ${fewest} to ${most} %`
      );
    },
    (properties, { shortest }) => {
      const { connectionBorrowTimeout: seconds = 120 } = poolOf(properties);
      return seconds < shortest && `a client waits ${seconds} s for a connection, less than ${shortest} s`;
    },
  ],
);
