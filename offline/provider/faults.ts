// Failures on demand, so that tests can see how a program and its operator fare when AWS has a bad day.
import { setTimeout } from "node:timers/promises";
import { z } from "zod";

const operations = ["create", "read", "update", "delete"] as const;
export type Operation = (typeof operations)[number];

const schema = z.array(
  z.strictObject({
    type: z.string(),
    operation: z.enum(operations),
    /** The logical name; any if left out. */
    name: z.string().optional(),
    /** Which of the matching calls of this process fails, counted from 1. */
    call: z.int().min(1).default(1),
    error: z.string().min(1).optional(),
    delayMs: z.int().min(0).default(0),
  }),
);

export const variable = "CHATPOP_OFFLINE_FAULTS";

/** Reads the list of faults; the returned function is called before each operation and throws when a fault is due. */
export function readFaults(text: string | undefined) {
  const faults = parse(text).map((fault) => ({ ...fault, seen: 0 }));
  return async (type: string, operation: Operation, name: string): Promise<void> => {
    for (const fault of faults) {
      if (fault.type !== type || fault.operation !== operation || (fault.name ?? name) !== name) continue;
      fault.seen += 1;
      if (fault.seen !== fault.call) continue;
      if (fault.delayMs > 0) await setTimeout(fault.delayMs);
      if (fault.error !== undefined) throw new Error(fault.error);
    }
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
