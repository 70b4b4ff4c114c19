import { apply, type DatabaseAddress, type IndexOptions, type Report } from "./indexes";
import { progressWriter } from "./cli/output";
import type { InvocationContext } from "./functions/rounds";
import { explain, UsageError, withoutPassword } from "./indexes/errors";

/** Input of an invocation: the instance, its credentials, and the one choice that a release has. */
export interface IndexesEvent extends DatabaseAddress {
  /** Never part of a message or log line. */
  readonly password: string;
  /** Leaves out an index that another one makes redundant. @default builds all nine */
  readonly options?: Pick<IndexOptions, "skipEquivalent">;
}

/** Time reserved at the end of the invocation for the final inspection, the answer, and closing the connection (ms). */
const reserve = 15_000;

/**
 * Builds the indexes within the time that the invocation has left. A build that would take longer goes on in the
 * server: the report's state is then `running`, and the next invocation with the same event resumes.
 * @throws Error that names every index that failed, so that the invocation itself counts as failed
 */
export async function handler(event: IndexesEvent, context: InvocationContext): Promise<Report> {
  const { options, ...address } = event;
  try {
    const report = await apply(address, {
      skipEquivalent: options?.skipEquivalent,
      signal: AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserve)),
      onProgress: progressWriter({ write: (line) => console.log(line.trimEnd()) }),
    });
    if (report.state !== "failed") return report;
    const failures = report.indexes.filter(({ state }) => state !== "valid" && state !== "skipped");
    throw new UsageError(failures.map(({ name, reason, state }) => `${name}: ${reason ?? state}`).join("\n"));
  } catch (error) {
    // eslint-disable-next-line preserve-caught-error -- the original could carry more than its message into the log
    throw new Error(withoutPassword(explain(error), address.password));
  }
}
