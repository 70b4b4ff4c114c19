import { costOf, type CostQuestion } from "../forecast/cost/estimate";
import { plain } from "../forecast/cost/resources";
import { groups, usualHabits } from "../forecast/cost/text";
import { noticed, resourcesOf, type Step, valueChanges } from "./changes";

/** One event of Pulumi's event log, of the kinds that a report needs. */
export interface Event {
  /** The beginning of a step: operation, resource and changed properties. */
  readonly resourcePreEvent?: { readonly metadata: Step };
  /** The end of a step; one of them has the outputs of the stack. */
  readonly resOutputsEvent?: { readonly metadata: Step };
  /** A violation of a policy; the level `mandatory` stops the update. */
  readonly policyEvent?: {
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  /** A diagnostic message; the report shows `error`s. */
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string; readonly urn?: string };
}

/** Reads an event log: one JSON object a line. */
export function readEvents(log: string): readonly Event[] {
  return log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}

/** Steps, the most dangerous first; GitHub colours a diff's lines by their first character. */
const steps = [
  { op: "delete", sign: "-", words: "deleted" },
  { op: "replace", sign: "! replace", words: "replaced" },
  { op: "update", sign: "!", words: "updated" },
  { op: "create", sign: "+", words: "created" },
] as const;

/** Limit of rows, so that a comment with three scales stays below GitHub's 65,536 characters. */
const mostRows = 100;
/** Limit of values, so that a reviewer reads them. */
const mostValues = 25;

/** Report of a preview or an update as Markdown: changes, policy violations, errors. */
export function report(stack: string, events: readonly Event[]): string {
  const taken = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent ? [resourcePreEvent.metadata] : [],
  );
  const changes = steps.map((step) => ({
    ...step,
    // Without providers, as in Pulumi's own summary.
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
    ...(counted.length > 0 ? [...effects(taken), ...money(taken, events)] : []),
    ...list("Warnings of the program", warnings(events)),
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

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? ["", `**${title}**`, "", ...lines.map((line) => `- ${line}`)] : [];

/** Values before and after, then what people in the chat notice. */
function effects(taken: readonly Step[]): string[] {
  const values = valueChanges(taken);
  const shown = values.slice(0, mostValues);
  const more = values.length - shown.length;
  const notices = noticed(taken);
  return [
    ...list("Before and after", [...shown, ...(more > 0 ? [`… and ${more} more`] : [])]),
    ...list("People in the chat notice", notices.length > 0 ? notices : ["nothing"]),
  ];
}

interface PlanInForce {
  readonly demand?: CostQuestion["demand"];
  readonly fullLoad?: { readonly taskPercent: number; readonly redisThreadPercent: number };
}

/** The stack output `plan`, before or after. */
const planOf = (events: readonly Event[], when: "old" | "new") =>
  events
    .flatMap(({ resourcePreEvent, resOutputsEvent }) => [resourcePreEvent, resOutputsEvent])
    .map((event) => event?.metadata)
    .filter((metadata) => metadata?.urn.includes("::pulumi:pulumi:Stack::"))
    .map((metadata) => metadata?.[when]?.outputs?.["plan"] as PlanInForce | undefined)
    .findLast((plan) => plan !== undefined);

/** Price and head-room before and after. */
function money(taken: readonly Step[], events: readonly Event[]): string[] {
  const [before, after] = (["old", "new"] as const).map((when) => {
    const plan = planOf(events, when);
    const resources = resourcesOf(taken, when);
    return { plan, resources };
  });
  const planned = after?.plan?.demand ?? before?.plan?.demand;
  if (!before || !after || !planned) return [];
  const billed = ({ plan, resources }: typeof before) =>
    costOf({
      resources,
      demand: plan?.demand ?? planned,
      habits: usualHabits,
      region: "us-east-1",
      curve: "constant",
    }).expected;
  const [one, two] = [billed(before), billed(after)];
  const difference = two.total - one.total;
  const share =
    one.total > 0 ? ` (${sign(difference)}${Math.abs(Math.round((100 * difference) / one.total))} %)` : "";
  const parts = groups.flatMap((group) => {
    const sum = ({ lines }: typeof one) =>
      lines.reduce((all, line) => (line.group === group ? all + line.usd : all), 0);
    const change = sum(two) - sum(one);
    return Math.abs(change) >= 0.5 ? [`${group} ${sign(change)}${dollars(Math.abs(change))}`] : [];
  });
  const full = [before, after].map(({ plan }) => plan?.fullLoad);
  return list("Price and head-room", [
    `monthly cost ${dollars(one.total)} → **${dollars(two.total)}**, ${sign(difference)}${dollars(Math.abs(difference))}${share}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`,
    ...(full[1]
      ? [
          `tasks at full load ${full[0] ? `${full[0].taskPercent} % → ` : ""}**${full[1].taskPercent} %**, ` +
            `Redis ${full[0] ? `${full[0].redisThreadPercent} % → ` : ""}**${full[1].redisThreadPercent} %**`,
        ]
      : []),
    ...(two.unknown.length > 0 ? [`without a price: ${two.unknown.join(", ")}`] : []),
  ]);
}

const sign = (value: number) => (value < 0 ? "-" : "+");
const dollars = (usd: number) => `$${Math.round(usd).toLocaleString("en")}`;

/** Advisories of the program for the operator; each sentence once. */
const warnings = (events: readonly Event[]): string[] => [
  ...new Set(
    events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "warning" ? [oneLine(plain(diagnosticEvent.message))] : [],
    ),
  ),
];

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
