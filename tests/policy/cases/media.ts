import { types } from "../../recording/types";
import { mediaDistribution } from "../../signingKey";
import { add, all, attach, container, detach, merge, remove, set } from "../mutations";
import type { Cases } from "./case";

const bucket = `${types.bucket} chatpop-media`;
const of = (type: string) => ({ type, name: "chatpop-media" });
const taskPolicy = { type: types.rolePolicy, name: "chatpop-task-media" };
const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

export const media: Cases = {
  violations: [
    {
      what: "media on a task's disk (G-177, GAP-16)",
      scale: "small",
      config: { media: "false" },
      policy: "media-in-s3",
      blames: `${types.taskDefinition} chatpop-backend`,
      says: /on its own disk, which ends with it/,
    },
    {
      what: "a bucket that refuses the application's ACL (GAP-19)",
      scale: "small",
      mutation: set(of(types.bucketOwnership), "rule", { objectOwnership: "BucketOwnerEnforced" }),
      policy: "media-take-acls",
      blames: `${types.bucketOwnership} chatpop-media`,
      says: /AccessControlListNotSupported/,
    },
    {
      what: "a bucket as S3 makes it (GAP-19)",
      scale: "small",
      mutation: remove(of(types.bucketOwnership)),
      policy: "media-take-acls",
      blames: bucket,
      says: /refuses every upload that comes with an ACL/,
    },
    {
      what: "an application that reads every bucket (GAP-17)",
      scale: "small",
      mutation: set(
        taskPolicy,
        "policy",
        document({ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::*/*" }),
      ),
      policy: "media-permissions-named",
      also: ["no-wildcard-permissions"],
      blames: `${types.rolePolicy} chatpop-task-media`,
      says: /reaches every bucket/,
    },
    {
      what: "media that go with their bucket, from medium up",
      scale: "medium",
      mutation: set(of(types.bucket), "forceDestroy", true),
      policy: "media-survive-mistakes",
      blames: bucket,
      says: /forceDestroy/,
    },
    {
      what: "deletion without a way back, from medium up",
      scale: "medium",
      mutation: set(of(types.bucketVersioning), "versioningConfiguration", { status: "Suspended" }),
      policy: "media-survive-mistakes",
      blames: `${types.bucketVersioning} chatpop-media`,
      says: /forgotten at once/,
    },
    {
      what: "a bucket without versions, from medium up",
      scale: "large",
      mutation: remove(of(types.bucketVersioning)),
      policy: "media-survive-mistakes",
      blames: bucket,
      says: /forgets what is deleted/,
    },
    ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((block) => ({
      what: `a bucket without ${block}`,
      scale: "small" as const,
      mutation: set(of(types.bucketPublicAccess), block, undefined),
      policy: "buckets-private",
      blames: `${types.bucketPublicAccess} chatpop-media`,
      says: new RegExp(`${block} is not true`),
    })),
    {
      what: "a bucket that anybody may open",
      scale: "small",
      mutation: remove(of(types.bucketPublicAccess)),
      policy: "buckets-private",
      blames: bucket,
      says: /nothing but S3's default keeps it from being opened/,
    },
    {
      what: "a bucket that answers plain HTTP",
      scale: "small",
      mutation: remove(of(types.bucketPolicy)),
      policy: "buckets-tls-only",
      blames: bucket,
      says: /answers plain HTTP/,
    },
    {
      what: "a bucket's policy that forgets plain HTTP",
      scale: "small",
      mutation: set(
        of(types.bucketPolicy),
        "policy",
        document({ Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "arn:aws:s3:::x" }),
      ),
      policy: "buckets-tls-only",
      blames: `${types.bucketPolicy} chatpop-media`,
      says: /lets plain HTTP in/,
    },
    {
      what: "a bucket that keeps everything",
      scale: "small",
      mutation: remove(of(types.bucketLifecycle)),
      policy: "buckets-forget",
      blames: bucket,
      says: /keeps everything for ever/,
    },
    {
      what: "a bucket of an older type name that is open (G-177)",
      scale: "small",
      mutation: all(
        add("aws:s3/bucketV2:BucketV2", "open"),
        ...[types.bucketPolicy, types.bucketLifecycle].map((type) =>
          attach({ type }, "bucket", "aws:s3/bucketV2:BucketV2 open"),
        ),
      ),
      policy: "buckets-private",
      blames: "aws:s3/bucketV2:BucketV2 open",
      says: /nothing but S3's default keeps it from being opened/,
    },
    {
      what: "a bucket whose own rules keep uploads that were cut off",
      scale: "small",
      mutation: all(
        remove(of(types.bucketLifecycle)),
        set(of(types.bucket), "lifecycleRules", [{ enabled: true, transitions: [{ days: 30 }] }]),
      ),
      policy: "buckets-forget",
      blames: bucket,
      says: /uploads that were cut off/,
    },
    {
      what: "uploads that were cut off and stay",
      scale: "small",
      mutation: set(of(types.bucketLifecycle), "rules", [
        { id: "old", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 7 } },
        { id: "off", status: "Disabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
      ]),
      policy: "buckets-forget",
      blames: `${types.bucketLifecycle} chatpop-media`,
      says: /uploads that were cut off/,
    },
    {
      what: "deleted objects that stay",
      scale: "small",
      mutation: set(of(types.bucketLifecycle), "rules", [
        { id: "cut-off", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
      ]),
      policy: "buckets-forget",
      blames: `${types.bucketLifecycle} chatpop-media`,
      says: /deleted objects for ever/,
    },
  ],
  allowances: [
    {
      what: "a bucket that has its lifecycle, its policy and its versions itself, as older programs write it",
      scale: "medium",
      mutation: all(
        ...[types.bucketLifecycle, types.bucketPolicy, types.bucketVersioning].map((type) =>
          remove(of(type)),
        ),
        set(of(types.bucket), "lifecycleRules", [
          {
            enabled: true,
            abortIncompleteMultipartUploadDays: 1,
            noncurrentVersionExpiration: { days: 7 },
            transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
          },
        ]),
        set(of(types.bucket), "versioning", { enabled: true }),
        set(
          of(types.bucket),
          "policy",
          document({
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        ),
      ),
    },
    {
      what: "a bucket of another stack for media",
      scale: "small",
      config: { media: "false" },
      mutation: container({ environment: [{ name: "AWS_STORAGE_BUCKET_NAME", value: "shared" }] }),
    },
    {
      what: "versions that nobody keeps, in a bucket without versions",
      scale: "small",
      mutation: all(
        remove(of(types.bucketVersioning)),
        set(of(types.bucketLifecycle), "rules", [
          { id: "cut-off", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
        ]),
      ),
    },
    {
      what: "a bucket for something else, which takes no ACLs",
      scale: "small",
      mutation: all(
        add(types.bucket, "logs"),
        ...[types.bucketPublicAccess, types.bucketPolicy, types.bucketLifecycle].map((type) =>
          attach({ type }, "bucket", `${types.bucket} logs`),
        ),
      ),
    },
    {
      what: "a role that may not touch any bucket",
      scale: "small",
      mutation: set(taskPolicy, "policy", document({ Effect: "Deny", Action: "s3:*", Resource: "*" })),
    },
  ],
};

const distribution = `${types.distribution} chatpop-media`;
const ofDistribution = { type: types.distribution };

/** CloudFront before the media. */
export const mediaInCloudFront: Cases = {
  violations: [
    {
      what: "media over plain HTTP",
      scale: "small",
      config: mediaDistribution,
      mutation: merge(ofDistribution, "defaultCacheBehavior", { viewerProtocolPolicy: "allow-all" }),
      policy: "distribution-https",
      blames: distribution,
      says: /answers plain HTTP/,
    },
    {
      what: "media over TLS 1.0",
      scale: "small",
      config: mediaDistribution,
      mutation: set(ofDistribution, "viewerCertificate", {
        acmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
        minimumProtocolVersion: "TLSv1",
      }),
      policy: "distribution-tls",
      blames: distribution,
      says: /speaks TLSv1/,
    },
    {
      what: "a bucket that a distribution must ask as a stranger",
      scale: "small",
      config: mediaDistribution,
      mutation: all(
        detach(ofDistribution, "origins", types.originAccessControl),
        set(ofDistribution, "origins", [{ originId: "media", domainName: "media.s3.amazonaws.com" }]),
      ),
      policy: "media-through-signed-urls",
      blames: distribution,
      says: /as a stranger/,
    },
    {
      what: "media for anybody who knows the URL",
      scale: "small",
      config: mediaDistribution,
      mutation: merge(ofDistribution, "defaultCacheBehavior", { trustedKeyGroups: [] }),
      policy: "media-through-signed-urls",
      blames: distribution,
      says: /to anybody/,
    },
  ],
  allowances: [
    { what: "CloudFront before the media", scale: "medium", config: mediaDistribution },
    {
      what: "CloudFront before the media, with a host name of its own",
      scale: "small",
      config: {
        ...mediaDistribution,
        mediaDomain: "media.example.com",
        mediaCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
      },
    },
    {
      what: "a distribution for something else, without signed URLs",
      scale: "small",
      mutation: add(types.distribution, "site", {
        defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
        viewerCertificate: { cloudfrontDefaultCertificate: true },
      }),
    },
  ],
};
