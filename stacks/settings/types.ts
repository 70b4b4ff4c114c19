import { z } from "zod";

import { nearest } from "./nearest";

// Pulumi passes every configuration value as text, and structured values as JSON. Each schema below reads one kind of
// value and carries its documentation.

/** Words about a setting, for the documentation and for errors. */
export interface About {
  /** One sentence: what the setting decides. */
  readonly description: string;
  /** The values that are accepted, in words. */
  readonly allowed: string;
  /** A value for the command in the error message. */
  readonly example: string;
  /** The allowed value that is nearest to the given text, for the same command; undefined if none is near. */
  readonly nearest?: (text: string) => string | undefined;
}

/** A number as written, of any size; undefined for other text. */
const numberIn = (text: string): number | undefined =>
  /^[+-]?\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : undefined;

/** The name that ends in the text (`t3.small`), or else most resembles it; undefined if none does. */
const resembling = (names: readonly string[]) => (text: string) =>
  names.find((name) => name.endsWith(`.${text.trim()}`)) ?? nearest(text.trim(), names)[0];

/** One of these words; an error suggests the one that most resembles the text, or the first. */
export const choice = <const T extends string>(values: readonly T[], description: string) =>
  z.enum(values).meta({
    ...{ description, allowed: values.join(", "), example: values[0] },
    nearest: resembling(values),
  });

/** A text that matches a pattern; the pattern begins with ^ and ends with $. */
export const matching = (pattern: RegExp, about: About) =>
  z
    .string()
    .regex(pattern)
    .meta({ ...about });

/** A name of a list, such as AWS's regions; an error suggests the one that most resembles the text, or the example. */
export const known = (names: readonly string[], about: About) =>
  z
    .string()
    .refine((text) => names.includes(text))
    .meta({ ...about, nearest: resembling(names) });

const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

const nearestOf = (values: readonly number[], given: number): number => {
  // Differences between very large numbers are inexact, so the value first moves into the range.
  const wanted = within(given, Math.min(...values), Math.max(...values));
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));
};

/**
 * A whole number from `least` to `most`, both allowed; an error suggests the nearest one, or the example for text that is
 * no number.
 *
 * @param example A usual value. @default `least`
 */
export const wholeNumber = (least: number, most: number, description: string, example = least) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)
    .meta({
      description,
      allowed: `a whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}`,
      example: String(example),
      nearest: (text: string) => {
        const given = numberIn(text);
        return given === undefined ? undefined : String(within(Math.round(given), least, most));
      },
    });

/** One of these numbers; an error suggests the nearest one, or the first for text that is no number. */
export const oneOf = (values: readonly number[], description: string) =>
  z
    .enum(values.map(String))
    .transform(Number)
    .meta({
      ...{ description, allowed: values.join(", "), example: String(values[0]) },
      nearest: (text: string) => {
        const given = numberIn(text);
        if (given === undefined) return undefined;
        return String(nearestOf(values, given));
      },
    });

const meaningOff = new Set(["no", "off", "0", "n", "none", "disabled"]);

/** `true` or `false`; an error suggests the one that is meant: `off` never becomes true. */
export const onOff = (description: string) =>
  z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .meta({
      ...{ description, allowed: "true, false", example: "true" },
      nearest: (text: string) => {
        const word = text.trim().toLowerCase();
        return meaningOff.has(word) ? "false" : nearest(word, ["true", "false"])[0];
      },
    });

/** A host name in lower case, with a dot at least. */
export const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const json = (text: string, context: z.core.$RefinementCtx<string>): unknown => {
  const refused = (reason?: string) => {
    context.addIssue({ code: "custom", ...(reason && { params: { reason } }) });
    return z.NEVER;
  };
  let reserved = false;
  try {
    const value: unknown = JSON.parse(text, (name, each: unknown) => {
      // JavaScript sets the object's prototype by a property of this name: its value would be lost silently.
      reserved ||= name === "__proto__";
      return each;
    });
    return reserved ? refused("__proto__ cannot be a name in it.") : value;
  } catch (error) {
    return refused(`It is not JSON: ${(error as Error).message}.`);
  }
};

/**
 * JSON of this schema; an error suggests the given value with its numbers moved into their limits, if that makes it
 * valid.
 */
export const structured = <T extends z.ZodType>(schema: T, about: About) => {
  const whole = z.string().transform(json).pipe(schema);
  return whole.meta({
    ...about,
    nearest: (text: string) => {
      let mended = text;
      // Several rounds: a fraction is rounded first, and the result may be beyond a limit.
      for (let round = 0; round < 3; round++) {
        const issues = whole.safeParse(mended).error?.issues ?? [];
        if (issues.length === 0) return `'${mended.replaceAll("'", "'\\''")}'`;
        const limits = issues.flatMap(
          (issue): readonly (Limit | undefined)[] => limitsOf(issue) ?? [undefined],
        );
        if (limits.includes(undefined)) return undefined;
        mended = JSON.stringify((limits as Limit[]).reduce(corrected, JSON.parse(mended)));
      }
      return undefined;
    },
  });
};

/** Path of a number in JSON, and the allowed number that is nearest to it. */
interface Limit {
  readonly path: readonly PropertyKey[];
  readonly nearest: (given: number) => number;
}

/** Limits of numbers that an issue reports; undefined if it is about something else. */
function limitsOf(issue: z.core.$ZodIssue): readonly Limit[] | undefined {
  const { path } = issue;
  if (issue.code === "too_big") return [{ path, nearest: () => Number(issue.maximum) }];
  if (issue.code === "too_small") return [{ path, nearest: () => Number(issue.minimum) }];
  if (issue.code === "invalid_type" && issue.expected === "int") return [{ path, nearest: Math.round }];
  if (issue.code === "invalid_value") {
    const numbers = issue.values.filter((value) => typeof value === "number");
    return numbers.length === 0 ? undefined : [{ path, nearest: (given) => nearestOf(numbers, given) }];
  }
  if (issue.code !== "invalid_union") return undefined;
  const fitting = issue.errors
    .map((issues) => issues.map(limitsOf))
    .find((each) => !each.includes(undefined));
  return fitting?.flatMap((limits) => limits!.map((limit) => ({ ...limit, path: [...path, ...limit.path] })));
}

/** The value with the number at the limit's path moved into the limit; anything but a number stays. */
function corrected(value: unknown, { path: [first, ...rest], nearest }: Limit): unknown {
  if (first === undefined) return typeof value === "number" ? nearest(value) : value;
  if (Array.isArray(value))
    return value.map((each: unknown, index) =>
      index === first ? corrected(each, { path: rest, nearest }) : each,
    );
  const object = value as Readonly<Record<PropertyKey, unknown>>;
  return { ...object, [first]: corrected(object[first], { path: rest, nearest }) };
}
