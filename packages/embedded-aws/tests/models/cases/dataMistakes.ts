// Common mistakes with databases, caches, buckets and backups, and correct inputs that resemble them.
import { primary, subnets } from "../database";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const account = "123456789012";
const statement = (change: object) => ({
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::media/*", ...change }],
  }),
});
const cache = {
  ...{ replicationGroupId: "chat", description: "chat", nodeType: "cache.t3.micro" },
  numCacheClusters: 2,
};
const rule = (change: object) => ({ id: "one", status: "Enabled", filter: {}, ...change });
const media = (world: World) => ({ bucket: world.create("s3/bucket", { bucket: "media" }).id });

export const dataMistakes: readonly Case[] = [
  ...cases(
    "rds/instance",
    "AmazonRDS/latest/UserGuide/USER_CreateDBInstance.html",
    (world) => primary(world),
    {
      accepts: [
        ["the user postgres", { username: "postgres" }],
        ["a password that RDS keeps", { password: undefined, manageMasterUserPassword: true }],
        ["a password with signs", { password: "Correct!horse#battery%1" }],
      ],
      refuses: [
        ["an identifier that begins with a digit", { identifier: "1chat" }],
        ["a password that RDS keeps beside one", { manageMasterUserPassword: true }],
        ["an at sign in a password", { password: "correct@horse" }],
        ["a zone for two of them", { multiAz: true, availabilityZone: "us-east-1a" }],
        ["throughput below 400 GiB", { storageThroughput: 500 }],
        ["a volume for the log on gp3", { dedicatedLogVolume: true }],
        ["growth to less than there is", { maxAllocatedStorage: 40 }],
        ["a user with a hyphen", { username: "chat-pop" }],
      ],
    },
  ),
  ...cases(
    "elasticache/replicationGroup",
    "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    cache,
    {
      accepts: [
        ["two zones", { automaticFailoverEnabled: true, multiAzEnabled: true }],
        ["TLS with a token", { transitEncryptionEnabled: true, authToken: "a".repeat(16) }],
      ],
      refuses: [
        ["two zones without failover", { multiAzEnabled: true }],
        ["a token of fifteen characters", { transitEncryptionEnabled: true, authToken: "a".repeat(15) }],
        ["a snapshot in half an hour", { snapshotRetentionLimit: 1, snapshotWindow: "04:00-04:30" }],
        ["an id that begins with a digit", { replicationGroupId: "1chat" }],
        ["a port above 65535", { port: 65_536 }],
        ["a snapshot without hours", { snapshotWindow: "4am-5am" }],
      ],
    },
  ),
  ...cases(
    "elasticache/subnetGroup",
    "AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html",
    { name: "chat", subnetIds: subnets },
    {
      accepts: [["one subnet", { subnetIds: [subnets[0]] }]],
      refuses: [
        ["no subnets", { subnetIds: [] }],
        ["a name with a blank", { name: "my chat" }],
        ["subnets of two networks", { subnetIds: ["subnet-0000000a", "subnet-0000000c"] }],
      ],
    },
  ),
  ...cases("s3/bucketLifecycleConfiguration", "AmazonS3/latest/userguide/intro-lifecycle-rules.html", media, {
    accepts: [
      [
        "halves of uploads",
        { rules: [rule({ abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } })] },
      ],
    ],
    refuses: [
      ["an end after no days", { rules: [rule({ expiration: { days: 0 } })] }],
      [
        "colder after the end",
        {
          rules: [
            rule({
              expiration: { days: 60 },
              transitions: [{ days: 90, storageClass: "GLACIER" }],
            }),
          ],
        },
      ],
      [
        "two rules of one id",
        { rules: [rule({ expiration: { days: 9 } }), rule({ expiration: { days: 8 } })] },
      ],
      ["a rule of nothing", { rules: [rule({})] }],
      [
        "halves of uploads by tags",
        {
          rules: [
            rule({
              filter: { tag: { key: "kind", value: "photo" } },
              abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            }),
          ],
        },
      ],
    ],
  }),
  ...cases("s3/bucketPolicy", "AmazonS3/latest/userguide/example-bucket-policies.html", media, {
    accepts: [["a service", statement({ Principal: { Service: "cloudfront.amazonaws.com" } })]],
    refuses: [
      [
        "another bucket's objects",
        statement({ Principal: "*", Effect: "Deny", Resource: "arn:aws:s3:::other/*" }),
      ],
      ["no principal", statement({})],
      [
        "a bucket for an action on objects",
        statement({ Principal: { Service: "cloudfront.amazonaws.com" }, Resource: "arn:aws:s3:::media" }),
      ],
      ["a service that there is not", statement({ Principal: { Service: "clodfront.amazonaws.com" } })],
    ],
  }),
  ...cases(
    "s3/bucket",
    "AmazonS3/latest/userguide/bucketnamingrules.html",
    {},
    {
      accepts: [["63 characters", { bucket: "m".repeat(63) }]],
      refuses: [
        ["64 characters", { bucket: "m".repeat(64) }],
        ["a hyphen at the end", { bucket: "media-" }],
        ["a prefix of international names", { bucket: "xn--media" }],
        ["a suffix of access points", { bucket: "media-s3alias" }],
      ],
    },
  ),
  ...cases(
    "backup/selection",
    "aws-backup/latest/devguide/API_BackupSelection.html",
    (world) => {
      world.create("backup/vault", { name: "vault" });
      const planId = world.create("backup/plan", {
        name: "daily",
        rules: [{ ruleName: "daily", targetVaultName: "vault", schedule: "cron(0 5 * * ? *)" }],
      }).id;
      return {
        ...{ planId, name: "database", resources: [`arn:aws:rds:us-east-1:${account}:db:chat`] },
        iamRoleArn: putRole(world, "backup", "backup.amazonaws.com", ["rds:CreateDBSnapshot"]),
      };
    },
    {
      accepts: [["one database", {}]],
      refuses: [
        ["a name of 51 characters", { name: "s".repeat(51) }],
        ["a database by its name", { resources: ["chat"] }],
        [
          "a role of another service",
          (world) => ({ iamRoleArn: putRole(world, "other", "ec2.amazonaws.com") }),
        ],
      ],
    },
  ),
];
