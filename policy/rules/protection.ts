import { partsOf } from "../buckets";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import { has } from "../stack";
import { types } from "../../aws/types";
import { mediaBuckets } from "../media";
import {
  asNumber,
  asText,
  type Entries,
  findingIn,
  given,
  inDays,
  known,
  objects,
  type Properties,
} from "../values";

export const nothingGoesByMistake = stackRule(
  {
    name: "stack-survives-mistakes",
    description:
      "From 1,000 rooms, and where the plan promises it, no mistake deletes the load balancer, cache, media, images or secrets",
    severity: "medium",
    requirements: ["GAP-25"],
    remedy:
      "enableDeletionProtection: true, forceDelete: false, recoveryWindowInDays 7 or more, forceDestroy: false on a vault, and the option protect: true where AWS itself protects nothing",
    publicChecks: ["CKV_AWS_150", "ELB.6"],
    settings: { days: number(7, "Least days in which a deleted secret comes back.") },
  },
  function* (stack, { days }) {
    if (!stack.isProtected()) return stack.lacks("promise in the plan that the stack survives mistakes");
    for (const balancer of stack.ofType(types.loadBalancer)) {
      yield* stack.judge(
        balancer,
        () =>
          balancer.props["enableDeletionProtection"] !== true &&
          "anybody can delete the load balancer, whose address users have (enableDeletionProtection)",
      );
    }
    for (const repository of stack.ofType(types.repository)) {
      yield* stack.judge(
        repository,
        () => repository.props["forceDelete"] === true && "goes with the images that run (forceDelete)",
      );
    }
    for (const secret of stack.ofType(types.secret)) {
      yield* stack.judge(secret, () => {
        const kept = (secret.props["recoveryWindowInDays"] as number | undefined) ?? 30;
        return (
          kept < days && `is gone ${inDays(kept)} after a mistake, less than ${days} (recoveryWindowInDays)`
        );
      });
    }
    for (const vault of stack.ofType(types.backupVault)) {
      yield* stack.judge(
        vault,
        () => vault.props["forceDestroy"] === true && "goes with the backups in it (forceDestroy)",
      );
    }
    // Whether Pulumi itself refuses is a convention of this program.
    if (!stack.runsTheChat()) return;
    const unprotected = "goes with the stack: AWS has no protection of its own for it (the option protect)";
    for (const each of [
      ...mediaBuckets(stack),
      ...stack.ofType(types.repository),
      ...stack.ofType(types.secret),
    ])
      yield* stack.judge(each, () => !each.opts.protect && unprotected);
    // Of several caches one keeps the stack from going.
    const caches = stack.ofType(types.cache);
    for (const cache of caches.slice(0, 1))
      yield* stack.judge(cache, () => !caches.some(({ opts }) => opts.protect) && unprotected);
  },
);

/** A storage class to which a rule moves objects, and from which somebody has to fetch them back first. */
const archiveOf = (rule: Properties): string | undefined =>
  objects(rule["transitions"])
    .map(({ storageClass }) => asText(storageClass))
    .find((storageClass) => /^(GLACIER|DEEP_ARCHIVE)$/.test(storageClass));

export const mediaStay = stackRule(
  {
    name: "media-stay",
    description: "No lifecycle deletes what users have uploaded, or puts it out of reach",
    subject: "bucket whose name the tasks are told",
    severity: "high",
    requirements: ["G-177"],
    remedy:
      "expiration only with expiredObjectDeleteMarker; noncurrentVersionExpiration for deleted versions",
  },
  function* (stack) {
    for (const bucket of mediaBuckets(stack)) {
      for (const part of partsOf(stack, bucket, types.bucketLifecycle, "lifecycleRules")) {
        yield* stack.judge(part, () =>
          findingIn((part.props["rules"] ?? part.props["lifecycleRules"]) as Entries<Properties>, (rule) => {
            const { days, date } = (rule["expiration"] ?? {}) as { days?: number; date?: string };
            const isOn = rule["status"] !== "Disabled" && rule["enabled"] !== false;
            if (!isOn) return undefined;
            const archive = archiveOf(rule);
            if (archive) return `moves users' media to ${archive}, from where nobody sees them for hours`;
            if (!days && !date) return false;
            return `deletes users' media ${days ? `after ${inDays(days)}` : `on ${date}`}`;
          }),
        );
      }
    }
  },
);

