import { z } from "zod";

// Pulumi hands every configuration value over as text, structured ones as JSON. What follows reads one kind of value
// each, and carries what documentation and errors say of it.

/** What the operator's documentation and every error say of a setting. */
export interface About {
  /** One sentence: what the setting decides. */
  readonly description: string;
  /** The values that are accepted, in words. */
  readonly allowed: string;
  /** A value for the command in the error message. */
  readonly example: string;
}

/** One of these words; an error suggests the first. */
export const choice = <const T extends string>(values: readonly T[], description: string) =>
  z.enum(values).meta({ description, allowed: values.join(", "), example: values[0] });

/** A text of this form; the pattern has to anchor itself. */
export const matching = (pattern: RegExp, about: About) =>
  z
    .string()
    .regex(pattern)
    .meta({ ...about });

/** A text that AWS knows. */
export const known = (isKnown: (text: string) => boolean, about: About) =>
  z
    .string()
    .refine(isKnown)
    .meta({ ...about });

/** A whole number from `least` to `most`, both allowed; an error suggests the least. */
export const wholeNumber = (least: number, most: number, description: string) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)
    .meta({
      description,
      allowed: `a whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}`,
      example: String(least),
    });

/** One of these numbers; an error suggests the first. */
export const oneOf = (values: readonly number[], description: string) =>
  z
    .enum(values.map(String))
    .transform(Number)
    .meta({ description, allowed: values.join(", "), example: String(values[0]) });

/** `true` or `false`. */
export const onOff = (description: string) =>
  z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .meta({ description, allowed: "true, false", example: "true" });

/** A host name in lower case, with a dot at least. */
export const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const json = (text: string, context: z.core.$RefinementCtx<string>): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "not JSON" });
    return z.NEVER;
  }
};

/** JSON of this schema. */
export const structured = <T extends z.ZodType>(schema: T, about: About) =>
  z
    .string()
    .transform(json)
    .pipe(schema)
    .meta({ ...about });
