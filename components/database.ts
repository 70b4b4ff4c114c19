import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { application } from "../stacks/guide";
import type { DatabasePlan } from "../stacks/plan/database";
import { drawnName, rdsLogGroup } from "./rdsLog";

/** Size and care of the database, and its place in the VPC. */
export interface DatabaseArgs {
  /** Version, class, storage, backups, replicas and parameters. */
  readonly plan: DatabasePlan;
  /** Private subnets in at least two zones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Security group of the primary and its replicas. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Password of the master user `chatpop_admin`. Another one is set in place, without a restart. */
  readonly password: pulumi.Input<string>;
  /** Keeps Pulumi and RDS from deleting the primary. */
  readonly deletionProtection: boolean;
  /** Deletes automated backups with the primary; otherwise RDS keeps them until their retention ends. */
  readonly disposable: boolean;
  /** Days that PostgreSQL's log is kept. */
  readonly logRetentionDays: number;
}

/** The application's access to PostgreSQL. */
export interface DatabaseConnection {
  /** Host name of the proxy if there is one, else of the primary. */
  readonly host: pulumi.Output<string>;
  /** Host names of the read replicas; may be empty. */
  readonly replicaHosts: readonly pulumi.Output<string>[];
  /** Secret with `{"username", "password"}`. */
  readonly secretArn: pulumi.Output<string>;
}

/** PostgreSQL on RDS (G-42 … G-45) with its read replicas (G-18, G-111, G-165). */
export class Database extends pulumi.ComponentResource {
  /** ARN of the primary. */
  readonly arn: pulumi.Output<string>;
  /** Identifier of the primary. */
  readonly identifier: pulumi.Output<string>;
  /** Identifiers of the primary and its replicas. */
  readonly identifiers: readonly pulumi.Output<string>[];
  /** Groups that PostgreSQL's log of the primary and its replicas is exported to; empty where it is not. */
  readonly logGroupNames: readonly pulumi.Output<string>[];
  /** Name of the final snapshot; undefined if RDS takes none. */
  readonly lastSnapshot?: pulumi.Output<string>;
  /** Host name of the primary. */
  readonly host: pulumi.Output<string>;
  /** Host names of the read replicas, in the order of their creation. */
  readonly replicaHosts: pulumi.Output<string>[];

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:data:Database", name, {}, opts);
    const { plan } = args;

    const subnetGroup = new rds.SubnetGroup(
      `${name}-db`,
      { description: "Private subnets of ChatPop", subnetIds: args.subnetIds },
      { parent: this },
    );
    const parameterGroup = new rds.ParameterGroup(
      `${name}-db`,
      {
        family: plan.family,
        description: "ChatPop optimized settings",
        parameters: plan.parameters.map((parameter) => ({ ...parameter })),
      },
      { parent: this },
    );

    // The name must be new: RDS refuses to delete an instance when a snapshot with the final snapshot's name exists.
    const lastSnapshot = new random.RandomId(
      `${name}-db-final`,
      {
        byteLength: 4,
        // A restored database takes a final snapshot of its own, beside its predecessor's.
        ...(plan.snapshotIdentifier && { keepers: { restoredFrom: plan.snapshotIdentifier } }),
      },
      { parent: this },
    );

    if (plan.finalSnapshot) this.lastSnapshot = pulumi.interpolate`${name}-db-final-${lastSnapshot.hex}`;

    const exportLog = (instanceName: string, identifier: pulumi.Output<string>) =>
      rdsLogGroup(
        instanceName,
        pulumi.interpolate`instance/${identifier}/postgresql`,
        args.logRetentionDays,
        {
          parent: this,
        },
      );
    const identifier = plan.exportsLog ? drawnName(`${name}-db`, { parent: this }) : undefined;
    const log = identifier && exportLog(`${name}-db`, identifier);

    // Arguments that the primary and its replicas share.
    const instance: Omit<rds.InstanceArgs, "replicateSourceDb"> & { instanceClass: string } = {
      instanceClass: plan.instanceClass,
      storageType: "gp3",
      ...plan.speed,
      storageEncrypted: true,
      maxAllocatedStorage: plan.maxStorage,
      port: application.databasePort,
      publiclyAccessible: false,
      vpcSecurityGroupIds: [args.securityGroupId],
      // A fixed minor version must stay: after an upgrade by AWS, the provider would plan the old version again.
      autoMinorVersionUpgrade: !plan.version.includes("."),
      copyTagsToSnapshot: true,
      // `pulumi up` applies changes now, not in the next maintenance window.
      applyImmediately: true,
      maintenanceWindow: plan.maintenanceWindow,
      // Database Insights in its standard mode: a week of it is free at every class.
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      ...(plan.exportsLog && { enabledCloudwatchLogsExports: ["postgresql"] }),
    };
    const primary = new rds.Instance(
      `${name}-db`,
      {
        ...instance,
        identifier,
        engine: "postgres",
        engineVersion: plan.version,
        allowMajorVersionUpgrade: true,
        allocatedStorage: plan.storage,
        username: application.databaseUser,
        password: args.password,
        multiAz: plan.multiAz,
        dbSubnetGroupName: subnetGroup.name,
        parameterGroupName: parameterGroup.name,
        backupRetentionPeriod: plan.backupDays,
        backupWindow: plan.backupWindow,
        snapshotIdentifier: plan.snapshotIdentifier,
        deletionProtection: args.deletionProtection,
        deleteAutomatedBackups: args.disposable,
        skipFinalSnapshot: !plan.finalSnapshot,
        finalSnapshotIdentifier: this.lastSnapshot,
      },
      {
        parent: this,
        dependsOn: log,
        protect: args.deletionProtection,
        ignoreChanges: [
          // Another snapshot name would replace a running database. `pulumi up --replace` restores one on purpose.
          "snapshotIdentifier",
          // RDS grows the storage by itself; another scale alone does not grow it.
          ...(plan.growsInPlace ? [] : ["allocatedStorage"]),
        ],
      },
    );

    const replicas: rds.Instance[] = [];
    const logs = log ? [log] : [];
    for (let number = 1; number <= plan.readReplicas; number++) {
      const suffix = `replica${number === 1 ? "" : `-${number}`}`;
      const replicaName = `${name}-db-${suffix}`;
      const own = identifier && pulumi.interpolate`${identifier}-${suffix}`;
      const ownLog = own && exportLog(replicaName, own);
      if (ownLog) logs.push(ownLog);
      replicas.push(
        new rds.Instance(
          replicaName,
          { ...instance, identifier: own, replicateSourceDb: primary.identifier, skipFinalSnapshot: true },
          {
            parent: this,
            // Replicas are created one after another: RDS takes a snapshot of the source for each.
            dependsOn: [...replicas.slice(-1), ...(ownLog ? [ownLog] : [])],
            // RDS cannot change the source of a replica.
            replaceOnChanges: ["replicateSourceDb"],
          },
        ),
      );
    }

    this.arn = primary.arn;
    this.identifier = primary.identifier;
    this.identifiers = [primary, ...replicas].map((instance) => instance.identifier);
    this.logGroupNames = logs.map((each) => each.name);
    this.host = primary.address;
    this.replicaHosts = replicas.map((replica) => replica.address);
    this.registerOutputs({ host: this.host, replicaHosts: this.replicaHosts });
  }
}
