// Refusals of an RDS instance that depend on the account: source, network, parameters, deletion.
import type { Resource } from "../account";
import { quota } from "../settings";
import { requireState } from "../states/phases";
import { hasInternetGateway } from "./internet";
import { AwsError, type Context, type Properties } from "./model";
import { foreignGroups } from "./placement";
import { requireMemory } from "./rdsGroups";
import type { Inputs } from "./rdsInstanceInputs";
import { fullVersion, newestVersion } from "./rdsParameters";
import { snapshotKind, snapshotOf } from "./rdsSnapshots";
import { baselineOf } from "./rdsStorage";
import { trace } from "./traces";

const type = "aws:rds/instance:Instance";

/** The source of a replica, by identifier or by ARN. */
export function sourceOf(given: Inputs, { account }: Context): Resource | undefined {
  const identifier = given.replicateSourceDb?.split(":").pop();
  return identifier ? account.find(type, "identifier", identifier) : undefined;
}

/** Properties that a replica inherits from its source, or a restored instance from its snapshot. */
export function originOf(given: Inputs, context: Context): Properties {
  return sourceOf(given, context)?.outputs ?? { ...snapshotOf(given, context) };
}

/** Refuses a replica of a source that cannot have one. */
export function requireSource(given: Inputs, context: Context): void {
  if (!given.replicateSourceDb) return;
  const source = sourceOf(given, context);
  if (!source) {
    throw new AwsError(
      "DBInstanceNotFound",
      `The source instance could not be found: ${given.replicateSourceDb}`,
    );
  }
  if (!source.outputs.backupRetentionPeriod) {
    throw new AwsError(
      "InvalidDBInstanceState",
      `Automated backups are not enabled for the source instance ${String(source.outputs.identifier)}. To enable automated backups, set its backupRetentionPeriod to a non-zero value.`,
    );
  }
  if (source.inputs.manageMasterUserPassword) {
    throw new AwsError(
      "InvalidDBInstanceState",
      `The source instance ${String(source.outputs.identifier)} has a master password that is managed by RDS, and cannot have replicas`,
    );
  }
  if (given.parameterGroupName) {
    throw new AwsError(
      "InvalidParameterCombination",
      "A parameter group can't be specified during Read Replica creation for the following DB engine: postgres",
    );
  }
  const replicas = context.account
    .list(type)
    .filter(({ inputs: each }) => each.replicateSourceDb === given.replicateSourceDb);
  requireState(source, "CreateDBInstanceReadReplica", context.clock.now());
  if (replicas.length >= quota(context.settings, "dbReplicasPerInstance")) {
    throw new AwsError(
      "InstanceQuotaExceeded",
      `${given.replicateSourceDb} has ${replicas.length} read replicas already`,
    );
  }
}

/** Refuses instances and backups beyond the Free plan. */
export function requirePlan(given: Inputs, { settings, account }: Context): void {
  if (settings.plan === "free" && (given.backupRetentionPeriod ?? 0) > 1) {
    throw new AwsError(
      "FreeTierRestrictionError",
      "The specified backup retention period exceeds the maximum available to free tier customers. To remove all limitations, upgrade your account plan.",
    );
  }
  if (settings.plan === "free" && !/^db\.t[34]g?\.micro$/.test(given.instanceClass)) {
    throw new AwsError(
      "FreeTierRestrictionError",
      "This instance size isn't available with free plan accounts. To remove all limitations, upgrade your account plan.",
    );
  }
  if (account.list(type).length >= quota(settings, "dbInstances")) {
    throw new AwsError(
      "InstanceQuotaExceeded",
      "You have exceeded the maximum number of DB instances allowed: " +
        String(quota(settings, "dbInstances")),
    );
  }
}

/** Refuses another source: a replica can only be promoted or replaced. */
export function requireSameSource(given: Inputs, previous: Resource): void {
  const [before, after] = [previous.inputs.replicateSourceDb, given.replicateSourceDb];
  if (before && after && before !== after)
    throw new Error("cannot elect new source database for replication");
}

