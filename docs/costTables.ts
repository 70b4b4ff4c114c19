import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Bill, billOf } from "../aws/billing";
import { cheaper } from "../forecast/cost/cheaper";
import { hoursOf } from "../forecast/cost/hours";
import { claimOf, groups } from "../forecast/cost/text";
import { answer, roomsUntil } from "../forecast/capacity/planner";
import { holds, partsOf } from "../forecast/capacity/parts";
import { serviceOf } from "../forecast/simulation/comparison";
import { curves } from "../forecast/simulation/curves";
import { play } from "../forecast/simulation/simulation";
import { guide, scales } from "../stacks/guide";
import measured from "../stacks/measured.json";
import { makePlan, type Plan } from "../stacks/plan";
import { paidResources, priceOf, usageOf, usualHabits } from "../stacks/plan/price";
import { parseSettings } from "../stacks/settings";

const region = "us-east-1";
const dollars = (usd: number) => `$${Math.round(usd).toLocaleString("en")}`;
const number = (value: number, digits = 0) => value.toLocaleString("en", { maximumFractionDigits: digits });
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const day = curves.find(({ name }) => name === "day")!;
const sumOf = ({ lines }: Bill, group: string) =>
  lines.reduce((total, line) => (line.group === group ? total + line.usd : total), 0);
const withoutEgress = (bill: Bill) => bill.total - sumOf(bill, "egress");

/** The bill over a day's curve, with the tasks that the simulation runs. */
function overDay(plan: Plan): { readonly bill: Bill; readonly tasks: number } {
  const tasks = play(day, serviceOf(plan)).taskHours / 24;
  const usage = usageOf(plan.demand, tasks, usualHabits, hoursOf(day));
  return { bill: billOf(paidResources(plan), usage, region), tasks };
}

/** The three scales side by side with what the guide claims. */
export function costs(): string {
  const bills = scales.map((scale) => ({ scale, bill: priceOf(makePlan({ scale }), region) }));
  const claim = (scale: (typeof scales)[number], group: string) => {
    const usd = claimOf(scale, group);
    return usd === undefined ? "–" : dollars(usd);
  };
  const rows = groups.map((group) => [
    group,
    ...bills.flatMap(({ scale, bill }) => [claim(scale, group), dollars(sumOf(bill, group))]),
  ]);
  const days = scales.map((scale) => overDay(makePlan({ scale })));
  const range = (scale: (typeof scales)[number]) => {
    const plan = makePlan({ scale });
    const { minimum, maximum } = plan.autoscaling;
    return [minimum, maximum]
      .map((tasks) => dollars(withoutEgress(priceOf(plan, region, { tasks }))))
      .join(" – ");
  };
  return table(
    ["a month", ...scales.flatMap((scale) => [`${scale}: guide`, "list prices"])],
    [
      ...rows,
      [
        "**total**",
        ...bills.flatMap(({ scale, bill }) => [`**${claim(scale, "total")}**`, `**${dollars(bill.total)}**`]),
      ],
      ["without egress", ...bills.flatMap(({ bill }) => ["", dollars(withoutEgress(bill))])],
      ["without egress, fewest to most tasks", ...scales.flatMap((scale) => ["", range(scale)])],
      [
        "over a day's curve, without egress",
        ...days.flatMap(({ bill, tasks }) => [
          "",
          `${dollars(withoutEgress(bill))} (${number(tasks, 1)} tasks)`,
        ]),
      ],
      ["over a day's curve, egress", ...days.flatMap(({ bill }) => ["", dollars(sumOf(bill, "egress"))])],
    ],
  );
}

/** Ways to pay less at the three scales. */
export function savings(): string {
  const found = scales.map((scale) => cheaper({ scale }, region));
  const names = [...new Set([...found].reverse().flatMap((each) => each.map(({ what }) => what)))];
  return table(
    ["what", "by", ...scales, "risk"],
    names.map((what) => {
      const each = found.map((list) => list.find((saving) => saving.what === what));
      const one = each.findLast((saving) => saving !== undefined)!;
      const keys = Object.keys(one.settings ?? {}).map((key) => `\`${key}\``);
      return [
        what,
        keys.join(", ") || one.how!,
        ...each.map((saving) => (saving ? dollars(saving.usd) : "–")),
        one.risk,
      ];
    }),
  );
}

/** Effect of each line of the thrifty preset, in the order of the lines. */
const steps: readonly {
  readonly what: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly risk: string;
}[] = [
  { what: "the guide's large", settings: {}, risk: "–" },
  {
    what: "tasks on ARM64",
    settings: { architecture: "arm64" },
    risk: "the image has to be built for linux/arm64; its speed was not measured",
  },
  {
    what: "Valkey in place of Redis",
    settings: { cacheEngine: "valkey", cacheNodeType: "cache.m5.large" },
    risk: "going back replaces the cache",
  },
  {
    what: "a burstable cache node",
    settings: { cacheNodeType: "cache.t4g.medium" },
    risk: "3 GB for data; a long time above the baseline is slowed down",
  },
  { what: "db.m7g.large", settings: { databaseClass: "db.m7g.large" }, risk: "a restart of the database" },
  {
    what: "one NAT gateway",
    settings: { egress: "nat" },
    risk: "when its zone is lost, no new task starts until it is back",
  },
  { what: "28 tasks at first, which carry full load", settings: { desiredTasks: "28" }, risk: "–" },
];

