import { priceList } from "../../aws/prices";
import { type Answer, answer, type Question, roomsUntil } from "./planner";
import { measuredWith, type Part } from "./parts";
import { cachesOf } from "../../stacks/plan/summary";

const number = (value: number, digits = 0) =>
  value.toLocaleString("en", { maximumFractionDigits: value < 10 ? Math.max(digits, 1) : digits });
const percent = (share: number) => `${Math.round(100 * share)} %`;
const money = (usd: number) => `$${Math.round(Math.abs(usd)).toLocaleString("en")}`;
const more = (usd: number | undefined) =>
  usd === undefined
    ? "price unknown"
    : Math.abs(usd) < 0.5
      ? "same price"
      : `${usd < 0 ? "-" : "+"}${money(usd)} a month`;

const monthly = ({ usdPerMonth, unpriced }: Answer) =>
  unpriced.length === 0
    ? `about ${money(usdPerMonth)}`
    : `at least ${money(usdPerMonth)}, without ${unpriced.join(", ")},`;

/** Columns of equal width, the first one to the left. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)));
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === 0 || index === row.length - 1 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!),
      )
      .join("  ")
      .trimEnd(),
  );
}

const used = ({ used: share }: Part) => (share === undefined ? "–" : percent(share));
const settingsText = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings)
    .map(([key, value]) => `${key} ${value}`)
    .join(" ");

/** The answer for a terminal. */
export function planText(question: Question, found: Answer = answer(question)): string {
  const { demand, parts, plan, tasks } = found;
  const binding = parts.find(({ key }) => key === found.binding)!;
  const table = columns([
    ["part", "need", "have", "used", "full at", "sure", "source"],
    ...parts.map((part) => [
      `${part.key === found.binding ? "→" : " "} ${part.part}`,
      `${number(part.need, 1)} ${part.unit}`,
      part.have === undefined ? "no limit" : number(part.have, 1),
      used(part),
      part.roomsAtMost === undefined ? "–" : `${number(part.roomsAtMost)} rooms`,
      part.certainty,
      part.source,
    ]),
  ]);
  const { minimum, desired, maximum } = tasks;
  const { guide } = tasks;
  return [
    `${number(demand.rooms)} rooms × ${number(demand.usersPerRoom)} users = ${number(demand.connections)} connections, ` +
      `${number(demand.messagesPerSecond)} messages/s${question.messages === undefined ? " (the guide's line; MESSAGES= says otherwise)" : ""}`,
    `${minimum} to ${maximum} tasks of ${plan.tasks.cpuUnits} CPU units and ${plan.tasks.memoryMiB} MiB, ${plan.tasks.server}, ${desired} at first` +
      ` (guide: ${guide.minimum} to ${guide.maximum}, ${guide.desired} at first)`,
    `${plan.database.instanceClass}, ${cachesOf(plan.cache)}, ${plan.database.proxy ? "RDS Proxy" : "no proxy"}, ` +
      `${plan.database.readReplicas} replicas, ${plan.outbox ? "outbox" : "no outbox"}, ${monthly(found)} a month (prices of ${priceList.asOf})`,
    "",
    ...table,
    "",
    found.holds
      ? `Holds. Fullest: ${binding.part} (${used(binding)}), ${percent(found.headRoom)} head-room.`
      : `Does not hold: ${binding.part} needs ${used(binding)} of what there is.`,
    ...found.remedies.map(
      (remedy) =>
        `  ${remedy.holds ? "✓" : "·"} ${settingsText(remedy.settings)}: ${binding.part} ${percent(remedy.used)}, ${more(remedy.usdMore)}`,
    ),
    ...(found.next
      ? [`Next in the guide: at ${number(found.next.rooms)} rooms ${found.next.changes.join("; ")}.`]
      : []),
    `Measured: ${measuredWith}.`,
  ].join("\n");
}

/** One line a size. */
export function sizesText(question: Question, sizes: readonly number[]): string {
  const rows = sizes.map((rooms) => {
    const messages =
      question.messages === undefined ? undefined : Math.ceil((question.messages * rooms) / question.rooms);
    const found = answer({ ...question, rooms, ...(messages !== undefined && { messages }) });
    const { demand, parts, plan, tasks } = found;
    const binding = parts.find(({ key }) => key === found.binding)!;
    return [
      number(rooms),
      number(demand.connections),
      number(demand.messagesPerSecond),
      `${tasks.minimum}–${tasks.maximum}`,
      plan.tasks.server,
      plan.database.instanceClass,
      plan.cache.nodeType,
      `${found.unpriced.length > 0 ? "≥ " : ""}${money(found.usdPerMonth)}`,
      `${binding.part} ${used(binding)}${found.holds ? "" : " ✗"}`,
    ];
  });
  const head = [
    "rooms",
    "connections",
    "messages/s",
    "tasks",
    "server",
    "database",
    "cache",
    "a month",
    "fullest",
  ];
  return columns([head, ...rows]).join("\n");
}

/** Two sets of settings side by side. */
export function comparisonText(question: Question, other: Readonly<Record<string, string>>): string {
  const [one, two] = [question, { ...question, settings: { ...question.settings, ...other } }].map((each) =>
    answer(each),
  );
  const rows = one!.parts.map((part) => {
    const changed = two!.parts.find(({ key }) => key === part.key);
    return [part.part, used(part), changed ? used(changed) : "gone"];
  });
  const price = ["a month", money(one!.usdPerMonth), money(two!.usdPerMonth)];
  const tasks = ["tasks", ...[one!, two!].map((each) => `${each.tasks.minimum}–${each.tasks.maximum}`)];
  const head = ["part", settingsText(question.settings ?? {}) || "as planned", settingsText(other)];
  return columns([head, tasks, ...rows, price]).join("\n");
}

/** The largest size that holds. */
export const untilText = (question: Question): string =>
  `Holds until ${number(roomsUntil(question))} rooms of ${number(question.users)} users.`;
