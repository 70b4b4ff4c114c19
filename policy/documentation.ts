import { guide, type Scale } from "../stacks/guide";
import { chatPolicy, chatSettings, type Size } from "./chat";
import { concerns, rules } from "./pack";
import { type About, remedyOf } from "./rule";
import type { Settings } from "./settings";

const cell = (text: string) => text.replaceAll("|", "\\|");
const list = (items: readonly string[] = []) => items.join(", ") || "–";

function row(about: About): string {
  const { name, description, severity, level, requirements, publicChecks } = about;
  const strength = level ? `${severity}, advisory` : severity;
  const cells = [
    `\`${name}\``,
    description,
    strength,
    list(requirements),
    remedyOf(about),
    list(publicChecks),
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** Every rule, concern by concern. */
export function rulesText(): string {
  return Object.entries(concerns)
    .map(([concern, members]) =>
      [
        `### ${concern}`,
        "",
        "| rule | what must hold | severity | requirement | remedy | public checks |",
        "|---|---|---|---|---|---|",
        ...members.map(({ about }) => row(about)),
      ].join("\n"),
    )
    .join("\n\n");
}

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
