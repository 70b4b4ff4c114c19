import results from "../tests/faults/results.json";
import type { Result } from "../tests/faults/main";
import {
  callId,
  calls,
  type Call,
  killRows,
  type Operation,
  operations,
  quotaRows,
  resourceTypes,
  rows,
  sceneRows,
  type Victim,
  victims,
} from "../tests/faults/table";

const ended = results as Readonly<Record<string, Result>>;

/** ✓ ended as it should, ✗ did not, · found nothing to strike, – not run yet. */
const mark = (id: string): string => {
  const result = ended[id];
  if (result === undefined) return "–";
  if (result.reached === false) return "·";
  return result.problem === undefined ? "✓" : "✗";
};

const count = (ids: readonly string[]): string => {
  const marks = ids.map(mark);
  const of = (wanted: string) => marks.filter((each) => each === wanted).length;
  return [ids.length, ...["✓", "✗", "·", "–"].map(of)].join(" | ");
};

const groups: Readonly<Record<string, string>> = {
  call: "calls of a resource type",
  kill: "processes killed",
  quota: "quotas",
  scene: "state, machine, credentials, database",
};

/** Number of rows, and their results. */
export function counts(): string {
  const lines = Object.entries(groups).map(
    ([group, words]) =>
      `| ${words} | ${count(rows.filter((row) => row.group === group).map(({ id }) => id))} |`,
  );
  const runs = new Set(Object.values(ended).map(({ on, machine }) => `${on}, ${machine}`));
  return [
    "| faults | rows | ended as they should | failed | nothing to strike | not run |",
    "|---|---|---|---|---|---|",
    ...lines,
    `| all | ${count(rows.map(({ id }) => id))} |`,
    "",
    `Run: ${[...runs].sort().join("; ") || "not yet"}.`,
    ...rows.flatMap(({ id }) => (mark(id) === "✗" ? [`\n- ✗ ${id}: ${ended[id]!.problem}`] : [])),
  ].join("\n");
}

/** Resource types against what goes wrong with their calls. */
export function matrix(): string {
  const cell = (operation: Operation, type: string) =>
    (Object.keys(calls) as Call[]).map((call) => mark(callId(operation, call, type))).join(" ");
  return [
    `| resource type | ${operations.join(" | ")} |`,
    `|---|${"---|".repeat(operations.length)}`,
    ...resourceTypes.map(
      (type) => `| \`${type}\` | ${operations.map((operation) => cell(operation, type)).join(" | ")} |`,
    ),
  ].join("\n");
}

/** Processes killed, by victim and command. */
export function kills(): string {
  const of = (verb: string, victim: Victim) =>
    killRows.filter((row) => row.verb === verb && row.victim === victim).map(({ id }) => id);
  const cell = (ids: readonly string[]) => {
    const run = ids.filter((id) => /[✓✗]/.test(mark(id)));
    return `${run.filter((id) => mark(id) === "✓").length} of ${run.length} run; ${ids.length} in the table`;
  };
  return [
    "| killed with -9 | in `up` | in `destroy` |",
    "|---|---|---|",
    ...(Object.entries(victims) as [Victim, string][]).map(
      ([victim, words]) => `| ${words} | ${cell(of("up", victim))} | ${cell(of("destroy", victim))} |`,
    ),
  ].join("\n");
}

/** The faults that stand alone, and the procedure after each. */
export function others(): string {
  return [
    "| fault | procedure | ended |",
    "|---|---|---|",
    ...Object.entries(sceneRows).map(([id, procedure]) => `| ${id} | ${procedure} | ${mark(id)} |`),
    ...Object.entries(quotaRows).map(
      ([name, settings]) =>
        `| quota \`${name}\` is hit by ${Object.entries(settings)
          .map(([key, value]) => `\`${key}\` ${value}`)
          .join(", ")} | the quota is raised, \`up\` | ${mark(`quota ${name}`)} |`,
    ),
  ].join("\n");
}
