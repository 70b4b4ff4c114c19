// Inputs of an ElastiCache replication group: formats, ranges, and combinations of arguments.
import { z } from "zod";
import nodeTypes from "../data/cache-node-types.json";
import { refusal } from "./refusal";
import { arn, securityGroupId, taggable, text } from "./schema";
import { dailyWindow, lengthOf, overlap, weeklyWindow } from "./windows";

const sizes = nodeTypes as unknown as Readonly<Record<string, readonly string[] | undefined>>;

function isNodeType(name: string): boolean {
  const cut = name.lastIndexOf(".");
  return sizes[name.slice(0, cut)]?.includes(name.slice(cut + 1)) ?? false;
}

const authToken = text(
  /^[A-Za-z0-9!&#$^<>-]{16,128}$/,
  "a token of 16 to 128 letters, digits and ! & # $ ^ < > -",
);

/** The inputs of `aws:elasticache/replicationGroup:ReplicationGroup`. */
export const inputs = taggable({
  applyImmediately: z.boolean().optional(),
  atRestEncryptionEnabled: z.boolean().optional(),
  authToken: authToken.optional(),
  authTokenUpdateStrategy: z.enum(["SET", "ROTATE", "DELETE"]).optional(),
  authTokenWo: authToken.optional(),
  authTokenWoVersion: z.int().optional(),
  autoMinorVersionUpgrade: z.boolean().optional(),
  automaticFailoverEnabled: z.boolean().optional(),
  clusterMode: z.enum(["enabled", "disabled", "compatible"]).optional(),
  dataTieringEnabled: z.boolean().optional(),
  description: z.string().min(1),
  engine: z.enum(["redis", "valkey"]).optional(),
  engineVersion: z.string().optional(),
  finalSnapshotIdentifier: z.string().optional(),
  ipDiscovery: z.enum(["ipv4", "ipv6"]).optional(),
  kmsKeyId: arn("kms", "key/").optional(),
  logDeliveryConfigurations: z
    .array(
      z.strictObject({
        destination: z.string(),
        destinationType: z.enum(["cloudwatch-logs", "kinesis-firehose"]),
        logFormat: z.enum(["json", "text"]),
        logType: z.enum(["slow-log", "engine-log"]),
      }),
    )
    .max(2)
    .optional(),
  maintenanceWindow: weeklyWindow.optional(),
  multiAzEnabled: z.boolean().optional(),
  networkType: z.enum(["ipv4", "ipv6", "dual_stack"]).optional(),
  nodeType: z
    .string()
    .refine(isNodeType, {
      error: ({ input }) =>
        `The embedded AWS does not know the node type ${String(input)}, or it is not a valid CacheNodeType (packages/embedded-aws/data/cache-node-types.json)`,
    })
    .optional(),
  notificationTopicArn: arn("sns").optional(),
  numCacheClusters: z.int().min(1).max(6).optional(),
  numNodeGroups: z.int().min(1).max(500).optional(),
  parameterGroupName: z.string().optional(),
  port: z.int().min(1).max(65535).optional(),
  preferredCacheClusterAzs: z.array(z.string()).optional(),
  replicasPerNodeGroup: z.int().min(0).max(5).optional(),
  replicationGroupId: text(
    /^[a-z](?!.*--)[a-z0-9-]*$/,
    "lower-case letters, digits and single hyphens, beginning with a letter",
  )
    .max(40, { error: "a replication group's id has at most 40 characters" })
    .refine((id) => !id.endsWith("-"), { error: "a replication group's id cannot end with a hyphen" })
    .optional(),
  securityGroupIds: z.array(securityGroupId).optional(),
  snapshotRetentionLimit: z.int().min(0).max(35).optional(),
  snapshotWindow: dailyWindow.optional(),
  subnetGroupName: z.string().optional(),
  transitEncryptionEnabled: z.boolean().optional(),
  transitEncryptionMode: z.enum(["preferred", "required"]).optional(),
  userGroupIds: z.array(z.string()).max(1).optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  const fault = versionFault(given);
  if (fault !== undefined) refuse("engineVersion", fault);
  checkNodes(given, refuse);
  checkEncryption(given, refuse);
  if (given.snapshotWindow && lengthOf(given.snapshotWindow) < 60)
    refuse("snapshotWindow", "the window must be at least 60 minutes long");
  if (given.maintenanceWindow && lengthOf(given.maintenanceWindow) < 60)
    refuse("maintenanceWindow", "the window must be at least 60 minutes long");
  if (
    given.snapshotWindow &&
    given.maintenanceWindow &&
    overlap(given.snapshotWindow, given.maintenanceWindow)
  ) {
    refuse("snapshotWindow", "the snapshot window and the maintenance window must not overlap");
  }
});

/** The inputs as the schema reads them. */
export type Inputs = z.infer<typeof inputs>;
type Refuse = ReturnType<typeof refusal>;

/** Whether the data is spread over node groups. */
export function isClustered(given: Inputs): boolean {
  return given.clusterMode === "enabled" || (given.numNodeGroups ?? 1) > 1;
}

/** Versions that ElastiCache offers, in the provider's form. */
const versions: Readonly<Record<string, RegExp>> = {
  redis: /^(4\.0\.10|5\.0\.[0-6]|6\.x|6\.[02]|7\.[01])$/,
  valkey: /^(7\.2|8\.[0-2]|9\.0)$/,
};

/** The fault of a version; undefined if ElastiCache offers it. */
export function versionFault({
  engine = "redis",
  engineVersion,
}: {
  engine?: string | undefined;
  engineVersion?: string | undefined;
}): string | undefined {
  if (engineVersion === undefined || versions[engine]?.test(engineVersion)) return undefined;
  return /^([6-9]|\d\d)\.\d+\.\d+$/.test(engineVersion)
    ? `${engineVersion} is not an engine version: from 6 on it is <major>.<minor>, such as 7.1 (6.x for Redis 6)`
    : `InvalidParameterCombination: Cannot find version ${engineVersion} for ${engine}: it is not an engine version that ElastiCache offers`;
}

function checkNodes(given: Inputs, refuse: Refuse): void {
  if (given.nodeType === undefined) refuse("nodeType", "the parameter CacheNodeType must be provided");
  if (
    given.numCacheClusters !== undefined &&
    (given.numNodeGroups !== undefined || given.replicasPerNodeGroup !== undefined)
  ) {
    refuse("numCacheClusters", "give numCacheClusters, or numNodeGroups with replicasPerNodeGroup, not both");
  }
  const nodes = given.numCacheClusters ?? 1 + (given.replicasPerNodeGroup ?? 0);
  if (given.automaticFailoverEnabled && nodes < 2) {
    refuse("numCacheClusters", "automatic failover needs at least 2 nodes (numCacheClusters >= 2)");
  }
  if (given.multiAzEnabled && !given.automaticFailoverEnabled) {
    refuse("automaticFailoverEnabled", "multiAzEnabled needs automaticFailoverEnabled: true");
  }
  if (isClustered(given) && !given.automaticFailoverEnabled) {
    refuse(
      "automaticFailoverEnabled",
      "Redis with cluster mode enabled cannot be created with auto failover turned off",
    );
  }
  const zones = given.preferredCacheClusterAzs;
  if (zones && zones.length !== nodes) {
    refuse("preferredCacheClusterAzs", `${zones.length} zones are given for ${nodes} nodes: name one a node`);
  }
  const tiered = /^cache\.r6gd\./.test(given.nodeType ?? "");
  if (given.nodeType !== undefined && (given.dataTieringEnabled ?? tiered) !== tiered) {
    refuse(
      "dataTieringEnabled",
      "InvalidParameterCombination: data tiering is for nodes of the family r6gd, and these need it",
    );
  }
  if (/^cache\.t1\./.test(given.nodeType ?? "") && given.snapshotRetentionLimit) {
    refuse("snapshotRetentionLimit", "T1 nodes have no snapshots");
  }
}

/** `7.0.5` as a number, for comparisons of versions. */
export function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number(part.replace("x", "2")));
  return major * 1e6 + minor * 1e3 + patch;
}

