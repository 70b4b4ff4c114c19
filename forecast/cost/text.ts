import type { Bill, BillGroup, BillLine } from "../../aws/billing";
import { priceList } from "../../aws/prices";
import { guideScaleOf } from "../../stacks/capacity";
import claims from "../../stacks/guideCosts.json";
import { columns } from "../capacity/text";
import { cheaper, settingsText } from "./cheaper";
import { type Cost, costOf, type CostQuestion } from "./estimate";

export { usualHabits } from "../../stacks/plan/price";
export { type CostQuestion, costOf };

const money = (usd: number) =>
  `$${usd.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
const dollars = (usd: number) => `$${Math.round(usd).toLocaleString("en")}`;
const signed = (usd: number) => `${usd < 0 ? "-" : "+"}${dollars(Math.abs(usd))}`;

/** Groups in the order of a bill. */
export const groups = [
  "compute",
  "load balancer",
  "database",
  "cache",
  "network",
  "operations",
  "egress",
] as const satisfies readonly BillGroup[];

const sumOf = ({ lines }: Bill, group: BillGroup) =>
  lines.reduce((total, line) => (line.group === group ? total + line.usd : total), 0);

/** The guide's cost of a group (G-199); undefined if it gives none. */
export const claimOf = (scale: keyof typeof claims & string, group: string): number | undefined =>
  (claims[scale] as unknown as Readonly<Record<string, number>>)[group];

/** The lines of a bill, with lines of the same price joined: forty alarms are one line. */
export function merged(lines: readonly BillLine[]): readonly BillLine[] {
  const together = new Map<string, BillLine>();
  for (const line of lines) {
    const many = [
      "cloudwatch.alarm.month",
      "secretsManager.secret.month",
      "cloudwatch.customMetric.month",
    ].includes(line.price);
    const key = many ? line.price : `${line.price} ${line.what}`;
    const before = together.get(key);
    together.set(
      key,
      before
        ? {
            ...before,
            what: line.price.split(".")[1] ?? line.what,
            quantity: before.quantity + line.quantity,
            usd: before.usd + line.usd,
          }
        : line,
    );
  }
  return [...together.values()];
}

const counted = ({ counts }: Bill) => {
  const all = counts.priced + counts.free + counts.usage + counts.unknown;
  return `${all} resources: ${counts.priced} priced, ${counts.free} free, ${counts.usage} by use, ${counts.unknown} unknown`;
};
const unknowns = ({ unknown }: Bill) =>
  unknown.length > 0 ? [`Unknown, so not in the total: ${unknown.join(", ")}`] : [];

const headline = (question: CostQuestion, { demand, expected, tasks }: Cost): [string, string] => {
  const load =
    question.curve === "constant"
      ? `people always there, talking ${Math.round(100 * question.habits.talking)} % of the time`
      : `curve ${question.curve}`;
  return [
    `${demand.rooms.toLocaleString("en")} rooms × ${demand.usersPerRoom} users, ${question.region}, prices of ${priceList.asOf}, 730 h, ${load}`,
    `${money(expected.total)} a month: ${dollars(expected.fixed)} fixed + ${dollars(expected.usage)} with use (${Math.round(10 * tasks.expected) / 10} tasks on average)`,
  ];
};

/** A text as long as a column of a terminal. */
const cut = (text: string) => (text.length > 56 ? `${text.slice(0, 55)}…` : text);

/** Ways to pay less, for a terminal; empty if the resources do not show the stack's settings. */
function cheaperLines({ settings, region, habits }: CostQuestion): readonly string[] {
  if (settings?.["scale"] === undefined) return [];
  const rows = cheaper(settings, region, habits).map((saving) => [
    `  ${saving.what}${saving.holds ? "" : " (full load does not fit)"}`,
    `-${dollars(saving.usd)}`,
    `${cut(settingsText(saving).replaceAll("pulumi config set ", ""))}; ${saving.risk}`,
  ]);
  return rows.length > 0
    ? ["", "Cheaper, each by itself (settings in full: FORMAT=json):", ...columns(rows)]
    : [];
}

/** The bill for a terminal. */
export function costText(question: CostQuestion): string {
  const cost = costOf(question);
  const { demand, expected, tasks } = cost;
  const scale = guideScaleOf(demand.rooms);
  const rows = groups.flatMap((group) => {
    const claim = claimOf(scale, group);
    const lines = merged(expected.lines.filter((line) => line.group === group));
    return [
      [
        group.toUpperCase(),
        "",
        "",
        money(sumOf(expected, group)),
        claim === undefined ? "" : `guide: ${dollars(claim)}`,
      ],
      ...lines.map((line) => [
        `  ${line.what}`,
        `${line.quantity.toLocaleString("en", { maximumFractionDigits: 1 })} ${line.unit}`,
        line.unitPrice === undefined ? "unknown" : `$${line.unitPrice}`,
        money(line.usd),
        line.assumption ?? "",
      ]),
    ];
  });
  const range = (["minimum", "desired", "maximum"] as const).map(
    (key) => `${tasks[key]} tasks ${dollars(cost[key].total)}`,
  );
  return [
    ...headline(question, cost),
    "",
    ...columns(rows),
    "",
    `Range: ${range.join(", ")}. Guide: ${dollars(claimOf(scale, "total") ?? 0)} at ${scale}, without egress, capacity units and addresses.`,
    `${counted(expected)}. Source: ${priceList.source}.`,
    ...unknowns(expected),
    ...cheaperLines(question),
  ].join("\n");
}

/** The bill with the ways to pay less, for a program. */
export function costJson(question: CostQuestion): string {
  const { settings, region, habits } = question;
  const savings = settings?.["scale"] === undefined ? [] : cheaper(settings, region, habits);
  return JSON.stringify({ ...costOf(question), cheaper: savings }, undefined, 2);
}

/** The bill for a comment or a document. */
export function costMarkdown(question: CostQuestion): string {
  const cost = costOf(question);
  const lines = merged(cost.expected.lines).filter(
    ({ usd, unitPrice }) => usd > 0 || unitPrice === undefined,
  );
  const [load, sum] = headline(question, cost);
  return [
    `**${sum}**`,
    "",
    `${load}.`,
    "",
    "| part | what | quantity | price | a month |",
    "|---|---|---|---|---|",
    ...lines.map(
      ({ group, what, quantity, unit, unitPrice, usd }) =>
        `| ${group} | ${what} | ${quantity.toLocaleString("en", { maximumFractionDigits: 1 })} ${unit} | ${unitPrice === undefined ? "unknown" : `$${unitPrice}`} | ${money(usd)} |`,
    ),
    "",
    `${counted(cost.expected)}.`,
    ...unknowns(cost.expected),
  ].join("\n");
}

const csvCell = (value: string | number) =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

/** The bill for a spreadsheet. */
export function costCsv(question: CostQuestion): string {
  const rows = costOf(question).expected.lines.map((line) => [
    line.group,
    line.what,
    line.type,
    line.kind,
    line.quantity,
    line.unit,
    line.unitPrice ?? "",
    line.usd,
    line.price,
    line.assumption ?? "",
  ]);
  return [
    ["group", "what", "type", "kind", "quantity", "unit", "unitPrice", "usd", "price", "assumption"],
    ...rows,
  ]
    .map((row) => row.map(csvCell).join(","))
    .join("\n");
}

/** Cost of a change, by group. */
export function differenceText(before: CostQuestion, after: CostQuestion): string {
  const [one, two] = [costOf(before).expected, costOf(after).expected];
  const share =
    one.total > 0
      ? ` (${two.total >= one.total ? "+" : ""}${Math.round((100 * (two.total - one.total)) / one.total)} %)`
      : "";
  const verb = two.total >= one.total ? "increase" : "decrease";
  const rows = groups.map((group) => [
    group,
    money(sumOf(one, group)),
    money(sumOf(two, group)),
    signed(sumOf(two, group) - sumOf(one, group)),
  ]);
  return [
    `Monthly cost will ${verb} by ${dollars(Math.abs(two.total - one.total))}${share}`,
    ...columns([
      ["part", "before", "after", "difference"],
      ...rows,
      ["total", money(one.total), money(two.total), signed(two.total - one.total)],
    ]),
    ...unknowns(two),
  ].join("\n");
}
