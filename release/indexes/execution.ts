import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { createStatement, type CatalogueIndex } from "../../stacks/guideIndexes";
import type { SessionSettings } from "./connection";
import { decide, type Action, type DecisionOptions } from "./decision";
import { codeOf, explain, isConnectionLost } from "./errors";
import { isStillInvalid, type Observation, type Observe } from "./inspection";
import {
  describeBlocker,
  readProgress,
  stillInTheWay,
  whileWatching,
  type Blocker,
  type BuildProgress,
} from "./progress";
import type { Outcome } from "./report";

/** An event of a run, reported as it happens. */
export type Progress =
  | { readonly event: "lock"; readonly holder?: Blocker; readonly progress?: BuildProgress }
  | { readonly event: "start"; readonly index: string; readonly action: Action["kind"] }
  | { readonly event: "progress"; readonly index: string; readonly progress: BuildProgress }
  | { readonly event: "end"; readonly index: string; readonly outcome: Outcome };

/** The two sessions of a run and its choices; times in milliseconds. */
export interface Run {
  /** Holds the lock against a second runner, drops and builds; nothing else. */
  readonly builder: Client;
  /** Session for inspection: existing indexes, progress of a build, and its blockers. */
  readonly observer: Client;
  /** Reads what there is of one index, by `observer`. */
  readonly observe: Observe;
  /** Process of `builder` on the server, by which `observer` finds its progress. */
  readonly builderPid: number;
  /** Of `builder`. */
  readonly settings: SessionSettings;
  /** Choices on which a decision depends. */
  readonly options: DecisionOptions;
  /** How long to wait for another session that builds the same index. */
  readonly wait: number;
  /** Between two looks at a build. */
  readonly interval: number;
  /** Cuts the run short; undefined lets it go on to its end. */
  readonly signal?: AbortSignal;
  /** Receives each step as it happens. */
  readonly onProgress: (progress: Progress) => void;
  /** Sessions that builds of this run have waited for in vain. */
  readonly inTheWay: Blocker[];
}

type Building = Extract<Action, { kind: "build" | "rebuild" | "replace" }>;

const cutShort = "cut short; what the server has begun it goes on with, and the next run waits for it";
/** SQLSTATE of "an index of this name exists": another session was faster. */
const duplicateRelation = "42P07";
/** SQLSTATE of a lock timeout. */
const lockNotAvailable = "55P03";
/** Limit of rounds; other sessions cannot plausibly disturb so many. */
const rounds = 5;

/** State of an index and the decision about it; an unreadable table leads to a refusal, not to an exception. */
export async function judge(
  observe: Observe,
  index: CatalogueIndex,
  options: DecisionOptions,
): Promise<{ readonly observation: Observation; readonly action: Action }> {
  try {
    const observation = await observe(index);
    return { observation, action: decide(observation, options) };
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    const observation = { index, schema: "", user: "", others: [], builds: [] };
    return { observation, action: { kind: "refuse", reason: explain(error) } };
  }
}

/** Brings one index of the catalogue into being, or says why not. */
export async function bringAbout(run: Run, index: CatalogueIndex): Promise<Outcome> {
  const start = Date.now();
  const elapsed = () => Date.now() - start;
  let awaited: Action | undefined;
  for (let round = 0; round < rounds; round++) {
    const { action } = await judge(run.observe, index, run.options);
    if (action.kind === "keep" && awaited) return { action: awaited, milliseconds: elapsed() };
    if (action.kind === "keep" || action.kind === "skip" || action.kind === "refuse") return { action };
    if (run.signal?.aborted) return { action, failure: cutShort, stop: true };
    run.onProgress({ event: "start", index: index.name, action: action.kind });
    if (action.kind === "await") {
      awaited = action;
      const failure = await awaitBuild(run, index, action.pid);
      if (failure) return { action, failure, milliseconds: elapsed() };
      continue;
    }
    const outcome = await build(run, index, action);
    if (outcome) return { ...outcome, milliseconds: elapsed() };
  }
  return {
    action: { kind: "build" },
    failure: "somebody else keeps creating and dropping it; run again later",
  };
}

