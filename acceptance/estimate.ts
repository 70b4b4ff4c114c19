// What a run costs and how long it takes, before it begins: the project's own prices by the hour, and each step's minutes.
import { hoursPerMonth } from "../aws/prices";
import type { Scale } from "../stacks/guide";
import { makePlan } from "../stacks/plan";
import { priceOf } from "../stacks/plan/price";

/** Minutes of a step: usual ones, and those after which it is cut off. */
export interface Minutes {
  /** AWS's own figures, not measured: the record of a run says what it took. */
  readonly usual: number;
  /** The step fails then. */
  readonly atMost: number;
}

/** A step as far as its price goes. */
export interface Priced extends Minutes {
  /** Scale that is paid for while it runs. */
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

/** USD of an hour of a scale with its default settings; traffic and storage by the hour of a month, as the forecast has them. */
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
