import type { Outcome } from "./results";
import { outcomes } from "./results";

/** Form of an outcome: its mark, the engine's name of its colour, and its words for a number of rules. */
const shown: Readonly<Record<Outcome, { mark: string; colour: string; says: string }>> = {
  violated: { mark: "✗", colour: "<{%fg 1%}>", says: "violated" },
  advised: { mark: "!", colour: "<{%fg 3%}>", says: "advisory" },
  deferred: { mark: "~", colour: "<{%fg 6%}>", says: "wait for the update" },
  accepted: { mark: "=", colour: "<{%fg 3%}>", says: "accepted with a reason" },
  holds: { mark: "✓", colour: "<{%fg 2%}>", says: "hold" },
  notApplicable: { mark: "–", colour: "", says: "not applicable" },
  disabled: { mark: "×", colour: "", says: "disabled" },
};

const marked = (outcome: Outcome) => `${shown[outcome].colour}${shown[outcome].mark}<{%reset%}>`;

/** Characters of a line: with the engine's indentation, what most terminals and logs show in one. */
const width = 112;

/** A text in lines, none of them longer than `room` where words allow it. */
function lines(text: string, room: number): readonly string[] {
  return text.split(" ").reduce<string[]>((done, word) => {
    const last = done.at(-1);
    return last !== undefined && last.length + 1 + word.length <= room
      ? [...done.slice(0, -1), `${last} ${word}`]
      : [...done, word];
  }, []);
}

/** Names of rules that came out in the same way, as they are shown. */
interface Named {
  readonly outcome: Outcome;
  readonly text: string;
}

/** Rules that do not apply, those that miss the same together. */
function byReason(
  names: readonly string[],
  missing: (rule: string) => readonly string[] = () => [],
): readonly Named[] {
  const reasons = new Map<string, string[]>();
  for (const name of names) {
    const reason = missing(name).join(", ");
    reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  }
  return [...reasons].map(([reason, named]) => ({
    outcome: "notApplicable",
    text: named.join(", ") + (reason === "" ? "" : ` (${reason})`),
  }));
}

/** Outcomes without need of action: they are counted, and named on demand. */
const quiet: readonly Outcome[] = ["holds", "notApplicable"];

/**
 * The results of the rules: a line of totals, then names by concern, the worst outcome first.
 *
 * @param missing What a rule that does not apply has not found; with it, rules that hold or do not apply are named as well.
 */
export function summary(
  concerns: Readonly<Record<string, readonly string[]>>,
  outcomeOf: (rule: string) => Outcome,
  missing?: (rule: string) => readonly string[],
): string {
  const rules = Object.values(concerns).flat();
  const total = outcomes
    .map((outcome) => ({ outcome, count: rules.filter((rule) => outcomeOf(rule) === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${marked(outcome)} ${count} ${shown[outcome].says}`);
  const margin = Math.max(...Object.keys(concerns).map((concern) => concern.length)) + 2;
  const named = outcomes.filter((outcome) => missing || !quiet.includes(outcome));
  const body = Object.entries(concerns).flatMap(([concern, names]) =>
    named
      .flatMap((outcome): readonly Named[] => {
        const members = names.filter((name) => outcomeOf(name) === outcome).sort();
        if (members.length === 0) return [];
        return outcome === "notApplicable"
          ? byReason(members, missing)
          : [{ outcome, text: members.join(", ") }];
      })
      .flatMap(({ outcome, text }) =>
        lines(text, width - margin - 2).map(
          (line, index) => `${index === 0 ? marked(outcome) : " "} ${line}`,
        ),
      )
      .map((line, index) => `${(index === 0 ? concern : "").padEnd(margin)}${line}`),
  );
  return [`${rules.length} policy rules: ${total.join(", ")}`, ...body].join("\n");
}
