import { startsInSteps } from "./autoscaling";
import type { CompleteSettings } from "./complete";
import { affinityCookie, healthCheck, stickinessDuration } from "../guide";

/**
 * Daphne's limit for a WebSocket handshake (seconds), shorter than the load balancer's, which would answer 504
 * (GAP-24).
 */
export const connectTimeout = 50;

/** The Application Load Balancer with its target group. */
export interface LoadBalancerPlan {
  /** Seconds without traffic after which a connection is closed. */
  readonly idleTimeout: number;
  /** Time that a deregistered task keeps its connections (seconds). */
  readonly deregistrationDelay: number;
  /** Slow start: time over which a new task's share of requests grows (seconds); 0 gives the full share at once. */
  readonly slowStart: number;
  /** Cookie that sends a client back to its task for `duration` (seconds) (G-55, GAP-21). */
  readonly stickiness: {
    readonly type: "app_cookie" | "lb_cookie";
    readonly cookieName: string;
    readonly duration: number;
  };
  /**
   * Health check of each task (G-54): every `interval` (seconds), with `timeout` (seconds) for an answer with the
   * status
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
    // Longer than Daphne's ping (20 s), so sockets stay open; shorter than its keep-alive (60 s), so Daphne never
    // closes first (GAP-23).
    idleTimeout: 55,
    // Long enough for open requests only. Sockets never end by themselves: a longer delay would only cut all of them
    // later, at once (GAP-24).
    deregistrationDelay: 10,
    slowStart: startsInSteps(s) ? 60 : 0,
    stickiness: { type: s.stickiness, cookieName: affinityCookie, duration: stickinessDuration },
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
