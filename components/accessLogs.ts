import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { keepPrivate } from "./privateBucket";

/** How long requests can be looked up. */
export interface AccessLogsArgs {
  /** Days that logs are kept. */
  readonly retentionDays: number;
}

/** Where the load balancer writes down every request: who asked for what, the answer, and how long it took. */
export class AccessLogs extends pulumi.ComponentResource {
  /** Known only once the load balancer may write: it tries when it is told the bucket. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:AccessLogs", name, {}, opts);
    const bucketResource = `${name}-access-logs`;
    // Logs go after days anyway, and with some left the setting could not be turned off.
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
