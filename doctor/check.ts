/** Outcome of a check. Only `missing` is a failure: `advised` mends itself, and `unknown` had no answer. */
export type State = "ok" | "missing" | "advised" | "unknown";

/** The answer to a check. */
export interface Answer {
  /** Outcome. */
  readonly state: State;
  /** Result in one line. */
  readonly says: string;
  /** Command or place of the repair. @default nothing to repair */
  readonly remedy?: string;
}

/** A check of a subject. */
export interface Check<Subject> {
  /** First word of its line. */
  readonly name: string;
  /** Makes the check; undefined if the Plan does not need it. */
  readonly ask: (subject: Subject) => Promise<Answer | readonly Answer[] | undefined> | Answer | undefined;
}

/** An answer with the name of its check. */
export interface Finding extends Answer {
  /** Of the check. */
  readonly name: string;
}

/** Answer for something that exists. */
export const ok = (says: string): Answer => ({ state: "ok", says });
/** Answer for something that is missing, with its remedy. */
export const missing = (says: string, remedy: string): Answer => ({ state: "missing", says, remedy });
/** Answer for something that AWS makes by itself, and that is better made before. */
export const advised = (says: string, remedy: string): Answer => ({ state: "advised", says, remedy });
/** Answer without a result. */
export const unknown = (says: string, remedy?: string): Answer => ({
  state: "unknown",
  says,
  ...(remedy && { remedy }),
});

/** Makes all checks at once; a check with an error is `unknown` and does not affect the others. */
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
