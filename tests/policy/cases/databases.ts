import { types } from "../../recording/types";
import type { Wire } from "../../recording/wire";
import { set } from "../mutations";
import type { Cases } from "./case";

const database = `${types.database} chatpop-db`;
const replica = `${types.database} chatpop-db-replica`;
const primary = { type: types.database, name: "chatpop-db" };
const proxy = `${types.proxy} chatpop-proxy`;
const parameterGroup = `${types.databaseParameterGroup} chatpop-db`;
const parameters = (...list: Wire[]) => set({ type: types.databaseParameterGroup }, "parameters", list);

export const databases: Cases = {
  violations: [
    {
      what: "a public database (G-45, GAP-13)",
      scale: "small",
      mutation: set(primary, "publiclyAccessible", true),
      policy: "database-not-public",
      blames: database,
      says: /public address/,
    },
    {
      what: "a public replica (G-111, GAP-13)",
      scale: "large",
      mutation: set({ name: "chatpop-db-replica" }, "publiclyAccessible", true),
      policy: "database-not-public",
      blames: replica,
      says: /public address/,
    },
    {
      what: "an open disk",
      scale: "small",
      mutation: set(primary, "storageEncrypted", undefined),
      policy: "database-encrypted",
      blames: database,
      says: /not encrypted/,
    },
    {
      what: "PostgreSQL 14 (G-42)",
      scale: "small",
      mutation: set(primary, "engineVersion", "14.12"),
      policy: "database-version",
      blames: database,
      says: /PostgreSQL 14\.12 is older than 15/,
    },
    {
      what: "another engine (G-42)",
      scale: "small",
      mutation: set(primary, "engine", "mysql"),
      policy: "database-version",
      blames: database,
      says: /the engine is mysql/,
    },
    {
      what: "backups that are left to the provider, which makes none (GAP-42)",
      scale: "medium",
      mutation: set(primary, "backupRetentionPeriod", undefined),
      policy: "database-backups",
      blames: database,
      says: /kept for 0 days, less than 7/,
    },
    {
      what: "a database that anybody can delete",
      scale: "medium",
      mutation: set(primary, "deletionProtection", false),
      policy: "database-survives-mistakes",
      blames: database,
      says: /anybody can delete the database/,
    },
    {
      what: "a database that goes without a trace",
      scale: "large",
      mutation: set(primary, "skipFinalSnapshot", true),
      policy: "database-survives-mistakes",
      blames: database,
      says: /no snapshot when it goes/,
    },
    {
      what: "storage of an older kind (G-43)",
      scale: "small",
      mutation: set(primary, "storageType", "gp2"),
      policy: "database-storage",
      blames: database,
      says: /the storage is gp2/,
    },
    {
      what: "storage that cannot grow (G-43)",
      scale: "small",
      mutation: set(primary, "maxAllocatedStorage", undefined),
      policy: "database-storage",
      blames: database,
      says: /50 GiB of storage may grow to 0 GiB only/,
    },
    {
      what: "shared_buffers of 8 GiB, as in the guide's own example (GAP-2)",
      scale: "medium",
      mutation: parameters({ name: "shared_buffers", value: "1048576", applyMethod: "pending-reboot" }),
      policy: "database-parameter-units",
      blames: parameterGroup,
      says: /shared_buffers 1048576 is 8 GiB, 200 % of the memory \(8 kB a unit\)/,
    },
    {
      what: "a formula in bytes instead of pages",
      scale: "medium",
      mutation: parameters({ name: "effective_cache_size", value: "{DBInstanceClassMemory*3/4}" }),
      policy: "database-parameter-units",
      blames: parameterGroup,
      says: /effective_cache_size/,
    },
    {
      what: "a log that is larger than the disk (G-97)",
      scale: "small",
      mutation: parameters({ name: "max_wal_size", value: "4194304" }),
      policy: "database-parameter-units",
      blames: parameterGroup,
      says: /max_wal_size 4194304 is 4096 GiB/,
    },
    {
      what: "a static parameter at once (GAP-41)",
      scale: "small",
      mutation: parameters({ name: "wal_buffers", value: "2048", applyMethod: "immediate" }),
      policy: "static-parameters-at-reboot",
      blames: parameterGroup,
      says: /wal_buffers is static/,
    },
    {
      what: "plain connections to the database",
      scale: "small",
      mutation: parameters({ name: "rds.force_ssl", value: "0" }),
      policy: "database-tls",
      blames: parameterGroup,
      says: /rds\.force_ssl is 0/,
    },
    {
      what: "a time zone that pins the proxy's connections (GAP-26)",
      scale: "medium",
      mutation: parameters({ name: "timezone", value: "Europe/Berlin" }),
      policy: "database-time-zone",
      blames: parameterGroup,
      says: /Europe\/Berlin/,
    },
    {
      what: "plain connections to the proxy (GAP-26)",
      scale: "medium",
      mutation: set({ type: types.proxy }, "requireTls", false),
      policy: "proxy-tls",
      blames: proxy,
      says: /plain connections/,
    },
    {
      what: "a proxy without a secret (G-106)",
      scale: "large",
      mutation: set({ type: types.proxy }, "auths", [{ authScheme: "SECRETS" }]),
      policy: "proxy-tls",
      blames: proxy,
      says: /no secret to log in with/,
    },
    {
      what: "a proxy's secret that is the bare password (GAP-6)",
      scale: "medium",
      mutation: set({ type: types.secretVersion, name: "chatpop-db-password" }, "secretString", "hunter2"),
      policy: "proxy-secret-json",
      blames: `${types.secretVersion} chatpop-db-password`,
      says: /^(?!.*hunter2).*no JSON with username and password/,
    },
  ],
  allowances: [
    { what: "PostgreSQL 17", scale: "small", config: { databaseVersion: "17" } },
    {
      what: "an own value that fits the class",
      scale: "medium",
      mutation: parameters({ name: "shared_buffers", value: "131072", applyMethod: "pending-reboot" }),
    },
    { what: "parameters that are left to RDS", scale: "large", mutation: parameters() },
    {
      what: "a small database that can be deleted",
      scale: "small",
      mutation: set(primary, "deletionProtection", false),
    },
    {
      what: "values that PostgreSQL chooses",
      scale: "small",
      mutation: parameters({ name: "wal_buffers", value: "-1", applyMethod: "pending-reboot" }),
    },
  ],
};
