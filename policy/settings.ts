import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";

/** A threshold of a rule that the pack's configuration can change. */
export interface Setting<T> {
  readonly schema: PolicyConfigJSONSchema;
  /** Value without a configuration. */
  readonly fallback: T;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of a rule's settings. */
export type Values<S extends Settings> = { readonly [K in keyof S]: S[K]["fallback"] };

/** A number with a default. */
export const number = (fallback: number, description: string, minimum = 0): Setting<number> => ({
  schema: { type: "number", minimum, default: fallback, description },
  fallback,
});

/** A text with a default. */
export const text = (fallback: string, description: string): Setting<string> => ({
  schema: { type: "string", minLength: 1, default: fallback, description },
  fallback,
});

/** A list of texts with a default. */
export const texts = (fallback: readonly string[], description: string): Setting<readonly string[]> => ({
  schema: { type: "array", items: { type: "string" }, default: [...fallback], description },
  fallback,
});

/** A count that is left open unless the configuration gives it. */
export const openCount = (description: string): Setting<number | undefined> => ({
  schema: { type: "integer", minimum: 1, description },
  fallback: undefined,
});

/** A violation that somebody decided to live with. */
export interface Suppression {
  /** Name or URN of the resource; left out, the whole stack. */
  readonly resource?: string;
  readonly reason: string;
  /** Last day on which it holds, as `2027-03-31`; left out, it holds for ever. */
  readonly expires?: string;
}

/** Whether a suppression holds no more: its last day has ended everywhere. */
export const hasExpired = ({ expires }: Suppression, now = Date.now()): boolean =>
  // The last place on earth ends its day twelve hours after UTC does.
  expires !== undefined && now > Date.parse(expires) + (24 + 12) * 3_600_000;

/** Every rule takes suppressions, and none without a reason. */
export const suppressSchema: PolicyConfigJSONSchema = {
  type: "array",
  description:
    "Violations that are accepted: the resource (left out: the whole stack), the reason, and until when.",
  items: {
    type: "object",
    properties: {
      resource: { type: "string", minLength: 1 },
      reason: {
        type: "string",
        minLength: 10,
        pattern: "\\S",
        description: "Why the violation is accepted; it is shown.",
      },
      expires: {
        type: "string",
        pattern: "^\\d{4}-\\d{2}-\\d{2}$",
        description: "Last day on which it is accepted; the day after, it is a violation again.",
      },
    },
    required: ["reason"],
    additionalProperties: false,
  },
};
