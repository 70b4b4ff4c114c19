import type { ClientBase } from "pg";
import { keysAndPredicate, type CatalogueIndex } from "../../stacks/guideIndexes";

/** Properties that decide whether two indexes answer the same queries, as PostgreSQL reports them. */
export type Definition = string;

/** A table that should carry an index. */
export interface ObservedTable {
  /** `relkind` of `pg_class`: r is an ordinary table, p a partitioned one. */
  readonly kind: string;
  /** Role that may build indexes on it, as may its members. */
  readonly owner: string;
  /** Whether the session's user may do what only the owner may. */
  readonly owned: boolean;
}

/** An index that exists. */
export interface ObservedIndex {
  /** `pg_class.oid`: stays when the index is renamed. */
  readonly oid: number;
  /** Without its schema. */
  readonly name: string;
  /** Table that it belongs to, without its schema. */
  readonly table: string;
  /** Whether queries use it; false during a build, and after one that failed. */
  readonly valid: boolean;
  /** Whether it refuses duplicates. */
  readonly unique: boolean;
  /** Whether a constraint rests on it, so that it cannot be dropped alone. */
  readonly constraint: boolean;
  /** To compare it by. */
  readonly definition: Definition;
  /** As `pg_get_indexdef` writes it, for people. */
  readonly statement: string;
  /** Size on disk. */
  readonly bytes: number;
}

/** A session that is building an index in this database right now. */
export interface ObservedBuild {
  /** Process on the server. */
  readonly pid: number;
  /** Null when the session's user may not see it. */
  readonly indexOid: number | null;
}

/** All facts for the decision about one index of the catalogue. */
export interface Observation {
  /** The index that is wanted. */
  readonly index: CatalogueIndex;
  /** Schema in which it is searched: `public`. */
  readonly schema: string;
  /** Role of the session. */
  readonly user: string;
  /** Undefined when there is none of that name. */
  readonly table?: ObservedTable;
  /** The definition that the statement of the catalogue would give; absent without a table. */
  readonly wanted?: Definition;
  /** Object with the index's name: an index, or the `relkind` of another kind. */
  readonly named?: ObservedIndex | string;
  /** Valid indexes of the table under other names. */
  readonly others: readonly ObservedIndex[];
  /** Every build in the database, also of other tables. */
  readonly builds: readonly ObservedBuild[];
}

// Compared in parts, not as text: names differ, and a copied table numbers its columns anew after a dropped one.
const definition = `json_build_array(
    (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam), i.indnkeyatts,
    ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, false) FROM generate_series(1, i.indnatts) AS k),
    i.indclass::text, i.indcollation::text, i.indoption::text, pg_get_expr(i.indpred, i.indrelid))::text`;

const indexColumns = `i.indexrelid::int8::float8 AS oid, c.relname AS name, t.relname AS table,
    i.indisvalid AND i.indisready AND i.indislive AS valid, i.indisunique AS unique,
    EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AS constraint,
    ${definition} AS definition, pg_get_indexdef(i.indexrelid) AS statement,
    coalesce((SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(i.indexrelid)),
      pg_relation_size(i.indexrelid))::float8 AS bytes
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid`;

/** Reads everything about one index of the catalogue. Leaves nothing behind in the database. */
export type Observe = (index: CatalogueIndex) => Promise<Observation>;

/** Inspects one schema; PostgreSQL interprets the catalogue's statements there once. */
export function observing(client: ClientBase, schema: string): Observe {
  const definitions = new Map<string, Definition>();
  return async (index) => {
    const observation = await observe(client, index, schema);
    if (!["r", "p"].includes(observation.table?.kind ?? "")) return observation;
    const wanted = definitions.get(index.name) ?? (await wantedDefinition(client, index, schema));
    definitions.set(index.name, wanted);
    return { ...observation, wanted };
  };
}

async function observe(client: ClientBase, index: CatalogueIndex, schema: string): Promise<Observation> {
  const inSchema = "relnamespace = to_regnamespace(quote_ident($1))";
  const { rows: users } = await client.query<{ user: string }>("SELECT current_user AS user");
  const { rows: tables } = await client.query<ObservedTable>(
    `SELECT relkind AS kind, pg_get_userbyid(relowner) AS owner, pg_has_role(relowner, 'USAGE') AS owned
     FROM pg_class WHERE ${inSchema} AND relname = $2`,
    [schema, index.table],
  );
  const { rows: kinds } = await client.query<{ kind: string }>(
    `SELECT relkind AS kind FROM pg_class WHERE ${inSchema} AND relname = $2`,
    [schema, index.name],
  );
  const { rows: indexes } = await client.query<ObservedIndex>(
    `SELECT ${indexColumns} WHERE c.${inSchema} AND (t.relname = $2 OR c.relname = $3) ORDER BY c.relname`,
    [schema, index.table, index.name],
  );
  const table = tables[0];
  return {
    index,
    schema,
    table,
    user: users[0]?.user ?? "",
    named: indexes.find(({ name }) => name === index.name) ?? kinds[0]?.kind,
    others: indexes.filter(({ name, table, valid }) => name !== index.name && table === index.table && valid),
    builds: await builds(client),
  };
}

/** Lets PostgreSQL understand the catalogue's statement on an empty copy of the table, and forgets the copy. */
async function wantedDefinition(
  client: ClientBase,
  index: CatalogueIndex,
  schema: string,
): Promise<Definition> {
  const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(index.table)}`;
  await client.query("BEGIN");
  try {
    await client.query(`CREATE TEMPORARY TABLE wanted_table (LIKE ${table})`);
    await client.query(`CREATE INDEX wanted_index ON pg_temp.wanted_table ${keysAndPredicate(index)}`);
    const { rows } = await client.query<ObservedIndex>(
      `SELECT ${indexColumns} WHERE i.indexrelid = 'pg_temp.wanted_index'::regclass`,
    );
    return rows[0]!.definition;
  } finally {
    await client.query("ROLLBACK");
  }
}

/** Sessions that build an index in this database. */
async function builds(client: ClientBase): Promise<readonly ObservedBuild[]> {
  const { rows } = await client.query<ObservedBuild>(
    `SELECT pid, index_relid::int8::float8 AS "indexOid" FROM pg_stat_progress_create_index
     WHERE datname = current_database()`,
  );
  return rows;
}

/** Whether an index that was seen INVALID still is; between two looks somebody's build may have finished. */
export async function isStillInvalid(client: ClientBase, oid: number): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_index WHERE indexrelid = $1::int8::oid AND NOT (indisvalid AND indisready AND indislive)",
    [oid],
  );
  return rowCount === 1;
}
