import { startsInSteps } from "./autoscaling";
import type { CompleteSettings } from "./complete";
import { healthCheck, stickinessDuration } from "../guide";

/** Seconds that Daphne lets a WebSocket wait to be taken: it has to give up before the load balancer does, with a 504 (GAP-24). */
export const connectTimeout = 50;

/** The Application Load Balancer with its target group. */
export interface LoadBalancerPlan {
  /** Seconds without traffic after which a connection is closed. */
  readonly idleTimeout: number;
  /** Seconds that a leaving task keeps its connections. */
  readonly deregistrationDelay: number;
  /** Seconds over which a new task's share of requests grows; 0 is at once. */
  readonly slowStart: number;
  /** The cookie that leads a client back to its task, for `duration` seconds (G-55, GAP-21). */
  readonly stickiness: {
    readonly type: "app_cookie" | "lb_cookie";
    readonly cookieName: string;
    readonly duration: number;
  };
  /**
   * What each task is asked for (G-54): every `interval` seconds, with `timeout` seconds to answer with the status
   * `matcher`.
   */
  readonly healthCheck: {
    readonly path: string;
    readonly interval: number;
    readonly timeout: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly matcher: string;
  };
}

/** The entrance to the chat. */
export function loadBalancerPlan(s: CompleteSettings): LoadBalancerPlan {
  return {
    // Above Daphne's 20 s ping, so sockets live; below its 60 s keep-alive, so it never closes first (GAP-23).
    idleTimeout: 55,
    // For requests under way. Sockets never end by themselves: they would idle through it, and all leave at once after it (GAP-24).
    deregistrationDelay: 10,
    slowStart: startsInSteps(s) ? 60 : 0,
    stickiness: { type: s.stickiness, cookieName: "chatpop_affinity", duration: stickinessDuration },
    healthCheck: {
      path: s.healthCheckPath,
      interval: healthCheck.interval,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      matcher: "200",
    },
  };
}
