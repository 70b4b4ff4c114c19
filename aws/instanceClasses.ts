/** What an RDS instance class or an ElastiCache node type offers. */
export interface InstanceSize {
  /** 2 for `db.t3.small` and `db.m5.large`, 4 for every `xlarge`. */
  readonly vcpu: number;
  /** GiB. */
  readonly memory: number;
}

/** Burstable classes have sizes of their own. */
const burstable: Readonly<Record<string, InstanceSize>> = {
  micro: { vcpu: 2, memory: 1 },
  small: { vcpu: 2, memory: 2 },
  medium: { vcpu: 2, memory: 4 },
  large: { vcpu: 2, memory: 8 },
  xlarge: { vcpu: 4, memory: 16 },
  "2xlarge": { vcpu: 8, memory: 32 },
};

/** GiB of memory for each vCPU, by the family's letter. */
const memoryPerVcpu: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, x: 16 };

/**
 * Size of a class from its name: `db.m5.large`, `cache.t4g.small`.
 *
 * Nominal values: RDS and ElastiCache keep a part of the memory for themselves.
 *
 * @returns undefined for a family or size that does not follow AWS's scheme.
 */
export function sizeOf(instanceClass: string): InstanceSize | undefined {
  const match = /^(?:db|cache)\.([a-z]+)\d[a-z]*\.([a-z0-9]+)$/.exec(instanceClass);
  if (!match) return undefined;
  const [, family = "", size = ""] = match;
  if (family === "t") return burstable[size];
  const perVcpu = memoryPerVcpu[family];
  const vcpu =
    size === "medium"
      ? 1
      : size === "large"
        ? 2
        : 4 * Number(/^(\d*)xlarge$/.exec(size)?.[1] || (size === "xlarge" ? 1 : NaN));
  return perVcpu && vcpu ? { vcpu, memory: vcpu * perVcpu } : undefined;
}

/** Whether a class has less of anything than another; undefined when a name does not tell its size. */
export function isSmaller(instanceClass: string, than: string): boolean | undefined {
  const [own, needed] = [sizeOf(instanceClass), sizeOf(than)];
  if (!own || !needed) return undefined;
  return own.vcpu < needed.vcpu || own.memory < needed.memory;
}

/** What a burstable class earns for working below its baseline: CPU credits an hour; one is a vCPU for a minute. */
const creditsPerHour: Readonly<Record<string, number>> = {
  micro: 12,
  small: 24,
  medium: 24,
  large: 36,
  xlarge: 96,
  "2xlarge": 192,
};

/** CPU credits that a class earns in an hour; undefined for a class that is not burstable. */
export function burstCredits(instanceClass: string): number | undefined {
  const [, size = ""] = /^(?:db|cache)\.t\d[a-z]*\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  return creditsPerHour[size];
}

const gibibyte = 1024 ** 3;

/**
 * Connections that PostgreSQL accepts by RDS's default, LEAST(DBInstanceClassMemory / 9531392, 5000).
 *
 * DBInstanceClassMemory is what RDS and the operating system leave of the nominal memory, and AWS does not publish it.
 * What is taken off here is an assumption on the careful side: an alarm at a share of the result should come too early
 * rather than never. `show max_connections` tells the real limit.
 *
 * @returns undefined when the class's memory is not known.
 */
export function maxConnections(instanceClass: string): number | undefined {
  const size = sizeOf(instanceClass);
  if (!size) return undefined;
  const usable = (0.92 * size.memory - 0.16) * gibibyte;
  return Math.min(5_000, Math.floor(usable / 9_531_392));
}
