// Failures on demand, for tests of programs and operators when AWS fails.
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import type { Fault } from "../models/model";

const operations = ["create", "read", "update", "delete"] as const;
export type Operation = (typeof operations)[number];

/** Events behind resources: a one-off task, and a deployment that ECS rolls back. */
const events = ["run", "rollback"] as const;

const schema = z.array(
  z.strictObject({
    /** The resource type's token. @default any type of AWS */
    type: z.string().optional(),
    operation: z.enum([...operations, ...events]),
    /** The logical name. @default any */
    name: z.string().optional(),
    /** Which of the matching calls of this process fails, counted from 1. */
    call: z.int().min(1).default(1),
    /** Number of calls that fail from then on. */
    times: z.union([z.int().min(1), z.literal("all")]).default(1),
    /** Whether the operation succeeds in AWS and fails afterwards: the wait for its end, or its answer. */
    late: z.boolean().default(false),
    error: z.string().min(1).optional(),
    delayMs: z.int().min(0).default(0),
    polls: z.int().min(0).default(0),
  }),
);

export const variable = "EMBEDDED_AWS_FAULTS";

/** The faults of one process. */
export interface Faults {
  /** Call this before each operation: it throws the fault that is due, or returns the error that is due afterwards. */
  strike(type: string, operation: Operation, name: string): Promise<string | undefined>;
  /** The fault that is due for an event, if any. */
  due(type: string, event: string, name: string): Fault | undefined;
}

/** Reads the list of faults. */
export function readFaults(text: string | undefined): Faults {
  const faults = parse(text).map((fault) => ({ ...fault, seen: 0 }));
  const due = (type: string, operation: string, name: string) =>
    faults
      .filter(
        (fault) =>
          (fault.type === undefined ? type.startsWith("aws:") : fault.type === type) &&
          fault.operation === operation &&
          (fault.name ?? name) === name,
      )
      .filter((fault) => {
        fault.seen += 1;
        return fault.seen >= fault.call && (fault.times === "all" || fault.seen < fault.call + fault.times);
      });
  return {
    async strike(type, operation, name) {
      let afterwards: string | undefined;
      for (const { delayMs, error, late } of due(type, operation, name)) {
        if (delayMs > 0) await setTimeout(delayMs);
        if (late) afterwards ??= error;
        else if (error !== undefined) throw new Error(error);
      }
      return afterwards;
    },
    due: (type, event, name) => due(type, event, name)[0],
  };
}

function parse(text: string | undefined): z.infer<typeof schema> {
  if (text === undefined || text.trim() === "") return [];
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(
      `${variable} is not a list of faults such as ` +
        `[{"type": "aws:ec2/vpc:Vpc", "operation": "create", "call": 1, "error": "ThrottlingException: Rate exceeded"}]:\n${reason}`,
      { cause: error },
    );
  }
}
