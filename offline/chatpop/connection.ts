// Connecting to the database as psycopg2 does in a container of the application, with its words when that fails.
import { Client } from "pg";
import type { Route } from "../../packages/embedded-aws/postgres/routes";

/** The database cannot be reached, or refuses these credentials. */
export class OperationalError extends Error {}

/** Opens a connection to the database of `POSTGRES_…`, over the routes of the task. */
export async function connect(
  environment: Readonly<Record<string, string>>,
  routes: readonly Route[],
): Promise<Client> {
  const host = environment.POSTGRES_HOST ?? "localhost";
  const port = Number(environment.POSTGRES_PORT ?? 5432);
  const route = routes.find((each) => each.host === host && each.port === port);
  const failed = (reason: string) =>
    new OperationalError(`connection to server at "${host}", port ${port} failed: ${reason}`);
  if (!routes.some((each) => each.host === host)) {
    throw new OperationalError(
      `could not translate host name "${host}" to address: Name or service not known`,
    );
  }
  if (route?.localPort === undefined) {
    throw failed(
      "Connection timed out\n\tIs the server running on that host and accepting TCP/IP connections?",
    );
  }
  const client = new Client({
    host: "127.0.0.1",
    port: route.localPort,
    database: environment.POSTGRES_DB,
    user: environment.POSTGRES_USER,
    password: environment.POSTGRES_PASSWORD,
    ssl: environment.POSTGRES_SSLMODE === "disable" ? false : { rejectUnauthorized: false },
    connectionTimeoutMillis: 15_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw failed(`FATAL:  ${(error as Error).message}`);
  }
  return client;
}
