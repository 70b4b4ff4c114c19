// Buckets and what is configured of them.
import { expect } from "chai";
import type { Properties } from "../../models/model";
import { openCloud, refusalOf } from "../provider/harness";
import { refuses, World } from "./world";

const bucket = (world: World) => world.create("s3/bucket", { bucket: "chatpop-media" }).id;

describe("S3 bucket", () => {
  refuses("s3/bucket", () => ({ bucket: "chatpop-media" }), [
    ["upper case", { bucket: "ChatPop" }, /a bucket's name: 3 to 63 lower-case/],
    ["two letters", { bucket: "ab" }, /a bucket's name/],
    ["an underscore", { bucket: "chatpop_media" }, /a bucket's name/],
    ["two dots in a row", { bucket: "chatpop..media" }, /a bucket's name/],
    ["an IP address", { bucket: "10.0.0.1" }, /a bucket's name/],
    ["the ending of an access point", { bucket: "media-s3alias" }, /a bucket's name/],
  ]);

  it("has one name in all regions", async () => {
    const cloud = await openCloud();
    await cloud.create("aws:s3/bucket:Bucket", "first", { bucket: "chatpop-media" });
    const again = (region: string) =>
      refusalOf(cloud.create("aws:s3/bucket:Bucket", "second", { bucket: "chatpop-media", region }));
    expect(await again("us-east-1")).to.match(/BucketAlreadyOwnedByYou/);
    expect(await again("eu-central-1")).to.match(/BucketAlreadyExists/);
    cloud.close();
  });

  it("goes together with its configuration", () => {
    const world = new World();
    const created = world.create("s3/bucket", { bucket: "chatpop-media" });
    world.create("s3/bucketPublicAccessBlock", { bucket: created.id, blockPublicAcls: true });
    world.remove(created);
  });
});

describe("S3 bucket configuration", () => {
  refuses("s3/bucketPublicAccessBlock", (world) => ({ bucket: bucket(world), blockPublicAcls: true }), [
    ["a bucket that does not exist", { bucket: "none" }, /NoSuchBucket/],
  ]);
  refuses(
    "s3/bucketOwnershipControls",
    (world) => ({ bucket: bucket(world), rule: { objectOwnership: "BucketOwnerPreferred" } }),
    [["an owner that does not exist", { rule: { objectOwnership: "Everybody" } }, /objectOwnership/]],
  );
  refuses(
    "s3/bucketServerSideEncryptionConfiguration",
    (world) => ({
      bucket: bucket(world),
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }),
    [
      [
        "a key for S3's own encryption",
        {
          rules: [
            {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: "AES256",
                kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/1",
              },
            },
          ],
        },
        /not applicable/,
      ],
    ],
  );
  refuses(
    "s3/bucketVersioning",
    (world) => ({ bucket: bucket(world), versioningConfiguration: { status: "Enabled" } }),
    [["a status that does not exist", { versioningConfiguration: { status: "on" } }, /status/]],
  );

  it("exists once for a bucket", () => {
    const world = new World();
    const inputs = { bucket: bucket(world), versioningConfiguration: { status: "Enabled" } };
    world.create("s3/bucketVersioning", inputs);
    expect(() => world.create("s3/bucketVersioning", inputs)).to.throw(/OperationAborted.*already exists/);
  });

  const corsRule = { allowedMethods: ["GET"], allowedOrigins: ["https://chat.example.com"] };
  refuses("s3/bucketCorsConfiguration", (world) => ({ bucket: bucket(world), corsRules: [corsRule] }), [
    [
      "a method that CORS does not need",
      { corsRules: [{ ...corsRule, allowedMethods: ["OPTIONS"] }] },
      /allowedMethods/,
    ],
    [
      "a path in an origin",
      { corsRules: [{ ...corsRule, allowedOrigins: ["https://chat.example.com/"] }] },
      /is not an origin/,
    ],
    [
      "two wildcards",
      { corsRules: [{ ...corsRule, allowedOrigins: ["https://*.*.example.com"] }] },
      /at most one \*/,
    ],
  ]);
});

describe("S3 lifecycle configuration", () => {
  const rule = {
    id: "old",
    status: "Enabled",
    filter: { objectSizeGreaterThan: 131_072 },
    transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
  };
  const rules = (...list: Properties[]) => ({ rules: list });
  refuses("s3/bucketLifecycleConfiguration", (world) => ({ bucket: bucket(world), ...rules(rule) }), [
    [
      "Standard-IA before the 30th day",
      rules({ ...rule, transitions: [{ days: 29, storageClass: "STANDARD_IA" }] }),
      /greater than or equal to 30 for storageClass 'STANDARD_IA'/,
    ],
    [
      "a storage class that does not exist",
      rules({ ...rule, transitions: [{ days: 30, storageClass: "CHEAP" }] }),
      /storageClass/,
    ],
    [
      "expiration before transition",
      rules({ ...rule, expiration: { days: 30 } }),
      /must be greater than 'Days'/,
    ],
    ["a rule that does nothing", rules({ ...rule, transitions: undefined }), /At least one action/],
    ["two rules of one name", rules(rule, rule), /Rule ID must be unique/],
    [
      "two conditions without and",
      rules({ ...rule, filter: { ...rule.filter, prefix: "a/" } }),
      /a filter has one of/,
    ],
    [
      "unfinished uploads by their size",
      rules({ ...rule, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }),
      /cannot be specified with tags or object size/,
    ],
  ]);
});

describe("S3 bucket policy", () => {
  const arn = "arn:aws:s3:::chatpop-media";
  const policy = (statement: Properties) => ({
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Resource: `${arn}/*`, ...statement }] }),
  });
  const everybodyReads = { Effect: "Allow", Principal: "*", Action: "s3:GetObject" };
  const refused = policy({ ...everybodyReads, Effect: "Deny" });
  refuses("s3/bucketPolicy", (world) => ({ bucket: bucket(world), ...refused }), [
    [
      "another bucket",
      policy({ ...everybodyReads, Resource: "arn:aws:s3:::other/*" }),
      /invalid resource: .*other/,
    ],
    ["everybody", policy(everybodyReads), /AccessDenied.*BlockPublicPolicy/],
    ["everybody as an account", policy({ ...everybodyReads, Principal: { AWS: "*" } }), /BlockPublicPolicy/],
    [
      "everybody who speaks TLS",
      policy({ ...everybodyReads, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      /BlockPublicPolicy/,
    ],
    ["text that is no policy", { policy: "everybody" }, /MalformedPolicy/],
  ]);

  it("may name everybody once they are narrowed down, or the bucket is opened", () => {
    const world = new World();
    const created = world.create("s3/bucketPolicy", {
      bucket: bucket(world),
      ...policy({ ...everybodyReads, Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } }),
    });
    expect(() => world.update(created, policy(everybodyReads))).to.throw(/BlockPublicPolicy/);
    world.create("s3/bucketPublicAccessBlock", { bucket: "chatpop-media", blockPublicPolicy: false });
    world.update(created, policy(everybodyReads));
  });
});
