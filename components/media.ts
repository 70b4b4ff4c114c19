import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { MediaPlan } from "../stacks/plan/media";
import { MediaDistribution } from "./mediaDistribution";
import { keepPrivate } from "./privateBucket";
import { policyDocument } from "./policyDocuments";

/** Storage times of media, and the pages that may read them. */
export interface MediaArgs {
  /** Ages (days), sizes (bytes), and CloudFront if it serves the media. */
  readonly plan: MediaPlan;
  /** Origins of pages that may read media by script: `https://chat.example.com`. */
  readonly trustedOrigins: readonly pulumi.Input<string>[];
  /** Keeps Pulumi from deleting the bucket. */
  readonly deletionProtection: boolean;
  /** Deletes the objects together with the bucket; otherwise S3 refuses to delete a bucket that is not empty. */
  readonly disposable: boolean;
}

/** Access to the bucket for a task. */
export interface MediaAccess {
  /** Variables by which the application finds bucket and distribution. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Policy document for the task's role. */
  readonly policy: pulumi.Output<string>;
}

/** Voice messages and photos: a private bucket that the application alone reads and writes (G-177, GAP-16). */
export class Media extends pulumi.ComponentResource {
  /** Name with the characters that Pulumi draws, unique in all of AWS. */
  readonly bucketName: pulumi.Output<string>;
  /** For the task definition. */
  readonly access: MediaAccess;

  constructor(name: string, args: MediaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:data:Media", name, {}, opts);
    const bucketResource = `${name}-media`;
    const bucket = new s3.Bucket(
      bucketResource,
      { forceDestroy: args.disposable },
      { parent: this, protect: args.deletionProtection },
    );
    // The application sends the ACL "private" with every object, which BucketOwnerEnforced refuses (GAP-19). SSE-S3
    // instead of KMS: KMS is charged per request and rejects signature v2, which boto3 uses for presigned URLs in older
    // regions.
    const { distribution: distributionPlan } = args.plan;
    const distribution =
      distributionPlan && new MediaDistribution(name, { plan: distributionPlan, bucket }, { parent: this });
    const isPrivate = keepPrivate(bucketResource, bucket, this, {
      objectOwnership: "BucketOwnerPreferred",
      statements: distribution && [distribution.readStatement],
    });
    const lifecycle = this.keepThrifty(bucketResource, bucket, args.plan, isPrivate);
    this.allowScripts(bucketResource, bucket, args.trustedOrigins, lifecycle);

    this.bucketName = bucket.bucket;
    this.access = {
      environment: {
        AWS_STORAGE_BUCKET_NAME: bucket.bucket,
        // URLs then name the region's host. boto3's default, the global host, redirects, or fails in regions opened
        // since 2019.
        AWS_S3_ADDRESSING_STYLE: "virtual",
        AWS_S3_REGION_NAME: getRegionOutput({}, { parent: this }).region,
        ...(distribution && {
          AWS_S3_CUSTOM_DOMAIN: distribution.hostName,
          AWS_CLOUDFRONT_KEY_ID: distribution.publicKeyId,
        }),
      },
      policy: taskPolicy(bucket.arn),
    };
    this.registerOutputs({ bucketName: this.bucketName });
  }

  /**
   * Old objects move to cheaper storage, deleted ones can be restored for some days, incomplete uploads are removed.
   */
  private keepThrifty(name: string, bucket: s3.Bucket, plan: MediaPlan, after: pulumi.Resource) {
    const versioning = new s3.BucketVersioning(
      name,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this, dependsOn: after },
    );
    return new s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "infrequent-access",
            status: "Enabled",
            filter: { objectSizeGreaterThan: plan.infrequentAccessSize },
            transitions: [{ days: plan.infrequentAccessDays, storageClass: "STANDARD_IA" }],
          },
          {
            id: "clean-up",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
            noncurrentVersionExpiration: { noncurrentDays: plan.noncurrentDays },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
      { parent: this, dependsOn: versioning },
    );
  }

  /** Players and image elements need no permission; scripts that read media (waveforms, canvas) do. */
  private allowScripts(
    name: string,
    bucket: s3.Bucket,
    origins: readonly pulumi.Input<string>[],
    after: pulumi.Resource,
  ): void {
    new s3.BucketCorsConfiguration(
      name,
      {
        bucket: bucket.bucket,
        corsRules: [
          {
            allowedMethods: ["GET", "HEAD"],
            allowedOrigins: [...origins],
            allowedHeaders: ["*"],
            maxAgeSeconds: 3600,
          },
        ],
      },
      { parent: this, dependsOn: after },
    );
  }
}

/**
 * Exactly the calls that the application makes on its bucket (GAP-19). Without ListBucket a missing object is
 * "forbidden".
 */
const taskPolicy = (bucketArn: pulumi.Output<string>) =>
  policyDocument(
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject"],
      Resource: [pulumi.interpolate`${bucketArn}/*`],
    },
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucketArn] },
  );
