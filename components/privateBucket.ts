import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type PolicyStatement } from "./policyDocuments";

/** Exceptions of a private bucket. */
export interface PrivateBucketOptions {
  /** Whether objects may carry access lists of their own. @default BucketOwnerEnforced: they may not */
  readonly objectOwnership?: "BucketOwnerEnforced" | "BucketOwnerPreferred";
  /** Statements of the bucket's policy that let an AWS service in. @default none */
  readonly statements?: readonly PolicyStatement[];
}

/**
 * Closes a bucket to everybody except its account and the services in `statements`; encrypts it at rest and in transit.
 * The resources have the bucket's name and parent.
 *
 * @returns The last resource of the chain. S3 accepts one configuration change of a bucket at a time
 * (OperationAborted),
 * so each resource waits for the one before; further ones have to wait for this one.
 */
export function keepPrivate(
  name: string,
  bucket: s3.Bucket,
  parent: pulumi.Resource,
  { objectOwnership = "BucketOwnerEnforced", statements = [] }: PrivateBucketOptions = {},
): s3.BucketPolicy {
  const closed = new s3.BucketPublicAccessBlock(
    name,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent },
  );
  const ownership = new s3.BucketOwnershipControls(
    name,
    { bucket: bucket.bucket, rule: { objectOwnership } },
    { parent, dependsOn: closed },
  );
  const encryption = new s3.BucketServerSideEncryptionConfiguration(
    name,
    {
      bucket: bucket.bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    { parent, dependsOn: ownership },
  );
  const tlsOnly: PolicyStatement = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return new s3.BucketPolicy(
    name,
    {
      bucket: bucket.bucket,
      policy: policyDocument(tlsOnly, ...statements),
    },
    { parent, dependsOn: encryption },
  );
}
