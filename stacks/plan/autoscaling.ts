import { connectionsAt, taskCapacity, type TaskCapacity } from "../capacity";
import type { CompleteSettings } from "./complete";
import { connectionScalingFromRooms, cpuScaling, stepsAboveTasks } from "../guide";

/** Keeps a metric at a value. */
export interface TargetTrackingPlan {
  /** In the unit of the metric: 70 for 70 % CPU. */
  readonly target: number;
  /** Seconds. */
  readonly scaleInCooldown: number;
  /** Seconds. */
  readonly scaleOutCooldown: number;
}

/** Task limits that start at a time of day. */
export interface ScheduledLimitsPlan {
  /** Key in `chatpop:scheduledScaling`: `night`. */
  readonly name: string;
  /** `cron(…)` or `at(…)`. */
  readonly schedule: string;
  /** Name in the IANA database. */
  readonly timezone: string;
  /** Fewest tasks from that time on. */
  readonly minimum: number;
  /** Most tasks from that time on. */
  readonly maximum: number;
}

/** Limits of the service's task count, and the metrics that move it between them (G-74 … G-76). */
export interface AutoscalingPlan {
  /** Fewest tasks, unless scheduled limits apply. */
  readonly minimum: number;
  /** Most tasks, unless scheduled limits apply. */
  readonly maximum: number;
  /** Average CPU that tracking aims at (percent). */
  readonly cpu: TargetTrackingPlan;
  /** Open connections per healthy task; undefined leaves the policy out. */
  readonly connections?: TargetTrackingPlan;
  /** HTTP requests per task and minute; undefined leaves the policy out. */
  readonly requests?: TargetTrackingPlan;
  /** Scheduled limits; an empty list keeps `minimum` and `maximum` all day. */
  readonly schedule: readonly ScheduledLimitsPlan[];
}

/**
 * Cool-down of scaling out (seconds), chosen by simulation (`docs/scaling.md`): the next step waits for the new tasks.
 */
const untilTasksCount = 180;

/** Cool-downs of scaling on connections (seconds); scaling in needs AWS's fifteen data points anyway. */
const connectionCooldowns = { scaleInCooldown: 900, scaleOutCooldown: untilTasksCount } as const;

/** Capacity of one chat task. */
export const chatTask = (
  s: Pick<CompleteSettings, "demand" | "taskCpu" | "taskMemory" | "server" | "outbox">,
): TaskCapacity =>
  taskCapacity({
    cpu: s.taskCpu,
    memory: s.taskMemory,
    server: s.server,
    outbox: s.outbox,
    usersPerRoom: s.demand.usersPerRoom,
  });

/**
 * Target of open connections per task without a setting: the share of a task's capacity that the guide uses for CPU.
 * The
 * guide asks for it from its second scale on (G-21); at the first scale one task carries all users.
 */
export function automaticConnectionsPerTask(
  s: Pick<CompleteSettings, "demand" | "taskCpu" | "taskMemory" | "server" | "outbox">,
): number | undefined {
  const { demand } = s;
  const target = connectionsAt(cpuScaling.target, demand, chatTask(s));
  return demand.rooms >= connectionScalingFromRooms || demand.connections > target ? target : undefined;
}

/** Whether there are too many tasks to start a whole second set of them at once. */
export const startsInSteps = ({ maxTasks }: CompleteSettings): boolean => maxTasks > stepsAboveTasks;

/** The lowest number of tasks that autoscaling may go down to at any hour. */
export function fewestTasks({ minTasks, scheduledScaling }: CompleteSettings): number {
  return Math.min(minTasks, ...Object.values(scheduledScaling).map((limits) => limits.minTasks));
}

/** How the service scales: on CPU always, on connections and requests where they have a target. */
export function autoscalingPlan(s: CompleteSettings): AutoscalingPlan {
  return {
    minimum: s.minTasks,
    maximum: s.maxTasks,
    // The guide's 60 s are too short: steps add up until the maximum stops them (GAP-53).
    cpu: s.sizing === "guide" ? cpuScaling : { ...cpuScaling, scaleOutCooldown: untilTasksCount },
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
