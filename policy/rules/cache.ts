import { guide } from "../../stacks/guide";
import { leave } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { number, texts } from "../settings";
import { containers } from "../containers";
import { has, type Stack } from "../stack";
import type { Parameter } from "../parameters";
import { canonical, types } from "../../aws/types";
import {
  asNumber,
  asText,
  type Entries,
  entryOf,
  type Finding,
  findingIn,
  inDays,
  judged,
  known,
} from "../values";

export const cacheClusterModeOff = resourceRule(
  {
    name: "cache-cluster-mode-off",
    type: [types.cache, types.cacheServerless, types.cacheParameterGroup],
    description: "The cache is one shard: the channel layer does not speak cluster mode",
    severity: "high",
    requirements: ["G-47", "G-197"],
    remedy:
      "a ReplicationGroup with numCacheClusters, without numNodeGroups and clusterMode, and no parameter cluster-enabled",
  },
  [
    (_properties, _config, { type }) =>
      type === types.cacheServerless && "a serverless cache is always in cluster mode",
    (properties) => {
      const shards = (properties["numNodeGroups"] as number | undefined) ?? 1;
      return shards > 1 && `the cache has ${shards} shards (numNodeGroups)`;
    },
    (properties) => {
      const mode = (properties["clusterMode"] as string | undefined) ?? "disabled";
      return mode !== "disabled" && `cluster mode is ${mode}`;
    },
    (properties) => {
      // A name that is still unknown is that of a group of this program, which is judged itself.
      const group = asText(known(() => properties["parameterGroupName"]) ?? "");
      return group.endsWith(".cluster.on") && `the parameter group ${group} turns cluster mode on`;
    },
    (properties, _config, { type }) =>
      type === types.cacheParameterGroup &&
      findingIn(
        properties["parameters"] as Entries<Parameter>,
        ({ name, value }) =>
          name === "cluster-enabled" &&
          value === "yes" &&
          "the parameter cluster-enabled turns cluster mode on",
      ),
  ],
);

export const cacheEncrypted = stackRule(
  {
    name: "cache-encrypted",
    description: "The cache is encrypted at rest, and offers encryption on the way",
    severity: "high",
    requirements: ["G-48", "GAP-9"],
    remedy:
      "atRestEncryptionEnabled: true and transitEncryptionEnabled: true on a ReplicationGroup, also for a single node",
    publicChecks: [
      "CKV_AWS_29",
      "CKV_AWS_30",
      "AWS-0045",
      "AWS-0051",
      "AEC3",
      "ElastiCache.4",
      "ElastiCache.5",
    ],
  },
  function* (stack) {
    for (const cache of stack.caches()) {
      yield* stack.judge(cache, () => {
        if (canonical(cache.type) === types.cacheCluster)
          return "a cache cluster cannot be encrypted at rest; a replication group of one node can";
        return (
          asText(cache.props["atRestEncryptionEnabled"]) !== "true" && "the cache is not encrypted at rest"
        );
      });
      if (canonical(cache.type) !== types.cache) continue;
      yield* stack.judge(
        cache,
        () =>
          cache.props["transitEncryptionEnabled"] !== true &&
          "the cache speaks no TLS, not even to who asks for it (transitEncryptionEnabled)",
        // Within its own network another program may do without.
        stack.is("chatpop") ? undefined : "medium",
      );
    }
  },
);

/** Whether the application is known to speak plain Redis: it is the chat, or is told an address with `redis://`. */
const speaksPlain = (stack: Stack): boolean =>
  stack.is("chatpop") ||
  stack
    .serviceTasks()
    .some(({ props }) =>
      known(() => containers(props).some(({ environment }) => environment.some(isPlainAddress))),
    );

