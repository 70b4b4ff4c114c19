// Forecast of a run's cost and time: the project's own prices per hour, and each step's minutes.
import { hoursPerMonth } from "../aws/prices";
import type { Scale } from "../stacks/guide";
import { makePlan } from "../stacks/plan";
import { priceOf } from "../stacks/plan/price";

/** Minutes of a step: the usual time, and the limit. */
export interface Minutes {
  /** AWS's own figures, not measured; the record of a run has the real ones. */
  readonly usual: number;
  /** Limit, after which the step fails. */
  readonly atMost: number;
}

/** The parts of a step that decide its price. */
export interface Priced extends Minutes {
  /** Scale of the stack while the step runs, which decides its price. */
  readonly scale: Scale;
}

/** The forecast of a run. */
export interface Estimate {
  /** Minutes of all steps. */
  readonly minutes: Minutes;
  /** USD of all steps, at list prices with the tasks that autoscaling begins with. */
  readonly expected: number;
  /** USD when every step takes as long as it may, with as many tasks as autoscaling allows. */
  readonly atMost: number;
}

/**
 * USD per hour of a scale with its default settings; traffic and storage are the forecast's month, divided by its
 * hours.
 */
export function perHour(scale: Scale, region: string, atMost = false): number {
  const plan = makePlan({ scale });
  return priceOf(plan, region, atMost ? { tasks: plan.autoscaling.maximum } : {}).total / hoursPerMonth;
}

/** The forecast of these steps, one after the other. */
export function estimate(steps: readonly Priced[], region: string): Estimate {
  const sum = (of: (step: Priced) => number) => steps.reduce((total, step) => total + of(step), 0);
  return {
    minutes: { usual: sum(({ usual }) => usual), atMost: sum(({ atMost }) => atMost) },
    expected: sum(({ usual, scale }) => (usual / 60) * perHour(scale, region)),
    atMost: sum(({ atMost, scale }) => (atMost / 60) * perHour(scale, region, true)),
  };
}
