// AWS Backup: vaults of recovery points, plans with their schedule and retention, and selections of resources.
import { z } from "zod";
import { AwsError, type Model } from "./model";
import { roleByArn, trusts } from "./permission";
import { refusal } from "./refusal";
import { regions } from "./regions";
import { recurring, scheduleFault } from "./schedules";
import { arn, regional, taggable, text } from "./schema";

const vaultType = "aws:backup/vault:Vault";
const planType = "aws:backup/plan:Plan";

/** Shortest time of a recovery point in cold storage, which AWS charges in any case (days). */
const leastColdDays = 90;

const vault: Model = {
  type: vaultType,
  inputs: taggable({
    name: text(/^[A-Za-z0-9_-]{2,50}$/, "a vault's name: letters, digits, _ and -, 2 to 50").optional(),
    forceDestroy: z.boolean().optional(),
    kmsKeyArn: arn("kms", "key/").optional(),
  }).superRefine(({ region }, context) => {
    if (region !== undefined && !(region in regions)) {
      refusal(context)("region", `invalid AWS Region: ${region}`);
    }
  }),
  autoName: { property: "name", maxLength: 50 },
  defaults: { forceDestroy: false },
  unique: [{ property: "name", taken: "AlreadyExistsException" }],
  replace: ["kmsKeyArn", "name"],
  inUse: "InvalidRequestException",
  computed: ["arn", "kmsKeyArn", "recoveryPoints"],
  identify: (given) => String(given.name),
  describe: (given, id, { region, accountId, hex }, previous) => ({
    arn: `arn:aws:backup:${region}:${accountId}:backup-vault:${id}`,
    kmsKeyArn:
      given.kmsKeyArn ??
      previous?.outputs.kmsKeyArn ??
      `arn:aws:kms:${region}:${accountId}:key/${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    recoveryPoints: 0,
  }),
};

const lifecycle = z
  .strictObject({
    coldStorageAfter: z.int().min(0).optional(),
    deleteAfter: z.int().min(1).optional(),
    optInToArchiveForSupportedResources: z.boolean().optional(),
  })
  .superRefine(({ coldStorageAfter = 0, deleteAfter }, context) => {
    if (coldStorageAfter > 0 && deleteAfter !== undefined && deleteAfter < coldStorageAfter + leastColdDays) {
      refusal(context)(
        "deleteAfter",
        `DeleteAfterDays must be at least ${leastColdDays} days more than MoveToColdStorageAfterDays: ` +
          `${coldStorageAfter + leastColdDays} or more, not ${deleteAfter}`,
      );
    }
  });

const rule = z
  .strictObject({
    ruleName: text(/^[A-Za-z0-9_.-]{1,50}$/, "a rule's name: letters, digits and _ . -, 1 to 50"),
    targetVaultName: z.string(),
    schedule: z.string().optional(),
    startWindow: z.int().min(60, { error: "a start window has at least 60 minutes" }).optional(),
    completionWindow: z.int().optional(),
    lifecycle: lifecycle.optional(),
    copyActions: z
      .array(
        z.strictObject({
          destinationVaultArn: arn("backup", "backup-vault:"),
          lifecycle: lifecycle.optional(),
        }),
      )
      .optional(),
  })
  .superRefine(({ schedule, startWindow = 480, completionWindow = 10080 }, context) => {
    const refuse = refusal(context);
    const fault = schedule === undefined ? undefined : scheduleFault(schedule, recurring);
    if (fault) refuse("schedule", fault);
    if (completionWindow < startWindow + 60) {
      refuse(
        "completionWindow",
        `a completion window is at least 60 minutes longer than the start window: ${startWindow + 60} or more`,
      );
    }
  });

const plan: Model = {
  type: planType,
  inputs: taggable({
    name: text(/^[A-Za-z0-9_.-]{1,50}$/, "a plan's name: letters, digits and _ . -, 1 to 50").optional(),
    rules: z.array(rule).min(1),
  }),
  autoName: { property: "name", maxLength: 50 },
  references: [
    {
      path: "rules.*.targetVaultName",
      to: vaultType,
      by: "name",
      missing: "InvalidParameterValueException",
      holds: false,
    },
    {
      path: "rules.*.copyActions.*.destinationVaultArn",
      to: vaultType,
      by: "arn",
      missing: "InvalidParameterValueException",
      holds: false,
    },
  ],
  replace: ["name"],
  inUse: "InvalidRequestException",
  computed: ["arn", "version"],
  changesOnUpdate: ["version"],
  identify: (_given, { hex }) => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
  describe: (_given, id, { region, accountId, hex }) => ({
    arn: `arn:aws:backup:${region}:${accountId}:backup-plan:${id}`,
    version: hex(48),
  }),
};

const selection: Model = {
  type: "aws:backup/selection:Selection",
  inputs: regional({
    name: text(/^[A-Za-z0-9_.-]{1,50}$/, "a selection's name: letters, digits and _ . -, 1 to 50").optional(),
    iamRoleArn: arn("iam", "role/"),
    planId: z.string(),
    resources: z.array(text(/^(\*|arn:.+)$/, "an ARN, which may have wildcards, or *")).min(1),
  }),
  autoName: { property: "name", maxLength: 50 },
  references: [
    { path: "planId", to: planType, missing: "ResourceNotFoundException" },
    {
      path: "iamRoleArn",
      to: "aws:iam/role:Role",
      by: "arn",
      missing: "InvalidParameterValueException",
      holds: false,
    },
  ],
  replace: ["iamRoleArn", "name", "planId", "resources"],
  computed: [],
  identify: (_given, { hex }) => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
  describe: () => ({}),
  beforeCreate({ iamRoleArn }, context) {
    const role = roleByArn(iamRoleArn, context);
    if (role && !trusts(role, "backup.amazonaws.com")) {
      throw new AwsError(
        "InvalidParameterValueException",
        `IAM Role ${String(iamRoleArn)} cannot be assumed by AWS Backup: its trust policy must allow backup.amazonaws.com`,
      );
    }
  },
};

export const models: readonly Model[] = [vault, plan, selection];
