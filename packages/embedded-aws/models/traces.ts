// Traces stay in an account after a resource is deleted: a final snapshot, a secret in its recovery window, the last
// revision of a task definition. A trace is no resource: nothing refers to it, and an account with nothing but traces
// is empty.
import type { Trace } from "../account";
import type { Context } from "./model";

export type { Trace } from "../account";

/** The trace of that kind and name, unless AWS has forgotten it by now. */
export function trace(context: Context, kind: string, name: unknown): Trace | undefined {
  return context.account
    .traces(kind)
    .find(
      (candidate) =>
        candidate.name === name && (candidate.until === undefined || new Date(candidate.until) > new Date()),
    );
}
