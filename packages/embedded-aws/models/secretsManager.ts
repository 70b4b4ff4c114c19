// Secrets Manager: a secret with its name and policy, and versions with its values.
import { z } from "zod";
import { AwsError, type Context, type Model } from "./model";
import { refusal } from "./refusal";
import { json, regional, taggable, text } from "./schema";
import { trace } from "./traces";

const secretType = "aws:secretsmanager/secret:Secret";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";
const deletedKind = "deleted secret";

const nameWords = "a secret's name: letters, digits and / _ + = . @ -";

const secretInputs = taggable({
  name: text(/^[A-Za-z0-9/_+=.@-]{1,512}$/, `${nameWords}, 1 to 512 characters`).optional(),
  namePrefix: text(/^[A-Za-z0-9/_+=.@-]{1,486}$/, `${nameWords}, 1 to 486 characters`).optional(),
  description: z.string().max(2048).optional(),
  forceOverwriteReplicaSecret: z.boolean().optional(),
  kmsKeyId: z.string().optional(),
  policy: json.optional(),
  recoveryWindowInDays: z
    .int()
    .refine((days) => days === 0 || (days >= 7 && days <= 30), {
      error: ({ input }) => `${String(input)} is neither 0 (deleted at once) nor between 7 and 30 days`,
    })
    .optional(),
  replicas: z.array(z.strictObject({ region: z.string(), kmsKeyId: z.string().optional() })).optional(),
  type: z.string().optional(),
});
type SecretInputs = z.infer<typeof secretInputs>;

const secret: Model = {
  type: secretType,
  inputs: secretInputs,
  documents: ["policy"],
  autoName: { property: "name", maxLength: 512, prefixProperty: "namePrefix" },
  defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
  unique: [{ property: "name", taken: "ResourceExistsException" }],
  computed: ["arn", "policy", "replicas"],
  identify: (given: SecretInputs, context) =>
    `arn:aws:secretsmanager:${context.region}:${context.accountId}:secret:${given.name}-${context.hex(6)}`,
  describe: (given: SecretInputs, id) => ({
    arn: id,
    policy: given.policy ?? "",
    replicas: given.replicas ?? [],
  }),
  beforeCreate(given: SecretInputs, context) {
    const deleted = trace(context, deletedKind, given.name);
    if (deleted) {
      throw new AwsError(
        "InvalidRequestException",
        `You can't create this secret because a secret with this name is already scheduled for deletion: ${given.name} keeps its name until ${deleted.until}. Choose another name, or set recoveryWindowInDays: 0 before you delete`,
      );
    }
  },
  leaves({ inputs: given, outputs }) {
    const days = Number(given.recoveryWindowInDays ?? 30);
    const until = new Date(Date.now() + days * 86_400_000).toISOString();
    return days === 0 ? [] : [{ kind: deletedKind, name: String(outputs.name), until }];
  },
};

const secretText = z.string().refine((value) => Buffer.byteLength(value) <= 65536, {
  error: "a secret's value has at most 65536 bytes",
});

const versionInputs = regional({
  secretId: z.string(),
  secretBinary: z.base64().optional(),
  secretString: secretText.optional(),
  secretStringWo: secretText.optional(),
  secretStringWoVersion: z.int().optional(),
  versionStages: z.array(z.string().min(1).max(256)).min(1).max(20).optional(),
}).superRefine((given, context) => {
  const values = [given.secretString, given.secretBinary, given.secretStringWo].filter(
    (value) => value !== undefined,
  );
  if (values.length !== 1)
    refusal(context)("secretString", "give exactly one of secretString, secretBinary and secretStringWo");
});
type VersionInputs = z.infer<typeof versionInputs>;

const version: Model = {
  type: versionType,
  inputs: versionInputs,
  references: [{ path: "secretId", to: secretType, missing: "ResourceNotFoundException", holds: false }],
  sensitive: ["secretString", "secretBinary", "secretStringWo"],
  computed: ["arn", "hasSecretStringWo", "secretArn", "versionId", "versionStages"],
  identify(given: VersionInputs, context) {
    const part = (digits: number) => context.hex(digits);
    return `${given.secretId}|${part(8)}-${part(4)}-${part(4)}-${part(4)}-${part(12)}`;
  },
  describe: (given: VersionInputs, id) => ({
    arn: given.secretId,
    hasSecretStringWo: given.secretStringWo !== undefined,
    secretArn: given.secretId,
    versionId: id.split("|").pop(),
    versionStages: given.versionStages ?? ["AWSCURRENT"],
  }),
};

/** The present value of a secret; undefined if it has none yet. */
export function currentValue(secretArn: string, { account }: Context): string | undefined {
  const versions = account.list(versionType).filter(({ inputs: { secretId, versionStages } }) => {
    const stages = (versionStages as string[] | undefined) ?? ["AWSCURRENT"];
    return secretId === secretArn && stages.includes("AWSCURRENT");
  });
  const newest = versions.at(-1)?.inputs;
  return (newest?.secretString ?? newest?.secretStringWo) as string | undefined;
}

export const models: readonly Model[] = [secret, version];
