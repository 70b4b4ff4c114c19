import { connectionsAt, taskCapacity, type TaskCapacity } from "../capacity";
import type { CompleteSettings } from "./complete";
import { connectionScalingFromRooms, cpuScaling } from "../guide";

/** Keeps a metric at a value. */
export interface TargetTrackingPlan {
  /** In the unit of the metric: 70 for 70 % CPU. */
  readonly target: number;
  /** Seconds. */
  readonly scaleInCooldown: number;
  /** Seconds. */
  readonly scaleOutCooldown: number;
}

/** Other limits from a time of day on. */
export interface ScheduledLimitsPlan {
  /** Key in `chatpop:scheduledScaling`: `night`. */
  readonly name: string;
  /** `cron(…)` or `at(…)`. */
  readonly schedule: string;
  /** Name in the IANA database. */
  readonly timezone: string;
  /** Fewest tasks from then on. */
  readonly minimum: number;
  /** Most tasks from then on. */
  readonly maximum: number;
}

/** Limits of the service's task count, and the metrics that move it between them (G-74 … G-76). */
export interface AutoscalingPlan {
  /** Fewest tasks, as long as no scheduled limits are in force. */
  readonly minimum: number;
  /** Most tasks, as long as no scheduled limits are in force. */
  readonly maximum: number;
  /** Percent. */
  readonly cpu: TargetTrackingPlan;
  /** Open connections per healthy task; undefined leaves the policy out. */
  readonly connections?: TargetTrackingPlan;
  /** HTTP requests per task and minute; undefined leaves the policy out. */
  readonly requests?: TargetTrackingPlan;
  /** Other limits by the clock; empty keeps `minimum` and `maximum` all day. */
  readonly schedule: readonly ScheduledLimitsPlan[];
}

/** Seconds until the tasks of a step outwards count, chosen by simulation (`docs/scaling.md`); a second step waits for them. */
const untilTasksCount = 180;

/** Cool-downs of scaling on connections, in seconds: inwards the policy is as slow as AWS's own fifteen points. */
const connectionCooldowns = { scaleInCooldown: 900, scaleOutCooldown: untilTasksCount } as const;

/** What one of the chat's tasks can do. */
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
 * Open connections per task that autoscaling aims at, where the operator says nothing: the share of a task's capacity that
 * the guide gives its CPU. The guide asks for it from its second scale on (G-21); below, one task carries everybody.
 */
export function automaticConnectionsPerTask(
  s: Pick<CompleteSettings, "demand" | "taskCpu" | "taskMemory" | "server" | "outbox">,
): number | undefined {
  const { demand } = s;
  const target = connectionsAt(cpuScaling.target, demand, chatTask(s));
  return demand.rooms >= connectionScalingFromRooms || demand.connections > target ? target : undefined;
}

/** Whether there are so many tasks that a whole second set of them at once would hurt. */
export const startsInSteps = ({ maxTasks }: CompleteSettings): boolean => maxTasks > 10;

/** The lowest number of tasks that autoscaling may go down to at any hour. */
export function fewestTasks({ minTasks, scheduledScaling }: CompleteSettings): number {
  return Math.min(minTasks, ...Object.values(scheduledScaling).map((limits) => limits.minTasks));
}

/** How the service scales: on CPU always, on connections and requests where they have a target. */
export function autoscalingPlan(s: CompleteSettings): AutoscalingPlan {
  return {
    minimum: s.minTasks,
    maximum: s.maxTasks,
    // The guide's 60 s let steps add up, and its maximum then cuts them off (GAP-53).
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
