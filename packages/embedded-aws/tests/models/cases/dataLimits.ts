// Bounds, names and states of databases, caches, buckets, tables and backups.
import { primary, subnets } from "../database";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const account = "123456789012";
const media = (world: World) => ({ bucket: world.create("s3/bucket", { bucket: "media" }).id });
const parameter = (name: string, value: string, applyMethod = "pending-reboot") => ({
  parameters: [{ name, value, applyMethod }],
});
const cache = {
  ...{ replicationGroupId: "chat", description: "chat", nodeType: "cache.t3.micro" },
  numCacheClusters: 2,
};
const rule = (change: object) => ({
  rules: [{ id: "one", status: "Enabled", filter: { prefix: "" }, ...change }],
});
const key = { name: "id", type: "S" };
const table = { name: "rooms", hashKey: "id", attributes: [key], billingMode: "PAY_PER_REQUEST" };
const allowed = (change: object) => ({
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        ...{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::media/*" },
        ...change,
      },
    ],
  }),
});
const restricted = { Condition: { StringEquals: { "aws:SourceAccount": account } } };
const daily = (change: object) => (world: World) => {
  world.create("backup/vault", { name: "vault" });
  return {
    rules: [{ ruleName: "daily", targetVaultName: "vault", schedule: "cron(0 5 * * ? *)", ...change }],
  };
};
const cors = (change: object) => ({
  corsRules: [{ allowedMethods: ["GET"], allowedOrigins: ["https://chat.example.com"], ...change }],
});

export const dataLimits: readonly Case[] = [
  ...cases("rds/instance", "AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html", primary, {
    accepts: [
      ["a class of memory", { instanceClass: "db.r6g.large" }],
      ["a class of Graviton 3", { instanceClass: "db.m7g.large" }],
      ["a port at the lower end", { port: 1_150 }],
      ["a window over midnight", { backupWindow: "23:45-00:15" }],
      ["a zone of the region", { availabilityZone: "us-east-1a" }],
      ["a name of 63 characters", { identifier: `c${"h".repeat(62)}` }],
      ["a password of 128 characters", { password: "p".repeat(128) }],
      ["its tags at its snapshots", { copyTagsToSnapshot: true }],
      ["the older general storage", { storageType: "gp2" }],
      ["a name of its snapshot", { skipFinalSnapshot: false, finalSnapshotIdentifier: "chat-last" }],
      ["PostgreSQL 16.4", { engineVersion: "16.4", parameterGroupName: "chatpop-pg16" }],
      ["no database", { dbName: undefined }],
      ["a final snapshot whose name is due at the end", { skipFinalSnapshot: false }],
      ["a user of 63 characters", { username: `u${"s".repeat(62)}` }],
    ],
    refuses: [
      ["a group of parameters of another version", { parameterGroupName: "chatpop-pg16" }],
      ["a group of parameters that there is not", { parameterGroupName: "nobody" }],
      ["a group of subnets that there is not", { dbSubnetGroupName: "nobody" }],
      ["a security group of another network", { vpcSecurityGroupIds: ["sg-00000002"] }],
      ["a name of 64 characters", { identifier: `c${"h".repeat(63)}` }],
      ["a password of 129 characters", { password: "p".repeat(129) }],
      ["a password with a quotation mark", { password: 'correct"horse' }],
      ["a password with a blank", { password: "correct horse" }],
      ["a database of 64 characters", { dbName: "d".repeat(64) }],
      ["a database that begins with a digit", { dbName: "1chat" }],
      ["a user that begins with a digit", { username: "1chat" }],
      ["a user named admin's reserved word", { username: "admin" }],
      ["no user", { username: undefined }],
      ["no password", { password: undefined }],
      ["a class of caches", { instanceClass: "cache.t3.micro" }],
      ["a class that PostgreSQL 15 has not", { instanceClass: "db.m1.small" }],
      ["an engine in capitals of its own", { engine: "PostgresSQL" }],
      ["a storage that there is not", { storageType: "gp4" }],
      ["a port of 65536", { port: 65_536 }],
      ["a zone of another region", { availabilityZone: "eu-west-1a" }],
      ["a zone without a subnet", { availabilityZone: "us-east-1c" }],
      ["a maintenance of fifteen minutes", { maintenanceWindow: "sun:05:00-sun:05:15" }],
      [
        "a final snapshot with two hyphens",
        {
          skipFinalSnapshot: false,
          finalSnapshotIdentifier: "chat--last",
        },
      ],
      ["a snapshot that there is not", { snapshotIdentifier: "nobody" }],
      [
        "a source that there is not",
        {
          replicateSourceDb: "nobody",
          ...{ username: undefined, password: undefined, dbName: undefined, dbSubnetGroupName: undefined },
          ...{ engine: undefined, allocatedStorage: undefined, backupRetentionPeriod: 0 },
        },
      ],
      [
        "a name that is taken",
        (world) => (
          world.create("rds/instance", {
            ...primaryOf(),
          }),
          {}
        ),
      ],
      [
        "monitoring with a role of another service",
        (world) => ({
          monitoringInterval: 60,
          monitoringRoleArn: putRole(world, "other", "ec2.amazonaws.com"),
        }),
      ],
      ["throughput on gp2", { storageType: "gp2", storageThroughput: 500 }],
      [
        "insights on a key that is no ARN",
        { performanceInsightsEnabled: true, performanceInsightsKmsKeyId: "key" },
      ],
    ],
  }),
  ...cases(
    "rds/parameterGroup",
    "AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html",
    { name: "pg", family: "postgres15" },
    {
      accepts: [
        ["a name of 255 characters", { name: `p${"g".repeat(254)}` }],
        ["PostgreSQL 17", { family: "postgres17" }],
        ["idle transactions for ten minutes", parameter("idle_in_transaction_session_timeout", "600000")],
        ["a minimum of duration", parameter("log_min_duration_statement", "500", "immediate")],
        ["all or nothing", parameter("log_min_duration_statement", "-1", "immediate")],
        ["TLS alone", parameter("rds.force_ssl", "1", "immediate")],
        ["two libraries", parameter("shared_preload_libraries", "pg_stat_statements,auto_explain")],
        ["a description", { description: "PostgreSQL 15 of the chat" }],
      ],
      refuses: [
        ["two hyphens in a row", { name: "chat--pg" }],
        ["a hyphen at the end", { name: "chat-" }],
        ["a digit at the beginning", { name: "1pg" }],
        ["a period", { name: "chat.pg" }],
        ["a name of 256 characters", { name: `p${"g".repeat(255)}` }],
        ["a family with a period", { family: "postgres15.4" }],
        ["a parameter that there is not", parameter("max_connection", "100")],
        ["a parameter of MySQL", parameter("innodb_buffer_pool_size", "1000000")],
        ["a way that there is not", parameter("log_statement", "ddl", "at-once")],
        ["TLS in words", parameter("rds.force_ssl", "on", "immediate")],
        ["a negative work", parameter("work_mem", "-5", "immediate")],
        ["AWS's own name", { name: "default.postgres15" }],
      ],
    },
  ),
  ...cases(
    "rds/subnetGroup",
    "AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    { name: "chat", subnetIds: subnets },
    {
      accepts: [["a name with blanks and underscores", { name: "chat db_1" }]],
      refuses: [
        ["subnets of two networks", { subnetIds: ["subnet-0000000a", "subnet-0000000c"] }],
        ["a subnet that there is not", { subnetIds: ["subnet-0000000a", "subnet-0123456789abcdef0"] }],
        ["a capital", { name: "Chat" }],
        ["no subnet", { subnetIds: [] }],
      ],
    },
  ),
  ...cases(
    "elasticache/replicationGroup",
    "AmazonElastiCache/latest/dg/Replication.CreatingRepGroup.html",
    cache,
    {
      accepts: [
        ["Valkey 7.2", { engine: "valkey", engineVersion: "7.2" }],
        ["Redis 7.0", { engineVersion: "7.0" }],
        ["Redis 5.0.6", { engineVersion: "5.0.6" }],
        ["a class of Graviton", { nodeType: "cache.t4g.small" }],
        [
          "shards",
          {
            ...{ numCacheClusters: undefined, numNodeGroups: 2, replicasPerNodeGroup: 1 },
            ...{ automaticFailoverEnabled: true, parameterGroupName: "default.redis7.cluster.on" },
            engineVersion: "7.1",
          },
        ],
        [
          "TLS for those who want it",
          { transitEncryptionEnabled: true, transitEncryptionMode: "preferred", engineVersion: "7.1" },
        ],
        ["a window of an hour", { maintenanceWindow: "sun:05:00-sun:06:00" }],
        ["an id of 40 characters", { replicationGroupId: `c${"h".repeat(39)}` }],
        ["AWS's own group", { engineVersion: "7.1", parameterGroupName: "default.redis7" }],
      ],
      refuses: [
        ["Redis 7.1.5", { engineVersion: "7.1.5" }],
        ["Redis 6.2.6 by its patch", { engineVersion: "6.2.6" }],
        ["Valkey 7.1", { engine: "valkey", engineVersion: "7.1" }],
        ["Memcached", { engine: "memcached" }],
        ["two hyphens in a row", { replicationGroupId: "chat--cache" }],
        ["a hyphen at the end", { replicationGroupId: "chat-" }],
        ["a class of databases", { nodeType: "db.t3.micro" }],
        ["TLS of a mode without TLS", { transitEncryptionMode: "required" }],
        ["TLS in words", { transitEncryptionEnabled: true, transitEncryptionMode: "strict" }],
        ["a token with a slash", { transitEncryptionEnabled: true, authToken: "correct/horse/battery" }],
        ["a token of 129 characters", { transitEncryptionEnabled: true, authToken: "a".repeat(129) }],
        ["nodes and shards", { numNodeGroups: 2 }],
        ["six copies", { numCacheClusters: undefined, numNodeGroups: 1, replicasPerNodeGroup: 6 }],
        ["a group of another version", { engineVersion: "6.2", parameterGroupName: "default.redis7" }],
        ["a group that there is not", { parameterGroupName: "nobody" }],
        ["subnets that there are not", { subnetGroupName: "nobody" }],
        [
          "a log in words",
          {
            logDeliveryConfigurations: [
              {
                destination: "/redis",
                destinationType: "cloudwatch-logs",
                logFormat: "plain",
                logType: "slow-log",
              },
            ],
          },
        ],
        [
          "a log of a kind that there is not",
          {
            logDeliveryConfigurations: [
              {
                destination: "/redis",
                destinationType: "cloudwatch-logs",
                logFormat: "json",
                logType: "error-log",
              },
            ],
          },
        ],
        ["an update in words", { autoMinorVersionUpgrade: "sometimes" }],
        ["one zone for two nodes", { preferredCacheClusterAzs: ["us-east-1a"] }],
      ],
    },
  ),
  ...cases(
    "elasticache/parameterGroup",
    "AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html",
    { name: "chat", family: "redis7" },
    {
      accepts: [
        ["the eviction of the oldest", { parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }] }],
        ["clusters", { parameters: [{ name: "cluster-enabled", value: "yes" }] }],
        ["Redis 6", { family: "redis6.x" }],
        ["Valkey 7", { family: "valkey7" }],
        ["Memcached", { family: "memcached1.6" }],
      ],
      refuses: [
        ["Redis 6 by its version", { family: "redis6.2" }],
        ["Redis 7 by its version", { family: "redis7.1" }],
        ["a capital of the family", { family: "Redis7" }],
        ["clusters in words", { parameters: [{ name: "cluster-enabled", value: "true" }] }],
        ["two hyphens in a row", { name: "chat--cache" }],
        ["a digit at the beginning", { name: "1chat" }],
        ["an underscore for a hyphen", { parameters: [{ name: "maxmemory_policy", value: "allkeys-lru" }] }],
      ],
    },
  ),
  ...cases(
    "s3/bucket",
    "AmazonS3/latest/API/API_CreateBucket.html",
    { bucket: "chat-media" },
    {
      accepts: [
        ["63 characters", { bucket: "m".repeat(63) }],
        ["digits", { bucket: "4711-chat" }],
        ["a beginning", { bucket: undefined, bucketPrefix: "chat-" }],
      ],
      refuses: [
        ["64 characters", { bucket: "m".repeat(64) }],
        ["a hyphen at the end", { bucket: "chat-" }],
        ["a period at the beginning", { bucket: ".chat" }],
        ["the end of an alias", { bucket: "chat-s3alias" }],
        ["the end of a lambda's alias", { bucket: "chat--ol-s3" }],
        ["a prefix of punycode", { bucket: "xn--chat" }],
        ["a prefix of Amazon's", { bucket: "amzn-s3-demo-chat" }],
        ["a name and a beginning", { bucketPrefix: "chat-" }],
        ["a name that is taken", (world) => (world.create("s3/bucket", { bucket: "chat-media" }), {})],
      ],
    },
  ),
  ...cases("s3/bucketPolicy", "AmazonS3/latest/userguide/access-control-block-public-access.html", media, {
    accepts: [
      [
        "this account's services",
        allowed({ Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject" }),
      ],
      [
        "everybody of this account",
        allowed({ ...restricted, Principal: { AWS: `arn:aws:iam::${account}:root` } }),
      ],
      [
        "all but TLS denied",
        allowed({
          ...{ Effect: "Deny", Action: "s3:*", Resource: ["arn:aws:s3:::media", "arn:aws:s3:::media/*"] },
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      ],
    ],
    refuses: [
      ["everybody", allowed({})],
      ["everybody by a list", allowed({ Principal: { AWS: "*" } })],
      ["a role that there is not", allowed({ Principal: { AWS: `arn:aws:iam::${account}:role/nobody` } })],
      [
        "a bucket's action on its objects",
        allowed({ ...restricted, Action: "s3:ListBucket", Principal: { AWS: account } }),
      ],
      ["no resource", allowed({ Resource: undefined, Principal: { AWS: account } })],
      ["half a document", { policy: '{"Version":"2012-10-17"' }],
      [
        "a condition that there is not",
        allowed({
          Principal: { AWS: account },
          Condition: { StringEqual: { "aws:SourceAccount": account } },
        }),
      ],
    ],
  }),
  ...cases("s3/bucketLifecycleConfiguration", "AmazonS3/latest/API/API_LifecycleRule.html", media, {
    accepts: [
      [
        "one version at least",
        rule({ noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 1 } }),
      ],
      ["marks of deletion that are left", rule({ expiration: { expiredObjectDeleteMarker: true } })],
      ["a rule that rests", rule({ status: "Disabled", expiration: { days: 1 } })],
      ["a tag", rule({ filter: { tag: { key: "keep", value: "no" } }, expiration: { days: 1 } })],
      ["straight to the archive", rule({ transitions: [{ days: 0, storageClass: "DEEP_ARCHIVE" }] })],
      ["one zone after a month", rule({ transitions: [{ days: 30, storageClass: "ONEZONE_IA" }] })],
    ],
    refuses: [
      ["marks and days at once", rule({ expiration: { days: 1, expiredObjectDeleteMarker: true } })],
      ["one zone after a day", rule({ transitions: [{ days: 1, storageClass: "ONEZONE_IA" }] })],
      ["an id of 256 characters", rule({ id: "i".repeat(256), expiration: { days: 1 } })],
      ["a class in small letters", rule({ transitions: [{ days: 30, storageClass: "glacier" }] })],
      ["a status in small letters", rule({ status: "enabled", expiration: { days: 1 } })],
      [
        "days and a date of one move",
        rule({
          transitions: [{ days: 30, date: "2030-01-01T00:00:00Z", storageClass: "GLACIER" }],
        }),
      ],
      ["half-done uploads at once", rule({ abortIncompleteMultipartUpload: { daysAfterInitiation: 0 } })],
      [
        "a prefix and a tag without and",
        rule({
          filter: { prefix: "a/", tag: { key: "keep", value: "no" } },
          expiration: { days: 1 },
        }),
      ],
      ["a bucket that there is not", { bucket: "nobody-has-it", ...rule({ expiration: { days: 1 } }) }],
      [
        "moves in the wrong order",
        rule({
          transitions: [
            { days: 90, storageClass: "STANDARD_IA" },
            { days: 30, storageClass: "GLACIER" },
          ],
        }),
      ],
      ["no rule", { rules: [] }],
      [
        "an archive ten days after seldom access",
        rule({
          transitions: [
            { days: 30, storageClass: "STANDARD_IA" },
            { days: 40, storageClass: "GLACIER" },
          ],
        }),
      ],
      [
        "a class twice",
        rule({
          transitions: [
            { days: 30, storageClass: "GLACIER" },
            { days: 90, storageClass: "GLACIER" },
          ],
        }),
      ],
    ],
  }),
  ...cases("s3/bucketCorsConfiguration", "AmazonS3/latest/API/API_CORSRule.html", media, {
    accepts: [
      ["an hour", cors({ maxAgeSeconds: 3_600, exposeHeaders: ["ETag"] })],
      ["all methods", cors({ allowedMethods: ["GET", "PUT", "POST", "DELETE", "HEAD"] })],
    ],
    refuses: [
      ["OPTIONS", cors({ allowedMethods: ["OPTIONS"] })],
      ["a method in small letters", cors({ allowedMethods: ["get"] })],
      ["no origin", cors({ allowedOrigins: [] })],
      ["101 rules", { corsRules: Array(101).fill(cors({}).corsRules[0]) }],
    ],
  }),
  ...cases("s3/bucketPublicAccessBlock", "AmazonS3/latest/API/API_PutPublicAccessBlock.html", media, {
    accepts: [["everything", { blockPublicAcls: true, blockPublicPolicy: true }]],
    refuses: [["a bucket that there is not", { bucket: "nobody-has-it" }]],
  }),
  ...cases(
    "s3/bucketObjectv2",
    "AmazonS3/latest/API/API_PutObject.html",
    (world) => ({ ...media(world), key: "a.txt", content: "x" }),
    {
      accepts: [
        ["a rarer class", { storageClass: "STANDARD_IA" }],
        ["a folder", { key: "a/b/c.txt" }],
        ["bytes", { content: undefined, contentBase64: "eA==" }],
      ],
      refuses: [
        ["a class that there is not", { storageClass: "COLD" }],
        ["text and bytes", { contentBase64: "eA==" }],
        ["eleven tags", { tags: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`t${at}`, "1"])) }],
        ["a list that there is not", { acl: "public" }],
        ["an encryption that there is not", { serverSideEncryption: "AES128" }],
        ["no name", { key: "" }],
        ["a bucket that there is not", { bucket: "nobody-has-it" }],
      ],
    },
  ),
  ...cases("dynamodb/table", "amazondynamodb/latest/developerguide/ServiceQuotas.html", table, {
    accepts: [
      ["a name of 255 characters", { name: "r".repeat(255) }],
      ["a period in the name", { name: "chat.rooms_1-a" }],
      ["a range of numbers", { rangeKey: "at", attributes: [key, { name: "at", type: "N" }] }],
      ["every point of time", { pointInTimeRecovery: { enabled: true } }],
      ["a key of AWS's", { serverSideEncryption: { enabled: true } }],
      ["no deletion", { deletionProtectionEnabled: true }],
    ],
    refuses: [
      ["a name of 256 characters", { name: "r".repeat(256) }],
      ["a blank in the name", { name: "chat rooms" }],
      ["a mode in small letters", { billingMode: "pay_per_request" }],
      ["capacity without asking for it", { readCapacity: 5, writeCapacity: 5 }],
      ["a type in words", { attributes: [{ name: "id", type: "String" }] }],
      ["no capacity to read", { billingMode: "PROVISIONED", readCapacity: 0, writeCapacity: 5 }],
      ["a view that there is not", { streamEnabled: true, streamViewType: "ALL" }],
      ["no key", { hashKey: undefined }],
      [
        "twenty-one indexes",
        {
          attributes: [key, { name: "by", type: "S" }],
          globalSecondaryIndexes: Array.from({ length: 21 }, (_, at) => ({
            ...{ name: `by-${at}`, hashKey: "by", projectionType: "ALL" },
          })),
        },
      ],
      [
        "an index by an attribute that there is not",
        {
          globalSecondaryIndexes: [{ name: "by-owner", hashKey: "owner", projectionType: "ALL" }],
        },
      ],
      [
        "a projection in small letters",
        {
          attributes: [key, { name: "by", type: "S" }],
          globalSecondaryIndexes: [{ name: "by-by", hashKey: "by", projectionType: "all" }],
        },
      ],
      ["a table that is taken", (world) => (world.create("dynamodb/table", table), {})],
    ],
  }),
  ...cases(
    "backup/plan",
    "aws-backup/latest/devguide/creating-a-backup-plan.html",
    { name: "daily" },
    {
      accepts: [
        [
          "each week for a quarter",
          daily({ schedule: "cron(0 5 ? * SUN *)", lifecycle: { deleteAfter: 90 } }),
        ],
        ["a zone of its clock", daily({ scheduleExpressionTimezone: "Europe/Berlin" })],
      ],
      refuses: [
        ["an end before the start", daily({ startWindow: 120, completionWindow: 60 })],
        ["a name of 51 characters", (world) => ({ ...daily({})(world), name: "p".repeat(51) })],
        ["no rule", { rules: [] }],
        ["a zone that there is not", daily({ scheduleExpressionTimezone: "Mars/Olympus" })],
        ["no days", daily({ lifecycle: { deleteAfter: 0 } })],
      ],
    },
  ),
];

function primaryOf() {
  return {
    ...{ identifier: "chatpop-db-1a2b3c4", allocatedStorage: 20, engine: "postgres", username: "chatpop" },
    ...{ instanceClass: "db.t3.small", password: "correct-horse", skipFinalSnapshot: true },
    dbSubnetGroupName: "chatpop-db",
  };
}
