import { join } from "node:path";
import { Client } from "pg";
import { models } from "../../packages/embedded-aws/models";
import { acquire } from "../../packages/embedded-aws/postgres/instances";
import { AccountFile } from "../../packages/embedded-aws/provider/accountFile";
import { contextFor } from "../../packages/embedded-aws/provider/context";

/** Asks the PostgreSQL behind the only primary of an offline home, as its master user. */
export async function queryDatabase(home: string, sql: string, password?: string): Promise<unknown[]> {
  const folder = join(home, "account");
  const state = new AccountFile(folder, (type) => models.get(type)?.sensitive ?? []).read();
  const context = contextFor(state, { region: "us-east-1", urn: "", home: folder });
  const [primary, ...others] = context.account
    .list("aws:rds/instance:Instance")
    .filter(({ inputs }) => !inputs["replicateSourceDb"]);
  if (!primary || others.length > 0)
    throw new Error(`${others.length + (primary ? 1 : 0)} primaries, not one`);
  const lease = await acquire(primary, context);
  try {
    const client = new Client({
      ...{ host: "127.0.0.1", port: lease.port, database: "postgres" },
      ...{ user: String(primary.outputs["username"]), password: password ?? passwordOf(home) },
      ssl: { rejectUnauthorized: false },
    });
    await client.connect();
    try {
      return (await client.query(sql)).rows as unknown[];
    } finally {
      await client.end();
    }
  } finally {
    await lease.release();
  }
}

/** The password in the current version of the database's secret. */
export function passwordOf(home: string): string {
  const folder = join(home, "account");
  const { resources } = new AccountFile(folder, (type) => models.get(type)?.sensitive ?? []).read();
  const versions = resources.filter(
    ({ type, urn }) =>
      type === "aws:secretsmanager/secretVersion:SecretVersion" && urn.includes("db-password"),
  );
  return (JSON.parse(String(versions.at(-1)?.inputs["secretString"])) as { password: string }).password;
}
