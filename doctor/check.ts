/** How a check came out. `unknown` is a question that nobody answered, which is no reason to stop. */
export type State = "ok" | "missing" | "unknown";

/** The answer to a check. */
export interface Answer {
  /** Whether it is there. */
  readonly state: State;
  /** What was found, in one line. */
  readonly says: string;
  /** The command, or the place, that mends it. @default nothing is to be mended */
  readonly remedy?: string;
}

/** A check, and the subject it answers for. */
export interface Check<Subject> {
  /** First word of its line. */
  readonly name: string;
  /** Undefined where the Plan does not need what the check asks for. */
  readonly ask: (subject: Subject) => Promise<Answer | readonly Answer[] | undefined> | Answer | undefined;
}

/** An answer with the name of its check. */
export interface Finding extends Answer {
  /** Of the check. */
  readonly name: string;
}

/** It is there. */
export const ok = (says: string): Answer => ({ state: "ok", says });
/** It is not there, and this mends it. */
export const missing = (says: string, remedy: string): Answer => ({ state: "missing", says, remedy });
/** Nobody could say. */
export const unknown = (says: string, remedy?: string): Answer => ({
  state: "unknown",
  says,
  ...(remedy && { remedy }),
});

/** Makes all checks at once; one whose question fails is unknown, and hides no other. */
export async function makeChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    checks.map(async ({ name, ask }) => {
      const answers = await Promise.resolve()
        .then(() => ask(subject))
        .catch((error: Error) => unknown(`${error.name}: ${error.message}`));
      return [answers ?? []].flat().map((answer) => ({ name, ...answer }));
    }),
  );
  return found.flat();
}
