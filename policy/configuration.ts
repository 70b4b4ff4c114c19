import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Configured, configuration } from "./engine";
import type { About, ReportInFull } from "./rule";

/** Names in `--policy-pack-config` that are not a rule's: the engine's own, for all rules. */
const ofTheEngine = ["all"];

/** How many letters have to be changed, added or left out to make one word of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, against] of [...other].entries()) {
      next.push(
        Math.min(row[column + 1]! + 1, next[column]! + 1, row[column]! + (letter === against ? 0 : 1)),
      );
    }
    row = next;
  }
  return row.at(-1)!;
}

/** The end of a sentence, and the names that may have been meant. */
function nearest(written: string, names: readonly string[]): string {
  const scored = names.map((name) => ({ name, far: distance(written, name) }));
  const least = Math.min(...scored.map(({ far }) => far));
  const meant = scored.filter(({ far }) => far === least && far <= written.length / 2);
  return meant.length > 0 ? `. Did you mean ${meant.map(({ name }) => `"${name}"`).join(" or ")}?` : ".";
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
    .map((name) => `the pack has no rule "${name}"${nearest(name, names)}`);
  const unknownSettings = rules.flatMap(({ about }) => {
    const settings = [...Object.keys(about.settings ?? {}), "suppress"];
    const unknown = Object.keys(given.get(about.name)?.values ?? {}).filter((key) => !settings.includes(key));
    return unknown.map(
      (key) =>
        `"${about.name}" has no setting "${key}", only ${settings.join(", ")}${nearest(key, settings)}`,
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
