import { concerns } from "../../policy/pack";
import type { Outcome } from "../../policy/results";
import { remedyOf } from "../../policy/rule";

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
  /** Condition that must hold. */
  readonly description: string;
  /** Requirements of the guide that it checks. */
  readonly requirements: readonly string[];
  /** Remedy for a violation. */
  readonly remedy: string;
  /** Result; undefined if the pack did not run. */
  readonly outcome?: Outcome;
  /** Sentences of the pack about single resources. */
  readonly findings: readonly string[];
}

/** Every rule of the pack with its result (from CHATPOP_RULES=json; empty if the pack did not run) and its findings. */
export function rulesFrom(
  results: string,
  findings: readonly { readonly policyName: string; readonly message: string }[],
): readonly RuleResult[] {
  const outcomeOf = new Map(
    (JSON.parse(results || "[]") as readonly { rule: string; outcome: Outcome }[]).map(
      ({ rule, outcome }) => [rule, outcome],
    ),
  );
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
