// S3: buckets, and the parts of their configuration that are resources of their own.
import { z } from "zod";
import { AwsError, type Model } from "./model";
import { policyDocument } from "./policyDocument";
import { refusal } from "./refusal";
import { lifecycleRules } from "./s3Lifecycle";
import { requireFittingPolicy } from "./s3Policy";
import { arn, regional, taggable, text } from "./schema";

const bucketType = "aws:s3/bucket:Bucket";

const bucketName = text(
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(\.\.|-s3alias$|--ol-s3$|--x-s3$|--table-s3$|\.mrap$))(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "a bucket's name: 3 to 63 lower-case letters, digits, hyphens and single dots inside, and no IP address",
);

const bucket: Model = {
  type: bucketType,
  title: "S3 Bucket",
  inputs: taggable({
    bucket: bucketName.optional(),
    bucketPrefix: text(
      /^[a-z0-9][a-z0-9.-]{0,36}$/,
      "the beginning of a bucket's name, at most 37 long",
    ).optional(),
    forceDestroy: z.boolean().optional(),
  }),
  autoName: { property: "bucket", maxLength: 63, prefixProperty: "bucketPrefix", lowerCase: true },
  defaults: { forceDestroy: false },
  unique: [{ property: "bucket", taken: "BucketAlreadyOwnedByYou" }],
  computed: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId"],
  identify: (given) => String(given["bucket"]),
  describe: (_given, id, { region }) => ({
    arn: `arn:aws:s3:::${id}`,
    bucketDomainName: `${id}.s3.amazonaws.com`,
    bucketRegion: region,
    bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
    hostedZoneId: "Z3AQBSTGFYJSTF",
  }),
  beforeCreate: ({ bucket: name }, { account }) => {
    // The ARN has no region: names are unique over all of them.
    if (account.find(bucketType, "arn", `arn:aws:s3:::${String(name)}`)) {
      throw new AwsError(
        "BucketAlreadyExists",
        `The requested bucket name is not available: ${String(name)}`,
      );
    }
  },
};

/** One part of a bucket's configuration. A bucket has each part once, and S3 deletes it together with the bucket. */
function partOf(type: string, title: string, shape: z.ZodRawShape): Model {
  return {
    type: `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
    title: `S3 ${title}`,
    inputs: regional({ bucket: z.string(), ...shape }),
    references: [{ path: "bucket", to: bucketType, missing: "NoSuchBucket", holds: false }],
    unique: [{ property: "bucket", taken: "OperationAborted" }],
    computed: [],
    identify: (given) => String(given["bucket"]),
    describe: () => ({}),
  };
}

const publicAccessBlock = partOf("BucketPublicAccessBlock", "Bucket Public Access Block", {
  blockPublicAcls: z.boolean().optional(),
  blockPublicPolicy: z.boolean().optional(),
  ignorePublicAcls: z.boolean().optional(),
  restrictPublicBuckets: z.boolean().optional(),
});

const ownershipControls = partOf("BucketOwnershipControls", "Bucket Ownership Controls", {
  rule: z.strictObject({
    objectOwnership: z.enum(["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"]),
  }),
});

const encryption = partOf(
  "BucketServerSideEncryptionConfiguration",
  "Bucket Server-side Encryption Configuration",
  {
    rules: z
      .array(
        z
          .strictObject({
            applyServerSideEncryptionByDefault: z.strictObject({
              sseAlgorithm: z.enum(["AES256", "aws:kms", "aws:kms:dsse"]),
              kmsMasterKeyId: arn("kms", "key/").optional(),
            }),
            bucketKeyEnabled: z.boolean().optional(),
          })
          .superRefine(
            ({ applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId } }, context) => {
              if (sseAlgorithm === "AES256" && kmsMasterKeyId !== undefined) {
                refusal(context)(
                  "applyServerSideEncryptionByDefault.kmsMasterKeyId",
                  "InvalidArgument: a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms",
                );
              }
            },
          ),
      )
      .length(1),
  },
);

const versioning = partOf("BucketVersioning", "Bucket Versioning", {
  versioningConfiguration: z.strictObject({ status: z.enum(["Enabled", "Suspended", "Disabled"]) }),
});

const lifecycle = partOf("BucketLifecycleConfiguration", "Bucket Lifecycle Configuration", {
  rules: lifecycleRules,
});

const cors = partOf("BucketCorsConfiguration", "Bucket CORS Configuration", {
  corsRules: z
    .array(
      z.strictObject({
        id: z.string().max(255).optional(),
        allowedHeaders: z.array(text(/^[^*]*\*?[^*]*$/, "a header's name with at most one *")).optional(),
        allowedMethods: z.array(z.enum(["GET", "PUT", "HEAD", "POST", "DELETE"])).min(1),
        allowedOrigins: z
          .array(
            text(
              /^(\*|[a-z][a-z0-9+.-]*:\/\/[^*/]*\*?[^*/]*)$/i,
              "an origin (https://chat.example.com, with at most one *, without a path)",
            ),
          )
          .min(1),
        exposeHeaders: z.array(text(/^[^*]+$/, "a header's name without *")).optional(),
        maxAgeSeconds: z.int().min(0).optional(),
      }),
    )
    .min(1)
    .max(100),
});

const policyPart = partOf("BucketPolicy", "Bucket Policy", { policy: policyDocument("resource", 20480) });
const policy: Model = {
  ...policyPart,
  documents: ["policy"],
  beforeCreate: (given, context) =>
    requireFittingPolicy(String(given["bucket"]), String(given["policy"]), context),
  beforeUpdate: (given, _previous, context) =>
    requireFittingPolicy(String(given["bucket"]), String(given["policy"]), context),
};

export const models: readonly Model[] = [
  bucket,
  publicAccessBlock,
  ownershipControls,
  encryption,
  versioning,
  lifecycle,
  cors,
  policy,
];
