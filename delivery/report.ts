/** One event of Pulumi's event log, of the kinds that a report needs. */
export interface Event {
  /** A step is about to begin: what it does, to which resource, and which properties differ. */
  readonly resourcePreEvent?: {
    readonly metadata: {
      readonly op: string;
      readonly urn: string;
      readonly diffs?: readonly string[] | null;
    };
  };
  /** A policy complains; at the level `mandatory` that stops the update. */
  readonly policyEvent?: {
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  /** Something was said; `error`s end up in the report. */
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string; readonly urn?: string };
}

/** Reads an event log: one JSON object a line. */
export function readEvents(log: string): readonly Event[] {
  return log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}

/** Steps in the order of how much they can hurt; GitHub colours a diff's lines by their first character. */
const steps = [
  { op: "delete", sign: "-", words: "deleted" },
  { op: "replace", sign: "! replace", words: "replaced" },
  { op: "update", sign: "!", words: "updated" },
  { op: "create", sign: "+", words: "created" },
] as const;

/** Rows that a comment can take at three scales; GitHub cuts it off at 65,536 characters. */
const mostRows = 100;

/** What a preview or an update of a stack does, as Markdown: changes, what the policies say, errors. */
export function report(stack: string, events: readonly Event[]): string {
  const changes = steps.map((step) => ({
    ...step,
    // Pulumi's own summary leaves its providers out as well.
    resources: events.flatMap(({ resourcePreEvent }) =>
      resourcePreEvent?.metadata.op === step.op && !isProvider(resourcePreEvent.metadata.urn)
        ? [row(step.sign, resourcePreEvent.metadata)]
        : [],
    ),
  }));
  const counted = changes.filter(({ resources }) => resources.length > 0);
  const summary = counted.map(({ resources, words }) => `${resources.length} ${words}`).join(", ");
  const rows = counted.flatMap(({ resources }) => resources);
  const more = rows.length - mostRows;
  return [
    `### ${stack}: ${summary || "no changes"}`,
    ...section(
      rows.slice(0, mostRows).concat(more > 0 ? [`… and ${more} more`] : []),
      "Resources",
      "```diff",
    ),
    ...policies(events),
    ...section(errors(events), "Errors", "```"),
    "",
  ].join("\n");
}

const isProvider = (urn: string) => urn.split("::").at(-2)?.startsWith("pulumi:providers:") === true;

/** `! aws:rds/instance:Instance chatpop-db (instanceClass)`. */
function row(sign: string, { urn, diffs }: { urn: string; diffs?: readonly string[] | null }): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${sign} ${types.split("$").at(-1)} ${name}${diffs?.length ? ` (${diffs.join(", ")})` : ""}`;
}

function policies(events: readonly Event[]): string[] {
  const found = events.flatMap(({ policyEvent }) => policyEvent ?? []);
  const lines = (sign: string, chosen: typeof found) =>
    chosen.map(({ policyName, message }) => `- ${sign} **${policyName}**: ${oneLine(message)}`).sort();
  const refused = found.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  const advised = found.filter(({ enforcementLevel }) => enforcementLevel === "advisory");
  return found.length > 0 ? ["", ...lines("❌", refused), ...lines("⚠️", advised)] : [];
}

const errors = (events: readonly Event[]): string[] =>
  events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [oneLine(diagnosticEvent.message)] : [],
  );

const oneLine = (text: string) => text.trim().replaceAll(/\s+/g, " ");

function section(lines: readonly string[], title: string, fence: string): string[] {
  if (lines.length === 0) return [];
  return ["", `<details><summary>${title}</summary>`, "", fence, ...lines, "```", "", "</details>"];
}
