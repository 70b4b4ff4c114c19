/** Size of an RDS instance class or an ElastiCache node type. */
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

/** GiB of memory for each vCPU, by the family's letter, or by its name where it has more than others of the letter. */
const memoryPerVcpu: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, x: 16, x2iedn: 32 };

/**
 * Size of a class from its name: `db.m5.large`, `cache.t4g.small`.
 *
 * Nominal values: RDS and ElastiCache keep a part of the memory for themselves.
 *
 * @returns undefined for a family or size that does not follow AWS's scheme.
 */
export function sizeOf(instanceClass: string): InstanceSize | undefined {
  const match = /^(?:db|cache)\.(([a-z]+)\d[a-z]*)\.([a-z0-9]+)$/.exec(instanceClass);
  if (!match) return undefined;
  const [, family = "", letter = "", size = ""] = match;
  if (letter === "t") return burstable[size];
  const perVcpu = memoryPerVcpu[family] ?? memoryPerVcpu[letter];
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

/** CPU credits that a burstable class earns below its baseline (per hour); one credit is a vCPU for a minute. */
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
 * DBInstanceClassMemory is the nominal memory minus the part of RDS and the operating system; AWS does not publish it.
 * The deduction here is a careful assumption: an alarm at a share of the result should come too early rather than
 * never. `show max_connections` shows the real limit.
 *
 * @returns undefined when the class's memory is not known.
 */
export function maxConnections(instanceClass: string): number | undefined {
  const size = sizeOf(instanceClass);
  if (!size) return undefined;
  const usable = (0.92 * size.memory - 0.16) * gibibyte;
  return Math.min(5_000, Math.floor(usable / 9_531_392));
}

const words = (text: string) => text.split(" ");
const graviton = words("large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge");
const graviton4 = [...graviton, "24xlarge"];
const intel = [...graviton, "24xlarge", "32xlarge"];

/** Sizes of the families that RDS offers for PostgreSQL 15 and later (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html). */
const databaseFamilies: Readonly<Record<string, readonly string[]>> = {
  t3: words("micro small medium large xlarge 2xlarge"),
  t4g: words("micro small medium large xlarge 2xlarge"),
  m5: graviton4,
  m5d: graviton4,
  m6g: graviton,
  m6gd: graviton,
  m6i: intel,
  m6id: intel,
  m6idn: intel,
  m6in: intel,
  m7g: graviton,
  m7i: words("large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"),
  m8g: [...graviton4, "48xlarge"],
  m8gd: [...graviton4, "48xlarge"],
  r5: graviton4,
  r5b: graviton4,
  r5d: graviton4,
  r6g: graviton,
  r6gd: graviton,
  r6i: intel,
  r6id: intel,
  r6idn: intel,
  r6in: intel,
  r7g: graviton,
  r7i: words("large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"),
  r8g: [...graviton4, "48xlarge"],
  r8gd: [...graviton4, "48xlarge"],
  x2g: graviton,
  x2idn: words("16xlarge 24xlarge 32xlarge"),
  x2iedn: words("xlarge 2xlarge 4xlarge 8xlarge 16xlarge 24xlarge 32xlarge"),
  c6gd: words("medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
};

/** Sizes of ElastiCache's families (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html). */
const cacheFamilies: Readonly<Record<string, readonly string[]>> = {
  t2: words("micro small medium"),
  t3: words("micro small medium"),
  t4g: words("micro small medium"),
  m4: words("large xlarge 2xlarge 4xlarge 10xlarge"),
  m5: words("large xlarge 2xlarge 4xlarge 12xlarge 24xlarge"),
  m6g: graviton,
  m7g: graviton,
  r4: words("large xlarge 2xlarge 4xlarge 8xlarge 16xlarge"),
  r5: words("large xlarge 2xlarge 4xlarge 12xlarge 24xlarge"),
  r6g: graviton,
  r6gd: words("xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
  r7g: graviton,
  c7gn: graviton,
};

const namesOf = (families: Readonly<Record<string, readonly string[]>>, service: string) =>
  Object.entries(families).flatMap(([family, sizes]) => sizes.map((size) => `${service}.${family}.${size}`));

/** Instance classes that RDS has for PostgreSQL: `db.t4g.medium`. */
export const databaseClasses: readonly string[] = namesOf(databaseFamilies, "db");

/** Node types of ElastiCache: `cache.t4g.small`. */
export const cacheNodeTypes: readonly string[] = namesOf(cacheFamilies, "cache");
