import { type DatabaseParameter, databaseParameters } from "./databaseParameters";
import type { CompleteSettings } from "./complete";
import { guide } from "../guide";
import { volumeSpeed } from "../../aws/databaseStorage";
import { hourForCopy } from "../../aws/windows";

/** PostgreSQL on RDS: the primary, its replicas and its backups. */
export interface DatabasePlan {
  /**
   * PostgreSQL version: `15` gets minor upgrades automatically, `15.18` does not. A change upgrades in place, with a
   * restart.
   */
  readonly version: string;
  /** Parameter group family: `postgres15`. Another one replaces the parameter group, not the database. */
  readonly family: string;
  /** Instance class of the primary and its replicas: `db.t3.small`. Another one restarts the database. */
  readonly instanceClass: string;
  /** Storage of a new database (GiB). */
  readonly storage: number;
  /**
   * Whether a running database gets `storage` as well. After growth an instance is in `storage-optimization` for hours:
   * meanwhile RDS refuses it as a proxy's target and refuses a second growth.
   */
  readonly growsInPlace: boolean;
  /** Speed of the volume (IOPS, MB/s); empty if RDS sets it. */
  readonly speed: ReturnType<typeof volumeSpeed>;
  /** Upper limit of RDS's automatic growth (GiB). */
  readonly maxStorage: number;
  /** Whether a standby in a second zone takes over when the primary fails. */
  readonly multiAz: boolean;
  /** Days that automatic backups are kept; 0 turns them off. */
  readonly backupDays: number;
  /** Time of day in UTC: `09:00-10:00`. */
  readonly backupWindow: string;
  /** Time of week in UTC: `sun:10:30-sun:11:30`. */
  readonly maintenanceWindow: string;
  /** DB snapshot that a new database starts from; a running database ignores a change. */
  readonly snapshotIdentifier?: string;
  /** Whether RDS takes a final snapshot when the database is deleted. */
  readonly finalSnapshot: boolean;
  /** Number of read replicas (0 to 5); the guide requires one from 5,000 rooms. */
  readonly readReplicas: number;
  /**
   * Whether CloudWatch gets PostgreSQL's log, in a group that is named after the instance. An adopted instance keeps its
   * name, and its log stays on it for three days.
   */
  readonly exportsLog: boolean;
  /** Settings of the parameter group. */
  readonly parameters: readonly DatabaseParameter[];
}

/** The pool of connections between the tasks and the database. */
export interface DatabaseProxyPlan {
  /** Percent of the database's connections that the pool may take. */
  readonly maxConnections: number;
  /** Percent of the database's connections that the pool keeps open while nobody needs them. */
  readonly maxIdleConnections: number;
  /** Longest wait of a client for a connection of the pool (seconds). */
  readonly borrowTimeout: number;
  /** Time without traffic after which the proxy closes a client's connection (seconds). */
  readonly idleClientTimeout: number;
}

/** Daily copies of the database in another region. */
export interface BackupCopyPlan {
  /** Region of the copies, never the stack's own: `us-west-2`. */
  readonly region: string;
  /** Schedule of AWS Backup's snapshot: a cron expression in UTC. */
  readonly schedule: string;
  /** Retention of the snapshot in the stack's own region (days), beside RDS's own backups. */
  readonly daysHere: number;
  /** Retention of the copy (days). */
  readonly daysThere: number;
}

/** PostgreSQL and its replicas. */
export function databasePlan(s: CompleteSettings): DatabasePlan {
  return {
    version: s.databaseVersion,
    family: `postgres${s.databaseVersion.split(".")[0]}`,
    instanceClass: s.databaseClass,
    storage: s.databaseStorage,
    growsInPlace: s.storageIsChosen,
    speed: volumeSpeed(s.databaseStorage),
    maxStorage: s.databaseMaxStorage,
    multiAz: s.databaseMultiAz,
    backupDays: s.databaseBackupDays,
    backupWindow: s.databaseBackupWindow,
    maintenanceWindow: s.databaseMaintenanceWindow,
    snapshotIdentifier: s.snapshotIdentifier,
    finalSnapshot: s.finalSnapshot,
    readReplicas: s.readReplicas,
    exportsLog: !s.adopted.includes("database"),
    // Connections are logged on small stacks only: four lines for each of a thousand connections a second would cost
    // more than the database (GAP-36).
    parameters: databaseParameters(s.demand.messagesPerSecond <= guide.small.messagesPerSecond),
  };
}

/**
 * The pool: a burst waits for a connection instead of a refusal by the database (GAP-18); undefined without a proxy.
 */
export function databaseProxyPlan(s: CompleteSettings): DatabaseProxyPlan | undefined {
  if (!s.databaseProxy) return undefined;
  return {
    maxConnections: 90, // migrations, index build and operators connect directly and need the rest
    maxIdleConnections: 50,
    borrowTimeout: 120,
    idleClientTimeout: 1_800,
  };
}

/** Copies in another region; undefined without them. */
export function backupCopyPlan(s: CompleteSettings): BackupCopyPlan | undefined {
  const hour = hourForCopy(s.databaseBackupWindow, s.databaseMaintenanceWindow);
  if (s.backupCopyRegion === undefined || hour === undefined) return undefined;
  return {
    region: s.backupCopyRegion,
    schedule: `cron(0 ${hour} * * ? *)`,
    daysHere: 2, // a copy starts after its snapshot is complete, and the first one takes hours
    daysThere: s.databaseBackupDays,
  };
}
