import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { keepPrivate } from "./privateBucket";

/** Retention of the load balancer's request log. */
export interface AccessLogsArgs {
  /** Days that logs are kept. */
  readonly retentionDays: number;
}

/** The bucket with the load balancer's access logs: client, request, answer and duration of every request. */
export class AccessLogs extends pulumi.ComponentResource {
  /** Known only once the load balancer may write: ELB tests the bucket as soon as it is configured. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:AccessLogs", name, {}, opts);
    const bucketResource = `${name}-access-logs`;
    // Logs expire anyway. Without forceDestroy, S3 would refuse to delete the bucket when access logs are turned off.
    const bucket = new s3.Bucket(bucketResource, { forceDestroy: true }, { parent: this });
    const { accountId } = getCallerIdentityOutput({}, { parent: this });
    const writable = keepPrivate(bucketResource, bucket, this, {
      statements: [
        {
          Sid: "AccessLogs",
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: pulumi.interpolate`${bucket.arn}/AWSLogs/${accountId}/*`,
        },
      ],
    });
    new s3.BucketLifecycleConfiguration(
      bucketResource,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: args.retentionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      { parent: this, dependsOn: writable },
    );

    this.bucketName = writable.bucket;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
