// KMS: customer-managed keys, as far as other services encrypt with them.
import { z } from "zod";
import { AwsError, type Context, type Model } from "./model";
import { permits } from "./permission";
import { requirePrincipals } from "./principals";
import { policyDocument } from "./policyDocument";
import { refusal } from "./refusal";
import { taggable } from "./schema";

export const keyType = "aws:kms/key:Key";

const pair = ["SIGN_VERIFY", "KEY_AGREEMENT"];

/** Uses of a key, by its kind. */
const specs: Readonly<Record<string, readonly string[]>> = {
  SYMMETRIC_DEFAULT: ["ENCRYPT_DECRYPT"],
  ...Object.fromEntries(
    [2048, 3072, 4096].map((bits) => [`RSA_${bits}`, ["ENCRYPT_DECRYPT", "SIGN_VERIFY"]]),
  ),
  ...Object.fromEntries(["P256", "P384", "P521"].map((curve) => [`ECC_NIST_${curve}`, pair])),
  ...Object.fromEntries([224, 256, 384, 512].map((bits) => [`HMAC_${bits}`, ["GENERATE_VERIFY_MAC"]])),
  ...Object.fromEntries([44, 65, 87].map((size) => [`ML_DSA_${size}`, ["SIGN_VERIFY"]])),
  ECC_SECG_P256K1: ["SIGN_VERIFY"],
  ECC_NIST_EDWARDS25519: ["SIGN_VERIFY"],
  SM2: ["ENCRYPT_DECRYPT", ...pair],
};

const inputs = taggable({
  bypassPolicyLockoutSafetyCheck: z.boolean().optional(),
  deletionWindowInDays: z.int().min(7).max(30).optional(),
  description: z.string().max(8192).optional(),
  enableKeyRotation: z.boolean().optional(),
  isEnabled: z.boolean().optional(),
  keyUsage: z.enum(["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"]).optional(),
  customerMasterKeySpec: z.enum(Object.keys(specs)).optional(),
  multiRegion: z.boolean().optional(),
  policy: policyDocument("resource", 32768).optional(),
  rotationPeriodInDays: z.int().min(90).max(2560).optional(),
}).superRefine(
  (
    { keyUsage = "ENCRYPT_DECRYPT", customerMasterKeySpec: spec = "SYMMETRIC_DEFAULT", ...given },
    context,
  ) => {
    const refuse = refusal(context);
    const usages = specs[spec] ?? [];
    if (!usages.includes(keyUsage))
      refuse(
        "keyUsage",
        `ValidationException: The operation failed because the KeyUsage value of the CMK is ${keyUsage}, and a key of ${spec} is for ${usages.join(" or ")}`,
      );
    if (given.enableKeyRotation && spec !== "SYMMETRIC_DEFAULT")
      refuse("enableKeyRotation", `UnsupportedOperationException: a key of ${spec} does not rotate`);
  },
);
type Inputs = z.infer<typeof inputs>;

function requirePolicy(given: Inputs, context: Context): void {
  if (given.policy !== undefined)
    requirePrincipals(given.policy, context, "MalformedPolicyDocumentException");
  requireOwner(given, context);
}

/** Refuses a policy after which nobody could change the policy. */
function requireOwner(given: Inputs, { accountId }: Context): void {
  if (given.policy === undefined || given.bypassPolicyLockoutSafetyCheck) return;
  const root = { AWS: `arn:aws:iam::${accountId}:root` };
  if (!permits(given.policy, { principal: root, action: "kms:PutKeyPolicy", resource: "*", keys: {} })) {
    throw new AwsError(
      "MalformedPolicyDocumentException",
      `The new key policy will not allow you to update the key policy in the future: allow ${root.AWS} kms:*`,
    );
  }
}

const key: Model = {
  type: keyType,
  inputs,
  documents: ["policy"],
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  computed: ["arn", "keyId", "multiRegion", "policy", "rotationPeriodInDays"],
  identify: (_given, { hex }) => [8, 4, 4, 4, 12].map((digits) => hex(digits)).join("-"),
  describe: (given: Inputs, id, { region, accountId }) => ({
    arn: `arn:aws:kms:${region}:${accountId}:key/${id}`,
    keyId: id,
    multiRegion: given.multiRegion ?? false,
    policy: given.policy ?? "",
    rotationPeriodInDays: given.rotationPeriodInDays ?? (given.enableKeyRotation ? 365 : 0),
  }),
  beforeCreate: requirePolicy,
  beforeUpdate: (given: Inputs, _previous, context) => requirePolicy(given, context),
};

export const models: readonly Model[] = [key];
