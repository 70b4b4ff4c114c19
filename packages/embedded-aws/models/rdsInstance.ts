// An RDS instance: its creation, change and deletion. Its inputs: rdsInstanceInputs.ts.
import { createHash } from "node:crypto";
import type { Resource } from "../account";
import { AwsError, type Context, type Model } from "./model";
import { toSecurityGroups } from "./placement";
import { removeData } from "../postgres/folder";
import { keepData, restoreData } from "../postgres/snapshots";
import { inputs, type Inputs } from "./rdsInstanceInputs";
import {
  originOf,
  requirePlan,
  requireFit,
  requireReplicasFirst,
  requireSameSource,
  requireSnapshot,
  requireSnapshotName,
  requireSource,
  requireThroughput,
  requireUpgrade,
  shrinkIsSuppressed,
} from "./rdsInstanceRules";
import { baselineOf } from "./rdsStorage";
import { requireMonitor, requireZone } from "./rdsSurroundings";
import { fullVersion, newestVersion } from "./rdsParameters";
import { requireState } from "../states/phases";
import { lastSnapshot, snapshotOf } from "./rdsSnapshots";

const type = "aws:rds/instance:Instance";

/** Hosted zones of RDS endpoints by region. */
const hostedZones: Readonly<Record<string, string>> = {
  "us-east-1": "Z2R2ITUGPM61AM",
  "us-east-2": "Z2XHWR1WZ565X2",
  "us-west-2": "Z1PVIF0B656C1W",
  "eu-west-1": "Z29XKXDKYMONMX",
  "eu-central-1": "Z1RLNUO7B9Q6NB",
};

/** The part of RDS's host names for account and region. */
export function endpointSuffix({ accountId, region }: Context): string {
  const digest = createHash("sha256").update(`${accountId}/${region}`).digest("hex");
  return `c${BigInt(`0x${digest}`).toString(36).slice(0, 11)}.${region}.rds.amazonaws.com`;
}

/** Replicas, which AWS upgrades together with their source to a new major version. */
function followers(changed: Resource, previous: Resource, { account }: Context): Resource[] {
  const version = String(changed.outputs.engineVersionActual);
  const major = (of: unknown) => String(of).split(".")[0];
  if (major(version) === major(previous.outputs.engineVersionActual)) return [];
  return account
    .list(type)
    .filter(({ inputs: { replicateSourceDb } }) =>
      [changed.outputs.identifier, changed.outputs.arn].includes(replicateSourceDb),
    )
    .map((replica) => ({
      ...replica,
      outputs: { ...replica.outputs, engineVersion: version, engineVersionActual: version },
    }));
}

/**
 * IOPS and throughput in RDS's report: the given values, else the former ones, else the volume's default for its size.
 */
function speedOf(given: Inputs, before: Partial<Inputs>) {
  const size = Math.max(given.allocatedStorage ?? 0, before.allocatedStorage ?? 0);
  const own = given.storageType === "gp3" ? baselineOf(size) : { iops: 0, storageThroughput: 0 };
  return {
    iops: given.iops ?? (before.iops || own.iops),
    storageThroughput: given.storageThroughput ?? (before.storageThroughput || own.storageThroughput),
  };
}

