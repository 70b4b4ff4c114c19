import type { ClientBase } from "pg";
import { equivalents, type Action } from "./decision";
import type { Observation } from "./inspection";

/** Rows of `chats_message` from which the guide considers partitioning (G-172). */
export const partitioningMark = 10_000_000;

/** State of an index's name in the database. */
export type IndexState = "valid" | "invalid" | "running" | "different" | "missing" | "skipped";

/** One index of the catalogue. */
export interface IndexReport {
  /** `idx_messages_room_created`. */
  readonly name: string;
  /** `chats_message`. */
  readonly table: string;
  /** The row of `docs/guide.md` that asks for it. */
  readonly requirement: string;
  /** Present state, after all steps. */
  readonly state: IndexState;
  /** Step that was taken; in a plan, the step that would be taken. */
  readonly action: Action["kind"];
  /** Why it was skipped or refused, or how it failed. */
  readonly reason?: string;
  /** Other indexes that serve the same queries. */
  readonly redundantWith: readonly string[];
  /** Size on disk; undefined while there is no index of the name. */
  readonly bytes?: number;
  /** Time that dropping and building took. */
  readonly milliseconds?: number;
}

/** One index of the schema, whoever made it (G-87). */
export interface SchemaIndex {
  /** Without its schema. */
  readonly table: string;
  /** Without its schema. */
  readonly index: string;
  /** Whether queries use it. */
  readonly valid: boolean;
  /** Size on disk. */
  readonly bytes: number;
}

/** The result of a run. */
export interface Report {
  /** incomplete: there is work to do. running: cut short; the server may be building still. */
  readonly state: "valid" | "incomplete" | "running" | "failed";
  /** Schema of the search. */
  readonly schema: string;
  /** The guide's nine, in its order. */
  readonly indexes: readonly IndexReport[];
  /** Whether `chats_message` is large enough for partitions. */
  readonly messages: {
    /** PostgreSQL's own estimate; null before the first ANALYZE, VACUUM or index build. */
    readonly estimatedRows: number | null;
    readonly partitioningMark: number;
    readonly pastPartitioningMark: boolean;
  };
  /** Every index of the schema, largest first. */
  readonly schemaIndexes: readonly SchemaIndex[];
}

/** Steps of a run for one index. */
export interface Outcome {
  /** Decision that was carried out. */
  readonly action: Action;
  /** Why it did not succeed; undefined when it did. */
  readonly failure?: string;
  /** Whether the run ends here: the connection is gone, or somebody cancelled the statement. */
  readonly stop?: boolean;
  /** Time that it took; undefined when nothing was done. */
  readonly milliseconds?: number;
}

/** Joins the inspection and the steps to a report. */
export function indexReport(observation: Observation, outcome: Outcome): IndexReport {
  const { index, named } = observation;
  const { action, failure, milliseconds } = outcome;
  return {
    name: index.name,
    table: index.table,
    requirement: index.requirement,
    state: stateOf(observation, action),
    action: action.kind,
    reason: failure ?? ("reason" in action ? action.reason : undefined),
    redundantWith: equivalents(observation),
    bytes: typeof named === "object" ? named.bytes : undefined,
    milliseconds,
  };
}

function stateOf({ named, index, wanted, builds }: Observation, action: Action): IndexState {
  if (named === undefined) return action.kind === "skip" ? "skipped" : "missing";
  if (typeof named === "string" || named.table !== index.table) return "different";
  if (wanted !== undefined && (named.definition !== wanted || named.unique)) return "different";
  if (named.valid) return "valid";
  return builds.some(({ indexOid }) => indexOid === named.oid || indexOid === null) ? "running" : "invalid";
}

/** Lists every index of a schema with its size, largest first: the guide's query with the view's real columns (G-87). */
export async function listIndexes(client: ClientBase, schema: string): Promise<readonly SchemaIndex[]> {
  const { rows } = await client.query<SchemaIndex>(
    `SELECT s.relname AS table, s.indexrelname AS index, i.indisvalid AS valid,
       pg_relation_size(s.indexrelid)::float8 AS bytes
     FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
     WHERE s.schemaname = $1 ORDER BY pg_relation_size(s.indexrelid) DESC, s.indexrelname`,
    [schema],
  );
  return rows;
}

/** Size of `chats_message`, by PostgreSQL's own estimate: a count would read all of it. */
export async function estimateMessages(client: ClientBase, schema: string): Promise<Report["messages"]> {
  const { rows } = await client.query<{ estimate: number }>(
    `SELECT reltuples::float8 AS estimate FROM pg_class
     WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relname = 'chats_message' AND reltuples >= 0`,
    [schema],
  );
  const estimatedRows = rows[0]?.estimate ?? null;
  return { estimatedRows, partitioningMark, pastPartitioningMark: (estimatedRows ?? 0) > partitioningMark };
}
