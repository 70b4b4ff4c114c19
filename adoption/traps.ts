// Faults that the guide's own commands leave in an environment, and their repair (docs/guide-gaps.md).
import type { Environment, Properties } from "./environment";

/** A fault of the environment, which the program avoids. */
export interface Trap {
  /** The part of the environment that may have it. */
  readonly of: string;
  /** Whether the part has it. */
  readonly when: (properties: Properties) => boolean;
  readonly what: string;
  /** Consequence for an adopted environment. */
  readonly then: string;
  /** The operator's command that repairs it, or lets the update pass; without one the update repairs it. */
  readonly command?: (set: SetCommand, properties: Properties) => string;
}

/** The command that gives the stack a setting. */
export type SetCommand = (setting: string, value: string) => string;

/** Configuration of the policy pack for an environment with a fault that no update repairs. */
export const acceptedFile = "adopt-policies.json";
const accepted = {
  "database-encrypted": { suppress: [{ reason: "adopted as it was, until it is restored" }] },
};

const gibibyte = 2 ** 30;

/** The guide's service in words of the AWS command line. */
export const guideServiceWords = "--cluster chatpop-cluster --service chatpop-backend-service";

/** The command that names the image, in the repository of the old service's task. */
export function setImage(set: SetCommand, task: Properties = {}): string {
  const [image = "<repository>"] = imagesOf(task);
  return set("image", `'${image.replace(/(:[^:/]*|@.*)$/, "")}:<tag>'`);
}

const imagesOf = ({ ContainerDefinitions }: Properties) =>
  ((ContainerDefinitions ?? []) as { Image?: string }[]).flatMap(({ Image }) => Image ?? []);

const traps: readonly Trap[] = [
  {
    of: "database",
    when: ({ PubliclyAccessible }) => PubliclyAccessible === true,
    what: "the database has a public address (GAP-13)",
    then: "it becomes private, in the stack's VPC",
  },
  {
    of: "database",
    when: ({ StorageEncrypted }) => StorageEncrypted !== true,
    what: "the database is not encrypted",
    then:
      "it stays so, since RDS encrypts no instance in place, and it can have no replica here. Restore it from an encrypted " +
      "copy instead (docs/operations/move.md), or accept the rule database-encrypted with a reason",
    command: () => `echo '${JSON.stringify(accepted)}' > ${acceptedFile}`,
  },
  {
    of: "database",
    when: ({ BackupRetentionPeriod }) => Number(BackupRetentionPeriod ?? 0) < 7,
    what: "backups are kept for less than seven days",
    then: "they are kept for as long as databaseBackupDays says",
  },
  {
    of: "database",
    when: ({ DeletionProtection }) => DeletionProtection !== true,
    what: "anybody who may delete the database deletes it with one call",
    then: "protect it before the update",
    command: (set) => set("deletionProtection", "true"),
  },
  {
    of: "parameters",
    // The unit of shared_buffers is a page of 8 KiB (GAP-2).
    when: ({ Parameters }) =>
      Number((Parameters as Properties | undefined)?.["shared_buffers"] ?? 0) * 8192 >= 4 * gibibyte,
    what: "shared_buffers is 4 GiB or more: it counts pages of 8 KiB (GAP-2)",
    then: "the stack's own parameter group takes the place of this one; restart the database once",
  },
  {
    of: "repository",
    when: ({ ImageTagMutability }) => ImageTagMutability !== "IMMUTABLE",
    what: "tags of images can be moved (GAP-30)",
    then: "they are immutable, and :latest cannot be pushed again",
  },
  {
    of: "logGroup",
    when: ({ RetentionInDays }) => RetentionInDays === undefined,
    what: "logs are kept for ever (G-178)",
    then: "they are kept for logRetentionDays",
  },
  {
    of: "service",
    when: ({ LaunchType }) => LaunchType === "FARGATE",
    what: "the service has launch type FARGATE, and no Spot (G-175)",
    then: "the stack's service has capacity providers; delete this one when the new one serves",
    command: () => `aws ecs delete-service ${guideServiceWords} --force`,
  },
  {
    of: "task",
    when: (task) => imagesOf(task).some((image) => /:latest$|^[^:@]+$/.test(image)),
    what: "the image is :latest, whatever that is today (GAP-30)",
    then: "name a tag or digest, or build the image from a checkout (chatpop:imageContext <folder>)",
    command: setImage,
  },
];

/** The faults of an environment. */
export function trapsOf({ properties }: Environment): readonly Trap[] {
  return traps.filter(({ of, when }) => properties[of] !== undefined && when(properties[of]));
}
