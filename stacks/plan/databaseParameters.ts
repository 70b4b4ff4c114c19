import { staticParameters } from "../../aws/staticParameters";

/** One setting of an RDS parameter group, in the unit that RDS expects. */
export interface DatabaseParameter {
  /** As RDS spells it: `shared_buffers`, `rds.force_ssl`. */
  readonly name: string;
  /** A number, or a formula over the instance class's memory: `{DBInstanceClassMemory/32768}`. */
  readonly value: string;
  /** Time at which a running instance applies the value: at once, or at its next restart. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

interface Row {
  readonly name: string;
  readonly value: string;
  /**
   * Whether the value equals RDS's default. RDS then keeps its own apply method, `pending-reboot`; with `immediate` the
   * provider would plan a change at every update.
   */
  readonly default?: boolean;
}

/*
 * RDS counts in PostgreSQL's own base units, not in the guide's: buffers in pages of 8 kB, work memory in kB, WAL sizes
 * in MB. The guide's values for a 4 GB instance are formulas here over the memory of the instance class, so that a
 * bigger class uses its memory and a smaller one still starts: fixed at 8 GiB, as in the guide's command line (G-103),
 * PostgreSQL would not start at all.
 *
 * max_connections (G-89) is left to RDS, which derives it from memory as well: the guide's 200 would refuse at large
 * what its own table (G-140) promises.
 */
const rows: readonly Row[] = [
  { name: "shared_buffers", value: "{DBInstanceClassMemory/32768}" }, // G-90: 25 % of memory
  { name: "effective_cache_size", value: "{DBInstanceClassMemory*3/32768}" }, // G-91: 75 % of memory
  { name: "work_mem", value: "4096" }, // G-92: 4 MB
  { name: "maintenance_work_mem", value: "{DBInstanceClassMemory/16384}" }, // G-93: 256 MB of 4 GB
  { name: "checkpoint_completion_target", value: "0.9", default: true }, // G-94
  { name: "wal_buffers", value: "2048" }, // G-95: 16 MB
  { name: "min_wal_size", value: "1024" }, // G-96: 1 GB
  { name: "max_wal_size", value: "4096" }, // G-97: 4 GB
  { name: "random_page_cost", value: "1.1" }, // G-98
  { name: "effective_io_concurrency", value: "200" }, // G-99
  { name: "log_min_duration_statement", value: "500" }, // G-100: ms
  // An open idle transaction blocks migrations, index builds and VACUUM; RDS's default limit is a day (ms).
  { name: "idle_in_transaction_session_timeout", value: "60000" },
  { name: "rds.force_ssl", value: "1", default: true },
  // Exactly UTC: otherwise Django sends SET TIME ZONE on every connection, and a SET pins a connection of RDS Proxy.
  { name: "timezone", value: "UTC", default: true },
];

/**
 * The parameter group's settings (G-88 … G-102, G-194).
 *
 * @param logConnections G-101, G-102: write a line for every connection and disconnection. The application opens a
 * connection for each request, so this is for a stack with little traffic.
 */
export function databaseParameters(logConnections: boolean): readonly DatabaseParameter[] {
  const logging = logConnections ? "1" : "0";
  return [
    ...rows,
    { name: "log_connections", value: logging },
    { name: "log_disconnections", value: logging },
  ].map((row: Row) => ({
    name: row.name,
    value: row.value,
    applyMethod: staticParameters.includes(row.name) || row.default ? "pending-reboot" : "immediate",
  }));
}
