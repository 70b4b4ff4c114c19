/**
 * Whether this run is `make test-all`: with it come the tests that another job runs anyway, every case of a cross of which
 * `make test` takes a sample, and the longer journeys on the real engine. CONTRIBUTING.md lists them.
 */
export const exhaustive = process.env["CHATPOP_TESTS"] === "all";

/** A test of `make test-all` only. */
export const itInAll = (title: string, test: () => Promise<void> | void): void => {
  if (exhaustive) it(title, test);
};

/** Tests of `make test-all` only, which share what comes before them. */
export const describeInAll = (title: string, tests: (this: Mocha.Suite) => void): void => {
  if (exhaustive) describe(title, tests);
};

/** The first of each kind, or all of them in `make test-all`. */
export function sample<T>(cases: readonly T[], kind: (each: T) => string): readonly T[] {
  if (exhaustive) return cases;
  const first = new Map<string, T>();
  for (const each of cases) if (!first.has(kind(each))) first.set(kind(each), each);
  return [...first.values()];
}
