// KMS: customer-managed keys, as far as other services encrypt with them.
import { z } from "zod";
import { AwsError, type Context, type Model } from "./model";
import { permits } from "./permission";
import { requirePrincipals } from "./principals";
import { policyDocument } from "./policyDocument";
import { taggable } from "./schema";

export const keyType = "aws:kms/key:Key";

const inputs = taggable({
  bypassPolicyLockoutSafetyCheck: z.boolean().optional(),
  deletionWindowInDays: z.int().min(7).max(30).optional(),
  description: z.string().max(8192).optional(),
  enableKeyRotation: z.boolean().optional(),
  isEnabled: z.boolean().optional(),
  keyUsage: z.enum(["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"]).optional(),
  customerMasterKeySpec: z.string().optional(),
  multiRegion: z.boolean().optional(),
  policy: policyDocument("resource", 32768).optional(),
  rotationPeriodInDays: z.int().min(90).max(2560).optional(),
});
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