const isPlainAddress = (entry: { readonly value: string }) =>
  known(() => /^redis:\/\//i.test(entry.value)) === true;

export const cacheSpeaksPlainRedis = stackRule(
  {
    name: "cache-speaks-plain-redis",
    description: "The cache takes the plain connections without password that the application makes",
    subject: "application that is known to speak plain Redis",
    severity: "high",
    requirements: ["G-64", "GAP-9"],
    remedy:
      'transitEncryptionMode: "preferred" and no authToken; set this rule to "disabled" once the application speaks TLS',
  },
  function* (stack) {
    if (!speaksPlain(stack)) return;
    for (const cache of stack.ofType(types.cache)) {
      yield* stack.judge(
        cache,
        () =>
          cache.props["transitEncryptionEnabled"] === true &&
          (cache.props["transitEncryptionMode"] ?? "required") !== "preferred" &&
          "the cache takes TLS only, which the application does not speak",
      );
      // An address may well have a password in it.
      if (!stack.is("chatpop")) continue;
      yield* stack.judge(
        cache,
        () => has(cache, "authToken") && "the cache wants a password, which the application does not send",
      );
    }
  },
);

export const cacheEviction = stackRule(
  {
    name: "cache-eviction",
    description: "A full cache never drops channel groups silently",
    severity: "high",
    requirements: ["G-3", "GAP-37"],
    remedy: 'a ParameterGroup with { name: "maxmemory-policy", value: "volatile-ttl" }',
    settings: {
      policies: texts(
        ["volatile-ttl", "noeviction"],
        "Values of maxmemory-policy that keep what is still needed.",
      ),
    },
  },
  function* (stack, { policies }) {
    for (const cache of stack.caches()) {
      const groups = stack.references(cache, "parameterGroupName", types.cacheParameterGroup, "name");
      if (groups.length === 0) {
        yield* stack.judge(
          cache,
          () =>
            (!has(cache, "parameterGroupName") ||
              asText(cache.props["parameterGroupName"]).startsWith("default.")) &&
            "the default parameter group evicts by volatile-lru",
        );
      }
      for (const group of groups) {
        yield* stack.judge(group, () => {
          const parameters = group.props["parameters"] as Entries<Parameter>;
          const complaint = (policy: string) =>
            !policies.includes(policy) && `maxmemory-policy ${policy} may drop a busy room's channel group`;
          let named = false;
          const finding = findingIn(parameters, ({ name, value }) => {
            if (name !== "maxmemory-policy") return undefined;
            named = true;
            return complaint(value);
          });
          return finding || (!named && complaint("volatile-lru"));
        });
      }
    }
  },
);

export const cacheSnapshots = stackRule(
  {
    name: "cache-snapshots-from-5000-rooms",
    description: "From 5,000 rooms the cache is backed up daily",
    severity: "low",
    requirements: ["G-14", "G-169"],
    remedy: "snapshotRetentionLimit: 1",
    mends: [leave("deletionProtection"), leave("disposable")],
    publicChecks: ["CKV_AWS_134", "AWS-0050", "ElastiCache.1"],
    settings: { days: number(1, "Least days that snapshots are kept.") },
  },
  function* (stack, { days }) {
    if (!stack.reaches(guide.large.rooms)) return;
    for (const cache of stack.caches()) {
      yield* stack.judge(cache, () => {
        const kept = (cache.props["snapshotRetentionLimit"] as number | undefined) ?? 0;
        return kept < days && `snapshots are kept for ${inDays(kept)}, less than ${days}`;
      });
    }
  },
);

export const cacheFailsOver = stackRule(
  {
    name: "cache-fails-over",
    description: "A cache with replicas takes one of them when its primary fails",
    subject: "cache with replicas",
    severity: "high",
    requirements: ["G-47", "GAP-9"],
    remedy: "automaticFailoverEnabled: true beside numCacheClusters above 1",
    publicChecks: ["ElastiCache.3"],
  },
  function* (stack) {
    for (const cache of stack.ofType(types.cache)) {
      yield* stack.judge(
        cache,
        () => {
          const nodes = asNumber(cache.props["numCacheClusters"] ?? 1);
          if (nodes < 2) return undefined;
          return (
            cache.props["automaticFailoverEnabled"] !== true &&
            `has ${nodes} nodes, of which none takes over (automaticFailoverEnabled)`
          );
        },
        // Another program may have replicas to read from only.
        stack.is("chatpop") ? undefined : "medium",
      );
    }
  },
);

/** Oldest major version of Redis in ElastiCache's standard support; 4 and 5 left it in January 2026. */
const oldestSupported = 6;

export const cacheVersion = resourceRule(
  {
    name: "cache-version",
    type: [types.cache, types.cacheCluster],
    description: "The cache runs a version that AWS supports, until an update changes it",
    severity: "medium",
    requirements: ["G-47", "G-169"],
    remedy: 'engineVersion "7.1", autoMinorVersionUpgrade: false',
    publicChecks: ["ElastiCache.2"],
    subject: "engineVersion of Redis",
  },
  [
    (properties) => {
      const version = Number.parseInt(asText(properties["engineVersion"] ?? ""));
      if (Number.isNaN(version) || (properties["engine"] ?? "redis") !== "redis") return undefined;
      return (
        version < oldestSupported &&
        `Redis ${asText(properties["engineVersion"])} is out of ElastiCache's standard support`
      );
    },
    {
      of: "chatpop",
      judge: ({ autoMinorVersionUpgrade = true }, _config, { type }) =>
        type === types.cache &&
        asText(autoMinorVersionUpgrade) === "true" &&
        "AWS chooses when an upgrade empties the channel layer (autoMinorVersionUpgrade)",
    },
  ],
);

/** Seconds after which Redis hangs up on a server that is quiet: none, unless somebody says so. */
const hangsUp = ({ name, value }: Parameter): Finding =>
  name === "timeout" &&
  asNumber(value) > 0 &&
  `timeout ${value} cuts a server off that is quiet for ${value} s, whose next message is lost`;

/** What Redis buffers for a subscriber that reads slowly before it cuts the connection, and drops its messages (bytes). */
const leastBuffers: Readonly<Record<string, number>> = {
  "client-output-buffer-limit-pubsub-hard-limit": 32 * 1024 ** 2,
  "client-output-buffer-limit-pubsub-soft-limit": 8 * 1024 ** 2,
};

export const cacheBuffers = resourceRule(
  {
    name: "cache-buffers",
    type: types.cacheParameterGroup,
    description: "Redis holds on to a server that reads slowly, or is quiet, as long as it does by default",
    severity: "high",
    requirements: ["G-3", "GAP-39"],
    remedy:
      "leave client-output-buffer-limit-pubsub-hard-limit and -soft-limit out, or raise them; leave timeout out",
  },
  [
    (properties) =>
      judged(
        findingIn(properties["parameters"] as Entries<Parameter>, (parameter) => {
          const { name, value } = parameter;
          const least = entryOf(leastBuffers, name);
          const bytes = asNumber(value);
          return (
            (least !== undefined &&
              bytes > 0 &&
              bytes < least &&
              `${name} ${value} cuts a server off that reads slowly, whose users miss messages`) ||
            hangsUp(parameter)
          );
        }),
      ),
  ],
);
