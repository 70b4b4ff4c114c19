import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Outcome of a step or a question. `needs-account`: the embedded AWS cannot answer it. `not-reached`: an earlier
 * failure, the budget or Ctrl-C prevented the step. `by-hand`: a person asks it after the run.
 */
export type State = "done" | "failed" | "needs-account" | "not-reached" | "by-hand";

/** The outcome of one step. */
export interface StepRecord {
  /** Name of the step. */
  readonly step: string;
  /** Outcome. */
  readonly state: State;
  /** Result, or the reason of the failure. */
  readonly says: string;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** The answer to one question. */
export interface AnswerRecord {
  /** Name of the question. */
  readonly question: string;
  /** Name of the step after which it was asked. */
  readonly after: string;
  /** Page that the answer belongs to. */
  readonly page: string;
  /** Whether it was answered. */
  readonly state: State;
  /** AWS's answer in its own figures or words. */
  readonly answer: string;
  /** Whether the answer confirms the project's assumption; absent without an answer. */
  readonly asAssumed?: boolean;
}

/** All results of a run. */
export interface Record {
  /** Value of the tag `Acceptance` that every resource of the run has. */
  readonly run: string;
  /** Whether the run used the embedded AWS instead of an account. */
  readonly offline: boolean;
  /** Region of the stack. */
  readonly region: string;
  /** When it began. */
  readonly started: string;
  /** USD: the forecast before the run, and the price of its hours afterwards. */
  readonly cost: { readonly expected: number; readonly atMost: number; readonly spent: number };
  /** The steps in their order. */
  readonly steps: readonly StepRecord[];
  /** The questions in the order of the table. */
  readonly answers: readonly AnswerRecord[];
  /** ARNs that AWS still lists with the run's tag, with the state of each. */
  readonly left: readonly { readonly arn: string; readonly fate: string }[];
}

/** Whether every step has run without a failure, and no resource remains that costs money. */
export const isAccepted = ({ steps, left }: Record): boolean =>
  steps.every(({ state }) => state === "done" || state === "needs-account") &&
  left.every(({ fate }) => fate !== "");

/** Writes the record as JSON, and as Markdown beside it. */
export function write(record: Record, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`);
  writeFileSync(file.replace(/\.json$/, ".md"), markdown(record));
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " · ");
const verdict = ({ state, asAssumed }: AnswerRecord) =>
  state === "done" ? (asAssumed === false ? "**otherwise**" : "as assumed") : state;

/** The record as a page. */
export function markdown({ run, offline, region, started, cost, steps, answers, left }: Record): string {
  const dollars = (usd: number) => `$${usd.toFixed(2)}`;
  return [
    `# Acceptance run ${run}`,
    "",
    offline
      ? "A dry run on the embedded AWS: what needs an account says so."
      : `On an AWS account in ${region}, begun ${started}; forecast ${dollars(cost.expected)}, at most ` +
        `${dollars(cost.atMost)}; by its hours ${dollars(cost.spent)}.`,
    "",
    "| step | state | seconds | seen |",
    "|---|---|---|---|",
    ...steps.map(
      ({ step, state, seconds, says }) => `| ${step} | ${state} | ${Math.round(seconds)} | ${cell(says)} |`,
    ),
    "",
    "| question | asked after | belongs to | verdict | answer |",
    "|---|---|---|---|---|",
    ...answers.map(
      (each) =>
        `| ${each.question} | ${each.after} | ${each.page} | ${verdict(each)} | ${cell(each.answer)} |`,
    ),
    "",
    left.length === 0
      ? "Nothing is left of it."
      : ["Left:", ...left.map(({ arn, fate }) => `- ${arn}: ${fate || "**costs money: delete it**"}`)].join(
          "\n",
        ),
    "",
  ].join("\n");
}
