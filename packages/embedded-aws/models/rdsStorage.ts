// Sizes and speeds of RDS volumes.
import type { refusal } from "./refusal";

/** Smallest and largest allocated storage in GiB, by storage type. */
const storage = {
  gp2: [20, 65536],
  gp3: [20, 65536],
  io1: [100, 65536],
  io2: [100, 65536],
  standard: [5, 3072],
} as const;

/** PostgreSQL on gp3 has fixed IOPS and throughput below this size in GiB. */
const tunableFrom = 400;

/** IOPS and throughput of gp3 for PostgreSQL without other values, by size (GiB). */
export function baselineOf(size: number): { iops: number; storageThroughput: number } {
  return size < tunableFrom
    ? { iops: 3_000, storageThroughput: 125 }
    : { iops: 12_000, storageThroughput: 500 };
}

interface Storage {
  readonly storageType?: keyof typeof storage;
  readonly iops?: number;
  readonly storageThroughput?: number;
  readonly maxAllocatedStorage?: number;
}

/** IOPS a GiB of the kinds that are sold by IOPS. */
const ratiosOf: Readonly<Record<string, { least: number; most: number }>> = {
  io1: { least: 0.5, most: 50 },
  io2: { least: 0.5, most: 1_000 },
};

/** Refuses a size or settings that the storage type does not support. */
export function checkStorage(given: Storage, size: number, refuse: ReturnType<typeof refusal>): void {
  const type = given.storageType ?? (given.iops === undefined ? "gp2" : "io1");
  const [least, most] = storage[type];
  if (size < least || size > most) {
    refuse(
      "allocatedStorage",
      `Invalid storage size for engine name postgres and storage type ${type}: ${size} (${least} to ${most} GiB)`,
    );
  }
  for (const name of ["iops", "storageThroughput"] as const) {
    if (given[name] === undefined) continue;
    if (type === "gp3" && size < tunableFrom) {
      refuse(
        name,
        `You can't specify IOPS or storage throughput for engine postgres and a storage size less than ${tunableFrom}.`,
      );
    }
    if (type === "gp3" && size >= tunableFrom && given[name] < baselineOf(size)[name]) {
      refuse(name, `Invalid ${name} value for engine name postgres and storage type gp3: ${given[name]}`);
    }
    if (type === "gp2" || type === "standard") refuse(name, `${name} cannot be set for storage type ${type}`);
  }
  const { iops = baselineOf(size).iops, storageThroughput = 0 } = given;
  if (type === "gp3" && storageThroughput * 4 > iops) {
    refuse(
      "storageThroughput",
      `Invalid storage throughput value for engine name postgres and storage type gp3: ${storageThroughput} is more than a quarter of ${iops} IOPS`,
    );
  }
  if (type.startsWith("io") && given.iops === undefined) refuse("iops", `storage type ${type} needs iops`);
  const ratios = ratiosOf[type];
  if (
    ratios &&
    given.iops !== undefined &&
    (given.iops < ratios.least * size || given.iops > ratios.most * size)
  ) {
    refuse(
      "iops",
      `Invalid iops to storage (GB) ratio for storage type ${type}: ${given.iops / size} (${ratios.least} to ${ratios.most})`,
    );
  }
  const limit = given.maxAllocatedStorage ?? 0;
  if (limit !== 0 && limit * 10 < size * 11) {
    refuse(
      "maxAllocatedStorage",
      `Max storage size must be at least 10 % greater than the storage size: ${Math.ceil((size * 11) / 10)} GiB or more for ${size} GiB`,
    );
  }
}
