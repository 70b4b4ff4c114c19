import { connectionsAt, type Demand, measured, taskCapacity } from "./capacity";
import type { CompleteSettings } from "./settings/complete";
import { connectionScalingFromRooms, cpuScaling } from "./guide";

/** Keeps a metric at a value. */
export interface TargetTrackingPlan {
  readonly target: number;
  /** Seconds. */
  readonly scaleInCooldown: number;
  /** Seconds. */
  readonly scaleOutCooldown: number;
}

/** Other limits from a time of day on. */
export interface ScheduledLimitsPlan {
  readonly name: string;
  /** `cron(…)` or `at(…)`. */
  readonly schedule: string;
  /** Name in the IANA database. */
  readonly timezone: string;
  readonly minimum: number;
  readonly maximum: number;
}

export interface AutoscalingPlan {
  readonly minimum: number;
  readonly maximum: number;
  /** Percent. */
  readonly cpu: TargetTrackingPlan;
  /** Open connections per healthy task; undefined leaves the policy out. */
  readonly connections?: TargetTrackingPlan;
  /** HTTP requests per task and minute; undefined leaves the policy out. */
  readonly requests?: TargetTrackingPlan;
  readonly schedule: readonly ScheduledLimitsPlan[];
}

/**
 * Cool-downs of scaling on connections, in seconds, chosen by simulation (`docs/scaling.md`): a second step outwards waits
 * until the tasks of the first one count, and inwards the policy is as slow as AWS's own fifteen points.
 */
const connectionCooldowns = { scaleInCooldown: 900, scaleOutCooldown: 180 } as const;

/**
 * Open connections per task that autoscaling aims at, where the operator says nothing: the share of a task's capacity that
 * the guide gives its CPU. The guide asks for it from its second scale on (G-21); below, one task carries everybody.
 */
export function automaticConnectionsPerTask(
  s: Pick<CompleteSettings, "rooms" | "taskCpu" | "taskMemory">,
  demand: Demand,
): number | undefined {
  const wanted = s.rooms >= connectionScalingFromRooms || demand.connections > measured.comfortable.sockets;
  return wanted ? connectionsAt(cpuScaling.target, demand, taskCapacity(s.taskCpu, s.taskMemory)) : undefined;
}

/** Whether there are so many tasks that a whole second set of them at once would hurt. */
export const startsInSteps = ({ maxTasks }: CompleteSettings): boolean => maxTasks > 10;

/** The lowest number of tasks that autoscaling may go down to at any hour. */
export function fewestTasks({ minTasks, scheduledScaling }: CompleteSettings): number {
  return Math.min(minTasks, ...Object.values(scheduledScaling).map((limits) => limits.minTasks));
}

export function autoscalingPlan(s: CompleteSettings): AutoscalingPlan {
  return {
    minimum: s.minTasks,
    maximum: s.maxTasks,
    cpu: cpuScaling,
    connections: s.connectionsPerTask ? { target: s.connectionsPerTask, ...connectionCooldowns } : undefined,
    requests: s.requestsPerTarget ? { ...cpuScaling, target: s.requestsPerTarget } : undefined,
    schedule: Object.entries(s.scheduledScaling).map(
      ([name, { schedule, timezone = "UTC", minTasks, maxTasks = s.maxTasks }]) => ({
        name,
        schedule,
        timezone,
        minimum: minTasks,
        maximum: maxTasks,
      }),
    ),
  };
}
