// Waits of a function's code: `await setTimeout(5_000)` of `node:timers/promises` lets the account's clock go ahead.
import timers from "node:timers/promises";
import type { Wait } from "./messages";

/** Milliseconds that a wait takes on this machine: long enough for the clock's file to be written before the next call. */
const pause = 20;

let total = 0;

/** Milliseconds of simulated time that the function has waited. */
export const waited = (): number => total;

/**
 * Lets waits pass in the account's time: a function that polls every five seconds would keep its caller for minutes. A wait
 * with a signal stays real, because it races against something real.
 */
export function waitInSimulatedTime(): void {
  const real = timers.setTimeout;
  const wait: typeof real = async (milliseconds = 0, value, options) => {
    if (options?.signal || milliseconds <= pause) return real(milliseconds, value, options);
    total += milliseconds;
    process.send?.({ milliseconds } satisfies Wait);
    return real(pause, value, options);
  };
  timers.setTimeout = wait;
}
