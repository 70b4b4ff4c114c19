// What stays in an account after a resource is gone: a final snapshot, a secret in its recovery window, the last
// revision of a task definition. A trace is no resource: nothing refers to it, and an account that holds only traces is empty.
import type { Context, Properties } from "./model";

export interface Trace {
  /** What it is, in AWS's words: `DB snapshot`. */
  readonly kind: string;
  /** The name that it keeps. */
  readonly name: string;
  /** When AWS forgets it (ISO 8601); never if left out. */
  readonly until?: string;
  readonly value?: number;
  /** What it keeps of the resource besides. */
  readonly properties?: Properties;
}

/** The trace of that kind and name, unless AWS has forgotten it by now. */
export function trace(context: Context, kind: string, name: unknown): Trace | undefined {
  return context.account
    .traces(kind)
    .find(
      (candidate) =>
        candidate.name === name && (candidate.until === undefined || new Date(candidate.until) > new Date()),
    );
}
