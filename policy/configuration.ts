import type { ResourceValidationPolicy } from "@pulumi/policy";
import { nearest } from "../stacks/nearest";
import { type Configured, configuration } from "./engine";
import type { About, ReportInFull } from "./rule";

/** Names in `--policy-pack-config` that are not a rule's: the engine's own, for all rules. */
const ofTheEngine = ["all"];

/** The end of a sentence, and the names that may have been meant. */
function orMeant(written: string, names: readonly string[]): string {
  const meant = nearest(written, names);
  return meant.length > 0 ? `. Did you mean ${meant.map((name) => `"${name}"`).join(" or ")}?` : ".";
}

/** What a configuration names that does not exist, a sentence each; the engine and Pulumi's SDK ignore it silently. */
export function mistakes(
  given: ReadonlyMap<string, Pick<Configured, "values">>,
  rules: readonly { readonly about: About }[],
  others: readonly string[] = [],
): readonly string[] {
  const names = [...rules.map(({ about }) => about.name), ...others];
  const unknownRules = [...given.keys()]
    .filter((name) => !names.includes(name) && !ofTheEngine.includes(name))
    .map((name) => `the pack has no rule "${name}"${orMeant(name, names)}`);
  const unknownSettings = rules.flatMap(({ about }) => {
    const settings = [...Object.keys(about.settings ?? {}), "suppress"];
    const unknown = Object.keys(given.get(about.name)?.values ?? {}).filter((key) => !settings.includes(key));
    return unknown.map(
      (key) =>
        `"${about.name}" has no setting "${key}", only ${settings.join(", ")}${orMeant(key, settings)}`,
    );
  });
  return [...unknownRules, ...unknownSettings];
}

const name = "configuration";

/** Refuses a configuration that would be ignored in part, at the first resource: before anything is changed. */
export const refuseMistakes = (
  rules: readonly { readonly about: About }[],
  others: readonly string[],
): ResourceValidationPolicy => ({
  name,
  description: "Everything that --policy-pack-config names exists",
  severity: "high",
  remediationSteps: "correct the name in the file given as --policy-pack-config, or take it out",
  validateResource: ({ type, urn }, report) => {
    if (type !== "pulumi:pulumi:Stack") return;
    for (const mistake of mistakes(configuration(), rules, [name, ...others])) {
      (report as unknown as ReportInFull)({
        message: `${mistake} Remedy: correct it in the file given as --policy-pack-config, or take it out.`,
        urn,
      });
    }
  },
});
