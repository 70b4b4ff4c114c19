import { isWebsite, keepsVersions, lifecycleRulesOf, partsOf, versioningsOf } from "../buckets";
import { resourceRule, stackRule } from "../rule";
import { statements } from "../statements";
import type { Stack } from "../stack";
import { types } from "../../aws/types";
import { asText, type Entries, type Finding, findingIn, given } from "../values";

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
    subject: "bucket that is no public web site",
    severity: "high",
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
      if (parts.length === 0) {
        // Since April 2023 S3 blocks it in new buckets by itself; the media of the chat are not left to that.
        yield* stack.judge(
          bucket,
          () => "nothing but S3's default keeps it from being opened",
          stack.is("chatpop") ? undefined : "low",
        );
      }
      for (const part of parts) {
        for (const block of blocks) {
          yield* stack.judge(part, () => part.props[block] !== true && `${block} is not true`);
        }
      }
      for (const part of partsOf(stack, bucket, types.bucketAcl, "acl")) {
        yield* stack.judge(part, () => {
          const acl = asText(part.props["acl"]);
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
        asText(statement.Condition?.["Bool"]?.["aws:SecureTransport"]) === "false",
    );

export const bucketsTlsOnly = stackRule(
  {
    name: "buckets-tls-only",
    description: "What is in a bucket travels encrypted only",
    subject: "bucket that is no public web site",
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

interface CorsRule {
  readonly allowedMethods?: Entries<string>;
  readonly allowedOrigins?: Entries<string>;
}

const writes = ["PUT", "POST", "DELETE"];

export const bucketCorsNamed = resourceRule(
  {
    name: "bucket-cors-named",
    type: [types.bucketCors, types.bucket],
    description: "Scripts of other sites may read a bucket at most; those that write come from named sites",
    severity: "medium",
    requirements: ["G-177"],
    remedy: 'corsRules: allowedMethods ["GET", "HEAD"], or allowedOrigins with the sites that write',
    subject: "rule for scripts of other sites (corsRules)",
  },
  [
    ({ corsRules }) =>
      findingIn(corsRules as Entries<CorsRule>, ({ allowedMethods, allowedOrigins }) =>
        findingIn(allowedOrigins, (origin) => {
          if (!/^(https?:\/\/)?\*$/.test(origin)) return false;
          return findingIn(
            allowedMethods,
            (method) => writes.includes(method) && `scripts of every site may write into it (${method})`,
          );
        }),
      ),
  ],
);
