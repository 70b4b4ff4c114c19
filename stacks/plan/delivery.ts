import type { CompleteSettings } from "./complete";

/** Who may update the stack from GitHub Actions, with OIDC instead of stored keys (GAP-29). */
export interface DeliveryPlan {
  /** GitHub repository whose jobs may update the stack. */
  readonly repository: string;
  /** GitHub environment that those jobs belong to. */
  readonly environment: string;
  /** Secrets that are not the stack's own, which its tasks may read. */
  readonly secretArns: readonly string[];
}

/**
 * Seconds for which a job may act in the role: an update may wait for a database, a migration and indexes (three quarters
 * of an hour each) and an hour for tasks that give way in turns.
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

/** The secret itself of a reference that may go on with a JSON key: `<arn>:<key>::`. */
export const secretOf = (reference: string): string => reference.split(":").slice(0, 7).join(":");
