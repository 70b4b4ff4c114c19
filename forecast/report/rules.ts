import { concerns } from "../../policy/pack";
import { remedyOf } from "../../policy/rule";

/** How a rule came out. */
export type Outcome =
  "violated" | "advised" | "deferred" | "accepted" | "holds" | "notApplicable" | "disabled";

/** Marks of the pack's summary, the worst outcome first, with the word for each. */
export const outcomes: readonly {
  readonly outcome: Outcome;
  readonly mark: string;
  readonly word: string;
}[] = [
  { outcome: "violated", mark: "✗", word: "violated" },
  { outcome: "advised", mark: "!", word: "advised" },
  { outcome: "deferred", mark: "~", word: "after the update" },
  { outcome: "accepted", mark: "=", word: "accepted with a reason" },
  { outcome: "holds", mark: "✓", word: "holds" },
  { outcome: "notApplicable", mark: "–", word: "not applicable" },
  { outcome: "disabled", mark: "×", word: "disabled" },
];

/** A rule of the pack with its result. */
export interface RuleResult {
  /** Kebab-case name. */
  readonly name: string;
  /** Concern of the pack: `Network`. */
  readonly concern: string;
  /** What must hold. */
  readonly description: string;
  /** Requirements of the guide that it keeps. */
  readonly requirements: readonly string[];
  /** What mends a violation. */
  readonly remedy: string;
  /** How it came out; undefined where the pack did not run. */
  readonly outcome?: Outcome;
  /** Sentences of the pack about single resources. */
  readonly findings: readonly string[];
}

/** Outcome of each rule in the pack's summary: its lines begin with a mark, or go on with the one before. */
function outcomesIn(summary: string): ReadonlyMap<string, Outcome> {
  const found = new Map<string, Outcome>();
  let current: Outcome | undefined;
  for (const line of summary.split("\n").slice(1)) {
    const [, mark, names = ""] = /(?:^|\s)([✗!~=✓–×]) (.*)$/.exec(line) ?? [undefined, undefined, line];
    current = outcomes.find((each) => each.mark === mark)?.outcome ?? current;
    for (const name of names.split(",").map((each) => each.trim())) {
      if (name !== "" && current) found.set(name, current);
    }
  }
  return found;
}

/** Every rule of the pack with what its summary and its findings say. */
export function rulesFrom(
  summary: string,
  findings: readonly { readonly policyName: string; readonly message: string }[],
): readonly RuleResult[] {
  const outcomeOf = outcomesIn(summary);
  return Object.entries(concerns).flatMap(([concern, members]) =>
    members.map(({ about }) => ({
      name: about.name,
      concern,
      description: about.description,
      requirements: about.requirements,
      remedy: remedyOf(about),
      outcome: outcomeOf.get(about.name),
      findings: findings.flatMap(({ policyName, message }) => (policyName === about.name ? [message] : [])),
    })),
  );
}
