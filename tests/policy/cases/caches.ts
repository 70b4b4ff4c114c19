import { types } from "../../recording/types";
import { add, all, detach, set } from "../mutations";
import type { Cases } from "./case";

const cache = `${types.cache} chatpop-redis`;
const cacheServerless = "aws:elasticache/serverlessCache:ServerlessCache";
const cacheCluster = "aws:elasticache/cluster:Cluster";

export const caches: Cases = {
  violations: [
    {
      what: "several shards (G-47, G-197)",
      scale: "small",
      mutation: set({ type: types.cache }, "numNodeGroups", 3),
      policy: "cache-cluster-mode-off",
      blames: cache,
      says: /3 shards/,
    },
    {
      what: "cluster mode that is being turned on",
      scale: "small",
      mutation: set({ type: types.cache }, "clusterMode", "compatible"),
      policy: "cache-cluster-mode-off",
      blames: cache,
      says: /cluster mode is compatible/,
    },
    {
      what: "a parameter group that turns cluster mode on",
      scale: "small",
      mutation: set({ type: types.cacheParameterGroup }, "parameters", [
        { name: "maxmemory-policy", value: "volatile-ttl" },
        { name: "cluster-enabled", value: "yes" },
      ]),
      policy: "cache-cluster-mode-off",
      blames: `${types.cacheParameterGroup} chatpop-redis`,
      says: /cluster-enabled turns cluster mode on/,
    },
    {
      what: "AWS's own parameter group for cluster mode",
      scale: "small",
      mutation: all(
        detach({ type: types.cache }, "parameterGroupName", types.cacheParameterGroup),
        set({ type: types.cache }, "parameterGroupName", "default.redis7.cluster.on"),
      ),
      policy: "cache-cluster-mode-off",
      blames: cache,
      says: /default\.redis7\.cluster\.on turns cluster mode on/,
      also: ["cache-eviction"],
    },
    {
      what: "a serverless cache",
      scale: "small",
      mutation: add(cacheServerless, "serverless"),
      policy: "cache-cluster-mode-off",
      blames: `${cacheServerless} serverless`,
      says: /always in cluster mode/,
    },
    {
      what: "an open cache",
      scale: "large",
      mutation: set({ type: types.cache }, "atRestEncryptionEnabled", false),
      policy: "cache-encrypted",
      blames: cache,
      says: /not encrypted at rest/,
    },
    {
      what: "the guide's single cache cluster, which cannot be encrypted (G-48)",
      scale: "small",
      mutation: add(cacheCluster, "single", {
        nodeType: "cache.t3.micro",
        parameterGroupName: "own",
        securityGroupIds: ["sg-1"],
      }),
      policy: "cache-encrypted",
      blames: `${cacheCluster} single`,
      says: /a replication group of one node can/,
      also: ["alarm-cache-cpu", "alarm-cache-engine-cpu", "alarm-cache-memory"],
    },
    {
      what: "a cache that speaks TLS only (GAP-9)",
      scale: "small",
      mutation: set({ type: types.cache }, "transitEncryptionMode", undefined),
      policy: "cache-speaks-plain-redis",
      blames: cache,
      says: /takes TLS only/,
    },
    {
      what: "a cache with a password (GAP-9)",
      scale: "small",
      mutation: set({ type: types.cache }, "authToken", "0123456789abcdef"),
      policy: "cache-speaks-plain-redis",
      blames: cache,
      says: /^(?!.*0123456789abcdef).*wants a password/,
    },
    {
      what: "eviction that drops channel groups (GAP-37)",
      scale: "medium",
      mutation: set({ type: types.cacheParameterGroup }, "parameters", [
        { name: "maxmemory-policy", value: "allkeys-lru" },
      ]),
      policy: "cache-eviction",
      blames: `${types.cacheParameterGroup} chatpop-redis`,
      says: /allkeys-lru may drop/,
    },
    {
      what: "eviction that is left to AWS (GAP-37)",
      scale: "small",
      mutation: all(
        detach({ type: types.cache }, "parameterGroupName", types.cacheParameterGroup),
        set({ type: types.cache }, "parameterGroupName", undefined),
      ),
      policy: "cache-eviction",
      blames: cache,
      says: /evicts by volatile-lru/,
    },
    {
      what: "no snapshots at the large scale",
      scale: "large",
      mutation: set({ type: types.cache }, "snapshotRetentionLimit", 0),
      policy: "cache-snapshots-from-5000-rooms",
      blames: cache,
      says: /kept for 0 days/,
    },
  ],
  allowances: [
    {
      what: "a node of a replication group, and Memcached",
      scale: "small",
      mutation: all(
        add(cacheCluster, "member", { replicationGroupId: "chatpop-redis" }),
        add(cacheCluster, "pages", { engine: "memcached", nodeType: "cache.t3.micro" }),
      ),
    },
    { what: "Valkey", scale: "small", config: { cacheEngine: "valkey" } },
    { what: "replicas of the cache", scale: "large", config: { cacheReplicas: "1" } },
    {
      what: "no eviction at all",
      scale: "small",
      mutation: set({ type: types.cacheParameterGroup }, "parameters", [
        { name: "maxmemory-policy", value: "noeviction" },
      ]),
    },
  ],
};