/** The `aws:rds/instance:Instance` model, for a primary and for a replica. */
export const instance: Model = {
  type,
  inputs,
  autoName: { property: "identifier", maxLength: 63, prefixProperty: "identifierPrefix", lowerCase: true },
  defaults: {
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: false,
    dedicatedLogVolume: false,
    deleteAutomatedBackups: true,
    monitoringInterval: 0,
    performanceInsightsEnabled: false,
    publiclyAccessible: false,
    skipFinalSnapshot: false,
  },
  references: [
    {
      path: "dbSubnetGroupName",
      to: "aws:rds/subnetGroup:SubnetGroup",
      by: "name",
      missing: "DBSubnetGroupNotFoundFault",
    },
    {
      path: "parameterGroupName",
      to: "aws:rds/parameterGroup:ParameterGroup",
      by: "name",
      missing: "DBParameterGroupNotFound",
      // Optional: `default.postgres15` is RDS's own; requireFit checks the name.
      optional: true,
    },
    {
      path: "monitoringRoleArn",
      to: "aws:iam/role:Role",
      by: "arn",
      missing: "InvalidParameterValue",
      holds: false,
    },
    { path: "kmsKeyId", to: "aws:kms/key:Key", by: "arn", missing: "KMSKeyNotAccessibleFault", holds: false },
    toSecurityGroups("vpcSecurityGroupIds.*", "InvalidParameterValue"),
  ],
  unique: [{ property: "identifier", taken: "DBInstanceAlreadyExists" }],
  sensitive: ["password", "passwordWo"],
  computed: [
    "address",
    "allocatedStorage",
    "arn",
    "availabilityZone",
    "backupRetentionPeriod",
    "backupWindow",
    "caCertIdentifier",
    "dbName",
    "dbSubnetGroupName",
    "endpoint",
    "engine",
    "engineVersion",
    "engineVersionActual",
    "hostedZoneId",
    "iops",
    "latestRestorableTime",
    "licenseModel",
    "listenerEndpoints",
    "maintenanceWindow",
    "masterUserSecrets",
    "multiAz",
    "networkType",
    "optionGroupName",
    "parameterGroupName",
    "port",
    "replicas",
    "resourceId",
    "status",
    "storageThroughput",
    "storageType",
    "username",
    "vpcSecurityGroupIds",
  ],
  changesOnUpdate: ["engineVersionActual"],
  identify: (_inputs, context) => `db-${context.hex(26).toUpperCase()}`,
  describe(given: Inputs, id, context, previous) {
    const before = (previous?.outputs ?? {}) as Partial<Inputs>;
    const source = originOf(given, context);
    const address = `${given.identifier}.${endpointSuffix(context)}`;
    const port = given.port ?? before.port ?? source.port ?? 5432;
    const version =
      fullVersion(given.engineVersion ?? String(source.engineVersionActual ?? "")) ?? newestVersion();
    const kept = previous?.outputs.engineVersionActual as string | undefined;
    const actual =
      kept && (!given.engineVersion || kept.startsWith(`${given.engineVersion}.`)) ? kept : version;
    const major = actual.split(".")[0];
    return {
      address,
      // A smaller size is not planned: the volume keeps its grown size.
      allocatedStorage: shrinkIsSuppressed(before, given)
        ? before.allocatedStorage
        : (given.allocatedStorage ?? before.allocatedStorage ?? source.allocatedStorage),
      arn: `arn:aws:rds:${context.region}:${context.accountId}:db:${given.identifier}`,
      availabilityZone: given.availabilityZone ?? before.availabilityZone ?? `${context.region}a`,
      backupRetentionPeriod: given.backupRetentionPeriod ?? before.backupRetentionPeriod ?? 0,
      backupWindow: given.backupWindow ?? before.backupWindow ?? "03:15-03:45",
      caCertIdentifier: given.caCertIdentifier ?? before.caCertIdentifier ?? "rds-ca-rsa2048-g1",
      dbName: given.dbName ?? source.dbName,
      dbSubnetGroupName:
        given.dbSubnetGroupName ?? before.dbSubnetGroupName ?? source.dbSubnetGroupName ?? "default",
      endpoint: `${address}:${port}`,
      engine: "postgres",
      engineVersion: given.engineVersion ?? actual,
      engineVersionActual: actual,
      hostedZoneId: hostedZones[context.region] ?? "Z2R2ITUGPM61AM",
      latestRestorableTime: "",
      licenseModel: "postgresql-license",
      listenerEndpoints: [],
      maintenanceWindow: given.maintenanceWindow ?? before.maintenanceWindow ?? "sun:06:00-sun:06:30",
      masterUserSecrets: given.manageMasterUserPassword ? [{ secretStatus: "active" }] : [],
      multiAz: given.multiAz ?? before.multiAz ?? false,
      networkType: given.networkType ?? before.networkType ?? "IPV4",
      optionGroupName: given.optionGroupName ?? before.optionGroupName ?? `default:postgres-${major}`,
      parameterGroupName:
        given.parameterGroupName ??
        before.parameterGroupName ??
        source.parameterGroupName ??
        `default.postgres${major}`,
      port,
      replicas: [],
      resourceId: id,
      status: "available",
      ...speedOf(given, before),
      storageType: given.storageType ?? source.storageType ?? "gp2",
      username: given.username ?? source.username,
      vpcSecurityGroupIds:
        given.vpcSecurityGroupIds ?? before.vpcSecurityGroupIds ?? source.vpcSecurityGroupIds ?? [],
    };
  },
  beforeCreate(given: Inputs, context) {
    requirePlan(given, context);
    requireSource(given, context);
    requireSnapshot(given, context);
    requireZone(given, context);
    requireMonitor(given, context);
    requireFit(given, context);
  },
  beforeUpdate(given: Inputs, previous, context) {
    requireSameSource(given, previous);
    requireUpgrade(given, previous);
    requireReplicasFirst(given, previous, context);
    requireMonitor(given, context);
    requireFit(given, context);
    const before = previous.outputs;
    if (given.allocatedStorage !== undefined && given.allocatedStorage > Number(before.allocatedStorage)) {
      requireState(previous, "ModifyDBInstance (storage)", context.clock.now());
    }
    requireThroughput(given, previous);
    if (
      given.allocatedStorage !== undefined &&
      given.allocatedStorage < Number(before.allocatedStorage) &&
      !shrinkIsSuppressed(before, given)
    ) {
      throw new AwsError(
        "InvalidParameterCombination",
        `Invalid storage size for ${given.identifier}: it cannot shrink from ${String(before.allocatedStorage)} to ${given.allocatedStorage} GiB`,
      );
    }
  },
  beforeDelete({ inputs, outputs }, context) {
    const given = { ...inputs, identifier: outputs.identifier } as Inputs;
    if (given.deletionProtection) {
      throw new AwsError(
        "InvalidParameterCombination",
        `Cannot delete protected DB Instance ${given.identifier}, please disable deletion protection and try again.`,
      );
    }
    requireSnapshotName(given, context);
  },
  async start(resource, context, previous) {
    const snapshot = snapshotOf(resource.inputs as Inputs, context);
    if (snapshot && !previous) await restoreData(resource, snapshot.name, context);
  },
  async stop(resource, context) {
    const [snapshot] = lastSnapshot(resource);
    if (snapshot) keepData(resource, snapshot.name, context);
    else removeData(resource, context);
    return Promise.resolve();
  },
  affects: followers,
  leaves: lastSnapshot,
  replaces: {
    restoreToPointInTime: (before, after) =>
      (before.restoreToPointInTime === undefined) !== (after.restoreToPointInTime === undefined),
  },
  suppresses: { allocatedStorage: shrinkIsSuppressed },
};
