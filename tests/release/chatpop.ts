import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { catalogue } from "../../stacks/guideIndexes";
import type { Report } from "../../release/indexes";
import { startCluster, type Cluster, type Database } from "./postgres";

const migrated = join(__dirname, "..", "..", "offline", "chatpop");

/** Parts of the schema: what the migrations of the application and of its overlay leave. */
const parts = {
  chatpop: join(migrated, "schema.sql"),
  outbox: join(migrated, "outbox.sql"),
  "chatpop-april": join(__dirname, "chatpop-april.sql"),
};
export type SchemaPart = keyof typeof parts;

/** The text of one part. */
export const schemaPart = (part: SchemaPart): string => readFileSync(parts[part], "utf8");

/** Gives every test of a `describe` a database of its own, with the tables of the application. */
export function useDatabase(...parts: readonly SchemaPart[]): () => Database {
  let cluster: Cluster;
  let database: Database;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster?.stop());
  beforeEach(async () => {
    database = await cluster.createDatabase();
    for (const part of parts) await database.query(schemaPart(part));
  });
  afterEach(() => database?.close());
  return () => database;
}

/** The database's own description of one of the guide's indexes. */
export async function inDatabase(
  database: Database,
  index: string,
): Promise<{ oid: number; valid: boolean } | undefined> {
  const [row] = await database.query<{ oid: number; valid: boolean }>(
    `SELECT indexrelid::int8::int AS oid, indisvalid AS valid FROM pg_index
     WHERE indexrelid = to_regclass($1)`,
    [index],
  );
  return row;
}

/** Every index of the catalogue by name, with one field of its report. */
export function byName<Key extends keyof Report["indexes"][number]>(report: Report, key: Key) {
  return Object.fromEntries(report.indexes.map((index) => [index.name, index[key]]));
}

/** The same value for every index of the catalogue. */
export const everyIndex = <Value>(value: Value) =>
  Object.fromEntries(catalogue.map(({ name }) => [name, value]));

/** Waits until a question has an answer; the test's own time limit bounds it. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await delay(20);
  }
}

/** The session that builds `index` right now, as soon as there is one. */
export function builderOf(database: Database, index: string): Promise<number> {
  return until(async () => {
    const [row] = await database.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_progress_create_index WHERE index_relid = to_regclass($1)",
      [index],
    );
    return row?.pid;
  });
}

/** A room with `count` messages; gives the room. */
export async function addMessages(database: Database, count: number): Promise<string> {
  const [room] = await database.query<{ id: string }>(
    `WITH host AS (INSERT INTO auth_user DEFAULT VALUES RETURNING id)
     INSERT INTO chats_chatroom (code, host_id)
     SELECT substr(md5(id::text), 1, 8), id FROM host RETURNING id`,
  );
  await database.query(
    `INSERT INTO chats_message (chat_room_id, content, is_deleted)
     SELECT $1, 'message ' || n, n % 10 = 0 FROM generate_series(1, $2::int) AS n`,
    [room!.id, count],
  );
  return room!.id;
}

/**
 * Opens a transaction that has written to `chats_message`: a concurrent build waits for its end, so that a test can look
 * at a build that is under way for as long as it likes.
 */
export async function openWriter(database: Database): Promise<Client> {
  const room = await addMessages(database, 100);
  const writer = await database.session();
  await writer.query("BEGIN");
  await writer.query("INSERT INTO chats_message (chat_room_id, content) VALUES ($1, 'not yet')", [room]);
  return writer;
}

/** Leaves `index` INVALID, as a cancelled build does. */
export async function leaveInvalid(database: Database, index: string): Promise<void> {
  const statement = catalogueStatement(index);
  const writer = await openWriter(database);
  const builder = await database.session();
  const cancelled = builder.query(statement).then(
    () => Promise.reject(new Error("the build was not cancelled")),
    () => undefined,
  );
  await database.query("SELECT pg_cancel_backend($1)", [await builderOf(database, index)]);
  await cancelled;
  await writer.query("ROLLBACK");
}

/** The guide's statement for one index, read from the guide itself. */
export function catalogueStatement(index: string): string {
  const statement = guideStatements().find((text) => text.includes(` ${index} `));
  if (!statement) throw new Error(`the guide has no statement for ${index}`);
  return statement;
}

/** The guide's nine statements in its own words, on one line each. */
export function guideStatements(): readonly string[] {
  const guide = readFileSync(join(__dirname, "..", "..", "docs", "guide.md"), "utf8");
  const [, sql] = /```sql\n([\s\S]*?)```/.exec(guide) ?? [];
  return (sql ?? "")
    .replaceAll(/--.*$/gm, "")
    .split(";")
    .map((statement) => statement.replaceAll(/\s+/g, " ").trim())
    .filter(Boolean)
    .map((statement) => `${statement};`);
}
