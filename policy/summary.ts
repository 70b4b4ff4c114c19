import type { Outcome } from "./results";
import { outcomes } from "./results";

/** How an outcome is shown: its mark, in the engine's name for a colour, and what it says of so many rules. */
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

/** Lines of a list of names, none of them longer than `room`. */
function lines(names: readonly string[], room: number): readonly string[] {
  return names.reduce<string[]>((done, name, index) => {
    const item = index === names.length - 1 ? name : `${name},`;
    const last = done.at(-1);
    return last !== undefined && last.length + 1 + item.length <= room
      ? [...done.slice(0, -1), `${last} ${item}`]
      : [...done, item];
  }, []);
}

/** Outcomes of which nobody has to do anything: they are counted, and named on demand. */
const quiet: readonly Outcome[] = ["holds", "notApplicable"];

/**
 * The results of the rules: a line of totals, then names by concern, the worst outcome first.
 *
 * @param all Also names the rules that hold or do not apply.
 */
export function summary(
  concerns: Readonly<Record<string, readonly string[]>>,
  outcomeOf: (rule: string) => Outcome,
  all: boolean,
): string {
  const rules = Object.values(concerns).flat();
  const total = outcomes
    .map((outcome) => ({ outcome, count: rules.filter((rule) => outcomeOf(rule) === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${marked(outcome)} ${count} ${shown[outcome].says}`);
  const margin = Math.max(...Object.keys(concerns).map((concern) => concern.length)) + 2;
  const named = outcomes.filter((outcome) => all || !quiet.includes(outcome));
  const body = Object.entries(concerns).flatMap(([concern, names]) =>
    named
      .map((outcome) => ({ outcome, named: names.filter((name) => outcomeOf(name) === outcome).sort() }))
      .flatMap(({ outcome, named }) =>
        lines(named, width - margin - 2).map(
          (line, index) => `${index === 0 ? marked(outcome) : " "} ${line}`,
        ),
      )
      .map((line, index) => `${(index === 0 ? concern : "").padEnd(margin)}${line}`),
  );
  return [`${rules.length} policy rules: ${total.join(", ")}`, ...body].join("\n");
}
