import type { CompleteSettings } from "./complete";

/** The replication groups behind the channel layer; the first one holds the message cache too. */
export interface CachePlan {
  /** A change from `valkey` back to `redis` replaces the cache. */
  readonly engine: "redis" | "valkey";
  /** Version: `7.1` of Redis, `8.0` of Valkey. A lower one replaces the cache. */
  readonly version: string;
  /** Parameter group family: `redis7`. Another one replaces the parameter group, not the cache. */
  readonly family: string;
  /** ElastiCache node type: `cache.t3.micro`. */
  readonly nodeType: string;
  /** Replication groups, alike and independent, that share the rooms (GAP-39). Fewer of them delete the last ones. */
  readonly shards: number;
  /** Nodes of each: the primary and its replicas. */
  readonly nodes: number;
  /** Days that daily snapshots are kept. */
  readonly snapshotDays: number;
  /** Time of day in UTC: `09:00-10:00`. */
  readonly snapshotWindow: string;
  /** Time of week in UTC: `sun:11:30-sun:12:30`. */
  readonly maintenanceWindow: string;
  /** Parameters that differ from the family's defaults (GAP-37). */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

const cacheVersions = {
  redis: { version: "7.1", family: "redis7" },
  valkey: { version: "8.0", family: "valkey8" },
} as const;

/** Redis or Valkey. */
export function cachePlan(s: CompleteSettings): CachePlan {
  return {
    engine: s.cacheEngine,
    ...cacheVersions[s.cacheEngine],
    nodeType: s.cacheNodeType,
    shards: s.cacheShards,
    nodes: 1 + s.cacheReplicas,
    snapshotDays: s.deletionProtection ? 1 : 0,
    snapshotWindow: "09:00-10:00",
    maintenanceWindow: "sun:11:30-sun:12:30", // after the database's default window
    // The default, volatile-lru, may evict a busy room's channel group; volatile-ttl drops what expires soonest (GAP-37).
    parameters: [{ name: "maxmemory-policy", value: "volatile-ttl" }],
  };
}
