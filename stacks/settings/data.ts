import { cacheNodeTypes, databaseClasses } from "../../aws/instanceClasses";
import { regions } from "../../aws/regions";
import { mostShards } from "../capacity";
import { choice, known, matching, onOff, wholeNumber } from "./types";
import { dailyWindow, weeklyWindow } from "../../aws/windows";

/** Settings of database and cache. */
export const dataSettings = {
  databaseVersion: matching(/^1[5-7](\.\d{1,2})?$/, {
    description:
      "PostgreSQL version; with the major version alone, RDS installs minor versions automatically.",
    allowed: "15, 16, 17 or, without replicas, one of their minor versions",
    example: "15",
  }).optional(),
  databaseClass: known(databaseClasses, {
    description: "RDS instance class of the primary and its replicas.",
    allowed: "an RDS instance class for PostgreSQL (aws/instanceClasses.ts)",
    example: "db.t4g.medium",
  }).optional(),
  // The upper limit, at most 65,536 GiB, must be 10 % above the storage (RDS).
  databaseStorage: wholeNumber(
    20,
    59_578,
    "Storage of the database (GiB, gp3); it can only grow, and growth takes hours. If left out, RDS grows it automatically.",
  ).optional(),
  databaseMaxStorage: wholeNumber(
    22,
    65_536,
    "Upper limit of RDS's automatic growth of the storage (GiB).",
  ).optional(),
  databaseMultiAz: onOff("Keeps a standby of the database in a second zone.").optional(),
  databaseBackupDays: wholeNumber(
    0,
    35,
    "Retention of automatic backups (days); 0 turns them off.",
  ).optional(),
  databaseBackupWindow: matching(dailyWindow, {
    description: "Daily window of RDS's backups (UTC), 30 minutes or longer.",
    allowed: "hh:mm-hh:mm",
    example: "03:00-04:00",
  }).optional(),
  databaseMaintenanceWindow: matching(weeklyWindow, {
    description: "Weekly window in which RDS installs minor versions (UTC), 30 minutes or longer.",
    allowed: "ddd:hh:mm-ddd:hh:mm, with sun, mon, tue, wed, thu, fri or sat",
    example: "sun:05:00-sun:06:00",
  }).optional(),
  backupCopyRegion: known(regions, {
    description: "Region to which AWS Backup copies the database every day.",
    allowed: "another region than the stack's (aws/regions.ts)",
    example: "us-west-2",
  }).optional(),
  snapshotIdentifier: matching(
    /^(((rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]{0,249}|arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:[\w:-]+)$/,
    {
      description: "DB snapshot that a new database starts from; an existing database keeps its data.",
      allowed: "the name of a DB snapshot of the stack's region, or its ARN",
      example: "chatpop-db-final-0a1b2c3d",
    },
  ).optional(),
  databasePasswordVersion: wholeNumber(
    1,
    1_000_000,
    "Version of the database password; a higher number generates a new password and starts new tasks with it.",
  ).optional(),
  databaseProxy: onOff(
    "Puts an RDS Proxy between tasks and database; the guide requires it from 1,000 rooms or 10 tasks.",
  ).optional(),
  readReplicas: wholeNumber(
    0,
    5,
    "Read replicas of the database; the guide requires one from 5,000 rooms.",
  ).optional(),
  finalSnapshot: onOff("Takes a final snapshot when the database is deleted.").optional(),

  cacheEngine: choice(
    ["redis", "valkey"],
    "Engine of the cache; a change from valkey to redis replaces the cache.",
  ).optional(),
  cacheNodeType: known(cacheNodeTypes, {
    description: "ElastiCache node type.",
    allowed: "an ElastiCache node type (aws/instanceClasses.ts)",
    example: "cache.t4g.small",
  }).optional(),
  cacheReplicas: wholeNumber(
    0,
    5,
    "Replicas of the cache's primary node; one of them takes over when the primary fails.",
  ).optional(),
  cacheShards: wholeNumber(
    1,
    mostShards,
    "Number of independent caches that share the rooms; if left out, enough to keep each command thread at 60 % or less. A change loses messages while old and new tasks run.",
  ).optional(),
};