/** The configuration of `examples/large-thrifty.yaml`, as the settings have it. */
export function thrifty(): Readonly<Record<string, string>> {
  const text = readFileSync(join(__dirname, "..", "examples", "large-thrifty.yaml"), "utf8");
  const { config } = parse(text) as { config: Readonly<Record<string, string>> };
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith("chatpop:") ? [[key.slice(8), String(value)]] : [],
    ),
  );
}

/** From the guide's configuration to the cheapest that was found. */
export function ladder(): string {
  let settings: Record<string, string> = { scale: "large" };
  const row = (what: string, risk: string) => {
    const plan = makePlan(parseSettings(settings));
    const [constant, curve] = [priceOf(plan, region), overDay(plan)];
    const held = holds(partsOf(plan)) ? "holds" : "does not hold";
    return [what, dollars(withoutEgress(constant)), dollars(withoutEgress(curve.bill)), held, risk];
  };
  const rows = steps.map(({ what, settings: more, risk }) => {
    settings = { ...settings, ...more };
    return row(what, risk);
  });
  settings = thrifty();
  rows.push(row("**`examples/large-thrifty.yaml`**: all of them, logs kept for 7 days", "–"));
  settings = { ...settings, readReplicas: "0" };
  rows.push(row("the same without the replica", "against G-7: the policy pack refuses it"));
  return table(["step", "load that stays", "over a day's curve", "full load", "risk"], rows);
}

/** Need of each scale in every part. */
export function parts(): string {
  const answers = scales.map((scale) =>
    answer({ rooms: guide[scale].rooms, users: guide[scale].usersPerRoom }),
  );
  const keys = [...new Set(answers.flatMap(({ parts: each }) => each.map(({ key }) => key)))];
  return table(
    ["part", "sure", ...scales.flatMap((scale) => [scale, "used, full at"])],
    keys.map((key) => {
      const found = answers.map(({ parts: each }) => each.find((part) => part.key === key));
      const known = found.find((part) => part !== undefined)!;
      return [
        known.part,
        known.certainty,
        ...found.flatMap((part) => {
          if (!part) return ["–", "–"];
          const have = part.have === undefined ? "" : ` of ${number(part.have, part.have < 10 ? 1 : 0)}`;
          const full = part.roomsAtMost === undefined ? "" : `, ${number(part.roomsAtMost)} rooms`;
          const need = `${number(part.need, part.need < 10 ? 1 : 0)}${have} ${part.unit}`;
          return [need, part.used === undefined ? "–" : `${Math.round(100 * part.used)} %${full}`];
        }),
      ];
    }),
  );
}

/** Sizes between and beyond the guide's. */
export function sizes(): string {
  const asked = [
    [100, 10],
    [500, 20],
    [1_000, 20],
    [2_500, 20],
    [2_500, 40],
    [5_000, 50],
    [8_000, 50],
  ] as const;
  const rows = asked.map(([rooms, users]) => {
    const {
      demand,
      tasks,
      plan,
      parts: all,
      binding,
      headRoom,
      usdPerMonth,
      unpriced,
    } = answer({ rooms, users });
    return [
      `${number(rooms)} × ${users}`,
      number(demand.messagesPerSecond),
      `${tasks.minimum}–${tasks.maximum}, ${plan.tasks.server}`,
      plan.database.instanceClass,
      plan.cache.nodeType,
      `${all.find(({ key }) => key === binding)!.part}: ${Math.round(100 * (1 - headRoom))} %`,
      `${unpriced.length > 0 ? "≥ " : ""}${dollars(usdPerMonth)}`,
    ];
  });
  const until = [10, 20, 50].map((users) => `${number(roomsUntil({ rooms: 1, users }))} rooms of ${users}`);
  return [
    table(["rooms × users", "messages/s", "tasks", "database", "cache", "fullest part", "a month"], rows),
    "",
    `With every size left to the Plan it holds until ${until.join(", ")} users.`,
  ].join("\n");
}

/** The runs behind the figures of a task. */
export function runs(): string {
  return table(
    [
      "server",
      "sockets",
      "messages/s × room",
      "outbox",
      "CPU, ms a message",
      "lost",
      "p50 / p99, ms",
      "memory, MB",
    ],
    measured.runs.map((run) => [
      run.server,
      number(run.sockets),
      `${run.messagesPerSecond} × ${run.usersPerRoom}`,
      run.outbox ? "on" : "off",
      String(run.cpuPerMessage),
      run.lost === 0 ? "0" : `**${number(run.lost)}**`,
      `${number(run.p50)} / ${number(run.p99)}`,
      String(run.memory),
    ]),
  );
}