export const ownParameterGroup = stackRule(
  {
    name: "database-parameter-group",
    description: "The chat's database has a parameter group of its own",
    severity: "medium",
    requirements: ["G-89", "G-90"],
    remedy: "parameterGroupName: the name of an aws.rds.ParameterGroup",
  },
  function* (stack) {
    // AWS's own parameters are right for many other programs.
    if (!stack.runsTheChat()) return;
    for (const database of stack.primaries()) {
      yield* stack.judge(
        database,
        () =>
          (!has(database, "parameterGroupName") ||
            asText(known(() => database.props["parameterGroupName"]) ?? "").startsWith("default.")) &&
          "has AWS's default parameters, under which an idle transaction locks tables for a day",
      );
    }
  },
);

export const proxyKeepsQuiet = resourceRule(
  {
    name: "proxy-quiet",
    type: types.proxy,
    description: "The RDS Proxy writes no statements into a log, and takes the passwords that tasks have",
    severity: "high",
    requirements: ["G-106", "GAP-26"],
    remedy: 'debugLogging: false, iamAuth "DISABLED", idleClientTimeout 1800',
    settings: { shortest: number(300, "Least seconds after which an idle client is cut off.") },
  },
  [
    ({ debugLogging }) =>
      debugLogging === true &&
      "writes the text of statements, and so of messages, into its log (debugLogging)",
    {
      of: "chatpop",
      judge: ({ auths }) =>
        findingIn(
          auths as Entries<Properties>,
          ({ iamAuth }) =>
            iamAuth === "REQUIRED" &&
            "takes IAM tokens only (iamAuth REQUIRED), which the application does not make",
        ),
    },
    {
      of: "chatpop",
      judge: ({ defaultAuthScheme }) =>
        defaultAuthScheme === "IAM_AUTH" &&
        "takes IAM tokens only (defaultAuthScheme IAM_AUTH), which the application does not make",
    },
    {
      of: "chatpop",
      judge: ({ idleClientTimeout }, { shortest }) =>
        given({ idleClientTimeout }, "idleClientTimeout") &&
        asNumber(idleClientTimeout) < shortest &&
        `cuts off a client that is idle for ${asText(idleClientTimeout)} s, less than ${shortest} s`,
    },
  ],
);

export const headersChecked = resourceRule(
  {
    name: "headers-checked",
    type: types.loadBalancer,
    description: "The load balancer drops malformed headers, and says itself where a request comes from",
    severity: "medium",
    requirements: ["GAP-22"],
    remedy:
      'dropInvalidHeaderFields: true, desyncMitigationMode "defensive", xffHeaderProcessingMode "append"',
    publicChecks: ["CKV_AWS_131", "CKV_AWS_328", "ELB.4", "ELB.12", "AWS-0052"],
  },
  [
    (properties) =>
      (properties["loadBalancerType"] ?? "application") === "application" &&
      properties["dropInvalidHeaderFields"] !== true &&
      "passes malformed headers on (dropInvalidHeaderFields)",
    ({ desyncMitigationMode: mode }) =>
      mode === "monitor" && "lets smuggled requests through (desyncMitigationMode monitor)",
    ({ xffHeaderProcessingMode: mode }) =>
      (mode === "preserve" || mode === "remove") &&
      `lets clients say where they come from, or hides it (xffHeaderProcessingMode ${mode})`,
  ],
);

export const proxyLogForgets = stackRule(
  {
    name: "proxy-log-retention",
    description: "What the RDS Proxy writes goes to a group with a retention",
    severity: "low",
    level: "advisory",
    requirements: ["G-178", "G-196"],
    remedy: 'an aws.cloudwatch.LogGroup named "/aws/rds/proxy/<name>", made before the proxy',
  },
  function* (stack) {
    const groups = stack.ofType(types.logGroup);
    for (const proxy of stack.ofType(types.proxy)) {
      yield* stack.judge(proxy, () => {
        const named = groups.some(
          (group) =>
            asText(known(() => group.props["name"]) ?? "").startsWith("/aws/rds/proxy/") ||
            stack.madeOf(proxy, types.logGroup, "name").includes(group) ||
            stack.before(proxy).includes(group),
        );
        return !named && "logs to a group that AWS makes and keeps for ever";
      });
    }
  },
);
