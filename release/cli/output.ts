import { describeBlocker, type BuildProgress } from "../indexes/progress";
import type { Outcome, Report } from "../indexes/report";
import type { Progress } from "../indexes";
import type { Mode } from "./arguments";

/** The part of a terminal or file that the output needs. */
export interface Screen {
  /** Whether a line can be written over. @default false */
  readonly isTTY?: boolean;
  /** Width in characters. @default 80 */
  readonly columns?: number;
  /** Takes a text with its own line ends. */
  write(text: string): unknown;
}

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size as PostgreSQL's `pg_size_pretty` would put it, roughly. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${value.toFixed(value < 10 && power > 0 ? 1 : 0)} ${units[power]}`;
}

const formatTime = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
const formatCount = (count: number) => count.toLocaleString("en-US");

/** Rows of cells in columns of equal width. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, i) => Math.max(cell.length, most[i] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
}

const doing = {
  build: "building",
  rebuild: "rebuilding",
  replace: "replacing",
  await: "awaiting",
  keep: "",
  skip: "",
  refuse: "",
};
const done = {
  build: "built",
  rebuild: "rebuilt",
  replace: "replaced",
  await: "awaited",
  keep: "kept",
  skip: "skipped",
  refuse: "refused",
};

/** A report for people. */
export function formatReport(report: Report, mode: Mode): string {
  const rows = report.indexes.map(
    ({ name, table, state, action, bytes, milliseconds, reason, redundantWith }) => [
      name,
      table,
      state,
      mode === "apply"
        ? reason && action !== "skip" && state !== "valid"
          ? "failed"
          : done[action]
        : action,
      bytes === undefined ? "" : formatBytes(bytes),
      milliseconds === undefined ? "" : formatTime(milliseconds),
      redundantWith.length > 0 ? `same as ${redundantWith.join(", ")}` : "",
    ],
  );
  const reasons = report.indexes
    .filter(({ reason }) => reason)
    .map(({ name, reason }) => `${name}: ${reason}`);
  const { estimatedRows, partitioningMark, pastPartitioningMark } = report.messages;
  const rowsKnown =
    estimatedRows === null ? "not known yet (run ANALYZE)" : `about ${formatCount(estimatedRows)}`;
  return [
    ...table([["index", "table", "state", mode === "apply" ? "done" : "to do", "size", "time", ""], ...rows]),
    ...(reasons.length > 0 ? ["", ...reasons] : []),
    ...(mode === "verify" ? ["", ...formatSchema(report)] : []),
    "",
    `rows of chats_message: ${rowsKnown}; the guide considers partitioning beyond ${formatCount(partitioningMark)} (G-172): ${pastPartitioningMark ? "passed" : "not passed"}`,
    `indexes: ${report.state}`,
  ].join("\n");
}

function formatSchema({ schema, schemaIndexes }: Report): string[] {
  const rows = schemaIndexes.map(({ index, table, bytes, valid }) => [
    index,
    table,
    formatBytes(bytes),
    valid ? "" : "INVALID",
  ]);
  return [
    `every index of schema ${schema}, largest first (G-87):`,
    ...table([["index", "table", "size", ""], ...rows]),
  ];
}

/** One step of a run, in words; `undefined` for what needs none. */
export function describeProgress(progress: Progress): string | undefined {
  switch (progress.event) {
    case "lock": {
      const holder = progress.holder ? `${describeBlocker(progress.holder)} ` : "";
      const phase = progress.progress?.active ? `: ${describeBuild(progress.progress)}` : "";
      return `another index build is running, waiting for it: ${holder}${phase}`.replace(/[: ]+$/, "");
    }
    case "start":
      return `${progress.index}: ${doing[progress.action]}`;
    case "progress":
      return `${progress.index}: ${describeBuild(progress.progress)}`;
    case "end":
      return `${progress.index}: ${describeOutcome(progress.outcome)}`;
  }
}

function describeBuild({ active, phase, percent, blocks, tuples, blockedBy }: BuildProgress): string {
  const count = blocks.total > 0 ? { ...blocks, of: "blocks" } : { ...tuples, of: "rows" };
  const amount =
    count.total > 0 ? `, ${formatCount(count.done)} of ${formatCount(count.total)} ${count.of}` : "";
  const blockers = blockedBy.length > 0 ? `, held up by ${blockedBy.map(describeBlocker).join(" and ")}` : "";
  return `${phase ?? (active ? "building" : "waiting for the table")}${percent === null ? "" : ` ${percent} %`}${amount}${blockers}`;
}

function describeOutcome({ action, failure, milliseconds }: Outcome): string {
  if (failure) return `failed: ${failure}`;
  const reason = "reason" in action ? `: ${action.reason}` : "";
  return `${done[action.kind]}${milliseconds === undefined ? "" : ` in ${formatTime(milliseconds)}`}${reason}`;
}

const barWidth = 24;

/** Shows a run as it happens: one line that moves on a terminal, otherwise a line whenever something changes. */
export function progressWriter(screen: Screen): (progress: Progress) => void {
  let last = "";
  return (progress) => {
    const text = describeProgress(progress);
    if (!text) return;
    if (!screen.isTTY) {
      // Numbers move all the time; a log wants the phases.
      const gist = text.replace(/[\d,]+( %| s| of)?/g, "");
      if (gist !== last) screen.write(`${text}\n`);
      last = gist;
      return;
    }
    const percent = progress.event === "progress" ? progress.progress.percent : null;
    const filled = Math.round(((percent ?? 0) * barWidth) / 100);
    const bar = percent === null ? "" : `[${"█".repeat(filled)}${"░".repeat(barWidth - filled)}] `;
    const line = `${bar}${text}`.slice(0, (screen.columns ?? 80) - 1);
    screen.write(`\r\u001b[K${progress.event === "end" ? `${text}\n` : line}`);
  };
}
