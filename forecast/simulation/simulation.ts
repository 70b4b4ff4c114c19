import { cpuShare, type TaskCapacity } from "../../stacks/capacity";
import type { Curve } from "./curves";
import { connectTimeout } from "../../stacks/plan/loadBalancer";
import { Fleet, sum, type Task } from "./fleet";
import { Autoscaler, type Limits, type TrackedMetric } from "./tracking";

/** A deployed service with its planned load. */
export interface Service extends Limits {
  /** Policies that move the task count; an empty list keeps it. */
  readonly policies: readonly TrackedMetric[];
  /** Other limits from a minute of the play on, in order. @default [] */
  readonly schedule?: readonly (Limits & { readonly from: number })[];
  /** Connections at full load. */
  readonly connections: number;
  /** Messages a second at full load. */
  readonly messagesPerSecond: number;
  /** Capacity of one task. */
  readonly capacity: TaskCapacity;
  /** Availability zones over which tasks are spread. */
  readonly zones: number;
  /** Seconds between two health checks of the load balancer. */
  readonly healthCheckInterval: number;
  /** Seconds over which the load balancer raises a new task's share of connections; 0 is at once. */
  readonly slowStart: number;
}

/** A minute of a play. */
export interface Minute {
  /** People who want to be connected at its end. */
  readonly people: number;
  /** Tasks that autoscaling wants. */
  readonly desired: number;
  /** Tasks that take connections at its end. */
  readonly healthy: number;
  /** Share of the people who are on an overloaded task or have no connection. */
  readonly suffering: number;
}

/** Result of a play. */
export interface Report {
  /** In order, one for each minute of the curve. */
  readonly minutes: readonly Minute[];
  /** The most that autoscaling wanted at any time. */
  readonly mostTasks: number;
  /** Hours of single tasks, from their start on: what Fargate charges. */
  readonly taskHours: number;
  /** Minutes of single tasks that have more to do than they can. */
  readonly overloadedTaskMinutes: number;
  /** Minutes of single people on an overloaded task, or without a connection. */
  readonly sufferingMinutes: number;
  /** Of these, the minutes without a connection. */
  readonly unconnectedMinutes: number;
  /** Minutes in which one person in a hundred suffers, or more. */
  readonly overloadedMinutes: number;
  /** Connections that nobody took in time. */
  readonly refused: number;
  /** Sockets that scaling in has cut. */
  readonly cut: number;
}

/** Constants without a setting (seconds); some are marked as assumed, the others are measured or documented. */
export const delays = {
  /** Until CloudWatch shows a minute's data (assumed). */
  publication: 60,
  /** For a Fargate task to start, of 30 to 60 with the pull of its image (GAP-48). */
  start: 45,
  /** Mean session length; another person then takes the place (assumed). */
  stay: 1_800,
} as const;

/** Seconds of a step, and steps of a minute. */
const step = 5;
const steps = 60 / step;
/** Tolerance for rounding errors: a task that is exactly full is not overloaded. */
const tolerance = 1e-6;

/** Task count at which the policies settle under a constant load: the start of every play. */
export function settled(service: Service, people: number, talk = 1): number {
  const { capacity, connections, messagesPerSecond, policies, schedule } = service;
  const messages = (talk * people * messagesPerSecond) / connections;
  const load = {
    cpu: 100 * cpuShare(capacity, people, messages),
    connections: people,
  };
  const { minimum, maximum } = schedule?.findLast(({ from }) => from <= 0) ?? service;
  return Math.min(
    Math.max(minimum, ...policies.map(({ metric, target }) => Math.ceil(load[metric] / target))),
    maximum,
  );
}

