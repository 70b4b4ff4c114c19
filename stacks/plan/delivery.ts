import type { CompleteSettings } from "./complete";

/** The GitHub Actions jobs that may update the stack, with OIDC instead of stored keys (GAP-29). */
export interface DeliveryPlan {
  /** GitHub repository whose jobs may update the stack. */
  readonly repository: string;
  /** GitHub environment that those jobs belong to. */
  readonly environment: string;
  /** ARNs of secrets outside the stack that its tasks may read. */
  readonly secretArns: readonly string[];
}

/**
 * Longest session of a job in the role (seconds): an update may wait 45 minutes each for a database, a migration and
 * indexes, and an hour for the rolling update of the tasks.
 */
export const sessionSeconds = 4 * 3600;

/** Undefined where only people update the stack. */
export function deliveryPlan(s: CompleteSettings): DeliveryPlan | undefined {
  if (s.deployRepository === undefined) return undefined;
  return {
    repository: s.deployRepository,
    environment: s.deployEnvironment,
    secretArns: [...new Set(Object.values(s.secrets).map(secretOf))].sort(),
  };
}

/** ARN of the secret, from a reference that may end in a JSON key: `<arn>:<key>::`. */
export const secretOf = (reference: string): string => reference.split(":").slice(0, 7).join(":");
