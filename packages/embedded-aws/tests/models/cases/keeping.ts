// Where data is kept: databases, caches, buckets and tables.
import { primary, subnets } from "../database";
import type { World } from "../world";
import { type Case, cases } from "./case";

const bucket = (world: World) => ({ bucket: world.create("s3/bucket", { bucket: "media" }).id });
const owned = (world: World) => {
  const given = bucket(world);
  world.create("s3/bucketOwnershipControls", { ...given, rule: { objectOwnership: "BucketOwnerPreferred" } });
  return given;
};
const kept = (change: object) => ({
  rules: [{ id: "one", status: "Enabled", filter: { prefix: "" }, ...change }],
});
const attribute = (...names: string[]) => ({ attributes: names.map((name) => ({ name, type: "S" })) });

export const keeping: readonly Case[] = [
  ...cases(
    "rds/instance",
    "AmazonRDS/latest/UserGuide/USER_CreateDBInstance.html",
    (world) => primary(world),
    {
      accepts: [
        ["the current authority", { caCertIdentifier: "rds-ca-rsa2048-g1" }],
        [
          "two months of insights",
          { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 62 },
        ],
        ["both logs", { enabledCloudwatchLogsExports: ["postgresql", "upgrade"] }],
        [
          "no support beyond the end",
          { engineLifecycleSupport: "open-source-rds-extended-support-disabled" },
        ],
        ["no backups", { backupRetentionPeriod: 0 }],
        ["a port of its own", { port: 6432 }],
      ],
      refuses: [
        ["an authority that is over", { caCertIdentifier: "rds-ca-2015" }],
        [
          "a hundred days of insights",
          { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 100 },
        ],
        ["a log of MySQL", { enabledCloudwatchLogsExports: ["slowquery"] }],
        ["a final snapshot without a name", { skipFinalSnapshot: false, finalSnapshotIdentifier: "-last" }],
        ["more than 64 TiB", { allocatedStorage: 65_537, maxAllocatedStorage: undefined }],
        ["both kinds of password", { manageMasterUserPassword: true }],
        ["support in words", { engineLifecycleSupport: "none" }],
        ["the user rdsadmin", { username: "rdsadmin" }],
        ["a licence bought", { licenseModel: "bring-your-own-license" }],
        ["a window in other words", { maintenanceWindow: "Sunday 05:00-06:00" }],
        ["a network of two kinds", { networkType: "BOTH" }],
      ],
    },
  ),
  ...cases(
    "elasticache/cluster",
    "AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html",
    { clusterId: "chat", nodeType: "cache.t3.micro", numCacheNodes: 1, engine: "redis" },
    {
      accepts: [
        ["Redis 7.1", { engineVersion: "7.1" }],
        ["Memcached on two nodes", { engine: "memcached", numCacheNodes: 2 }],
        ["Redis 5.0.6", { engineVersion: "5.0.6" }],
      ],
      refuses: [
        ["Redis on two nodes", { numCacheNodes: 2 }],
        ["Redis 7.3", { engineVersion: "7.3" }],
        ["Memcached over zones on one node", { engine: "memcached", azMode: "cross-az" }],
        ["61 nodes", { engine: "memcached", numCacheNodes: 61 }],
        ["snapshots of Memcached", { engine: "memcached", snapshotRetentionLimit: 1 }],
        ["an id of 51 characters", { clusterId: "c".repeat(51) }],
      ],
    },
  ),
  ...cases("s3/bucketOwnershipControls", "AmazonS3/latest/API/API_PutBucketOwnershipControls.html", bucket, {
    accepts: [["lists that do not count", { rule: { objectOwnership: "BucketOwnerEnforced" } }]],
    refuses: [["an owner in short", { rule: { objectOwnership: "Owner" } }]],
  }),
  ...cases("s3/bucketAcl", "AmazonS3/latest/userguide/acl-overview.html", owned, {
    accepts: [
      ["a private bucket", { acl: "private" }],
      ["a bucket for logs", { acl: "log-delivery-write" }],
    ],
    refuses: [
      ["a list that there is not", { acl: "public" }],
      ["a list for one object", { acl: "bucket-owner-everything" }],
    ],
  }),
  ...cases("s3/bucketAcl", "AmazonS3/latest/userguide/about-object-ownership.html", owned, {
    accepts: [["the owner's", { acl: "private" }]],
    refuses: [
      [
        "lists that do not count",
        (world) => ({ bucket: world.create("s3/bucket", { bucket: "other" }).id, acl: "public-read" }),
      ],
    ],
  }),
  ...cases("s3/bucketWebsiteConfiguration", "AmazonS3/latest/API/API_PutBucketWebsite.html", bucket, {
    accepts: [
      ["an index", { indexDocument: { suffix: "index.html" }, errorDocument: { key: "errors/404.html" } }],
      ["everything elsewhere", { redirectAllRequestsTo: { hostName: "www.example.com", protocol: "https" } }],
    ],
    refuses: [
      ["an index in a folder", { indexDocument: { suffix: "pages/index.html" } }],
      [
        "an index and everything elsewhere",
        { indexDocument: { suffix: "index.html" }, redirectAllRequestsTo: { hostName: "www.example.com" } },
      ],
      ["nothing", {}],
    ],
  }),
  ...cases(
    "s3/bucketLifecycleConfiguration",
    "AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html",
    bucket,
    {
      accepts: [
        [
          "ten versions",
          kept({ noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 10 } }),
        ],
        ["half-done uploads", kept({ abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } })],
        [
          "colder and colder",
          kept({
            transitions: [
              { days: 30, storageClass: "STANDARD_IA" },
              { days: 90, storageClass: "GLACIER" },
            ],
          }),
        ],
        ["at once", kept({ transitions: [{ days: 0, storageClass: "GLACIER_IR" }] })],
        ["large objects", kept({ filter: { objectSizeGreaterThan: 1_000_000 }, expiration: { days: 1 } })],
      ],
      refuses: [
        [
          "101 versions",
          kept({ noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 101 } }),
        ],
        [
          "half-done uploads by tag",
          kept({
            filter: { tag: { key: "a", value: "b" } },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          }),
        ],
        [
          "gone before it is cold",
          kept({ transitions: [{ days: 90, storageClass: "GLACIER" }], expiration: { days: 60 } }),
        ],
        ["a class that there is not", kept({ transitions: [{ days: 30, storageClass: "COLD" }] })],
        ["back to the usual class", kept({ transitions: [{ days: 30, storageClass: "STANDARD" }] })],
        [
          "an id twice",
          { rules: [...kept({ expiration: { days: 1 } }).rules, ...kept({ expiration: { days: 2 } }).rules] },
        ],
      ],
    },
  ),
  ...cases(
    "dynamodb/table",
    "amazondynamodb/latest/APIReference/API_CreateTable.html",
    { name: "rooms", hashKey: "id", billingMode: "PAY_PER_REQUEST", ...attribute("id") },
    {
      accepts: [
        ["a stream", { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }],
        ["seldom access", { tableClass: "STANDARD_INFREQUENT_ACCESS" }],
        [
          "an index beside the range",
          {
            rangeKey: "at",
            ...attribute("id", "at", "by"),
            localSecondaryIndexes: [{ name: "by-user", rangeKey: "by", projectionType: "ALL" }],
          },
        ],
        ["capacity", { billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 5 }],
      ],
      refuses: [
        ["a stream of no kind", { streamEnabled: true }],
        ["a class that there is not", { tableClass: "COLD" }],
        [
          "an index beside no range",
          {
            ...attribute("id", "by"),
            localSecondaryIndexes: [{ name: "by-user", rangeKey: "by", projectionType: "ALL" }],
          },
        ],
        ["no capacity", { billingMode: "PROVISIONED" }],
        ["a key without its attribute", { hashKey: "room" }],
        ["one key as both", { rangeKey: "id" }],
        ["a name of two characters", { name: "ab" }],
      ],
    },
  ),
  ...cases(
    "elasticache/subnetGroup",
    "AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html",
    { name: "chat", subnetIds: subnets },
    {
      accepts: [["two zones", {}]],
      refuses: [
        ["a name with a blank", { name: "the chat" }],
        ["the name default", { name: "default" }],
      ],
    },
  ),
];
