import { Client, type ClientConfig } from "pg";
import { UsageError } from "./errors";

/** Encryption of a connection, in libpq's words. */
export const sslModes = ["disable", "require", "verify-ca", "verify-full"] as const;
/** `require` encrypts, `verify-ca` also checks who signed the certificate, `verify-full` also whose it is. */
export type SslMode = (typeof sslModes)[number];

/** Address of the database, and the login. */
export interface DatabaseAddress {
  /** Name or address of the instance, or the folder of its socket. */
  readonly host: string;
  /** @default 5432 */
  readonly port?: number;
  /** Database with the application's tables: `postgres`. */
  readonly database: string;
  /** Owner of the tables, or a member of the owner: `chatpop_admin`. */
  readonly username: string;
  /** Left out where the server asks for none. */
  readonly password?: string;
  /** @default verify-full with a `ca`, disable on the local machine, otherwise require */
  readonly sslMode?: SslMode;
  /** Certificates that are trusted, PEM. */
  readonly ca?: string;
}

/** Settings of the session that builds; times in milliseconds, 0 for no limit. */
export interface SessionSettings {
  /** Schema of the application's tables: `public`. */
  readonly schema: string;
  /** How long a statement waits for another transaction. */
  readonly lockTimeout: number;
  /** How long a statement may take. */
  readonly statementTimeout: number;
}

/** Seen in `pg_stat_activity`. */
const applicationName = "chatpop-indexes";
const proxyEndpoint = /\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(\.cn)?$/;
const localHosts = ["localhost", "127.0.0.1", "::1"];

/** The TLS options of node-postgres for an address; `false` for none. */
export function tlsOptions(address: DatabaseAddress): ClientConfig["ssl"] {
  const { host, ca } = address;
  const isLocal = localHosts.includes(host) || host.startsWith("/");
  const mode = address.sslMode ?? (ca ? "verify-full" : isLocal ? "disable" : "require");
  if (mode === "disable") return false;
  if (mode === "verify-full") return { ca };
  // As in libpq, `require` checks the certificate as soon as there is something to check it against.
  if (mode === "require" && !ca) return { rejectUnauthorized: false };
  return { ca, checkServerIdentity: () => undefined };
}

/**
 * Opens a session for building: directly on the writing instance, with its own time limits.
 * @throws UsageError when the address is that of a proxy or of a read replica
 */
export async function connect(address: DatabaseAddress, settings: SessionSettings): Promise<Client> {
  const { host, port = 5432, database, username: user, password } = address;
  if (proxyEndpoint.test(host)) {
    throw new UsageError(
      `host ${host} is an RDS Proxy; an index is built in a session of its own. Give the endpoint of the instance.`,
    );
  }
  const client = new Client({
    host,
    port,
    database,
    user,
    password,
    ssl: tlsOptions(address),
    application_name: applicationName,
    connectionTimeoutMillis: 15_000,
    // A build is silent for as long as it takes, and firewalls forget silent connections.
    keepAlive: true,
    keepAliveInitialDelayMillis: 60_000,
  });
  // A lost connection also rejects the query that is under way; without a listener it would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await prepare(client, host, settings);
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}

async function prepare(client: Client, host: string, settings: SessionSettings): Promise<void> {
  const { rows } = await client.query<{ replica: boolean }>("SELECT pg_is_in_recovery() AS replica");
  if (rows[0]?.replica) {
    throw new UsageError(
      `host ${host} is a read replica; indexes are built on the primary. Give its endpoint.`,
    );
  }
  const values = {
    search_path: client.escapeIdentifier(settings.schema),
    lock_timeout: String(settings.lockTimeout),
    statement_timeout: String(settings.statementTimeout),
    // The lock against a second runner lives as long as its session.
    idle_session_timeout: "0",
    // A build goes on when whoever started it is cut off; the next run waits for it.
    client_connection_check_interval: "0",
  };
  await client.query(
    `SELECT set_config(name, wanted ->> name, false) FROM pg_settings, (SELECT $1::json AS wanted) AS given
     WHERE name IN (SELECT json_object_keys(wanted))`,
    [JSON.stringify(values)],
  );
}
