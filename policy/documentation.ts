import { guide, type Scale } from "../stacks/guide";
import { chatPolicy, chatSettings, type Size } from "./chat";
import { checksOf, type Publisher, publisherNames } from "./publicChecks";
import { type Group, groupOf, groups } from "./groups";
import { concerns, rules } from "./pack";
import { type About, remedyOf } from "./rule";
import type { Settings } from "./settings";

const cell = (text: string) => text.replaceAll("|", "\\|");
const list = (items: readonly string[] = []) => items.join(", ") || "–";

function row(about: About): string {
  const { name, description, severity, level, requirements } = about;
  const strength = level ? `${severity}, advisory` : severity;
  const cells = [`\`${name}\``, description, strength, groupOf(name), list(requirements), remedyOf(about)];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** Every rule, concern by concern. */
export function rulesText(): string {
  return Object.entries(concerns)
    .map(([concern, members]) =>
      [
        `### ${concern}`,
        "",
        "| rule | what must hold | severity | group | requirement | remedy |",
        "|---|---|---|---|---|---|",
        ...members.map(({ about }) => row(about)),
      ].join("\n"),
    )
    .join("\n\n");
}

const checked = rules.filter(({ about }) => (about.publicChecks ?? []).length > 0).map(({ about }) => about);

/** Rules beside the public checks that look for the same thing. */
export function complianceText(): string {
  const publishers = Object.entries(publisherNames) as readonly (readonly [Publisher, string])[];
  const rows = checked.map((about) => [
    `\`${about.name}\``,
    ...publishers.map(([publisher]) => list(checksOf(about)[publisher])),
  ]);
  const head = ["rule", ...publishers.map(([, publisher]) => publisher)];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** The same as data: rules with their group, and the ids by who publishes them. */
export const complianceJson = (): string =>
  `${JSON.stringify(
    Object.fromEntries(
      checked.map((about) => [about.name, { group: groupOf(about.name), ...checksOf(about) }]),
    ),
    undefined,
    2,
  )}\n`;

/** The groups, with their number of rules. */
export const groupCounts = (): Readonly<Record<Group, number>> =>
  Object.fromEntries(
    groups.map((group) => [group, rules.filter(({ about }) => groupOf(about.name) === group).length]),
  ) as Record<Group, number>;

/** Every threshold that the pack's configuration can change. */
export function settingsText(): string {
  const holders = [
    { name: chatPolicy, settings: chatSettings as Settings },
    ...rules.map(({ about }) => ({ name: about.name, settings: about.settings ?? {} })),
  ];
  const settings = holders.flatMap(({ name, settings }) =>
    Object.entries(settings).map(([key, { schema, fallback }]) => {
      const value = fallback === undefined ? "–" : `\`${JSON.stringify(fallback)}\``;
      return `| \`${name}\` | \`${key}\` | ${value} | ${cell(schema.description ?? "")} |`;
    }),
  );
  return ["| rule | setting | default | what it is |", "|---|---|---|---|", ...settings].join("\n");
}

/** A configuration file for one of the guide's scales: the size of the chat. */
export function readyConfiguration(scale: Scale): string {
  const { rooms, usersPerRoom } = guide[scale];
  const size: Record<Size, number> = { rooms, connections: rooms * usersPerRoom };
  return `${JSON.stringify({ [chatPolicy]: size }, undefined, 2)}\n`;
}
