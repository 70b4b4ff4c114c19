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

const marks: Readonly<Record<State, string>> = { ok: "✓", missing: "✗", advised: "!", unknown: "?" };

/** Minutes of a first update: a database, a cache and, from medium, a proxy are waited for (AWS's own figures, not measured). */
const minutes = "about 20 to 40 minutes";

/** The diagnosis as lines, or as JSON. */
export function report({ stack, findings, cost, asked, offline }: Diagnosis, json = false): string {
  const count = (wanted: State) => findings.filter(({ state }) => state === wanted).length;
  const lacking = count("missing");
  const beside = [
    ...(count("advised") > 0 ? [`${marks.advised} ${count("advised")} advised`] : []),
    ...(count("unknown") > 0 ? [`${marks.unknown} ${count("unknown")} without an answer`] : []),
  ].map((text) => `, ${text}`);
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
    `Stack ${stack}: ${lacking === 0 ? "nothing is missing" : `${marks.missing} ${lacking} missing`}${beside.join("")}.`,
    `Next: ${next(stack, lacking, offline)}`,
  ].join("\n");
}

function next(stack: string, lacking: number, offline: boolean): string {
  const on = stack === "small" ? "" : ` STACK=${stack}`;
  if (lacking > 0)
    return offline
      ? `on a real account the commands after →; here rm .offline/account/settings.json (docs/offline.md), then make doctor${on} OFFLINE=yes`
      : `the commands after →, then make doctor${on}`;
  return offline ? `make up${on}` : `pulumi up --stack ${stack} --policy-pack policy`;
}
