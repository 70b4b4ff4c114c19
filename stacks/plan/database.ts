import { type DatabaseParameter, databaseParameters } from "./databaseParameters";
import type { CompleteSettings } from "./complete";
import { guide } from "../guide";
import { volumeSpeed } from "../../aws/databaseStorage";
import { hourForCopy } from "../../aws/windows";

/** PostgreSQL on RDS: the primary, its replicas and its backups. */
export interface DatabasePlan {
  /** `15` takes minor upgrades by itself, `15.18` does not. */
  readonly version: string;
  /** Parameter group family: `postgres15`. */
  readonly family: string;
  /** Of the primary and of its replicas: `db.t3.small`. */
  readonly instanceClass: string;
  /** GiB of a new database. */
  readonly storage: number;
  /**
   * Whether a database that runs gets `storage` as well. A volume that grows is in `storage-optimization` for hours, in
   * which RDS refuses it as a proxy's target and takes no second growth.
   */
  readonly growsInPlace: boolean;
  /** IOPS and MB/s; empty where RDS sets them. */
  readonly speed: ReturnType<typeof volumeSpeed>;
  /** GiB up to which RDS grows by itself. */
  readonly maxStorage: number;
  /** Whether a standby in a second zone takes over when the primary fails. */
  readonly multiAz: boolean;
  /** Days that automatic backups are kept; 0 turns them off. */
  readonly backupDays: number;
  /** Time of day in UTC: `09:00-10:00`. */
  readonly backupWindow: string;
  /** Time of week in UTC: `sun:10:30-sun:11:30`. */
  readonly maintenanceWindow: string;
  /** DB snapshot that a new database starts from. */
  readonly snapshotIdentifier?: string;
  /** Whether a last snapshot is taken when the database is deleted. */
  readonly finalSnapshot: boolean;
  /** 0 to 5; the guide requires one from 5,000 rooms. */
  readonly readReplicas: number;
  /** Settings of the parameter group. */
  readonly parameters: readonly DatabaseParameter[];
}

/** The pool of connections between the tasks and the database. */
export interface DatabaseProxyPlan {
  /** Percent of the database's connections that the pool may take. */
  readonly maxConnections: number;
  /** Percent of the database's connections that the pool keeps open while nobody needs them. */
  readonly maxIdleConnections: number;
  /** Seconds for which a client waits for a connection of the pool. */
  readonly borrowTimeout: number;
  /** Seconds after which a client that says nothing is cut off. */
  readonly idleClientTimeout: number;
}

/** Daily copies of the database in another region. */
export interface BackupCopyPlan {
  /** Where the copies go, never the stack's own region: `us-west-2`. */
  readonly region: string;
  /** When AWS Backup takes its snapshot, as a cron expression in UTC. */
  readonly schedule: string;
  /** Days that the snapshot stays in the stack's own region, which has RDS's own backups besides. */
  readonly daysHere: number;
  /** Days that the copy is kept. */
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
    // Four log lines for each of up to a thousand connections a second would cost more than the database (GAP-36).
    parameters: databaseParameters(s.demand.messagesPerSecond <= guide.small.messagesPerSecond),
  };
}

/** A pool that lets a burst wait where the database would refuse it (GAP-18); undefined where nobody asks for one. */
export function databaseProxyPlan(s: CompleteSettings): DatabaseProxyPlan | undefined {
  if (!s.databaseProxy) return undefined;
  return {
    maxConnections: 90, // migrations, the index build and operators go past the proxy and need the rest
    maxIdleConnections: 50,
    borrowTimeout: 120,
    idleClientTimeout: 1_800,
  };
}

/** Copies in another region; undefined where nobody asks for them. */
export function backupCopyPlan(s: CompleteSettings): BackupCopyPlan | undefined {
  const hour = hourForCopy(s.databaseBackupWindow, s.databaseMaintenanceWindow);
  if (s.backupCopyRegion === undefined || hour === undefined) return undefined;
  return {
    region: s.backupCopyRegion,
    schedule: `cron(0 ${hour} * * ? *)`,
    daysHere: 2, // a copy starts when the snapshot is complete, and takes hours when it is the first
    daysThere: s.databaseBackupDays,
  };
}