/** Checks the groups of the instance against its VPC, engine version and memory. */
export function requireFit(given: Inputs, context: Context): void {
  const { account } = context;
  const inherited = originOf(given, context);
  const groupName = given.dbSubnetGroupName ?? inherited.dbSubnetGroupName;
  const vpc = account.find("aws:rds/subnetGroup:SubnetGroup", "name", groupName)?.outputs.vpcId as
    string | undefined;
  const foreign = foreignGroups(given.vpcSecurityGroupIds ?? [], vpc, context);
  if (foreign.length > 0) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${vpc} and the EC2 security group is ${foreign.join(", ")}`,
    );
  }
  if (given.publiclyAccessible) requirePublic(vpc, context);
  const parameters = account.find(
    "aws:rds/parameterGroup:ParameterGroup",
    "name",
    given.parameterGroupName ?? inherited.parameterGroupName,
  );
  const version =
    fullVersion(given.engineVersion ?? String(inherited.engineVersionActual ?? "")) ?? newestVersion();
  const family = `postgres${version.split(".")[0]}`;
  // RDS has a group of its own for each family.
  const own = /^default\.(postgres\d+)$/.exec(given.parameterGroupName ?? "")?.[1];
  if (given.parameterGroupName !== undefined && !parameters && own === undefined) {
    throw new AwsError("DBParameterGroupNotFound", `DBParameterGroup not found: ${given.parameterGroupName}`);
  }
  if (own !== undefined && own !== family) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The parameter group ${given.parameterGroupName} with DBParameterGroupFamily ${own} can't be used for this instance. Please use a parameter group with DBParameterGroupFamily ${family}`,
    );
  }
  if (!parameters) return;
  if (parameters.inputs.family !== family) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The parameter group ${String(parameters.outputs.name)} with DBParameterGroupFamily ${String(parameters.inputs.family)} can't be used for this instance. Please use a parameter group with DBParameterGroupFamily ${family}`,
    );
  }
  requireMemory(String(given.identifier), given.instanceClass, parameters.inputs.parameters as []);
}

/** Refuses a public address in a VPC without an internet gateway or DNS names. */
function requirePublic(vpc: string | undefined, context: Context): void {
  const refuse = (reason: string): never => {
    throw new AwsError(
      "InvalidVPCNetworkStateFault",
      `Cannot create a publicly accessible DBInstance. The specified VPC ${reason}. Update the VPC and then try again`,
    );
  };
  if (vpc === undefined) return;
  if (!hasInternetGateway(vpc, context)) refuse("has no internet gateway attached");
  const { enableDnsSupport = true, enableDnsHostnames = false } =
    context.account.get("aws:ec2/vpc:Vpc", vpc)?.outputs ?? {};
  if (!enableDnsSupport || !enableDnsHostnames)
    refuse("does not support DNS resolution, DNS hostnames, or both");
}

/** Refuses a downgrade, and a new major version without allowMajorVersionUpgrade. */
export function requireUpgrade(given: Inputs, previous: Pick<Resource, "outputs">): void {
  const before = String(previous.outputs.engineVersionActual).split(".").map(Number);
  const after = (fullVersion(given.engineVersion ?? "") ?? before.join(".")).split(".").map(Number);
  const [major = 0, minor = 0] = after;
  const [oldMajor = 0, oldMinor = 0] = before;
  if (major < oldMajor || (major === oldMajor && minor < oldMinor && given.engineVersion?.includes("."))) {
    throw new AwsError(
      "InvalidParameterCombination",
      `Cannot upgrade postgres from ${before.join(".")} to ${after.join(".")}`,
    );
  }
  if (major > oldMajor && !given.allowMajorVersionUpgrade) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version (${oldMajor} to ${major}): set allowMajorVersionUpgrade`,
    );
  }
}

/**
 * Refuses a new minor version of a source before its replicas have it; AWS upgrades replicas to a major version itself.
 */
export function requireReplicasFirst(given: Inputs, previous: Resource, { account }: Context): void {
  const [before, after] = [
    String(previous.outputs.engineVersionActual),
    fullVersion(given.engineVersion ?? ""),
  ];
  const [major, minor] = (after ?? before).split(".").map(Number) as [number, number];
  const isOlder = (version: unknown) => {
    const [ofMajor, ofMinor] = String(version).split(".").map(Number) as [number, number];
    return ofMajor === major && ofMinor < minor;
  };
  if (!given.engineVersion?.includes(".") || !isOlder(before)) return;
  const behind = account
    .list(type)
    .filter(({ inputs }) => inputs.replicateSourceDb === previous.outputs.identifier)
    .filter(({ outputs }) => isOlder(outputs.engineVersionActual));
  if (behind.length > 0) {
    throw new AwsError(
      "DBUpgradeDependencyFailure",
      `One or more of the DB Instance's read replicas need to be upgraded: ${behind.map(({ outputs }) => outputs.identifier).join(", ")}`,
    );
  }
}

