// Databases, their proxies and subnet groups, backup plans and secrets.
import { primary, subnets } from "../database";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const daily = (change: object) => (world: World) => {
  world.create("backup/vault", { name: "vault" });
  return {
    rules: [{ ruleName: "daily", targetVaultName: "vault", schedule: "cron(0 5 * * ? *)", ...change }],
  };
};
const proxy = (world: World) => {
  const arn = world.create("secretsmanager/secret", { name: "db" }).outputs["arn"];
  world.create("secretsmanager/secretVersion", {
    secretId: arn,
    secretString: '{"username":"a","password":"b"}',
  });
  return {
    ...{ name: "proxy", engineFamily: "POSTGRESQL", vpcSubnetIds: subnets },
    auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn: arn }],
    roleArn: putRole(world, "proxy", "rds.amazonaws.com", ["secretsmanager:GetSecretValue"]),
  };
};

export const databases: readonly Case[] = [
  ...cases(
    "backup/plan",
    "aws-backup/latest/devguide/API_CreateBackupPlan.html",
    { name: "daily" },
    {
      accepts: [
        ["a day's window", daily({ startWindow: 60, completionWindow: 180 })],
        ["cold after a month", daily({ lifecycle: { coldStorageAfter: 30, deleteAfter: 120 } })],
        ["every point of time", daily({ enableContinuousBackup: true, lifecycle: { deleteAfter: 35 } })],
      ],
      refuses: [
        ["cold for less than ninety days", daily({ lifecycle: { coldStorageAfter: 30, deleteAfter: 119 } })],
        ["a start within half an hour", daily({ startWindow: 30 })],
        ["a rule's name with a blank", daily({ ruleName: "each day" })],
        ["a vault that there is not", daily({ targetVaultName: "other" })],
        ["cron of five fields", daily({ schedule: "cron(0 5 * * ?)" })],
        [
          "every point of more than 35 days",
          daily({ enableContinuousBackup: true, lifecycle: { deleteAfter: 36 } }),
        ],
      ],
    },
  ),
  ...cases(
    "backup/vault",
    "aws-backup/latest/devguide/API_CreateBackupVault.html",
    {},
    {
      accepts: [["two characters", { name: "db" }]],
      refuses: [
        ["fifty-one characters", { name: "v".repeat(51) }],
        ["a period", { name: "my.vault" }],
      ],
    },
  ),
  ...cases("rds/proxy", "AmazonRDS/latest/APIReference/API_CreateDBProxy.html", proxy, {
    accepts: [["a client's hour", { idleClientTimeout: 3600, requireTls: true, debugLogging: true }]],
    refuses: [
      ["one subnet", { vpcSubnetIds: [subnets[0]] }],
      ["more than eight hours", { idleClientTimeout: 28_801 }],
      ["no login", { auths: [] }],
      ["two hyphens in a row", { name: "my--proxy" }],
      ["an engine that there is not", { engineFamily: "ORACLE" }],
      [
        "a login that there is not",
        (world: World) => ({ auths: [{ ...proxyAuth(world), authScheme: "PASSWORD" }] }),
      ],
    ],
  }),
  ...cases(
    "rds/subnetGroup",
    "AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
    { name: "db", subnetIds: subnets },
    {
      accepts: [["a name with a period", { name: "chat.db" }]],
      refuses: [
        ["the name default", { name: "default" }],
        ["one zone", { subnetIds: ["subnet-0000000a", "subnet-000000a2"] }],
        ["a name of 256 characters", { name: "d".repeat(256) }],
      ],
    },
  ),
  ...cases("rds/instance", "AmazonRDS/latest/UserGuide/CHAP_Storage.html", (world) => primary(world), {
    accepts: [
      ["PostgreSQL 17", { engineVersion: "17", parameterGroupName: undefined }],
      ["no growth", { maxAllocatedStorage: 0 }],
      [
        "twelve thousand IOPS from 400 GiB on",
        { allocatedStorage: 400, maxAllocatedStorage: 1000, iops: 12_000, storageThroughput: 500 },
      ],
      [
        "enhanced monitoring",
        (world) => ({
          monitoringInterval: 60,
          monitoringRoleArn: putRole(world, "monitoring", "monitoring.rds.amazonaws.com"),
        }),
      ],
      ["an authority on a curve", { caCertIdentifier: "rds-ca-ecc384-g1" }],
    ],
    refuses: [
      ["IOPS of 3,000 from 400 GiB on", { allocatedStorage: 400, maxAllocatedStorage: 1000, iops: 3_000 }],
      ["IOPS below 400 GiB", { iops: 4_000 }],
      ["growth by a twentieth", { allocatedStorage: 100, maxAllocatedStorage: 105 }],
      [
        "more throughput than a quarter of the IOPS",
        { allocatedStorage: 400, maxAllocatedStorage: 1000, iops: 12_000, storageThroughput: 4_000 },
      ],
      ["a retired authority", { caCertIdentifier: "rds-ca-2019" }],
      ["enhanced monitoring without role", { monitoringInterval: 60 }],
      ["a window of a quarter of an hour", { backupWindow: "03:00-03:15" }],
      ["windows that overlap", { backupWindow: "05:30-06:30" }],
      ["a day that there is not", { maintenanceWindow: "son:05:00-son:06:00" }],
      ["a public key in place of a key's ARN", { kmsKeyId: "alias/chat" }],
      [
        "ten years of insights",
        { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 3_650 },
      ],
    ],
  }),
  ...cases(
    "secretsmanager/secretVersion",
    "secretsmanager/latest/apireference/API_PutSecretValue.html",
    (world) => ({ secretId: world.create("secretsmanager/secret", { name: "db" }).id }),
    {
      accepts: [["64 KiB", { secretString: "x".repeat(65_536) }]],
      refuses: [
        ["more than 64 KiB", { secretString: "x".repeat(65_537) }],
        ["text and bytes", { secretString: "x", secretBinary: "eA==" }],
        ["bytes that are not in base 64", { secretBinary: "###" }],
      ],
    },
  ),
];

function proxyAuth(world: World): object {
  const found = world.resources.find(({ type }) => type === "aws:secretsmanager/secret:Secret")!;
  return { iamAuth: "DISABLED", secretArn: found.outputs["arn"] };
}
