// ECR: repositories for container images, and the expiry of images.
import { z } from "zod";
import { AwsError, type Context, type Model } from "./model";
import { refusal } from "./refusal";
import { arn, regional, taggable, text } from "./schema";

const repositoryType = "aws:ecr/repository:Repository";

/** A pushed image is a trace of this kind, named `<repository url>:<tag>` or `<repository url>@<digest>`. */
export const imageKind = "container image";

const part = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";

const repositoryInputs = taggable({
  name: text(
    new RegExp(`^${part}(/${part})*$`),
    "a repository's name: lower-case letters, digits, single . _ - / inside",
  )
    .min(2, { error: "a repository's name has at least 2 characters" })
    .max(256, { error: "a repository's name has at most 256 characters" })
    .optional(),
  encryptionConfigurations: z
    .array(
      z.strictObject({
        encryptionType: z.enum(["AES256", "KMS", "KMS_DSSE"]).optional(),
        kmsKey: arn("kms", "key/").optional(),
      }),
    )
    .max(1)
    .optional(),
  forceDelete: z.boolean().optional(),
  imageScanningConfiguration: z.strictObject({ scanOnPush: z.boolean() }).optional(),
  imageTagMutability: z
    .enum(["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"])
    .optional(),
  imageTagMutabilityExclusionFilters: z
    .array(z.strictObject({ filter: z.string().min(1).max(128), filterType: z.literal("WILDCARD") }))
    .max(5)
    .optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  const [encryption] = given.encryptionConfigurations ?? [];
  if (encryption?.kmsKey && (encryption.encryptionType ?? "AES256") === "AES256") {
    refuse("encryptionConfigurations.0.encryptionType", "kmsKey needs encryptionType KMS or KMS_DSSE");
  }
  const excluding = given.imageTagMutability?.endsWith("_WITH_EXCLUSION") ?? false;
  if (excluding !== (given.imageTagMutabilityExclusionFilters !== undefined)) {
    refuse(
      "imageTagMutabilityExclusionFilters",
      "exclusion filters and a mutability …_WITH_EXCLUSION go together",
    );
  }
});
type RepositoryInputs = z.infer<typeof repositoryInputs>;

const repository: Model = {
  type: repositoryType,
  inputs: repositoryInputs,
  autoName: { property: "name", maxLength: 256, lowerCase: true },
  defaults: { imageTagMutability: "MUTABLE" },
  unique: [{ property: "name", taken: "RepositoryAlreadyExistsException" }],
  computed: ["arn", "registryId", "repositoryUrl"],
  identify: (given: RepositoryInputs) => String(given.name),
  describe: (_given, id, { region, accountId }) => ({
    arn: `arn:aws:ecr:${region}:${accountId}:repository/${id}`,
    registryId: accountId,
    repositoryUrl: `${accountId}.dkr.ecr.${region}.amazonaws.com/${id}`,
  }),
  beforeDelete({ id, inputs: given, outputs }, context) {
    if (!given.forceDelete && hasImages(String(outputs.repositoryUrl), context)) {
      throw new AwsError(
        "RepositoryNotEmptyException",
        `The repository with name '${id}' in registry with id '${context.accountId}' cannot be deleted because it still contains images: delete them, or set forceDelete and update first`,
      );
    }
  },
};

function hasImages(url: string, context: Context): boolean {
  const images = context.account.traces(imageKind);
  return images.some(({ name }) => name.startsWith(`${url}:`) || name.startsWith(`${url}@`));
}

const rule = z
  .strictObject({
    rulePriority: z.int().min(1),
    description: z.string().max(256).optional(),
    selection: z.strictObject({
      tagStatus: z.enum(["tagged", "untagged", "any"]),
      tagPrefixList: z.array(z.string()).min(1).optional(),
      tagPatternList: z.array(z.string()).min(1).max(4).optional(),
      storageClass: z.enum(["standard", "archive"]).optional(),
      countType: z.enum([
        "imageCountMoreThan",
        "sinceImagePushed",
        "sinceImagePulled",
        "sinceImageTransitioned",
      ]),
      countUnit: z.literal("days").optional(),
      countNumber: z.int().min(1),
    }),
    action: z.strictObject({
      type: z.enum(["expire", "transition"]),
      targetStorageClass: z.literal("archive").optional(),
    }),
  })
  .superRefine(({ selection }, context) => {
    const refuse = refusal(context);
    const listed = selection.tagPrefixList !== undefined || selection.tagPatternList !== undefined;
    if ((selection.tagStatus === "tagged") !== listed) {
      refuse("selection.tagPrefixList", "tagPrefixList or tagPatternList and tagStatus tagged go together");
    }
    if (selection.tagPrefixList !== undefined && selection.tagPatternList !== undefined) {
      refuse("selection.tagPatternList", "give tagPrefixList or tagPatternList, not both");
    }
    if ((selection.countType === "imageCountMoreThan") !== (selection.countUnit === undefined)) {
      refuse("selection.countUnit", `countUnit goes with sinceImage…, not with ${selection.countType}`);
    }
  });

const lifecycle = z
  .strictObject({ rules: z.array(rule).min(1).max(50) })
  .superRefine(({ rules }, context) => {
    const refuse = refusal(context);
    const highest = Math.max(...rules.map(({ rulePriority }) => rulePriority));
    rules.forEach(({ rulePriority, selection }, index) => {
      if (rules.some((other, place) => place < index && other.rulePriority === rulePriority)) {
        refuse(`rules.${index}.rulePriority`, `rule priority ${rulePriority} is used twice`);
      }
      if (selection.tagStatus === "any" && rulePriority < highest) {
        refuse(`rules.${index}.rulePriority`, "a rule for any image must have the highest priority number");
      }
    });
  });

const lifecycleInputs = regional({
  repository: z.string(),
  policy: z.string().superRefine((value, context) => {
    const result = lifecycle.safeParse(parse(value));
    for (const issue of result.error?.issues ?? []) {
      context.addIssue({
        code: "custom",
        message: `Invalid parameter at 'LifecyclePolicyText': ${issue.path.join(".")}: ${issue.message}`,
      });
    }
  }),
});
type LifecycleInputs = z.infer<typeof lifecycleInputs>;

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A repository has one policy: the real provider deletes the old one before it puts the new one. */
const lifecyclePolicy: Model = {
  deleteBeforeReplace: true,
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  inputs: lifecycleInputs,
  documents: ["policy"],
  references: [
    // AWS deletes the policy together with its repository.
    {
      path: "repository",
      to: repositoryType,
      by: "name",
      missing: "RepositoryNotFoundException",
      holds: false,
    },
  ],
  computed: ["registryId"],
  identify: (given: LifecycleInputs) => given.repository,
  describe: (_given, _id, { accountId }) => ({ registryId: accountId }),
};

export const models: readonly Model[] = [repository, lifecyclePolicy];
