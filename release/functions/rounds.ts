/** The part of Lambda's context that is used. */
export interface InvocationContext {
  /** Milliseconds until Lambda cuts the invocation off. */
  getRemainingTimeInMillis(): number;
}

/** What an invocation is told of its place in a row of invocations. */
export interface Round {
  /** 1 for the first. */
  readonly round: number;
  /** How many there will be at most. */
  readonly rounds: number;
  /** What the one before returned, as JSON; absent in the first round. */
  readonly previous?: string;
}

/** What a piece of work returns when it cannot finish within one invocation. */
export interface Outcome {
  /** `running` asks for another round; everything else is final. */
  readonly state: string;
}

/**
 * Lets work that may take longer than a Lambda's 15 minutes go on over a row of invocations. Whatever is finished is
 * passed on as it is; what is still running is handed to `work` again, and is an error in the last round.
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
