// Runs the steps of a run, each with a time limit and within the budget; the destruction always follows.
import { estimate, perHour, type Priced } from "./estimate";
import type { State, StepRecord } from "./record";

/** Result of a step: a sentence. A step that needs a real account throws `NeedsAccount`. */
type Seen = string;

/** Thrown by a step that needs a real account, with the reason. */
export class NeedsAccount extends Error {}

/** A step of the run. */
export interface Step extends Priced {
  /** First word of its line. */
  readonly name: string;
  /** Description of the step. */
  readonly does: string;
  /** Runs the step; the signal comes at the step's time limit, or when the operator stops the run. */
  readonly run: (signal: AbortSignal) => Promise<Seen>;
  /** Whether the step runs even after failures of earlier steps. @default false */
  readonly always?: boolean;
  /** Whether later steps run without it. @default false */
  readonly optional?: boolean;
}

/** Limits and listeners of a journey. */
export interface Journey {
  /** USD that the run may cost by its hours. */
  readonly budget: number;
  /** Minutes that the run may take. @default as many as its steps */
  readonly minutes?: number;
  /** Region whose prices count. */
  readonly region: string;
  /** Ends the steps; the destruction follows. */
  readonly stop: AbortSignal;
  /** Receives a line at the beginning and at the end of each step. */
  readonly say: (line: string) => void;
  /** @default the clock of the machine, in milliseconds */
  readonly now?: () => number;
}

/** Result of a journey. */
export interface Arrival {
  /** In the order of the steps. */
  readonly steps: readonly StepRecord[];
  /** USD by the hours of each step, with as many tasks as autoscaling allows. */
  readonly spent: number;
}

const minute = 60_000;

/** Takes the steps one after the other. It never rejects. */
export async function travel(
  steps: readonly Step[],
  { budget, minutes = Infinity, region, stop, say, now = Date.now }: Journey,
): Promise<Arrival> {
  const records: StepRecord[] = [];
  const last = steps.filter(({ always }) => always);
  const departure = now();
  let [spent, obstacle] = [0, stop.aborted ? String(stop.reason) : ""];
  for (const step of steps) {
    const ahead = estimate([step, ...last.filter((each) => each !== step)], region);
    const elapsed = (now() - departure) / minute;
    if (spent + ahead.atMost > budget)
      obstacle ||=
        `the budget of $${budget} does not bear ${step.name} and the destruction: $${spent.toFixed(2)} are spent, ` +
        `up to $${ahead.atMost.toFixed(2)} would come`;
    if (elapsed + ahead.minutes.atMost > minutes)
      obstacle ||=
        `${minutes} minutes do not bear ${step.name} and the destruction: ${Math.round(elapsed)} have gone by, ` +
        `up to ${Math.round(ahead.minutes.atMost)} would come`;
    if (!step.always && obstacle !== "") {
      records.push({ step: step.name, state: "not-reached", says: obstacle, seconds: 0 });
      continue;
    }
    say(`… ${step.name}: ${step.does}`);
    const begin = now();
    const [state, says] = await take(step, stop);
    const seconds = (now() - begin) / 1_000;
    spent += (seconds / 3_600) * perHour(step.scale, region, true);
    records.push({ step: step.name, state, says, seconds });
    say(`${marks[state]} ${step.name} (${Math.round(seconds)} s): ${says}`);
    if (stop.aborted) obstacle ||= String(stop.reason);
    if (state === "failed" && !step.optional) obstacle ||= `${step.name} has failed`;
  }
  return { steps: records, spent };
}

const marks: Readonly<Record<State, string>> = {
  ...{ done: "✓", failed: "✗" },
  ...{ "needs-account": "?", "not-reached": "–", "by-hand": "–" },
};

async function take(step: Step, stop: AbortSignal): Promise<[State, string]> {
  // The operator's stop does not end a removal: resources that cost money would remain.
  const limit = AbortSignal.timeout(step.atMost * minute);
  const signal = step.always ? limit : AbortSignal.any([limit, stop]);
  try {
    return ["done", await step.run(signal)];
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof NeedsAccount) return ["needs-account", `needs a real account: ${message}`];
    if (stop.aborted && !step.always) return ["failed", `${String(stop.reason)}\n${message}`];
    return ["failed", limit.aborted ? `not done within ${step.atMost} minutes\n${message}` : message];
  }
}
