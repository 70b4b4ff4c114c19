/**
 * Builds the guide's indexes on a database that is in use. Every run begins by looking at what is there, so a run may
 * be repeated, cut off or started twice: it does what is left to do.
 */
import { catalogue } from "../stacks/guideIndexes";
import { connect, type DatabaseAddress, type SessionSettings } from "./indexes/connection";
import type { DecisionOptions } from "./indexes/decision";
import { bringAbout, judge, type Progress, type Run } from "./indexes/execution";
import { observing, type Observe } from "./indexes/inspection";
import { takeLock } from "./indexes/lock";
import { readProgress } from "./indexes/progress";
import { estimateMessages, indexReport, listIndexes, type Outcome, type Report } from "./indexes/report";

export type { DatabaseAddress, SslMode } from "./indexes/connection";
export type { Progress } from "./indexes/execution";
export type { IndexReport, Report } from "./indexes/report";

/** Choices of a run; times in milliseconds. */
export interface IndexOptions extends DecisionOptions {
  /** @default public */
  readonly schema?: string;
  /** How long a statement waits for another transaction; 0 for no limit. @default 10 minutes */
  readonly lockTimeout?: number;
  /** How long a statement may take; 0 for no limit. @default 0 */
  readonly statementTimeout?: number;
  /** How long to wait for another runner. @default 1 hour */
  readonly wait?: number;
  /** Between two looks at a build. @default 1 second */
  readonly interval?: number;
  /** Cuts the run short: the server goes on with the index that is being built, the rest is left to the next run. */
  readonly signal?: AbortSignal;
  /** Receives each step as it happens. @default nobody */
  readonly onProgress?: (progress: Progress) => void;
}

type Outcomes = ReadonlyMap<string, Outcome>;

const schemaOf = (options: IndexOptions) => options.schema ?? "public";

const sessionSettings = (options: IndexOptions): SessionSettings => ({
  schema: schemaOf(options),
  lockTimeout: options.lockTimeout ?? 600_000,
  statementTimeout: options.statementTimeout ?? 0,
});

// Inspection is quick; a slow one is a fault.
const observerSettings = (options: IndexOptions): SessionSettings => ({
  ...sessionSettings(options),
  lockTimeout: 30_000,
  statementTimeout: 60_000,
});

/**
 * Reports the indexes and the steps that {@link apply} would take; `failed` if a step is impossible. Changes nothing.
 */
export async function plan(address: DatabaseAddress, options: IndexOptions = {}): Promise<Report> {
  const observer = await connect(address, observerSettings(options));
  try {
    const report = await takeStock(observer, observing(observer, schemaOf(options)), options);
    const isPossible = report.indexes.every(({ action }) => action !== "refuse");
    return report.state === "failed" && isPossible ? { ...report, state: "incomplete" } : report;
  } finally {
    await observer.end();
  }
}

/** Builds what is missing and repairs what is INVALID, one index after the other. */
export async function apply(address: DatabaseAddress, options: IndexOptions = {}): Promise<Report> {
  const observer = await connect(address, observerSettings(options));
  try {
    const builder = await connect(address, sessionSettings(options));
    try {
      const observe = observing(observer, schemaOf(options));
      const outcomes = await buildAll({ builder, observer, observe }, options);
      return await takeStock(observer, observe, options, outcomes);
    } finally {
      await builder.end();
    }
  } finally {
    await observer.end();
  }
}

async function buildAll(
  sessions: Pick<Run, "builder" | "observer" | "observe">,
  options: IndexOptions,
): Promise<Outcomes> {
  const { builder, observer } = sessions;
  const { signal, interval = 1_000, wait = 3_600_000, onProgress = () => undefined } = options;
  const { rows } = await builder.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const settings = sessionSettings(options);
  const run: Run = {
    ...sessions,
    builderPid: rows[0]!.pid,
    settings,
    options,
    wait,
    interval,
    signal,
    onProgress,
    inTheWay: [],
  };
  const taken = await takeLock(builder, {
    limit: wait,
    interval,
    signal,
    onWait: async (holder) =>
      onProgress({ event: "lock", holder, progress: holder && (await readProgress(observer, holder.pid)) }),
  });
  const outcomes = new Map<string, Outcome>();
  for (const index of taken ? catalogue : []) {
    if (signal?.aborted) break;
    const outcome = await bringAbout(run, index);
    outcomes.set(index.name, outcome);
    onProgress({ event: "end", index: index.name, outcome });
    if (outcome.stop) break;
  }
  return outcomes;
}

/** Inspects all indexes once more: the database's state counts, not the run's own record. */
async function takeStock(
  observer: Run["observer"],
  observe: Observe,
  options: IndexOptions,
  outcomes?: Outcomes,
): Promise<Report> {
  const schema = schemaOf(options);
  const indexes = [];
  for (const index of catalogue) {
    const { observation, action } = await judge(observe, index, options);
    const isOpen = outcomes !== undefined && (action.kind === "build" || action.kind === "rebuild");
    const failure = isOpen ? "not reached: the run ended before" : undefined;
    indexes.push(indexReport(observation, outcomes?.get(index.name) ?? { action, failure }));
  }
  const isDone = indexes.every(({ state }) => state === "valid" || state === "skipped");
  return {
    state: isDone ? "valid" : options.signal?.aborted ? "running" : "failed",
    schema,
    indexes,
    messages: await estimateMessages(observer, schema),
    schemaIndexes: await listIndexes(observer, schema),
  };
}
