// Failures on demand, so that tests can see how a program and its operator fare when AWS has a bad day.
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import type { Fault } from "../models/model";

const operations = ["create", "read", "update", "delete"] as const;
export type Operation = (typeof operations)[number];

/** What goes on behind resources: a one-off task, and a deployment that ECS takes back. */
const events = ["run", "rollback"] as const;

const schema = z.array(
  z.strictObject({
    type: z.string(),
    operation: z.enum([...operations, ...events]),
    /** The logical name; any if left out. */
    name: z.string().optional(),
    /** Which of the matching calls of this process fails, counted from 1. */
    call: z.int().min(1).default(1),
    error: z.string().min(1).optional(),
    delayMs: z.int().min(0).default(0),
    polls: z.int().min(0).default(0),
  }),
);

export const variable = "EMBEDDED_AWS_FAULTS";

/** The faults of one process. */
export interface Faults {
  /** To be called before each operation; throws when a fault is due. */
  strike(type: string, operation: Operation, name: string): Promise<void>;
  /** The fault that is due for an event, if any. */
  due(type: string, event: string, name: string): Fault | undefined;
}

/** Reads the list of faults. */
export function readFaults(text: string | undefined): Faults {
  const faults = parse(text).map((fault) => ({ ...fault, seen: 0 }));
  const due = (type: string, operation: string, name: string) =>
    faults
      .filter(
        (fault) => fault.type === type && fault.operation === operation && (fault.name ?? name) === name,
      )
      .filter((fault) => (fault.seen += 1) === fault.call);
  return {
    async strike(type, operation, name) {
      for (const { delayMs, error } of due(type, operation, name)) {
        if (delayMs > 0) await setTimeout(delayMs);
        if (error !== undefined) throw new Error(error);
      }
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
