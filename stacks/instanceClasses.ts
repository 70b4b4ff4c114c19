/** What an RDS instance class or an ElastiCache node type offers. */
export interface InstanceSize {
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
