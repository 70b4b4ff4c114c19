import type { Finding, State } from "./check";

/** Results of the checks. */
export interface Diagnosis {
  /** Name of the stack. */
  readonly stack: string;
  /** In the order of the checks. */
  readonly findings: readonly Finding[];
  /** USD a month, at the planned load. */
  readonly cost: { readonly fixed: number; readonly usage: number; readonly region: string };
  /** Whether the checks of the account were made. */
  readonly asked: boolean;
  /** Whether the embedded AWS was asked. */
  readonly offline: boolean;
}

const marks: Readonly<Record<State, string>> = { ok: "✓", missing: "✗", unknown: "?" };

/** Minutes of a first update: a database, a cache and, from medium, a proxy are waited for (AWS's own figures, not measured). */
const minutes = "about 20 to 40 minutes";

/** The diagnosis as lines, or as JSON. */
export function report({ stack, findings, cost, asked, offline }: Diagnosis, json = false): string {
  const lacking = findings.filter(({ state }) => state === "missing").length;
  if (json) return JSON.stringify({ stack, ready: lacking === 0, findings, cost }, undefined, 2);
  const width = Math.max(...findings.map(({ name }) => name.length));
  const dollars = (usd: number) => `$${Math.round(usd).toLocaleString("en")}`;
  return [
    ...findings.flatMap(({ name, state, says, remedy }) => [
      `${marks[state]} ${name.padEnd(width)}  ${says}`,
      ...(remedy && state !== "ok" ? [`  ${"".padEnd(width)}  → ${remedy}`] : []),
    ]),
    ...(asked ? [] : ["The account was not asked: without credentials nobody answers."]),
    `It will cost ${dollars(cost.fixed)} fixed + ${dollars(cost.usage)} with use a month (${cost.region}; make cost), and take ${minutes} the first time.`,
    ...(offline
      ? [
          "The embedded AWS was asked. Commands that begin with aws, and the minutes, are those of a real account.",
        ]
      : []),
    lacking === 0 ? `Stack ${stack}: nothing is missing.` : `Stack ${stack}: ${lacking} missing.`,
  ].join("\n");
}
