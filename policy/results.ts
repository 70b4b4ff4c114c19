import { type EnforcementLevel, UnknownValueError } from "@pulumi/policy";

/** How a rule came out, the worst first. */
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

/** What became of one rule in one run. */
class Result {
  /** Whether there was anything to judge. */
  applied = false;
  /** Findings that no suppression accepts. */
  findings = 0;
  /** Resources of the suppressions that accepted a finding; `undefined` stands for the whole stack. */
  readonly accepted = new Set<string | undefined>();
  /** Checks that met a value which a preview cannot know, with the name of the resource that they are about. */
  readonly deferred = new Map<string, string>();
}

let results = new Map<string, Result>();

const resultOf = (rule: string): Result => {
  const result = results.get(rule) ?? new Result();
  results.set(rule, result);
  return result;
};

/** Forgets everything: the next run begins, also in the same process. */
export const forgetResults = (): void => void (results = new Map());

/** Notes that a rule had something to judge. */
export const noteApplied = (rule: string): void => void (resultOf(rule).applied = true);

/** Notes a finding of a rule, and which suppression accepts it. */
export function noteFinding(rule: string, suppression?: { readonly resource?: string }): void {
  if (suppression) resultOf(rule).accepted.add(suppression.resource);
  else resultOf(rule).findings++;
}

/**
 * Makes one check of one resource. A check that needs an unknown value is left to the update and noted; it hides nothing
 * that other checks find.
 *
 * @param check Tells the check apart from all others of the rule.
 */
export function attempt<T>(rule: string, check: string, resourceName: string, judge: () => T): T | undefined {
  const { deferred } = resultOf(rule);
  deferred.delete(check);
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    deferred.set(check, resourceName);
    return undefined;
  }
}

/** Whether a check was left to the update. */
export const isDeferred = (rule: string, check: string): boolean => resultOf(rule).deferred.has(check);

/** How a rule came out in this run; `level` is the one that the engine enforces it at. */
export function outcomeOf(rule: string, level: EnforcementLevel): Outcome {
  const { applied, findings, deferred, accepted } = resultOf(rule);
  if (level === "disabled") return "disabled";
  if (findings > 0) return level === "advisory" ? "advised" : "violated";
  if (deferred.size > 0) return "deferred";
  if (accepted.size > 0) return "accepted";
  return applied ? "holds" : "notApplicable";
}

/** How many checks of each resource this run left to the update. */
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
  const { accepted, deferred } = resultOf(rule);
  return !accepted.has(resource) && deferred.size === 0;
}
