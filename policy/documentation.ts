import { guide, type Scale } from "../stacks/guide";
import { concerns, rules } from "./pack";
import { type About, remedyOf } from "./rule";

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
  const settings = rules.flatMap(({ about }) =>
    Object.entries(about.settings ?? {}).map(([key, { schema, fallback }]) => {
      const value = fallback === undefined ? "–" : `\`${JSON.stringify(fallback)}\``;
      return `| \`${about.name}\` | \`${key}\` | ${value} | ${cell(schema.description ?? "")} |`;
    }),
  );
  return ["| rule | setting | default | what it is |", "|---|---|---|---|", ...settings].join("\n");
}

/** A configuration file for one of the guide's scales: it gives the demand to every rule that asks for it. */
export function readyConfiguration(scale: Scale): string {
  const { rooms, usersPerRoom } = guide[scale];
  const demand: Readonly<Record<string, number>> = { rooms, connections: rooms * usersPerRoom };
  const config = rules.flatMap(({ about }) => {
    const given = Object.keys(about.settings ?? {}).filter((key) => key in demand);
    return given.length === 0
      ? []
      : [[about.name, Object.fromEntries(given.map((key) => [key, demand[key]]))] as const];
  });
  return `${JSON.stringify(Object.fromEntries(config), undefined, 2)}\n`;
}
