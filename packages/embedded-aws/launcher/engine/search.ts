// The order of the ways to a Pulumi engine, and the error if all of them fail.

/** An engine that can be run. */
export interface Engine {
  /** The executable's absolute path; its language host lies beside it. */
  readonly executable: string;
  readonly version: string;
}

/** Answer of a way: an engine, or the reason why it gives none. */
export type Answer = Engine | { readonly reason: string };

/** One way to an engine. */
export interface Way {
  /** Place that it searches, as the error shows it: "`pulumi` on the PATH". */
  readonly name: string;
  /** Remedy that makes this way work. */
  readonly remedy?: string;
  attempt(): Promise<Answer>;
}

/** The engine of the first way that gives one. A way that throws is a way that fails. */
export async function findEngine(ways: readonly Way[]): Promise<Engine> {
  const failures: string[] = [];
  const remedies: string[] = [];
  for (const way of ways) {
    const answer = await way.attempt().catch((error: Error) => ({ reason: error.message }));
    if ("executable" in answer) return answer;
    failures.push(`  - ${way.name}: ${answer.reason}`);
    if (way.remedy !== undefined) remedies.push(`  - ${way.remedy}`);
  }
  throw new EngineNotFound(
    ["No Pulumi engine can be had. Tried:", ...failures, "Do one of these and repeat:", ...remedies].join(
      "\n",
    ),
  );
}

/** No way led to an engine; the message lists them all. */
export class EngineNotFound extends Error {}
