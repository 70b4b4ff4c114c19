// Commands of this project that make a rule hold: a setting is given a value, or left to the Plan, which keeps every rule.
import type { SettingKey } from "../stacks/settings";
import { set, typed, without } from "../stacks/settings/remedies";
import { stackConfiguration } from "./engine";

/** Values of a rule's own thresholds. */
type Thresholds = Readonly<Record<string, unknown>>;

/** A setting that a rule's remedy changes. */
export interface Mend {
  readonly key: SettingKey;
  /** The command, by the text of the setting in the stack's file; undefined where the setting is not to blame. */
  readonly command: (text: string | undefined, thresholds: Thresholds) => string | undefined;
}

/** Leaves a setting that has a value to the Plan. */
export const leave = (key: SettingKey): Mend => ({
  key,
  command: (text) => (text === undefined ? undefined : `pulumi config rm chatpop:${key}`),
});

/** Leaves names of a JSON setting to the Plan, and keeps the others. */
export const leaveNames = (key: SettingKey, goes: (name: string, value: unknown) => boolean): Mend => ({
  key,
  command: (text) => {
    const given = JSON.parse(text ?? "{}") as Readonly<Record<string, unknown>>;
    const names = Object.keys(given).filter((name) => goes(name, given[name]));
    return names.length > 0 ? set(key, without(given, names)) : undefined;
  },
});

/** Gives a setting a value, whether it has one or not. */
export const give = (key: SettingKey, value: string): Mend => ({ key, command: () => set(key, value) });

/** Gives a setting that has a value another one. */
export const change = (key: SettingKey, to: (text: string, thresholds: Thresholds) => unknown): Mend => ({
  key,
  command: (text, thresholds) => (text === undefined ? undefined : set(key, to(text, thresholds))),
});

/** The commands for the stack that is judged; empty where no setting is to blame. */
export function commandsOf(mends: readonly Mend[], thresholds: Thresholds): string {
  const { stack, texts } = stackConfiguration();
  const commands = mends
    .flatMap(({ key, command }) => command(texts.get(key), thresholds) ?? [])
    .join(" && ");
  // An engine that says nothing of the stack leaves it to the one that is selected.
  return stack === "" ? commands : typed(commands, stack, process.env["CHATPOP_COMMAND"]);
}
