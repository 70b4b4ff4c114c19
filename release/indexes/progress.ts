import { setTimeout as delay } from "node:timers/promises";
import type { ClientBase } from "pg";

/** A session that another one waits for. Null where the user may not see it. */
export interface Blocker {
  /** Process on the server, for `pg_terminate_backend`. */
  readonly pid: number;
  /** Role that it logged in as. */
  readonly user: string | null;
  /** Its `application_name`: `chatpop-indexes`. */
  readonly application: string | null;
  /** In PostgreSQL's words: `active`, `idle in transaction`. */
  readonly state: string | null;
  /** Seconds since its transaction began. */
  readonly seconds: number | null;
}

/** Progress of a session that builds an index. */
export interface BuildProgress {
  /** Process on the server. */
  readonly pid: number;
  /** Whether it is building; not yet while it waits for the table. */
  readonly active: boolean;
  /** In PostgreSQL's words (`pg_stat_progress_create_index`); null where the user may not see it. */
  readonly phase: string | null;
  /** Share of the phase that is done, where PostgreSQL knows it. */
  readonly percent: number | null;
  /** Of the phase; 0 of 0 in phases that count none. */
  readonly blocks: { readonly done: number; readonly total: number };
  /** Rows of the phase; 0 of 0 in phases that count none. */
  readonly tuples: { readonly done: number; readonly total: number };
  /** Sessions that it waits for at the moment. */
  readonly blockedBy: readonly Blocker[];
}

interface ProgressRow {
  readonly active: boolean;
  readonly phase: string | null;
  readonly blocksDone: number | null;
  readonly blocksTotal: number | null;
  readonly tuplesDone: number | null;
  readonly tuplesTotal: number | null;
  readonly blockedBy: readonly Blocker[] | null;
}

const share = (done: number, total: number): number | null =>
  total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : null;

/** Asks over another connection how far the session `pid` has come with its index. */
export async function readProgress(observer: ClientBase, pid: number): Promise<BuildProgress> {
  const { rows } = await observer.query<ProgressRow>(
    `SELECT p.pid IS NOT NULL AS active, p.phase, p.blocks_done::float8 AS "blocksDone", p.blocks_total::float8 AS "blocksTotal",
       p.tuples_done::float8 AS "tuplesDone", p.tuples_total::float8 AS "tuplesTotal",
       (SELECT json_agg(json_build_object('pid', b.pid, 'user', a.usename, 'application', a.application_name,
            'state', a.state, 'seconds', round(extract(epoch FROM clock_timestamp() - a.xact_start))))
          FROM (SELECT DISTINCT unnest(pg_blocking_pids($1))) AS b(pid) LEFT JOIN pg_stat_activity a ON a.pid = b.pid
          -- While it asks, the observer itself may be what the build waits for.
          WHERE b.pid <> pg_backend_pid()) AS "blockedBy"
     FROM (SELECT $1::int) AS asked(pid) LEFT JOIN pg_stat_progress_create_index p ON p.pid = asked.pid`,
    [pid],
  );
  const row = rows[0];
  const active = row?.active ?? false;
  const blocks = { done: row?.blocksDone ?? 0, total: row?.blocksTotal ?? 0 };
  const tuples = { done: row?.tuplesDone ?? 0, total: row?.tuplesTotal ?? 0 };
  const percent = share(blocks.done, blocks.total) ?? share(tuples.done, tuples.total);
  return { pid, active, phase: row?.phase ?? null, percent, blocks, tuples, blockedBy: row?.blockedBy ?? [] };
}

/**
 * Sessions that a build has waited for in vain, and that would hold up a build on `table` as well: the same transaction
 * is open, and it holds a lock on the table or a snapshot, for which a build on any table waits.
 */
export async function stillInTheWay(
  observer: ClientBase,
  blockers: readonly Blocker[],
  schema: string,
  table: string,
): Promise<readonly Blocker[]> {
  const { rows } = await observer.query<{ pid: number; seconds: number }>(
    `SELECT a.pid, extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS seconds
     FROM pg_stat_activity a
     WHERE a.pid = ANY ($1::int[]) AND (a.backend_xmin IS NOT NULL OR EXISTS (
       SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
       WHERE l.pid = a.pid AND l.granted AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
         AND c.relnamespace = to_regnamespace(quote_ident($2)) AND c.relname = $3))`,
    [blockers.map(({ pid }) => pid), schema, table],
  );
  return blockers.filter((one) =>
    // A transaction that began later is another one of the same session.
    rows.some(({ pid, seconds }) => pid === one.pid && seconds >= (one.seconds ?? 0)),
  );
}

/** Calls `look` every `interval` milliseconds until `work` has settled, and gives its result. */
export async function whileWatching<T>(
  work: Promise<T>,
  interval: number,
  look: () => Promise<void>,
): Promise<T> {
  const settled = new AbortController();
  const { signal } = settled;
  const done = work.then(
    () => settled.abort(),
    () => settled.abort(),
  );
  while (!signal.aborted) {
    await Promise.race([done, delay(interval, undefined, { signal }).catch(() => undefined)]);
    // A failure of the watcher must not fail the build.
    if (!signal.aborted) await look().catch(() => undefined);
  }
  return work;
}

/** One session in words, as an error or a progress line names it. */
export function describeBlocker({ pid, user, application, state, seconds }: Blocker): string {
  const details = [
    user && `user ${user}`,
    application && `application ${application}`,
    state && (seconds === null ? state : `${state}, its transaction open for ${seconds} s`),
  ].filter(Boolean);
  return `backend ${pid}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}
