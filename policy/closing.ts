/**
 * Reports of the pack after all rules. They are no rules themselves, and stay advisory even if the configuration makes
 * all rules mandatory.
 */
import type { EnforcementLevel, StackValidationPolicy } from "@pulumi/policy";
import { configuration, say } from "./engine";
import { deferredChecks, isUnused } from "./results";
import { tell } from "./report";
import type { Suppression } from "./settings";
import { type Concerns, resultsFolder, ruleResults, writeResults } from "./resultFiles";
import { summary } from "./summary";

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Reports in one line the checks that wait for values of the update. */
export const deferredToUpdate: StackValidationPolicy = {
  name: "deferred-to-update",
  description: "Tells how many checks wait for values that only the update will know",
  severity: "low",
  enforcementLevel: "advisory",
  validateStack: (_args, report) => {
    const deferred = deferredChecks();
    if (deferred.size === 0) return;
    const total = [...deferred.values()].reduce((sum, count) => sum + count, 0);
    const where = [...deferred]
      .sort()
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
    tell(report, {
      message: `${many(total, "check")} deferred to update, which will know the values: ${where}.`,
      enforcementLevel: "advisory",
    });
  },
};

/** Reports superfluous suppressions, before they hide a new violation. */
export const unusedSuppressions: StackValidationPolicy = {
  name: "unused-suppressions",
  description: "Tells which suppressions accepted nothing",
  severity: "low",
  enforcementLevel: "advisory",
  validateStack: (_args, report) => {
    for (const [rule, { level, values }] of configuration()) {
      if (level === "disabled") continue;
      for (const suppression of (values["suppress"] ?? []) as readonly Suppression[]) {
        if (!isUnused(rule, suppression)) continue;
        const where = suppression.resource ? `"${suppression.resource}"` : "the whole stack";
        tell(report, {
          message: `the suppression of ${rule} for ${where} matched nothing. Remedy: take it out of the file given as --policy-pack-config.`,
          enforcementLevel: "advisory",
        });
      }
    }
  },
};

/** Forms of the results: broken rules by name, every rule by name, or one line of JSON. */
type Form = "exceptions" | "all" | "json";

/** Result of every rule in this run. */
export function resultsText(concerns: Concerns, form: Form): string {
  const results = ruleResults(concerns, levelOf(concerns));
  if (form === "json") {
    return JSON.stringify(
      results.map(({ rule, concern, outcome, missing }) => ({
        rule,
        concern,
        outcome,
        ...(outcome === "notApplicable" && { missing }),
      })),
    );
  }
  const of = new Map(results.map((each) => [each.rule, each]));
  const names = Object.entries(concerns).map(
    ([concern, members]) => [concern, members.map(({ about }) => about.name)] as const,
  );
  return summary(
    Object.fromEntries(names),
    (rule) => of.get(rule)!.outcome,
    form === "all" ? (rule) => of.get(rule)!.missing : undefined,
  );
}

/** CHATPOP_RULES, for a caller that wants another form; a variable needs no file, unlike the pack's configuration. */
const wantedForm = (): Form => {
  const wanted = process.env["CHATPOP_RULES"];
  return wanted === "all" || wanted === "json" ? wanted : "exceptions";
};

/** Level at which the engine enforces each rule. */
function levelOf(concerns: Concerns): (rule: string) => EnforcementLevel {
  const own = new Map(
    Object.values(concerns)
      .flat()
      .map(({ about }) => [about.name, about.level]),
  );
  return (rule) => configuration().get(rule)?.level ?? own.get(rule) ?? "mandatory";
}

/** Prints the result of every rule, and writes it where somebody wants it as data. */
export const results = (concerns: Concerns): StackValidationPolicy => ({
  name: "results",
  description: "Prints how many rules hold, and by name those that do not",
  enforcementLevel: "advisory",
  validateStack: async ({ resources }, report) => {
    const folder = process.env[resultsFolder];
    const mistake = folder && writeResults(folder, ruleResults(concerns, levelOf(concerns)), resources);
    if (mistake) tell(report, { message: `${mistake}.`, enforcementLevel: "advisory" });
    await say(resultsText(concerns, wantedForm()));
  },
});
