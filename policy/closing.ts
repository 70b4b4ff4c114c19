/**
 * What the pack says when all rules have judged everything: so these come after them. They are no rules themselves, and
 * advisory also where the configuration makes all rules mandatory.
 */
import type { StackValidationPolicy } from "@pulumi/policy";
import { configuration, say } from "./engine";
import { deferredChecks, isUnused, outcomeOf } from "./results";
import { tell } from "./report";
import type { About } from "./rule";
import type { Suppression } from "./settings";
import { summary } from "./summary";

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Says in one line what the rules could not know yet. */
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

/** Says which suppressions have become superfluous, before they hide a violation that nobody has looked at. */
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

type Concerns = Readonly<Record<string, readonly { readonly about: About }[]>>;

/** How the results are shown: what does not hold by name, every rule by name, or one line of JSON. */
type Form = "exceptions" | "all" | "json";

/** How every rule came out in this run. */
export function resultsText(concerns: Concerns, form: Form): string {
  const outcome = ({ name, level }: About) =>
    outcomeOf(name, configuration().get(name)?.level ?? level ?? "mandatory");
  const all = Object.entries(concerns).flatMap(([concern, members]) =>
    members.map(({ about }) => ({ rule: about.name, concern, outcome: outcome(about) })),
  );
  if (form === "json") return JSON.stringify(all);
  const outcomesByName = new Map(all.map(({ rule, outcome }) => [rule, outcome]));
  const names = Object.entries(concerns).map(
    ([concern, members]) => [concern, members.map(({ about }) => about.name)] as const,
  );
  return summary(Object.fromEntries(names), (rule) => outcomesByName.get(rule)!, form === "all");
}

/** CHATPOP_RULES, for a caller that wants another form; a variable needs no file, unlike the pack's configuration. */
const wantedForm = (): Form => {
  const wanted = process.env["CHATPOP_RULES"];
  return wanted === "all" || wanted === "json" ? wanted : "exceptions";
};

/** Prints the result of every rule. */
export const results = (concerns: Concerns): StackValidationPolicy => ({
  name: "results",
  description: "Prints how many rules hold, and by name those that do not",
  enforcementLevel: "advisory",
  validateStack: () => say(resultsText(concerns, wantedForm())),
});
