import type { TaskCapacity } from "../../stacks/capacity";

// Tasks with their sockets. A socket stays on its task until it is closed or cut, so a new task gets new connections
// only, which the load balancer distributes evenly. People are fractions, so that every play is smooth and repeatable.

/** A task of the service, with the sockets on it. */
export interface Task {
  /** Its availability zone: 0 is the first. */
  readonly zone: number;
  /** Time from which the load balancer sends it connections (s). */
  readonly healthyAt: number;
  /** People on it, in fractions. */
  readonly sockets: number;
  /** Connections that it accepted in the last step. */
  readonly taken: number;
}

type Changing = { -readonly [K in keyof Task]: Task[K] };

/** People who asked for a connection at the same time. */
interface Waiting {
  readonly since: number;
  people: number;
}

/** Constants of a fleet while it grows and shrinks. */
export interface FleetSettings {
  /** Capacity of one task; all tasks are alike. */
  readonly capacity: TaskCapacity;
  /** Availability zones over which tasks are spread. */
  readonly zones: number;
  /** Seconds from the decision for a task until it gets its first connection. */
  readonly startTime: number;
  /** Time-out of a waiting connection, after which the client tries again (s). */
  readonly connectTimeout: number;
  /** Seconds over which a new task's share of connections grows from nothing to that of the others; 0 is at once. */
  readonly slowStart: number;
}

/** 0 for no values. */
export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** All tasks of a service with the people on them, and the people who wait for a connection. */
export class Fleet {
  private tasks: Changing[] = [];
  private waiting: Waiting[] = [];
  private lostZone: number | undefined;
  /** Connections that timed out so far. */
  refused = 0;
  /** Sockets that stopped tasks have cut so far. */
  cut = 0;

  /** A fleet of healthy tasks that share the people evenly. */
  constructor(
    private readonly settings: FleetSettings,
    tasks: number,
    people: number,
  ) {
    this.resize(-Infinity, tasks);
    for (const task of this.tasks) task.sockets = people / tasks;
  }

  /** Tasks, the starting ones among them. */
  get size(): number {
    return this.tasks.length;
  }

  /** Tasks that receive connections at a time of the play. */
  healthy(now: number): readonly Task[] {
    return this.tasks.filter(({ healthyAt }) => healthyAt <= now);
  }

  /** People who have a connection. */
  get connected(): number {
    return sum(this.tasks.map(({ sockets }) => sockets));
  }

  /** People who wait for a connection. */
  get outside(): number {
    return sum(this.waiting.map(({ people }) => people));
  }

  /** Starts or stops tasks up to the given count, spread over the zones as by ECS. */
  resize(now: number, tasks: number): void {
    while (this.tasks.length < tasks) {
      const [zone] = this.zonesByTasks();
      this.tasks.push({ zone: zone!, healthyAt: now + this.settings.startTime, sockets: 0, taken: 0 });
    }
    while (this.tasks.length > tasks) {
      // AWS does not document which task of the fullest zone stops: the task with the median of sockets is a fair
      // choice.
      const zone = this.zonesByTasks().at(-1);
      const inZone = this.tasks.filter((task) => task.zone === zone);
      const leaving = inZone.sort((one, other) => one.sockets - other.sockets)[
        Math.floor(inZone.length / 2)
      ]!;
      this.cut += leaving.sockets;
      this.stop(leaving, now);
    }
  }

  /** Loses a zone with all its tasks. */
  loseZone(now: number): void {
    this.lostZone = 0;
    for (const task of this.tasks.filter(({ zone }) => zone === this.lostZone)) this.stop(task, now);
  }

  /**
   * Lets people come and go up to the given number; `replaced` is the share of connected people who leave for others.
   */
  attract(now: number, people: number, replaced: number): void {
    const present = this.connected + this.outside;
    const staying = present > people ? people / present : 1;
    for (const task of this.tasks) task.sockets *= staying * (1 - replaced);
    for (const each of this.waiting) each.people *= staying;
    this.queue(now, people - this.connected - this.outside);
  }

  /** Lets healthy tasks accept waiting people, the longest wait first, within their CPU and memory. */
  admit(now: number, seconds: number): void {
    const { connectsPerSecond, edge } = this.settings.capacity;
    const healthy = this.tasks.filter(({ healthyAt }) => healthyAt <= now);
    const weight = ({ healthyAt }: Task) =>
      Math.min(1, (now - healthyAt + seconds) / this.settings.slowStart);
    const each = this.outside / sum(healthy.map(weight));
    for (const task of this.tasks) task.taken = 0;
    for (const task of healthy) {
      task.taken = Math.max(
        0,
        Math.min(each * weight(task), connectsPerSecond * seconds, edge - task.sockets),
      );
      task.sockets += task.taken;
    }
    this.dequeue(now, sum(healthy.map(({ taken }) => taken)));
  }

  private stop(task: Task, now: number): void {
    this.tasks = this.tasks.filter((each) => each !== task);
    this.queue(now, task.sockets);
  }

  /** Remaining zones, the one with the fewest tasks first. */
  private zonesByTasks(): readonly number[] {
    const count = (zone: number) => this.tasks.filter((task) => task.zone === zone).length;
    return Array.from({ length: this.settings.zones }, (_, zone) => zone)
      .filter((zone) => zone !== this.lostZone)
      .sort((one, other) => count(one) - count(other) || one - other);
  }

  private queue(now: number, people: number): void {
    if (people > 0) this.waiting.push({ since: now, people });
  }

  private dequeue(now: number, people: number): void {
    let taken = people;
    for (const each of this.waiting) {
      const admitted = Math.min(each.people, taken);
      each.people -= admitted;
      taken -= admitted;
    }
    const expired = this.waiting.filter(({ since }) => now - since >= this.settings.connectTimeout);
    const again = sum(expired.map((each) => each.people));
    this.waiting = this.waiting.filter((each) => each.people > 1e-9 && !expired.includes(each));
    this.refused += again;
    this.queue(now, again);
  }
}
