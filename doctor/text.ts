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
  /** File with the settings of the embedded account, if it has one. */
  readonly accountFile?: string;
}

const marks: Readonly<Record<State, string>> = { ok: "✓", missing: "✗", advised: "!", unknown: "?" };

/** Minutes of a first update: a database, a cache and, from medium, a proxy are waited for (AWS's own figures, not measured). */
const minutes = "about 20 to 40 minutes";

/** The diagnosis as lines, or as JSON. */
export function report(diagnosis: Diagnosis, json = false): string {
  const { stack, findings, cost, asked, offline } = diagnosis;
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
    ...(asked
      ? []
      : [
          findings.some(({ name, state }) => name === "credentials" && state === "missing")
            ? "The account was not asked: without credentials nobody answers."
            : "The account was not asked: its file is wrong.",
        ]),
    `It will cost ${dollars(cost.fixed)} fixed + ${dollars(cost.usage)} with use a month (${cost.region}; make cost), and take ${minutes} the first time.`,
    ...(offline
      ? [
          "The embedded AWS was asked. Commands that begin with aws, and the minutes, are those of a real account.",
        ]
      : []),
    `Stack ${stack}: ${lacking === 0 ? "nothing is missing" : `${marks.missing} ${lacking} missing`}${beside.join("")}.`,
    `Next: ${next(diagnosis, lacking)}`,
  ].join("\n");
}

function next({ stack, offline, accountFile }: Diagnosis, lacking: number): string {
  const on = stack === "small" ? "" : ` STACK=${stack}`;
  if (lacking === 0) return offline ? `make up${on}` : `pulumi up --stack ${stack} --policy-pack policy`;
  if (!offline) return `the commands after →, then make doctor${on}`;
  return accountFile
    ? `on a real account the commands after →; here rm ${accountFile} (docs/offline.md), then make doctor${on} OFFLINE=yes`
    : `the commands after → (those of aws on a real account only), then make doctor${on} OFFLINE=yes`;
}
