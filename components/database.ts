import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { application } from "../stacks/guide";
import type { DatabasePlan } from "../stacks/plan/database";

/** Size and care of the database, and its place in the VPC. */
export interface DatabaseArgs {
  /** Version, class, storage, backups, replicas and parameters. */
  readonly plan: DatabasePlan;
  /** Private subnets in at least two zones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Group of the primary and its replicas. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Of the master user, `chatpop_admin`; another one is set in place. */
  readonly password: pulumi.Input<string>;
  /** Keeps Pulumi and RDS from deleting the primary. */
  readonly deletionProtection: boolean;
  /** Deletes automated backups with the primary; otherwise RDS keeps them for as many days as ever. */
  readonly disposable: boolean;
}

/** How the application reaches PostgreSQL. */
export interface DatabaseConnection {
  /** The proxy if there is one, else the instance. */
  readonly host: pulumi.Output<string>;
  /** The read replicas; may be empty. */
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
  /** Name of the snapshot that it leaves when it is deleted; undefined when it leaves none. */
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

    // RDS refuses to delete an instance whose last snapshot would take the name of an earlier one.
    const lastSnapshot = new random.RandomId(
      `${name}-db-final`,
      {
        byteLength: 4,
        // A database that was restored leaves a snapshot of its own, beside the one of its predecessor.
        ...(plan.snapshotIdentifier && { keepers: { restoredFrom: plan.snapshotIdentifier } }),
      },
      { parent: this },
    );

    if (plan.finalSnapshot) this.lastSnapshot = pulumi.interpolate`${name}-db-final-${lastSnapshot.hex}`;

    // What the primary and its replicas have in common.
    const instance: Omit<rds.InstanceArgs, "replicateSourceDb"> & { instanceClass: string } = {
      instanceClass: plan.instanceClass,
      storageType: "gp3",
      ...plan.speed,
      storageEncrypted: true,
      maxAllocatedStorage: plan.maxStorage,
      port: application.databasePort,
      publiclyAccessible: false,
      vpcSecurityGroupIds: [args.securityGroupId],
      // A version that names its minor one would otherwise be planned back after AWS has moved it on.
      autoMinorVersionUpgrade: !plan.version.includes("."),
      copyTagsToSnapshot: true,
      // An operator who runs `pulumi up` means now, not the next maintenance window.
      applyImmediately: true,
      maintenanceWindow: plan.maintenanceWindow,
    };
    const primary = new rds.Instance(
      `${name}-db`,
      {
        ...instance,
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
        protect: args.deletionProtection,
        ignoreChanges: [
          // Naming a snapshot would replace a database that runs. It is restored in place by `pulumi up --replace`.
          "snapshotIdentifier",
          // RDS grows by itself; another scale is no reason to grow at once.
          ...(plan.growsInPlace ? [] : ["allocatedStorage"]),
        ],
      },
    );

    const replicas: rds.Instance[] = [];
    for (let number = 1; number <= plan.readReplicas; number++) {
      replicas.push(
        new rds.Instance(
          `${name}-db-replica${number === 1 ? "" : `-${number}`}`,
          { ...instance, replicateSourceDb: primary.identifier, skipFinalSnapshot: true },
          {
            parent: this,
            // One after another: RDS takes a snapshot of the source for each.
            dependsOn: replicas.slice(-1),
            // RDS gives a replica no other source.
            replaceOnChanges: ["replicateSourceDb"],
          },
        ),
      );
    }

    this.arn = primary.arn;
    this.identifier = primary.identifier;
    this.identifiers = [primary, ...replicas].map((instance) => instance.identifier);
    this.host = primary.address;
    this.replicaHosts = replicas.map((replica) => replica.address);
    this.registerOutputs({ host: this.host, replicaHosts: this.replicaHosts });
  }
}