/** The full version that runs: Redis 7.0 means the latest 7.0 patch. */
export function fullVersion({
  engine = "redis",
  engineVersion,
}: Pick<Inputs, "engine" | "engineVersion">): string {
  const newest: Readonly<Record<string, string>> = {
    redis: "7.1.0",
    valkey: "8.1.0",
    "redis 6.x": "6.2.6",
    "redis 6.0": "6.0.5",
    "redis 6.2": "6.2.6",
    "redis 7.0": "7.0.7",
    "redis 7.1": "7.1.0",
    "valkey 7.2": "7.2.6",
    "valkey 8.0": "8.0.1",
    "valkey 8.1": "8.1.0",
    "valkey 8.2": "8.2.0",
    "valkey 9.0": "9.0.0",
  };
  if (engineVersion === undefined) return newest[engine] ?? "7.1.0";
  return newest[`${engine} ${engineVersion}`] ?? engineVersion;
}

function checkEncryption(given: Inputs, refuse: Refuse): void {
  const encrypted = given.transitEncryptionEnabled === true;
  for (const name of ["authToken", "authTokenWo", "userGroupIds"] as const) {
    if (given[name] !== undefined && !encrypted)
      refuse("transitEncryptionEnabled", `${name} needs transitEncryptionEnabled: true`);
  }
  if (given.authToken !== undefined && given.userGroupIds !== undefined)
    refuse("userGroupIds", "give authToken or userGroupIds, not both");
  if (given.transitEncryptionMode !== undefined) {
    if (!encrypted)
      refuse("transitEncryptionEnabled", "transitEncryptionMode needs transitEncryptionEnabled: true");
    const old = versionNumber(fullVersion(given)) < versionNumber("7.0.5");
    if (old && given.engine !== "valkey")
      refuse("transitEncryptionMode", "transitEncryptionMode needs Redis 7.0.5 or newer");
  }
  if (given.transitEncryptionMode === "preferred" && given.authToken !== undefined) {
    refuse(
      "authToken",
      "an AUTH token needs transitEncryptionMode required: clients without TLS cannot send it",
    );
  }
  if (given.kmsKeyId && !given.atRestEncryptionEnabled)
    refuse("atRestEncryptionEnabled", "kmsKeyId needs atRestEncryptionEnabled: true");
}
