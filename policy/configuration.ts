import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { nearest } from "../stacks/settings/nearest";
import { chatPolicy, chatSettings } from "./chat";
import { type Configured, configuration } from "./engine";
import { tell } from "./report";
import type { About } from "./rule";
import type { Suppression } from "./settings";

/** Names in `--policy-pack-config` that are not a rule's: the engine's own, for all rules. */
const ofTheEngine = ["all"];

/** Settings that are the two ends of a range. */
const ranges = [
  ["shortest", "longest"],
  ["lowest", "highest"],
  ["longerThan", "shorterThan"],
] as const;

/** The end of a sentence, and the names that may have been meant. */
function orMeant(written: string, names: readonly string[]): string {
  const meant = nearest(written, names);
  return meant.length > 0 ? `. Did you mean ${meant.map((name) => `"${name}"`).join(" or ")}?` : ".";
}

/** A policy of the pack that is no rule, and its settings. */
export type Other = Pick<StackValidationPolicy, "name" | "configSchema">;

/** The settings that each name of a configuration has. */
const settingsOf = (rules: readonly { readonly about: About }[], others: readonly Other[]) => [
  ...rules.map(({ about }) => [about.name, [...Object.keys(about.settings ?? {}), "suppress"]] as const),
  ...others.map(({ name, configSchema }) => [name, Object.keys(configSchema?.properties ?? {})] as const),
];

function unknownSetting(name: string, key: string, settings: readonly string[]): string {
  if (key in chatSettings)
    return `"${name}" has no setting "${key}": the size of the chat stands once, as "${chatPolicy}": { "${key}": … }.`;
  const only = settings.length > 0 ? `, only ${settings.join(", ")}` : "";
  return `"${name}" has no setting "${key}"${only}${orMeant(key, settings)}`;
}

/**
 * One sentence for each unknown rule, unknown setting or impossible range in the configuration; the engine ignores them
 * silently.
 */
export function mistakes(
  given: ReadonlyMap<string, Pick<Configured, "values">>,
  rules: readonly { readonly about: About }[],
  others: readonly Other[] = [],
): readonly string[] {
  const names = [...rules.map(({ about }) => about.name), ...others.map(({ name }) => name)];
  const unknownRules = [...given.keys()]
    .filter((name) => !names.includes(name) && !ofTheEngine.includes(name))
    .map((name) => `the pack has no rule "${name}"${orMeant(name, names)}`);
  const unknownSettings = settingsOf(rules, others).flatMap(([name, settings]) =>
    Object.keys(given.get(name)?.values ?? {})
      .filter((key) => !settings.includes(key))
      .map((key) => unknownSetting(name, key, settings)),
  );
  const impossible = rules.flatMap(({ about }) => {
    const values = given.get(about.name)?.values ?? {};
    return ranges
      .filter(([from, to]) => (values[from] as number) > (values[to] as number))
      .map(
        ([from, to]) =>
          `"${about.name}" has ${from} ${String(values[from])} above ${to} ${String(values[to])}: nothing is within.`,
      );
  });
  const days = rules.flatMap(({ about }) =>
    ((given.get(about.name)?.values["suppress"] ?? []) as readonly Suppression[])
      .filter(({ expires }) => expires !== undefined && Number.isNaN(Date.parse(expires)))
      .map(({ expires }) => `"${about.name}" has a suppression that expires on ${expires}, which is no day.`),
  );
  return [...unknownRules, ...unknownSettings, ...impossible, ...days];
}

/**
 * The policy that checks the configuration. It stays on, because `"all": "disabled"` would otherwise hide the mistakes
 * in the same file.
 */
export const configurationCheck = "configuration";

/** Refuses a configuration that would be ignored in part, at the first resource: before anything is changed. */
export const refuseMistakes = (
  rules: readonly { readonly about: About }[],
  others: readonly Other[],
): ResourceValidationPolicy => ({
  name: configurationCheck,
  description: "Everything that --policy-pack-config names exists, and can be",
  severity: "high",
  remediationSteps: "correct the name in the file given as --policy-pack-config, or take it out",
  validateResource: ({ type, urn }, report) => {
    if (type !== "pulumi:pulumi:Stack") return;
    for (const mistake of mistakes(configuration(), rules, [{ name: configurationCheck }, ...others])) {
      tell(report, {
        message: `${mistake} Remedy: correct it in the file given as --policy-pack-config, or take it out.`,
        urn,
      });
    }
  },
});
