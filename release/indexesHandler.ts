import { apply, type DatabaseAddress, type IndexOptions, type Report } from "./indexes";
import { progressWriter } from "./cli/output";
import type { InvocationContext } from "./functions/rounds";
import { explain, UsageError, withoutPassword } from "./indexes/errors";

/** What an invocation is given. */
export interface IndexesEvent extends Omit<DatabaseAddress, "username" | "password"> {
  /** Owner of the tables. */
  readonly username?: string;
  /** Never part of a message or log line. */
  readonly password?: string;
  /** A secret's text, `{"username": …, "password": …}`, in place of the two. */
  readonly secret?: string;
  /** What a run can be told besides. @default none */
  readonly options?: Pick<
    IndexOptions,
    "schema" | "skipEquivalent" | "replace" | "lockTimeout" | "statementTimeout" | "wait" | "interval"
  >;
}

/** Kept back to look at what there is, to answer and to close: milliseconds. */
const reserve = 15_000;

/**
 * Builds the indexes within the time that the invocation has left. A build that would take longer goes on in the
 * server: the report's state is then `running`, and the next invocation with the same event resumes.
 * @throws Error that names every index that failed, so that the invocation itself counts as failed
 */
export async function handler(event: IndexesEvent, context: InvocationContext): Promise<Report> {
  const address = addressOf(event);
  try {
    const report = await apply(address, {
      ...event.options,
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

function addressOf(event: IndexesEvent): DatabaseAddress {
  const { host, port, database, sslMode, ca } = event;
  const { username, password } = event.secret === undefined ? event : parseSecret(event.secret);
  if (!host || !database || !username || !password) {
    throw new Error("the event lacks host, database, or username and password (or a secret that holds them)");
  }
  return { host, port, database, username, password, sslMode, ca };
}

function parseSecret(secret: string): { readonly username?: string; readonly password?: string } {
  try {
    return JSON.parse(secret);
  } catch {
    // JSON.parse would quote the secret in its message.
    throw new Error('the event\'s secret is not JSON; it must be {"username": …, "password": …}');
  }
}
