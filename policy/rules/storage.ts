import { isWebsite, keepsVersions, lifecycleRulesOf, partsOf, versioningsOf } from "../buckets";
import { stackRule } from "../rule";
import { statements } from "../statements";
import type { Stack } from "../stack";
import { types } from "../../aws/types";
import { type Finding, given } from "../values";

/** Sources of each bucket's configuration; the list may be empty. */
function* configured(stack: Stack, type: string, ...names: readonly string[]) {
  for (const bucket of stack.ofType(types.bucket)) {
    yield { bucket, parts: partsOf(stack, bucket, type, ...names) };
  }
}

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const bucketsPrivate = stackRule(
  {
    name: "buckets-private",
    description: "No bucket can be opened to the public, neither by an ACL nor by a policy",
    severity: "critical",
    requirements: ["G-177"],
    remedy: "an aws.s3.BucketPublicAccessBlock of this bucket with all four blocks true",
    publicChecks: [
      "CKV_AWS_53",
      "CKV_AWS_54",
      "CKV_AWS_55",
      "CKV_AWS_56",
      "CKV2_AWS_6",
      "AWS-0086",
      "AWS-0087",
      "AWS-0091",
      "AWS-0093",
      "S2",
      "S3.1",
      "S3.8",
    ],
  },
  function* (stack) {
    for (const { bucket, parts } of configured(stack, types.bucketPublicAccessBlock)) {
      if (isWebsite(stack, bucket)) continue;
      if (parts.length === 0) yield* stack.judge(bucket, () => "nothing keeps it from being opened");
      for (const part of parts) {
        for (const block of blocks) {
          yield* stack.judge(part, () => part.props[block] !== true && `${block} is not true`);
        }
      }
      for (const part of partsOf(stack, bucket, types.bucketAcl, "acl")) {
        yield* stack.judge(part, () => {
          const acl = String(part.props["acl"]);
          return /^(public-|authenticated-read)/.test(acl) && `is open to everybody (acl ${acl})`;
        });
      }
    }
  },
);

/** Whether a policy refuses everybody who does not speak TLS. */
const refusesPlainHttp = (policy: unknown) =>
  [statements(policy)]
    .flat()
    .some(
      (statement) =>
        statement?.Effect === "Deny" &&
        String(statement.Condition?.["Bool"]?.["aws:SecureTransport"]) === "false",
    );

export const bucketsTlsOnly = stackRule(
  {
    name: "buckets-tls-only",
    description: "What is in a bucket travels encrypted only",
    severity: "medium",
    requirements: ["G-177"],
    remedy: 'an aws.s3.BucketPolicy that denies s3:* where "aws:SecureTransport" is "false"',
    publicChecks: ["CKV_AWS_379", "S10", "S3.5"],
  },
  function* (stack) {
    for (const { bucket, parts } of configured(stack, types.bucketPolicy, "policy")) {
      // S3 serves web sites over plain HTTP only.
      if (isWebsite(stack, bucket)) continue;
      if (parts.length === 0) yield* stack.judge(bucket, () => "answers plain HTTP");
      for (const part of parts) {
        yield* stack.judge(part, () => !refusesPlainHttp(part.props["policy"]) && "lets plain HTTP in");
      }
    }
  },
);

/**
 * Invisible remains that lifecycle rules do not delete and AWS charges. A bucket's own rules have other names of
 * fields.
 */
function leftBehind(rules: ReturnType<typeof lifecycleRulesOf>, versioned: () => boolean): Finding {
  const forgets = (...parts: readonly string[]) =>
    rules.some(
      (rule) =>
        rule &&
        parts.some((part) => given(rule, part)) &&
        (rule["status"] === "Enabled" || rule["enabled"] === true),
    );
  if (!forgets("abortIncompleteMultipartUpload", "abortIncompleteMultipartUploadDays"))
    return "keeps uploads that were cut off for ever";
  return (
    !forgets("noncurrentVersionExpiration", "noncurrentVersionExpirations") &&
    versioned() &&
    "keeps deleted objects for ever"
  );
}

export const bucketsForget = stackRule(
  {
    name: "buckets-forget",
    description: "A bucket drops what nobody sees: uploads that were cut off, and versions that were deleted",
    severity: "low",
    requirements: ["G-177"],
    remedy:
      "an aws.s3.BucketLifecycleConfiguration of this bucket with abortIncompleteMultipartUpload and noncurrentVersionExpiration",
    publicChecks: ["CKV_AWS_300", "CKV2_AWS_61", "S3.13"],
  },
  function* (stack) {
    for (const { bucket, parts } of configured(stack, types.bucketLifecycle, "lifecycleRules")) {
      if (parts.length === 0) yield* stack.judge(bucket, () => "keeps everything for ever");
      for (const part of parts) {
        yield* stack.judge(part, () =>
          leftBehind(lifecycleRulesOf(part), () => versioningsOf(stack, bucket).some(keepsVersions)),
        );
      }
    }
  },
);
