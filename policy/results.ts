import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { Suppression } from "./settings";
import { type Finding, knownOr } from "./values";

/** Outcomes of a rule, the worst first. */
export const outcomes = [
  "violated",
  "advised",
  "deferred",
  "accepted",
  "holds",
  "notApplicable",
  "disabled",
] as const;
export type Outcome = (typeof outcomes)[number];

/** A finding of a rule. */
export interface Found {
  /** The whole sentence that the engine shows. */
  readonly message: string;
  /** Name and URN of the resource that is blamed; the stack when left out. */
  readonly resource?: string;
  readonly urn?: string;
  /** Severity of a finding that a rule only advises of, less than its own. */
  readonly advice?: Severity;
  /** The suppression that accepts it. */
  readonly accepted?: Suppression;
  /** The suppression that accepted it until its last day. */
  readonly expired?: Suppression;
}

/** Result of one rule in one run. */
class Result {
  /** Checks of resources, by what they met last: something to judge, or nothing. */
  readonly checks = new Map<string, { readonly urn: string; readonly judged: boolean }>();
  readonly found: Found[] = [];
  /** Checks that were made, also those that met an unknown value. */
  readonly made = new Set<string>();
  /** Resources that it has not found. */
  readonly missing = new Set<string>();
  /** Checks that met a value which a preview cannot know, with the name of the resource that they are about. */
  readonly deferred = new Map<string, string>();
}

let results = new Map<string, Result>();

const resultOf = (rule: string): Result => {
  const result = results.get(rule) ?? new Result();
  results.set(rule, result);
  return result;
};

let own = false;

/** Forgets everything: the next run begins, also in the same process. */
export function forgetResults(): void {
  results = new Map();
  own = false;
}

/** Notes the type of a resource: components of this project tell that the program is its own. */
export function noteOwn(type: string): void {
  if (type.startsWith("chatpop:")) own = true;
}

/** Whether this project's own program is judged. Parents come before what they contain. */
export const isOwn = (): boolean => own;

/** URNs of the resources of a rule's checks; the stack's own for the whole. */
const urnsOf = (rule: string, judged: boolean): readonly string[] => [
  ...new Set(
    [...resultOf(rule).checks.values()].filter((each) => each.judged === judged).map(({ urn }) => urn),
  ),
];

/** Notes a finding of a rule, and which suppression accepts it. */
export const noteFinding = (rule: string, found: Found): void => void resultOf(rule).found.push(found);

/** Notes what a rule needs, and does not find. */
export const noteMissing = (rule: string, what: string): void => void resultOf(rule).missing.add(what);

/** Resources that a rule needs and has not found. */
export const missingFor = (rule: string): readonly string[] => [...resultOf(rule).missing];

/** URNs of the resources that a rule judged in this run. */
export const judgedBy = (rule: string): readonly string[] => urnsOf(rule, true);

/** URNs of the resources that a rule looked at; some may have nothing that it judges. */
export const seenBy = (rule: string): readonly string[] => [...judgedBy(rule), ...urnsOf(rule, false)];

/** Findings of a rule in this run, accepted or not. */
export const foundBy = (rule: string): readonly Found[] => resultOf(rule).found;

/**
 * Makes one check of one resource. A check that needs an unknown value is left to the update and noted; it hides nothing
 * that other checks find.
 *
 * @param check Tells the check apart from all others of the rule.
 */
export function attempt<T>(rule: string, check: string, resourceName: string, judge: () => T): T | undefined {
  const { deferred, made } = resultOf(rule);
  made.add(check);
  deferred.delete(check);
  return knownOr(judge, () => void deferred.set(check, resourceName));
}

/** Makes one check of one resource like `attempt`, and notes whether there was anything to judge. */
export function judgeOnce(
  rule: string,
  check: string,
  resource: { readonly urn: string; readonly name: string },
  judge: () => Finding,
): Finding {
  const finding = attempt(rule, check, resource.name, judge);
  const judged = finding !== undefined || isDeferred(rule, check);
  resultOf(rule).checks.set(check, { urn: resource.urn, judged });
  return finding;
}

/** Whether a check was made before in this run. */
export const wasMade = (rule: string, check: string): boolean => resultOf(rule).made.has(check);

/** Whether a check was left to the update. */
export const isDeferred = (rule: string, check: string): boolean => resultOf(rule).deferred.has(check);

/** Outcome of a rule in this run; `level` is the engine's enforcement level. */
export function outcomeOf(rule: string, level: EnforcementLevel): Outcome {
  const { found, deferred } = resultOf(rule);
  if (level === "disabled") return "disabled";
  const open = found.filter(({ accepted }) => !accepted);
  if (open.some(({ advice }) => !advice)) return level === "advisory" ? "advised" : "violated";
  if (open.length > 0) return "advised";
  if (deferred.size > 0) return "deferred";
  if (found.length > 0) return "accepted";
  return judgedBy(rule).length > 0 ? "holds" : "notApplicable";
}

/** Number of checks that this run left to the update, by resource. */
export function deferredChecks(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { deferred } of results.values()) {
    for (const name of deferred.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Names of the resources whose checks a rule left to the update, one a check. */
export const deferredBy = (rule: string): readonly string[] => [...resultOf(rule).deferred.values()];

/** Whether a suppression accepted nothing, and nothing that the rule left to the update may still need it. */
export function isUnused(rule: string, { resource }: { readonly resource?: string }): boolean {
  const { found, deferred } = resultOf(rule);
  const used = found.some((each) => {
    const suppression = each.accepted ?? each.expired;
    return suppression !== undefined && suppression.resource === resource;
  });
  return !used && deferred.size === 0;
}