/** Plays a curve against a service. The same arguments always give the same report. */
export function play(curve: Curve, service: Service): Report {
  const people = (minute: number) => service.connections * curve.share(minute);
  const meter = new Meter(
    service.capacity,
    ((curve.talk ?? 1) * service.messagesPerSecond) / service.connections,
  );
  const autoscaler = new Autoscaler(service.policies);
  let desired = settled(service, people(0), curve.talk);
  const fleet = new Fleet(
    {
      capacity: service.capacity,
      zones: service.zones,
      startTime: delays.start + service.healthCheckInterval,
      connectTimeout,
      slowStart: service.slowStart,
    },
    desired,
    people(0),
  );

  const minutes: Minute[] = [];
  for (let minute = 0; minute < curve.minutes; minute++) {
    if (minute === curve.zoneLostAt) fleet.loseZone(60 * minute);
    const published = meter.points[minute - 1 - delays.publication / 60];
    if (published) autoscaler.see(published);
    const limits = service.schedule?.findLast(({ from }) => from <= minute) ?? service;
    desired = autoscaler.decide(60 * minute, desired, limits);

    for (let index = 0; index < steps; index++) {
      const now = 60 * minute + step * index;
      fleet.resize(now, desired);
      fleet.attract(now, people(minute + index / steps), step / delays.stay);
      fleet.admit(now, step);
      meter.read(fleet, now);
    }
    const suffering = meter.endMinute();
    const healthy = fleet.healthy(60 * minute + 60).length;
    minutes.push({ people: people(minute + 1), desired, healthy, suffering });
  }
  return {
    minutes,
    mostTasks: Math.max(...minutes.map((each) => each.desired)),
    taskHours: meter.taskMinutes / 60,
    overloadedTaskMinutes: meter.overloadedTaskMinutes,
    sufferingMinutes: meter.sufferingMinutes,
    unconnectedMinutes: meter.unconnectedMinutes,
    overloadedMinutes: minutes.filter(({ suffering }) => suffering >= 0.01).length,
    refused: fleet.refused,
    cut: fleet.cut,
  };
}

/** Reads a fleet at every step, for CloudWatch and for the report. */
class Meter {
  /** CloudWatch's data points of each minute so far. */
  readonly points: { readonly cpu: number; readonly connections?: number }[] = [];
  taskMinutes = 0;
  overloadedTaskMinutes = 0;
  sufferingMinutes = 0;
  unconnectedMinutes = 0;
  private minute = { cpu: 0, sockets: 0, hosts: 0, suffering: 0, people: 0 };

  constructor(
    private readonly capacity: TaskCapacity,
    private readonly messagesPerSocket: number,
  ) {}

  read(fleet: Fleet, now: number): void {
    const healthy = fleet.healthy(now);
    const loads = healthy.map((task) => this.load(task));
    const overloaded = healthy.filter(
      ({ sockets }, index) => loads[index]! > 1 + tolerance || sockets > this.capacity.sockets + tolerance,
    );
    const suffering = sum(overloaded.map(({ sockets }) => sockets)) + fleet.outside;
    this.taskMinutes += fleet.size / steps;
    this.overloadedTaskMinutes += overloaded.length / steps;
    this.sufferingMinutes += suffering / steps;
    this.unconnectedMinutes += fleet.outside / steps;

    // CPU is at most 100 %, even if more work waits.
    const busy = sum(loads.map((load) => Math.min(1, load)));
    this.minute.cpu += (100 * busy) / (healthy.length || 1) / steps;
    this.minute.sockets += fleet.connected / steps;
    this.minute.hosts = Math.max(this.minute.hosts, healthy.length);
    this.minute.suffering += suffering;
    this.minute.people += fleet.connected + fleet.outside;
  }

  /** Closes the minute. @returns the share of people who suffered. */
  endMinute(): number {
    const { cpu, sockets, hosts, suffering, people } = this.minute;
    // The load balancer writes no metric without a connection.
    this.points.push({ cpu, ...(sockets > 0 && hosts > 0 && { connections: sockets / hosts }) });
    this.minute = { cpu: 0, sockets: 0, hosts: 0, suffering: 0, people: 0 };
    return people > 0 ? suffering / people : 0;
  }

  /** Load of a task as a share of its capacity. */
  private load({ sockets, taken }: Task): number {
    const busy = cpuShare(this.capacity, sockets, sockets * this.messagesPerSocket);
    return busy + taken / step / this.capacity.connectsPerSecond;
  }
}
