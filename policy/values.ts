import { UnknownValueError } from "@pulumi/policy";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";

/*
 * A preview does not know every value: to read one that is unknown throws, and defers the check that reads it. These say
 * what such a value must not hide.
 */

/**
 * What a check finds: a fault as a text; `false` where what it judges is right; `undefined` where there is nothing that it
 * judges. A rule none of whose checks had anything to judge does not hold: it is not applicable.
 */
export type Finding = string | false | undefined;

/** A finding about something that was looked at as a whole: without a fault it is right. */
export const judged = (finding: Finding): Finding => finding ?? false;

export type Properties = Readonly<Record<string, unknown>>;

/**
 * Reads something that may be unknown in a preview.
 *
 * @returns undefined when it is unknown.
 */
export const known = <T>(read: () => T): T | undefined => knownOr(read, () => undefined);

/** Reads something that may be unknown in a preview, or does without it. */
export function knownOr<T, U>(read: () => T, otherwise: () => U): T | U {
  const { stackTraceLimit } = Error;
  // Nobody reads the stack trace of an unknown value, and writing them would take a sixth of all judgements.
  Error.stackTraceLimit = 0;
  try {
    return read();
  } catch (error) {
    Error.stackTraceLimit = stackTraceLimit;
    // Any other error is the rule's own: it comes once more, with its trace.
    return error instanceof UnknownValueError ? otherwise() : read();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Leaves a check to whoever sees more than this stack: it counts as one that meets an unknown value. */
export function undecided(what: string): never {
  throw new UnknownValueError(unknownValue, [what]);
}

/** Reads JSON text; what is no text is read already, and what AWS would refuse as such is no business of the rules. */
export function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Properties => typeof value === "object" && value !== null;

/**
 * A value as text, as a program might have meant it. `String` would call a function of an object, which JSON can name but
 * not hold, and end the rule: what is an object has no text.
 */
export const asText = (value: unknown): string =>
  Array.isArray(value) ? value.map(asText).join() : isObject(value) ? "(an object)" : String(value);

/** A value as number: not a number for what holds others. See `asText`. */
export const asNumber = (value: unknown): number => (isObject(value) ? NaN : Number(value));

/** The objects of a list whose values are all known. */
export const objects = (list: unknown): readonly Properties[] =>
  Array.isArray(list) ? list.filter(isObject) : [];

/** Entry of a table by a value of a program, which may be a name that every object has: `toString`. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  Object.hasOwn(table, asText(key)) ? table[asText(key)] : undefined;

/** Whether an argument was given, known or not; after an update AWS also answers with what was left empty. */
export function given(properties: Properties, property: string): boolean {
  if (!isObject(properties) || !(property in properties)) return false;
  const [value] = known(() => [properties[property]]) ?? ["unknown"];
  return (
    value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
  );
}

/** `1 day`, `7 days`. */
export const inDays = (count: number): string => `${count} ${count === 1 ? "day" : "days"}`;

/** A list, or the only entry of one, as AWS's documents write it; what is left out is no entry. */
export type Entries<T> = T | readonly (T | null | undefined)[] | null | undefined;

/**
 * Fault of the first faulty entry; undefined where no entry is one to judge. An unknown entry hides no other: the check
 * waits for it only if no fault is found.
 */
export function findingIn<T>(entries: Entries<T>, judge: (entry: T) => Finding): Finding {
  const list = (Array.isArray(entries) ? entries : [entries]) as readonly (T | null | undefined)[];
  let unknown: UnknownValueError | undefined;
  let outcome: Finding;
  for (let index = 0; index < list.length; index++) {
    try {
      const entry = list[index];
      const finding = entry === undefined || entry === null ? undefined : judge(entry);
      if (finding) return finding;
      outcome ??= finding;
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      unknown = error;
    }
  }
  if (unknown) throw unknown;
  return outcome;
}