/** Waits until another session's build is over; gives the reason when that takes too long. */
async function awaitBuild(run: Run, index: CatalogueIndex, pid: number): Promise<string | undefined> {
  const start = Date.now();
  for (;;) {
    const progress = await readProgress(run.observer, pid);
    if (!progress.active) return undefined;
    run.onProgress({ event: "progress", index: index.name, progress });
    if (run.signal?.aborted) return cutShort;
    if (Date.now() - start >= run.wait) {
      return `backend ${pid} has been building it for longer than ${run.wait / 1000} s. Wait longer (--wait).`;
    }
    await delay(run.interval, undefined, { signal: run.signal }).catch(() => undefined);
  }
}

/** Drops the obstacle, then builds. Returns undefined if the database has changed meanwhile. */
async function build(run: Run, index: CatalogueIndex, action: Building): Promise<Outcome | undefined> {
  const { builder, observer, builderPid, signal, settings } = run;
  // Often enough to have seen who blocks before the lock timeout strikes.
  const interval = Math.min(run.interval, settings.lockTimeout > 0 ? settings.lockTimeout / 4 : Infinity);
  let blockers: readonly Blocker[] = [];
  const look = async () => {
    const progress = await readProgress(observer, builderPid);
    // Kept while nobody blocks: when the lock timeout strikes, what was waited for last is the cause.
    if (progress.blockedBy.length > 0) blockers = progress.blockedBy;
    run.onProgress({ event: "progress", index: index.name, progress });
  };
  const start = Date.now();
  // Ending a connection with a statement under way leaves the statement to the server.
  const leave = () => void builder.end();
  signal?.addEventListener("abort", leave);
  try {
    const same = await stillInTheWay(observer, run.inTheWay, settings.schema, index.table);
    // Each wait in vain leaves one more index INVALID.
    if (same.length > 0) return { action, failure: `not tried: ${stillHeldUp(same)}` };
    if (action.kind === "rebuild" && !(await isStillInvalid(observer, action.drop.oid))) return undefined;
    if (action.kind !== "build") {
      const name = [settings.schema, action.drop.name]
        .map((part) => builder.escapeIdentifier(part))
        .join(".");
      await whileWatching(builder.query(`DROP INDEX CONCURRENTLY ${name}`), interval, look);
    }
    await whileWatching(builder.query(createStatement(index)), interval, look);
    return { action };
  } catch (error) {
    if (signal?.aborted) return { action, failure: cutShort, stop: true };
    if (codeOf(error) === duplicateRelation) return undefined;
    const timedOutOnLock = codeOf(error) === lockNotAvailable;
    const isSame = blockers.some(({ pid }) => run.inTheWay.some((one) => one.pid === pid));
    if (timedOutOnLock) run.inTheWay.push(...blockers);
    const timedOut = settings.statementTimeout > 0 && Date.now() - start >= settings.statementTimeout;
    return {
      action,
      failure: describeFailure(error, index, settings, timedOut, blockers),
      stop: isConnectionLost(error) || (codeOf(error) === "57014" && !timedOut) || (timedOutOnLock && isSame),
    };
  } finally {
    signal?.removeEventListener("abort", leave);
  }
}

const endOf = (blockers: readonly Blocker[]) =>
  blockers.map(({ pid }) => `SELECT pg_terminate_backend(${pid})`).join("; ");

const stillHeldUp = (blockers: readonly Blocker[]) =>
  `${blockers.map(describeBlocker).join(" and ")} would hold it up as well. End that transaction (${endOf(blockers)}), then run again.`;

function describeFailure(
  error: unknown,
  index: CatalogueIndex,
  { lockTimeout, statementTimeout }: SessionSettings,
  timedOut: boolean,
  blockers: readonly Blocker[],
): string {
  const code = codeOf(error);
  if (code === lockNotAvailable && blockers.length > 0) {
    return (
      `waited ${lockTimeout / 1000} s on table ${index.table} for ${blockers.map(describeBlocker).join(" and ")}. ` +
      `End that transaction (${endOf(blockers)}), or raise the lock timeout, then run again; what is unfinished is dropped and rebuilt.`
    );
  }
  if (code === "57014" && timedOut) {
    return `took longer than the statement timeout of ${statementTimeout / 1000} s. Raise it (--statement-timeout), then run again; what is unfinished is dropped and rebuilt.`;
  }
  return explain(error);
}
