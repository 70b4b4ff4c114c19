import { isCacheNodeType, isDatabaseClass } from "../../aws/instanceClasses";
import { regions } from "../../aws/regions";
import { mostShards } from "../capacity";
import { choice, known, matching, onOff, wholeNumber } from "./types";
import { dailyWindow, weeklyWindow } from "../../aws/windows";

/** Settings of database and cache. */
export const dataSettings = {
  databaseVersion: matching(/^1[5-7](\.\d{1,2})?$/, {
    description: "PostgreSQL version; a major one alone takes minor upgrades by itself.",
    allowed: "15, 16, 17 or, without replicas, one of their minor versions",
    example: "15",
  }).optional(),
  databaseClass: known(isDatabaseClass, {
    description: "RDS instance class of the primary and its replicas.",
    allowed: "an RDS instance class for PostgreSQL (aws/instanceClasses.ts)",
    example: "db.t4g.medium",
  }).optional(),
  // RDS wants its upper limit, at most 65,536 GiB, to be 10 % above.
  databaseStorage: wholeNumber(
    20,
    59_578,
    "Storage of the database in GiB (gp3); it can only grow, which takes hours. Left out, RDS grows it by itself.",
  ).optional(),
  databaseMaxStorage: wholeNumber(22, 65_536, "Storage in GiB up to which RDS grows by itself.").optional(),
  databaseMultiAz: onOff("Keeps a standby of the database in a second zone.").optional(),
  databaseBackupDays: wholeNumber(
    0,
    35,
    "Days that automatic backups are kept; 0 turns them off.",
  ).optional(),
  databaseBackupWindow: matching(dailyWindow, {
    description: "Time of day (UTC) in which RDS backs the database up; 30 minutes or more.",
    allowed: "hh:mm-hh:mm",
    example: "03:00-04:00",
  }).optional(),
  databaseMaintenanceWindow: matching(weeklyWindow, {
    description: "Time of week (UTC) in which RDS installs minor versions; 30 minutes or more.",
    allowed: "ddd:hh:mm-ddd:hh:mm, with sun, mon, tue, wed, thu, fri or sat",
    example: "sun:05:00-sun:06:00",
  }).optional(),
  backupCopyRegion: known((region) => regions.includes(region), {
    description: "Region to which AWS Backup copies the database every day.",
    allowed: "another region than the stack's (aws/regions.ts)",
    example: "us-west-2",
  }).optional(),
  snapshotIdentifier: matching(
    /^(((rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]{0,249}|arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:[\w:-]+)$/,
    {
      description:
        "DB snapshot that a new database starts from; a database that is there already keeps its data.",
      allowed: "the name of a DB snapshot of the stack's region, or its ARN",
      example: "chatpop-db-final-0a1b2c3d",
    },
  ).optional(),
  databasePasswordVersion: wholeNumber(
    1,
    1_000_000,
    "Raise it to draw another password for the database and to start tasks that know it.",
  ).optional(),
  databaseProxy: onOff(
    "Puts an RDS Proxy between tasks and database; the guide requires it from 1,000 rooms or 10 tasks.",
  ).optional(),
  readReplicas: wholeNumber(
    0,
    5,
    "Read replicas of the database; the guide requires one from 5,000 rooms.",
  ).optional(),
  finalSnapshot: onOff("Takes a last snapshot when the database is deleted.").optional(),

  cacheEngine: choice(
    ["redis", "valkey"],
    "Engine of the cache; valkey to redis replaces the cache.",
  ).optional(),
  cacheNodeType: known(isCacheNodeType, {
    description: "ElastiCache node type.",
    allowed: "an ElastiCache node type (aws/instanceClasses.ts)",
    example: "cache.t4g.small",
  }).optional(),
  cacheReplicas: wholeNumber(0, 5, "Further cache nodes that take over when the first one fails.").optional(),
  cacheShards: wholeNumber(
    1,
    mostShards,
    "Independent caches that share the rooms; left out, as many as keep each one's command thread at 60 % or less. A change loses messages while tasks of both kinds run.",
  ).optional(),
};
