import { primary } from "../database";
import type { World } from "../world";
import { type Case, cases } from "./case";

const parameter = (name: string, value: string, applyMethod = "immediate") => ({
  parameters: [{ name, value, applyMethod }],
});
const rebooted = (name: string, value: string) => parameter(name, value, "pending-reboot");
const cache = {
  ...{ replicationGroupId: "chat", description: "chat", nodeType: "cache.t3.micro" },
  numCacheClusters: 1,
};
const bucket = (world: World) => world.create("s3/bucket", { bucket: "media" }).id;
const rule = (change: object) => ({
  rules: [{ id: "one", status: "Enabled", filter: { prefix: "photos/" }, ...change }],
});
const cors = (change: object) => ({
  corsRules: [{ allowedMethods: ["GET"], allowedOrigins: ["https://chat.example.com"], ...change }],
});
const bucketPolicy = (statement: object, version = "2012-10-17") => ({
  policy: JSON.stringify({
    Version: version,
    Statement: [
      {
        ...{ Sid: "Tls", Effect: "Deny", Principal: "*", Action: "s3:*" },
        Resource: ["arn:aws:s3:::media", "arn:aws:s3:::media/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
        ...statement,
      },
    ],
  }),
});
const key = { name: "id", type: "S" };
const table = { name: "rooms", hashKey: "id", attributes: [key], billingMode: "PAY_PER_REQUEST" };
const index = (change: object) => ({
  attributes: [key, { name: "owner", type: "S" }],
  globalSecondaryIndexes: [{ name: "by-owner", hashKey: "owner", projectionType: "ALL", ...change }],
});

export const data: readonly Case[] = [
  ...cases(
    "rds/instance",
    "AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    (world) => primary(world),
    {
      accepts: [
        ["a month's backups", { backupRetentionPeriod: 35 }],
        ["a standby in another zone", { multiAz: true }],
        ["another port", { port: 5433 }],
        ["a Graviton class", { instanceClass: "db.t4g.micro" }],
        [
          "provisioned IOPS",
          { storageType: "io1", allocatedStorage: 100, iops: 1000, maxAllocatedStorage: 200 },
        ],
        ["insights for a week", { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 7 }],
        ["logs in CloudWatch", { enabledCloudwatchLogsExports: ["postgresql", "upgrade"] }],
        ["passwords by IAM", { iamDatabaseAuthenticationEnabled: true }],
      ],
      refuses: [
        ["backups of 36 days", { backupRetentionPeriod: 36 }],
        ["less than 20 GiB", { allocatedStorage: 19 }],
        ["a port below 1150", { port: 1149 }],
        ["two hyphens in a row", { identifier: "chat--db" }],
        ["a hyphen at the end", { identifier: "chat-" }],
        ["a user of RDS's own", { username: "rdsadmin" }],
        ["a password with a slash", { password: "correct/horse" }],
        ["a password of seven characters", { password: "sevench" }],
        ["IOPS without a number", { storageType: "io1", allocatedStorage: 100, maxAllocatedStorage: 200 }],
        ["a minor version that there is not", { engineVersion: "15.99" }],
        ["a class that there is not", { instanceClass: "db.t3.tiny" }],
        ["a database with a hyphen", { dbName: "chat-pop" }],
        ["a log that PostgreSQL has not", { enabledCloudwatchLogsExports: ["slowquery"] }],
        ["enhanced monitoring every two seconds", { monitoringInterval: 2 }],
        [
          "advanced insights for a week",
          {
            databaseInsightsMode: "advanced",
            performanceInsightsEnabled: true,
            performanceInsightsRetentionPeriod: 7,
          },
        ],
      ],
    },
  ),
  ...cases(
    "rds/parameterGroup",
    "AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html",
    { name: "pg", family: "postgres15" },
    {
      accepts: [
        ["a formula", rebooted("max_connections", "LEAST({DBInstanceClassMemory/9531392},5000)")],
        ["libraries", rebooted("shared_preload_libraries", "pg_stat_statements,pg_cron")],
        ["statements that are logged", parameter("log_statement", "ddl")],
        ["logical replication", rebooted("rds.logical_replication", "1")],
        ["a day's logs", parameter("rds.log_retention_period", "1440")],
        ["longer statements", rebooted("track_activity_query_size", "4096")],
        ["all statements", parameter("pg_stat_statements.track", "all")],
        ["the clock of Berlin", parameter("timezone", "Europe/Berlin")],
        ["a wait for replicas", parameter("vacuum_defer_cleanup_age", "10000")],
        ["the oldest clients' TLS", parameter("ssl_min_protocol_version", "TLSv1.2")],
        ["forced index scans", parameter("enable_seqscan", "0")],
      ],
      refuses: [
        ["a unit", parameter("work_mem", "4MB")],
        ["statements of a kind that there is not", parameter("log_statement", "some")],
        ["a price in words", parameter("random_page_cost", "fast")],
        ["fewer than six connections", rebooted("max_connections", "5")],
        ["more than all", parameter("checkpoint_completion_target", "1.5")],
        ["a static parameter at once", parameter("shared_preload_libraries", "pg_cron")],
        ["on and off in words", parameter("autovacuum", "on")],
        ["a name with an underscore", { name: "chat_pg" }],
        ["a family that there is not", { family: "postgres99" }],
        ["what RDS keeps for itself", parameter("archive_command", "cp %p /mnt/%f")],
        ["a time zone that there is not", parameter("timezone", "Europe/Entenhausen")],
        ["a library that RDS has not", rebooted("shared_preload_libraries", "timescaledb")],
      ],
    },
  ),
  ...cases(
    "elasticache/replicationGroup",
    "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    cache,
    {
      accepts: [
        ["Redis 6.2", { engineVersion: "6.2" }],
        ["Valkey 8.0", { engine: "valkey", engineVersion: "8.0" }],
        [
          "a copy that takes over",
          { numCacheClusters: 2, automaticFailoverEnabled: true, multiAzEnabled: true },
        ],
        [
          "the engine's log",
          {
            logDeliveryConfigurations: [
              {
                destination: "/redis",
                destinationType: "cloudwatch-logs",
                logFormat: "json",
                logType: "engine-log",
              },
            ],
          },
        ],
      ],
      refuses: [
        ["Redis 8", { engineVersion: "8.0" }],
        ["seven nodes", { numCacheClusters: 7 }],
        ["a token without TLS", { authToken: "correct-horse-battery" }],
        ["a failover without copy", { automaticFailoverEnabled: true }],
        ["an id of 41 characters", { replicationGroupId: `c${"h".repeat(40)}` }],
        ["snapshots of 36 days", { snapshotRetentionLimit: 36 }],
        ["no description", { description: "" }],
        ["a node that there is not", { nodeType: "cache.t3.large" }],
        ["data tiering on a node without disks", { dataTieringEnabled: true }],
      ],
    },
  ),
  ...cases(
    "elasticache/parameterGroup",
    "AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    { name: "chat", family: "redis7" },
    {
      accepts: [
        [
          "a limit of subscribers' buffers",
          parameterOf("client-output-buffer-limit-pubsub-hard-limit", "67108864"),
        ],
        ["events of keys", parameterOf("notify-keyspace-events", "KEA")],
        ["a share for snapshots", parameterOf("reserved-memory-percent", "50")],
        ["active defragmentation", parameterOf("activedefrag", "yes")],
        ["the end of idle clients", parameterOf("timeout", "300")],
        ["Valkey 8", { family: "valkey8" }],
      ],
      refuses: [
        ["an eviction that there is not", parameterOf("maxmemory-policy", "evict-all")],
        ["a share above all", parameterOf("reserved-memory-percent", "101")],
        ["a family that there is not", { family: "redis9" }],
        ["a parameter that there is not", parameterOf("max-sockets", "1000")],
        ["what ElastiCache keeps for itself", parameterOf("maxclients", "100")],
        ["idle clients in words", parameterOf("timeout", "never")],
      ],
    },
  ),
  ...cases(
    "s3/bucket",
    "AmazonS3/latest/userguide/bucketnamingrules.html",
    {},
    {
      accepts: [["periods and hyphens", { bucket: "my.chat-media" }]],
      refuses: [
        ["capitals", { bucket: "Media" }],
        ["an underscore", { bucket: "chat_media" }],
        ["an address", { bucket: "192.168.5.4" }],
        ["two periods in a row", { bucket: "chat..media" }],
        ["two characters", { bucket: "cm" }],
        ["a suffix of directory buckets", { bucket: "media--use1-az4--x-s3" }],
        ["a suffix of table buckets", { bucket: "media--table-s3" }],
        ["a prefix of access points", { bucket: "sthree-media" }],
      ],
    },
  ),
  ...cases(
    "s3/bucketLifecycleConfiguration",
    "AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    (world) => ({ bucket: bucket(world) }),
    {
      accepts: [
        [
          "colder and colder",
          rule({
            transitions: [
              { days: 30, storageClass: "STANDARD_IA" },
              { days: 90, storageClass: "GLACIER" },
            ],
          }),
        ],
        ["an end at a date", rule({ expiration: { date: "2030-01-01T00:00:00Z" } })],
        [
          "old versions to the archive",
          rule({ noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "DEEP_ARCHIVE" }] }),
        ],
        [
          "the largest of some tags",
          rule({
            filter: { and: { prefix: "photos/", tags: { keep: "no" }, objectSizeGreaterThan: 131_072 } },
            expiration: { days: 7 },
          }),
        ],
        [
          "automatic tiers at once",
          rule({ transitions: [{ days: 0, storageClass: "INTELLIGENT_TIERING" }] }),
        ],
        [
          "transitions from the smallest size",
          {
            transitionDefaultMinimumObjectSize: "varies_by_storage_class",
            ...rule({ transitions: [{ days: 1, storageClass: "GLACIER_IR" }] }),
          },
        ],
      ],
      refuses: [
        ["seldom access after 29 days", rule({ transitions: [{ days: 29, storageClass: "STANDARD_IA" }] })],
        [
          "an end before the move",
          rule({ transitions: [{ days: 90, storageClass: "GLACIER" }], expiration: { days: 60 } }),
        ],
        [
          "a move back to the standard class",
          rule({ transitions: [{ days: 30, storageClass: "STANDARD" }] }),
        ],
        ["an end at once", rule({ expiration: { days: 0 } })],
        ["nothing to do", rule({})],
        ["a status in words", rule({ status: "On", expiration: { days: 1 } })],
        [
          "old versions to seldom access after a day",
          rule({ noncurrentVersionTransitions: [{ noncurrentDays: 1, storageClass: "STANDARD_IA" }] }),
        ],
        ["an end by days and by date", rule({ expiration: { days: 1, date: "2030-01-01T00:00:00Z" } })],
        ["an end in the middle of a day", rule({ expiration: { date: "2030-01-01T12:30:00Z" } })],
      ],
    },
  ),
  ...cases(
    "s3/bucketCorsConfiguration",
    "AmazonS3/latest/userguide/ManageCorsUsing.html",
    (world) => ({ bucket: bucket(world) }),
    {
      accepts: [
        ["every origin", cors({ allowedOrigins: ["*"] })],
        ["the hosts of a domain", cors({ allowedOrigins: ["https://*.example.com"], allowedHeaders: ["*"] })],
        ["a port and a name", cors({ id: "local", allowedOrigins: ["http://localhost:3000"] })],
      ],
      refuses: [
        ["PATCH", cors({ allowedMethods: ["PATCH"] })],
        ["two wildcards", cors({ allowedOrigins: ["https://*.*.example.com"] })],
        ["no method", cors({ allowedMethods: [] })],
        ["two wildcards in a header", cors({ allowedHeaders: ["x-*-*"] })],
        ["a wildcard among exposed headers", cors({ exposeHeaders: ["*"] })],
      ],
    },
  ),
  ...cases(
    "s3/bucketPolicy",
    "AmazonS3/latest/userguide/access-policy-language-overview.html",
    (world) => ({ bucket: bucket(world) }),
    {
      accepts: [
        ["TLS alone", bucketPolicy({})],
        ["an id with blanks", bucketPolicy({ Sid: "Deny plain HTTP" })],
        [
          "CloudFront's distribution",
          bucketPolicy({
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::media/*",
            Condition: {
              StringEquals: { "aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1" },
            },
          }),
        ],
      ],
      refuses: [
        ["another bucket", bucketPolicy({ Resource: "arn:aws:s3:::other/*" })],
        ["an action of SQS", bucketPolicy({ Action: "sqs:SendMessage" })],
        ["an action that S3 has not", bucketPolicy({ Action: "s3:ReadObject" })],
        [
          "an action on objects for a bucket alone",
          bucketPolicy({ Action: "s3:GetObject", Resource: "arn:aws:s3:::media" }),
        ],
        ["nobody", bucketPolicy({ Principal: undefined })],
      ],
    },
  ),
  ...cases("dynamodb/table", "amazondynamodb/latest/APIReference/API_CreateTable.html", table, {
    accepts: [
      ["an index", index({})],
      ["an index of some attributes", index({ projectionType: "INCLUDE", nonKeyAttributes: ["title"] })],
      ["expiry", { ttl: { attributeName: "expires", enabled: true } }],
      [
        "another region's copy",
        {
          streamEnabled: true,
          streamViewType: "NEW_AND_OLD_IMAGES",
          replicas: [{ regionName: "eu-west-1" }],
        },
      ],
      [
        "a limit of on-demand requests",
        { onDemandThroughput: { maxReadRequestUnits: 100, maxWriteRequestUnits: 100 } },
      ],
    ],
    refuses: [
      ["a name of two characters", { name: "ab" }],
      ["an attribute that no key uses", { attributes: [key, { name: "title", type: "S" }] }],
      ["a type of attribute that keys have not", { attributes: [{ name: "id", type: "M" }] }],
      ["an index of some attributes without their names", index({ projectionType: "INCLUDE" })],
      ["an index with a name of two characters", index({ name: "by" })],
      ["names of attributes on an index of all", index({ nonKeyAttributes: ["title"] })],
      ["expiry without an attribute", { ttl: { enabled: true } }],
      ["one key for both parts", { rangeKey: "id" }],
    ],
  }),
];

function parameterOf(name: string, value: string) {
  return { parameters: [{ name, value }] };
}
