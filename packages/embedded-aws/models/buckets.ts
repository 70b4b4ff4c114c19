// Objects in a bucket, and settings of a bucket that are not in s3.ts.
import { z } from "zod";
import { AwsError, type Model } from "./model";
import { plain } from "./part";
import { refusal } from "./refusal";
import { regional, taggable } from "./schema";

const ofBucket = {
  path: "bucket",
  to: "aws:s3/bucket:Bucket",
  missing: "NoSuchBucket",
  holds: false,
} as const;
const canned = z.enum([
  ...["private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read"],
  ...["bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"],
] as [string, ...string[]]);

const isAsset = (value: unknown) => typeof value === "object" && value !== null;

/** S3 refuses ACLs if the bucket's owner owns all objects, and public ACLs if the bucket blocks them. */
function requireAcl(
  bucket: string,
  acl: unknown,
  account: Parameters<NonNullable<Model["beforeCreate"]>>[1]["account"],
): void {
  if (acl === undefined) return;
  const controls = account.find("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket", bucket);
  const ownership = (controls?.inputs.rule as { objectOwnership?: string } | undefined)?.objectOwnership;
  if ((ownership ?? "BucketOwnerEnforced") === "BucketOwnerEnforced")
    throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");
  const block = account.find("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket", bucket);
  if (
    /^(public|authenticated)/.test(String(acl)) &&
    (block === undefined || block.inputs.blockPublicAcls === true)
  ) {
    throw new AwsError(
      "AccessDenied",
      "User is not authorized to perform: s3:PutBucketAcl because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access",
    );
  }
}

const objectShape = {
  acl: canned.optional(),
  bucket: z.string(),
  bucketKeyEnabled: z.boolean().optional(),
  cacheControl: z.string().optional(),
  content: z.string().optional(),
  contentBase64: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentEncoding: z.string().optional(),
  contentLanguage: z.string().optional(),
  contentType: z.string().optional(),
  etag: z.string().optional(),
  forceDestroy: z.boolean().optional(),
  key: z.string().min(1).max(1024).optional(),
  kmsKeyId: z.string().optional(),
  metadata: z
    .record(z.string(), z.string())
    .refine((given) => Object.keys(given).every((name) => name === name.toLowerCase()), {
      error: "Metadata must be lowercase only",
    })
    .optional(),
  serverSideEncryption: z.enum(["AES256", "aws:kms", "aws:kms:dsse"]).optional(),
  source: z
    .custom<object>(isAsset, { error: "source is an asset: give a FileAsset or a StringAsset" })
    .optional(),
  sourceHash: z.string().optional(),
  storageClass: z
    .enum([
      "STANDARD",
      "REDUCED_REDUNDANCY",
      "ONEZONE_IA",
      "INTELLIGENT_TIERING",
      "GLACIER",
      "GLACIER_IR",
      "DEEP_ARCHIVE",
      "STANDARD_IA",
    ])
    .optional(),
  websiteRedirect: z.string().optional(),
};

/** Tags of an object, which takes fewer than other resources. */
const mostTags = 10;

/** Refuses more than one body, and more tags than an object takes. */
function requireObject(
  given: {
    readonly content?: unknown;
    readonly contentBase64?: unknown;
    readonly source?: unknown;
    readonly tags?: Readonly<Record<string, string>> | undefined;
  },
  context: z.RefinementCtx,
): void {
  const bodies = [given.content, given.contentBase64, given.source].filter((each) => each !== undefined);
  if (bodies.length > 1) refusal(context)("source", "give one of content, contentBase64 and source");
  if (Object.keys(given.tags ?? {}).length > mostTags)
    refusal(context)("tags", `BadRequest: Object tags cannot be greater than ${mostTags}`);
}

const checksumAlgorithm = z.enum(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]).optional();

const object = (type: string, more: z.ZodRawShape = {}): Model =>
  plain(type, {
    inputs: taggable({ ...objectShape, ...more }).superRefine(requireObject),
    autoName: { property: "key", maxLength: 1024 },
    references: [ofBucket],
    replace: ["bucket", "key"],
    id: ({ bucket, key }) => `${String(bucket)}/${String(key)}`,
    computed: ["arn", "etag", "versionId", "contentType", "storageClass"],
    outputs: ({ bucket, key, contentType, storageClass }, _id, { hex }) => ({
      arn: `arn:aws:s3:::${String(bucket)}/${String(key)}`,
      etag: hex(32),
      versionId: "",
      contentType: contentType ?? "application/octet-stream",
      storageClass: storageClass ?? "STANDARD",
    }),
    beforeCreate: ({ bucket, acl }, { account }) => requireAcl(String(bucket), acl, account),
  });

const acl: Model = plain("aws:s3/bucketAcl:BucketAcl", {
  inputs: regional({
    accessControlPolicy: z.looseObject({}).optional(),
    acl: canned.optional(),
    bucket: z.string(),
    expectedBucketOwner: z.string().optional(),
  }).superRefine(({ acl: given, accessControlPolicy }, context) => {
    if ((given === undefined) === (accessControlPolicy === undefined))
      refusal(context)("acl", "exactly one of acl and accessControlPolicy must be given");
  }),
  references: [ofBucket],
  replace: ["bucket"],
  unique: [{ property: "bucket", taken: "OperationAborted" }],
  id: ({ bucket, acl: given }) => `${String(bucket)},${String(given)}`,
  beforeCreate: ({ bucket, acl: given }, { account }) =>
    requireAcl(String(bucket), given ?? "private", account),
});

const website: Model = plain("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", {
  inputs: regional({
    bucket: z.string(),
    errorDocument: z.strictObject({ key: z.string().min(1) }).optional(),
    expectedBucketOwner: z.string().optional(),
    indexDocument: z
      .strictObject({
        suffix: z
          .string()
          .min(1)
          .refine((suffix) => !suffix.includes("/"), { error: "the IndexDocument Suffix cannot contain /" }),
      })
      .optional(),
    redirectAllRequestsTo: z
      .strictObject({ hostName: z.string(), protocol: z.enum(["http", "https"]).optional() })
      .optional(),
    routingRules: z.array(z.looseObject({})).optional(),
  }).superRefine(({ indexDocument, redirectAllRequestsTo }, context) => {
    if ((indexDocument === undefined) === (redirectAllRequestsTo === undefined))
      refusal(context)(
        "indexDocument",
        "exactly one of indexDocument and redirectAllRequestsTo must be given",
      );
  }),
  references: [ofBucket],
  replace: ["bucket"],
  unique: [{ property: "bucket", taken: "OperationAborted" }],
  id: "bucket",
  computed: ["websiteDomain", "websiteEndpoint"],
  outputs: (_, id, { region }) => ({
    websiteDomain: `s3-website-${region}.amazonaws.com`,
    websiteEndpoint: `${id}.s3-website-${region}.amazonaws.com`,
  }),
});

export const models: readonly Model[] = [
  object("aws:s3/bucketObject:BucketObject"),
  object("aws:s3/bucketObjectv2:BucketObjectv2", { checksumAlgorithm }),
  acl,
  website,
];
