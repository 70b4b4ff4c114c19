import * as backup from "@pulumi/aws/backup";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { BackupCopyPlan } from "../stacks/plan/database";
import { assumedBy } from "./policyDocuments";

/** The database, and the schedule and target region of its copies. */
export interface BackupCopyArgs {
  /** Target region, schedule, and retention (days). */
  readonly plan: BackupCopyPlan;
  /** ARN of the primary; replicas hold the same data. */
  readonly databaseArn: pulumi.Input<string>;
  /** Deletes copies with their vault; otherwise AWS Backup refuses to delete a vault that holds any. */
  readonly disposable: boolean;
}

/**
 * AWS Backup: a daily snapshot of the database, and its copy in another region in case this region is lost.
 *
 * The vaults need no customer managed key: RDS snapshots keep the instance's key, and copies within one account use the
 * other region's `aws/rds`. (A copy into another account would need a customer managed key on both sides.)
 */
export class BackupCopy extends pulumi.ComponentResource {
  /** Vault in the other region. */
  readonly vaultName: pulumi.Output<string>;

  constructor(name: string, args: BackupCopyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:operations:BackupCopy", name, {}, opts);
    const { plan } = args;
    const forceDestroy = args.disposable;

    const here = new backup.Vault(`${name}-backup`, { forceDestroy }, { parent: this });
    const there = new backup.Vault(
      `${name}-backup-copy`,
      { region: plan.region, forceDestroy },
      { parent: this },
    );
    const role = new iam.Role(
      `${name}-backup`,
      { description: "AWS Backup of ChatPop", assumeRolePolicy: assumedBy("backup.amazonaws.com") },
      { parent: this },
    );
    const permission = new iam.RolePolicyAttachment(
      `${name}-backup`,
      {
        role: role.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
      },
      { parent: this },
    );
    const daily = new backup.Plan(
      `${name}-backup`,
      {
        rules: [
          {
            ruleName: "daily",
            targetVaultName: here.name,
            schedule: plan.schedule,
            startWindow: 60,
            completionWindow: 480,
            lifecycle: { deleteAfter: plan.daysHere },
            copyActions: [{ destinationVaultArn: there.arn, lifecycle: { deleteAfter: plan.daysThere } }],
          },
        ],
      },
      { parent: this },
    );
    new backup.Selection(
      `${name}-backup`,
      { planId: daily.id, iamRoleArn: role.arn, resources: [args.databaseArn] },
      { parent: this, dependsOn: [permission] },
    );

    this.vaultName = there.name;
    this.registerOutputs({ vaultName: this.vaultName });
  }
}
