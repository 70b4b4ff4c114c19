import type { TargetTrackingPlan } from "../../stacks/plan/autoscaling";

// Target tracking as Application Auto Scaling runs it on CloudWatch's data (`docs/aws.md`, 6): a policy scales out when
// three one-minute points lie above its target, and is ready to scale in when fifteen lie 10 % below it. One of several
// policies is enough to scale out; to scale in, all that may do so must agree.

/** Metric that a policy keeps at its target: CPU (percent), or open connections per healthy task. */
export type Metric = "cpu" | "connections";

/** A target tracking policy and what it measures. */
export interface TrackedMetric extends TargetTrackingPlan {
  /** Metric of `target`. */
  readonly metric: Metric;
  /** Whether it may only scale out. @default false */
  readonly disableScaleIn?: boolean;
}

/** Bounds of the task count. */
export interface Limits {
  /** Fewest tasks. */
  readonly minimum: number;
  /** Most tasks. */
  readonly maximum: number;
}

const pointsOut = 3;
const pointsIn = 15;
const lowerAlarm = 0.9;
/** Tolerance, so that a floating-point error does not become a task. */
const rounding = 1e-9;

/** One policy with its state. */
class Tracker {
  private points: (number | undefined)[] = [];
  private out = { at: -Infinity, from: 0 };
  private inAt = -Infinity;

  constructor(readonly policy: TrackedMetric) {}

  see(point: number | undefined): void {
    this.points = [...this.points.slice(1 - pointsIn), point];
  }

  /**
   * Tasks that it wants instead of `desired`; during the cool-down, tasks that it has just added count as part of them.
   */
  wantedOut(now: number, desired: number): number {
    if (!this.last(pointsOut, (ratio) => ratio > 1)) return desired;
    const cooling = now < this.out.at + this.policy.scaleOutCooldown;
    return Math.max(desired, this.proportionalTo(cooling ? this.out.from : desired));
  }

  wentOut(now: number, from: number): void {
    if (now >= this.out.at + this.policy.scaleOutCooldown) this.out = { at: now, from };
    this.inAt = -Infinity;
  }

  /** Tasks that are enough for it; undefined if it is not ready to scale in. */
  wantedIn(now: number, desired: number): number | undefined {
    const cooling = now < this.inAt + this.policy.scaleInCooldown;
    return !cooling && this.last(pointsIn, (ratio) => ratio < lowerAlarm)
      ? this.proportionalTo(desired)
      : undefined;
  }

  wentIn(now: number): void {
    this.inAt = now;
  }

  /** Whether the newest points exist, and each meets the condition as a share of the target. */
  private last(count: number, holds: (ratio: number) => boolean): boolean {
    const points = this.points.slice(-count);
    return (
      points.length === count &&
      points.every((each) => each !== undefined && holds(each / this.policy.target))
    );
  }

  private proportionalTo(tasks: number): number {
    return Math.ceil((tasks * (this.points.at(-1) ?? 0)) / this.policy.target - rounding);
  }
}

/** All policies of a service. */
export class Autoscaler {
  private readonly trackers: readonly Tracker[];

  constructor(policies: readonly TrackedMetric[]) {
    this.trackers = policies.map((policy) => new Tracker(policy));
  }

  /** Receives the points of a minute; a metric without a point is absent. */
  see(points: Readonly<Partial<Record<Metric, number>>>): void {
    for (const tracker of this.trackers) tracker.see(points[tracker.policy.metric]);
  }

  /** The number of tasks from now on. */
  decide(now: number, before: number, { minimum, maximum }: Limits): number {
    const within = (tasks: number) => Math.min(Math.max(tasks, minimum), maximum);
    const desired = within(before);
    const growing = this.trackers.filter((tracker) => within(tracker.wantedOut(now, desired)) > desired);
    if (growing.length > 0) {
      const most = Math.max(...growing.map((tracker) => within(tracker.wantedOut(now, desired))));
      for (const tracker of growing) tracker.wentOut(now, desired);
      return most;
    }
    const voters = this.trackers.filter(({ policy }) => !policy.disableScaleIn);
    const wanted = voters.map((tracker) => tracker.wantedIn(now, desired) ?? Infinity);
    const least = within(Math.max(...wanted));
    if (voters.length === 0 || least >= desired) return desired;
    for (const tracker of this.trackers) tracker.wentIn(now);
    return least;
  }
}
