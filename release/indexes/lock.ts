import { setTimeout as delay } from "node:timers/promises";
import type { ClientBase } from "pg";
import { describeBlocker, type Blocker } from "./progress";

/** The two numbers of the advisory lock that one runner at a time holds; any will do, as long as they stay. */
const lock = [1_129_335_632, 1] as const;

/** Options of the wait for the lock; times in milliseconds. */
export interface LockWait {
  /** How long to wait for another runner. */
  readonly limit: number;
  /** Between two tries. */
  readonly interval: number;
  /** Ends the waiting; undefined waits up to `limit`. */
  readonly signal?: AbortSignal;
  /** Called after every try that failed, with the other runner if it can be seen. */
  readonly onWait: (holder: Blocker | undefined) => void | Promise<void>;
}

/**
 * Takes the lock that keeps a second runner out, for the life of the session.
 * @returns false when `signal` came first
 * @throws Error that names the holder, when it kept the lock for longer than `limit`
 */
export async function takeLock(
  client: ClientBase,
  { limit, interval, signal, onWait }: LockWait,
): Promise<boolean> {
  const start = Date.now();
  while (!signal?.aborted) {
    // Asked again and again instead of waiting in the server: a waiting query keeps a snapshot, which the other
    // runner's build would wait for in turn.
    const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1, $2) AS taken", [
      ...lock,
    ]);
    if (rows[0]?.taken) return true;
    const holder = await lockHolder(client);
    if (Date.now() - start >= limit) throw new Error(tooLong(limit, holder));
    await onWait(holder);
    await delay(interval, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function lockHolder(client: ClientBase): Promise<Blocker | undefined> {
  const { rows } = await client.query<Blocker>(
    `SELECT l.pid, a.usename AS user, a.application_name AS application, a.state,
       round(extract(epoch FROM clock_timestamp() - a.xact_start))::float8 AS seconds
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()
       AND l.classid::int8 = $1 AND l.objid::int8 = $2 AND l.objsubid = 2`,
    [...lock],
  );
  return rows[0];
}

function tooLong(limit: number, holder: Blocker | undefined): string {
  const who = holder ? describeBlocker(holder) : "another session";
  const stop = holder ? `, or end it with SELECT pg_terminate_backend(${holder.pid})` : "";
  return `Another index build is running: ${who} has held its lock for more than ${limit / 1000} s. Wait longer (--wait)${stop}.`;
}
