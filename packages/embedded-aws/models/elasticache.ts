// ElastiCache for Redis OSS and Valkey: replication groups, and the groups that they refer to.
import { createHash } from "node:crypto";
import { parameterGroup, parameterGroupType, subnetGroup, subnetGroupType } from "./elastiCacheGroups";
import { fullVersion, inputs, isClustered, versionNumber, type Inputs } from "./elastiCacheInputs";
import { AwsError, type Context, type Model, type Properties } from "./model";
import { foreignGroups, toSecurityGroups } from "./placement";

/** The family of parameter groups that fits an engine and version. */
function familyOf(given: Inputs): string {
  const major = fullVersion(given).split(".")[0] ?? "";
  if (given.engine === "valkey") return `valkey${major}`;
  return { "4": "redis4.0", "5": "redis5.0", "6": "redis6.x" }[major] ?? `redis${major}`;
}

function requireFit(given: Inputs, context: Context): void {
  const { account } = context;
  const vpc = account.find(subnetGroupType, "name", given.subnetGroupName)?.outputs.vpcId as
    string | undefined;
  const foreign = foreignGroups(given.securityGroupIds ?? [], vpc, context);
  if (foreign.length > 0) {
    throw new AwsError(
      "InvalidParameterValue",
      `The security group ${foreign.join(", ")} is not in the VPC of the subnet group (${vpc})`,
    );
  }
  const group = account.find(parameterGroupType, "name", given.parameterGroupName);
  const family =
    group?.inputs.family ?? /^default\.(.+?)(\.cluster\.on)?$/.exec(given.parameterGroupName ?? "")?.[1];
  if (given.parameterGroupName && family === undefined) {
    throw new AwsError(
      "CacheParameterGroupNotFound",
      `CacheParameterGroup ${given.parameterGroupName} not found.`,
    );
  }
  if (family !== undefined && family !== familyOf(given)) {
    throw new AwsError(
      "InvalidParameterCombination",
      `Expected a parameter group of family ${familyOf(given)} but found one of family ${String(family)}`,
    );
  }
  const values = (group?.inputs.parameters ?? []) as { name: string; value: string }[];
  const enabled = values.some(({ name, value }) => name === "cluster-enabled" && value === "yes");
  if (enabled !== isClustered(given) && group) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The parameter group ${given.parameterGroupName} has cluster mode ${enabled ? "on" : "off"}, the replication group the opposite`,
    );
  }
}

/** Refuses to turn TLS on or off in one step: clients need a time with both. */
function requireTransition(given: Inputs, before: Properties): void {
  const was = before.transitEncryptionEnabled === true;
  const now = given.transitEncryptionEnabled ?? was;
  if (!was && now && given.transitEncryptionMode !== "preferred") {
    throw new AwsError(
      "InvalidParameterCombination",
      "Transit encryption is turned on through transitEncryptionMode preferred first, then required",
    );
  }
  if (was && !now && before.transitEncryptionMode !== "preferred") {
    throw new AwsError(
      "InvalidParameterCombination",
      "Transit encryption can be turned off only while transitEncryptionMode is preferred",
    );
  }
}

/** AWS's short name of a region in cache host names: `use1` for `us-east-1`. */
function shortRegion(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  return area + direction.replace(/(north|south|east|west|central)/g, (word) => word.slice(0, 1)) + number;
}

function endpoints(given: Inputs, { accountId, region }: Context): Properties {
  const id = given.replicationGroupId;
  const account = createHash("sha256")
    .update(accountId + region)
    .digest("hex")
    .replace(/\d/g, "")
    .slice(0, 6);
  const domain = `${shortRegion(region)}.cache.amazonaws.com`;
  const encrypted = given.transitEncryptionEnabled === true;
  if (isClustered(given)) {
    const host = encrypted ? `clustercfg.${id}.${account}` : `${id}.${account}.clustercfg`;
    return { configurationEndpointAddress: `${host}.${domain}` };
  }
  return encrypted
    ? {
        primaryEndpointAddress: `master.${id}.${account}.${domain}`,
        readerEndpointAddress: `replica.${id}.${account}.${domain}`,
      }
    : {
        primaryEndpointAddress: `${id}.${account}.ng.0001.${domain}`,
        readerEndpointAddress: `${id}-ro.${account}.ng.0001.${domain}`,
      };
}

function memberClusters(given: Inputs): string[] {
  const id = given.replicationGroupId;
  const three = (count: number) => String(count).padStart(3, "0");
  const each = (length: number) => Array.from({ length }, (_, index) => three(index + 1));
  const replicas = 1 + (given.replicasPerNodeGroup ?? 0);
  if (!isClustered(given)) return each(given.numCacheClusters ?? replicas).map((node) => `${id}-${node}`);
  return each(given.numNodeGroups ?? 1).flatMap((group) =>
    each(replicas).map((node) => `${id}-0${group}-${node}`),
  );
}

const replicationGroup: Model = {
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  inputs,
  autoName: { property: "replicationGroupId", maxLength: 40, lowerCase: true },
  defaults: { automaticFailoverEnabled: false, multiAzEnabled: false, engine: "redis" },
  references: [
    { path: "subnetGroupName", to: subnetGroupType, by: "name", missing: "CacheSubnetGroupNotFoundFault" },
    // `default.redis7` and the like are AWS's own; requireFit looks at the name.
    {
      path: "parameterGroupName",
      to: parameterGroupType,
      by: "name",
      missing: "CacheParameterGroupNotFound",
      optional: true,
    },
    toSecurityGroups("securityGroupIds.*", "InvalidParameterValue"),
  ],
  unique: [{ property: "replicationGroupId", taken: "ReplicationGroupAlreadyExists" }],
  sensitive: ["authToken", "authTokenWo"],
  computed: [
    "arn",
    "atRestEncryptionEnabled",
    "autoMinorVersionUpgrade",
    "clusterEnabled",
    "clusterMode",
    "configurationEndpointAddress",
    "engineVersion",
    "engineVersionActual",
    "maintenanceWindow",
    "memberClusters",
    "numCacheClusters",
    "numNodeGroups",
    "parameterGroupName",
    "port",
    "primaryEndpointAddress",
    "readerEndpointAddress",
    "replicasPerNodeGroup",
    "securityGroupIds",
    "snapshotWindow",
    "subnetGroupName",
    "transitEncryptionEnabled",
    "transitEncryptionMode",
  ],
  changesOnUpdate: ["engineVersionActual"],
  identify: (given: Inputs) => String(given.replicationGroupId),
  describe(given: Inputs, id, context, previous) {
    const before = (previous?.outputs ?? {}) as Partial<Inputs>;
    const actual = fullVersion({
      engine: given.engine,
      engineVersion: given.engineVersion ?? before.engineVersion,
    });
    const all: Inputs = {
      ...given,
      transitEncryptionEnabled: given.transitEncryptionEnabled ?? before.transitEncryptionEnabled ?? false,
    };
    const members = memberClusters(all);
    return {
      arn: `arn:aws:elasticache:${context.region}:${context.accountId}:replicationgroup:${id}`,
      atRestEncryptionEnabled:
        given.atRestEncryptionEnabled ?? before.atRestEncryptionEnabled ?? given.engine === "valkey",
      autoMinorVersionUpgrade: given.autoMinorVersionUpgrade ?? before.autoMinorVersionUpgrade ?? true,
      clusterEnabled: isClustered(given),
      clusterMode: given.clusterMode ?? (isClustered(given) ? "enabled" : "disabled"),
      engineVersion: given.engineVersion ?? before.engineVersion ?? actual.split(".").slice(0, 2).join("."),
      engineVersionActual: actual,
      maintenanceWindow: given.maintenanceWindow ?? before.maintenanceWindow ?? "sun:07:00-sun:08:00",
      memberClusters: members,
      numCacheClusters: members.length,
      numNodeGroups: given.numNodeGroups ?? 1,
      parameterGroupName:
        given.parameterGroupName ?? `default.${familyOf(given)}${isClustered(given) ? ".cluster.on" : ""}`,
      port: given.port ?? 6379,
      replicasPerNodeGroup: given.replicasPerNodeGroup ?? members.length - 1,
      securityGroupIds: given.securityGroupIds ?? before.securityGroupIds ?? [],
      snapshotWindow: given.snapshotWindow ?? before.snapshotWindow ?? "04:30-05:30",
      subnetGroupName: given.subnetGroupName ?? "default",
      transitEncryptionEnabled: all.transitEncryptionEnabled,
      transitEncryptionMode:
        given.transitEncryptionMode ??
        (all.transitEncryptionEnabled ? (before.transitEncryptionMode ?? "required") : ""),
      configurationEndpointAddress: "",
      primaryEndpointAddress: "",
      readerEndpointAddress: "",
      ...endpoints(all, context),
    };
  },
  beforeCreate: requireFit,
  beforeUpdate(given: Inputs, previous, context) {
    requireFit(given, context);
    requireTransition(given, previous.outputs);
  },
  replaces: {
    engine: (before, after) => before.engine === "valkey" && after.engine !== "valkey",
    engineVersion: (before, after) => versionNumber(fullVersion(after)) < versionNumber(fullVersion(before)),
    transitEncryptionEnabled: (before) => versionNumber(fullVersion(before)) < versionNumber("7.0.5"),
  },
};

export const models: readonly Model[] = [subnetGroup, parameterGroup, replicationGroup];
