/** The part of Lambda's context that is used. */
export interface InvocationContext {
  /** Milliseconds until Lambda cuts the invocation off. */
  getRemainingTimeInMillis(): number;
}

/** Position of an invocation in a series. */
export interface Round {
  /** 1 for the first. */
  readonly round: number;
  /** Most invocations of the series. */
  readonly rounds: number;
  /** Result of the invocation before, as JSON; absent in the first round. */
  readonly previous?: string;
}

/** Result of work that may need more than one invocation. */
export interface Outcome {
  /** `running` asks for another round; everything else is final. */
  readonly state: string;
}

/**
 * Continues work over a series of invocations, because Lambda's limit is 15 minutes. A finished result is returned as
 * it
 * is; a running one goes to `work` again, and is an error in the last round.
 */
export function inRounds<E extends Round, R extends Outcome>(
  what: string,
  work: (event: E, context: InvocationContext, previous: R | undefined) => Promise<R>,
): (event: E, context: InvocationContext) => Promise<R> {
  return async (event, context) => {
    const previous = event.previous === undefined ? undefined : (JSON.parse(event.previous) as R);
    if (previous && previous.state !== "running") return previous;
    const result = await work(event, context, previous);
    if (result.state === "running" && event.round >= event.rounds) {
      throw new Error(
        `${what} is still running after ${event.rounds} ${event.rounds === 1 ? "round" : "rounds"}. It goes on by itself; run pulumi up again when it is ` +
          "done (docs/release.md tells how to follow it).",
      );
    }
    return result;
  };
}