/**
 * Refuses IOPS and throughput below the least for the size: from 400 GiB on, the provider sends the given or former
 * values with every change.
 */
export function requireThroughput(given: Inputs, { outputs: before }: Resource): void {
  const size = given.allocatedStorage ?? 0;
  if (given.storageType !== "gp3" || size <= Number(before.allocatedStorage)) return;
  for (const name of ["iops", "storageThroughput"] as const) {
    const sent = given[name] ?? Number(before[name]);
    if (size >= 400 && sent < baselineOf(size)[name]) {
      throw new AwsError(
        "InvalidParameterCombination",
        `Invalid ${name} value for engine name postgres and storage type gp3: ${sent}. From 400 GiB on it is at least ${baselineOf(size)[name]}: set it`,
      );
    }
  }
}

/** Whether the provider does not plan a smaller size: storage autoscaling is on, and may have grown the volume. */
export function shrinkIsSuppressed(before: Properties, after: Properties): boolean {
  const limit = Number(after.maxAllocatedStorage ?? 0);
  const [old, wanted] = [Number(before.allocatedStorage), Number(after.allocatedStorage)];
  return wanted < old && limit > wanted;
}

/**
 * Refuses an instance that cannot be restored from the snapshot. AWS keeps the snapshot's own master user and
 * encryption, so that the next update would replace an instance with other ones: they are refused too.
 */
export function requireSnapshot(given: Inputs, context: Context): void {
  if (given.snapshotIdentifier === undefined) return;
  const snapshot = snapshotOf(given, context);
  if (!snapshot)
    throw new AwsError("DBSnapshotNotFound", `DBSnapshot ${given.snapshotIdentifier} not found.`);
  const refuse = (reason: string) => {
    throw new AwsError("InvalidParameterCombination", `The snapshot ${snapshot.name} ${reason}`);
  };
  if (given.username !== undefined && given.username !== snapshot.username) {
    refuse(
      `has the master user ${snapshot.username}, which a restored instance keeps, not ${given.username}`,
    );
  }
  if (given.storageEncrypted && !snapshot.storageEncrypted) {
    refuse(
      "is not encrypted, and neither would be the instance: copy it with a key (aws rds copy-db-snapshot --kms-key-id) and restore the copy",
    );
  }
  if ((given.allocatedStorage ?? Infinity) < snapshot.allocatedStorage) {
    refuse(
      `holds ${snapshot.allocatedStorage} GiB; the requested storage size (${given.allocatedStorage} GiB) cannot be less`,
    );
  }
  requireUpgrade(given, { outputs: { ...snapshot } });
}

/** Refuses a deletion with neither skipFinalSnapshot nor a name for the final snapshot. */
export function requireSnapshotName(given: Inputs, context: Context): void {
  if (given.skipFinalSnapshot) return;
  const name = given.finalSnapshotIdentifier;
  if (!name) {
    throw new AwsError(
      "InvalidParameterCombination",
      `FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified: set finalSnapshotIdentifier or skipFinalSnapshot on ${given.identifier} and update before you delete it`,
    );
  }
  if (given.replicateSourceDb) {
    throw new AwsError(
      "InvalidParameterCombination",
      "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance: set skipFinalSnapshot",
    );
  }
  if (trace(context, snapshotKind, name)) {
    throw new AwsError(
      "DBSnapshotAlreadyExists",
      `Cannot create the snapshot because a snapshot with the identifier ${name} already exists.`,
    );
  }
}
