import { UnknownValueError } from "@pulumi/policy";

/*
 * A preview does not know every value: to read one that is unknown throws, and defers the check that reads it. These say
 * what such a value must not hide.
 */

/** What is wrong; anything that is not a text means nothing is. */
export type Finding = string | false | undefined;

export type Properties = Readonly<Record<string, unknown>>;

/**
 * Reads something that may be unknown in a preview.
 *
 * @returns undefined when it is unknown.
 */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** Whether an argument was given, known or not; after an update AWS also answers with what was left empty. */
export function given(properties: Properties, property: string): boolean {
  if (!(property in properties)) return false;
  const [value] = known(() => [properties[property]]) ?? ["unknown"];
  return (
    value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
  );
}

/** A list, or the only entry of one, as AWS's documents write it; what is left out is no entry. */
export type Entries<T> = T | readonly (T | null | undefined)[] | null | undefined;

/**
 * What is wrong with the first entry that something is wrong with. An entry that is unknown hides no other: only where
 * nothing is found does the check wait for it.
 */
export function findingIn<T>(entries: Entries<T>, judge: (entry: T) => Finding): Finding {
  const list = (Array.isArray(entries) ? entries : [entries]) as readonly (T | null | undefined)[];
  let unknown: UnknownValueError | undefined;
  for (let index = 0; index < list.length; index++) {
    try {
      const entry = list[index];
      const finding = entry !== undefined && entry !== null && judge(entry);
      if (finding) return finding;
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      unknown = error;
    }
  }
  if (unknown) throw unknown;
  return undefined;
}

/** The entries of a list, each to be read in a check of its own; a list that is unknown as a whole is one that waits. */
export const entriesOf = <T>(list: () => readonly T[]): readonly (() => T)[] =>
  Array.from({ length: known(() => list().length) ?? 1 }, (_, index) => () => list()[index]!);
