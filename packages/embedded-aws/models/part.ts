// A short form for the model of a plain type: its inputs, id and ARN.
import type { z } from "zod";
import type { Context, Model, Properties } from "./model";

/** The parts in which plain types differ. */
export interface Plain extends Partial<
  Omit<Model, "type" | "inputs" | "computed" | "describe" | "identify">
> {
  readonly inputs: z.ZodType;
  /** The input that is the id; without it one is drawn with this prefix. */
  readonly id: string | ((inputs: Properties, context: Context) => string);
  /** The ARN; `{region}`, `{account}` and `{id}` are filled in. */
  readonly arn?: string;
  /** Further computed outputs. */
  readonly outputs?: (inputs: Properties, id: string, context: Context, previous?: Properties) => Properties;
  /** Their names. */
  readonly computed?: readonly string[];
}

/** The model of a plain type. */
export function plain(type: string, { id, arn, outputs, computed = [], ...more }: Plain): Model {
  return {
    type,
    ...more,
    computed: [...(arn === undefined ? [] : ["arn"]), ...computed],
    identify: (inputs, context) => (typeof id === "function" ? id(inputs, context) : String(inputs[id])),
    describe: (inputs, own, context, previous) => ({
      ...(arn === undefined
        ? {}
        : {
            arn: arn
              .replace("{region}", context.region)
              .replace("{account}", context.accountId)
              .replace("{id}", own),
          }),
      ...outputs?.(inputs, own, context, previous?.outputs),
    }),
  };
}

/** An id with a prefix and drawn digits. */
export const drawn =
  (prefix: string, digits = 17) =>
  (_: Properties, { hex }: Context) =>
    `${prefix}${hex(digits)}`;
