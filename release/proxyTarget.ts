import { DescribeDBProxyTargetsCommand, RDSClient, type TargetHealth } from "@aws-sdk/client-rds";
import { setTimeout as sleep } from "node:timers/promises";
import type { InvocationContext } from "./functions/rounds";

/** A proxy that tasks are about to connect through. */
export interface ProxyTargetEvent {
  /** Name of the RDS Proxy. */
  readonly proxy: string;
  /** Identifier of the instance behind it. */
  readonly database: string;
}

/** Result of the check. */
export interface ProxyTargetState {
  /** Always: a target that is not available in time is an error. */
  readonly state: "available";
}

const reserve = 10_000;
const pollEvery = 5_000;
/** Polls in which the proxy may fail to log in: after a change of the password it tries again with the new one. */
const loginPatience = 24;

/**
 * Waits until the proxy serves its instance. RDS registers a target before the proxy has connections to it (`REGISTERING`,
 * then `UNAVAILABLE` with `PENDING_PROXY_CAPACITY`), and every task that comes meanwhile hangs.
 *
 * @throws Error with AWS's reason when the time is over, or when the proxy cannot log in.
 */
export async function awaitProxyTarget(
  event: ProxyTargetEvent,
  context: InvocationContext,
): Promise<ProxyTargetState> {
  const rds = new RDSClient();
  for (let logins = 0; ;) {
    const health = await healthOf(rds, event);
    if (health.State === "AVAILABLE") return { state: "available" };
    if (health.Reason === "AUTH_FAILURE") logins++;
    if (logins > loginPatience || context.getRemainingTimeInMillis() < reserve + pollEvery) {
      throw new Error(
        `The proxy ${event.proxy} does not serve ${event.database}: ${inWords(health)}. No task has been sent to it, and the ` +
          "old ones serve on. Run pulumi up again when it is available: " +
          `aws rds describe-db-proxy-targets --db-proxy-name ${event.proxy}`,
      );
    }
    console.log(`${event.proxy}: ${inWords(health)}`);
    await sleep(pollEvery);
  }
}

async function healthOf(rds: RDSClient, event: ProxyTargetEvent): Promise<TargetHealth> {
  const { Targets = [] } = await rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: event.proxy }));
  const target = Targets.find(({ RdsResourceId }) => RdsResourceId === event.database);
  return target?.TargetHealth ?? { Description: "it is not registered" };
}

/** `UNAVAILABLE, PENDING_PROXY_CAPACITY (DBProxy Target unavailable …)`. */
function inWords({ State, Reason, Description }: TargetHealth): string {
  const words = [State, Reason].filter(Boolean).join(", ");
  return Description ? [words, `(${Description})`].filter(Boolean).join(" ") : words || "no state";
}
