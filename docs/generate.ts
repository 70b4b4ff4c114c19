import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  complianceJson,
  complianceText,
  readyConfiguration,
  rulesText,
  settingsText,
} from "../policy/documentation";
import { complete } from "../stacks/plan/complete";
import { scales } from "../stacks/guide";
import { about, settingKeys } from "../stacks/settings";
import { automatic } from "../stacks/settings/automatic";
import { curves } from "../forecast/simulation/curves";
import * as acceptanceTables from "./acceptanceTables";
import { alarmsText } from "./alarms";
import { componentsText } from "./componentReference";
import * as costTables from "./costTables";
import { coverage, coverageText } from "./coverage";
import { loadtestScales } from "./loadtestScales";
import * as performance from "./performance";
import * as reliability from "./reliability";
import { chart } from "./scalingChart";
import * as scalingTables from "./scalingTables";

/** A part of a file that is written from the program itself, between `<name>:begin` and `<name>:end`. */
export interface Generated {
  readonly file: string;
  /** Left out, the whole file is generated. */
  readonly name?: string;
  /** Computed on demand: the simulations behind some take seconds, most take none. */
  readonly text: () => string;
}

const cell = (value: unknown): string => {
  if (value === undefined) return "–";
  return typeof value === "object" ? `\`${JSON.stringify(value)}\`` : String(value);
};

function settingsTable(): string {
  const defaults = scales.map((scale) => complete({ scale }));
  const rows = settingKeys.map((key) => {
    const { description, allowed } = about(key);
    const values = defaults.map((settings) => cell(settings[key]));
    // One cell when all three scales agree.
    const columns = new Set(values).size === 1 ? [values[0], "〃", "〃"] : values;
    return `| \`${key}\` | ${description} | ${allowed.replaceAll("|", "\\|")} | ${columns.join(" | ")} |`;
  });
  return [
    "| setting | what it decides | allowed | small | medium | large |",
    "|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function projectConfiguration(): string {
  return settingKeys
    .flatMap((key) => {
      const { description, allowed } = about(key);
      return [
        `  chatpop:${key}:`,
        `    description: ${JSON.stringify(`${description} Allowed: ${allowed}.`)}`,
        ...(key === "scale" ? [] : [`    default: ${automatic}`]),
      ];
    })
    .join("\n");
}

/** Everything that is generated from the program; what covers the guide is read from all tests (`coverage.ts`). */
export function generated(): readonly Generated[] {
  const parts: readonly Generated[] = [
    { file: "Pulumi.yaml", name: "settings", text: projectConfiguration },
    { file: "docs/settings.md", name: "settings", text: settingsTable },
    { file: "docs/operations/runbook.md", name: "alarms", text: alarmsText },
    { file: "docs/components.md", name: "components", text: componentsText },
    { file: "docs/policies.md", name: "rules", text: rulesText },
    { file: "docs/policies.md", name: "settings", text: settingsText },
    { file: "docs/policies.md", name: "checks", text: complianceText },
    { file: "policy/compliance.json", text: complianceJson },
    ...scales.map((scale) => ({
      file: `policy/config/${scale}.json`,
      text: () => readyConfiguration(scale),
    })),
    ...Object.entries(reliability).map(([name, text]) => ({ file: "docs/reliability.md", name, text })),
    ...Object.entries(performance).map(([name, text]) => ({ file: "docs/performance.md", name, text })),
    { file: "loadtest/scales.json", text: loadtestScales },
    ...Object.entries(scalingTables).map(([name, text]) => ({ file: "docs/scaling.md", name, text })),
    { file: "docs/acceptance.md", name: "steps", text: acceptanceTables.steps },
    { file: "docs/acceptance.md", name: "questions", text: acceptanceTables.asked },
    { file: "docs/cost.md", name: "costs", text: costTables.costs },
    { file: "docs/cost.md", name: "cheaper", text: costTables.savings },
    { file: "docs/cost.md", name: "ladder", text: costTables.ladder },
    ...(["runs", "parts", "sizes"] as const).map((name) => ({
      file: "docs/capacity.md",
      name,
      text: costTables[name],
    })),
    ...curves.map((curve) => ({ file: `docs/scaling/${curve.name}.svg`, text: () => chart(curve) })),
  ];
  return parts.map((part) =>
    part.file.endsWith(".md") ? { ...part, text: () => withoutTags(part.text()) } : part,
  );
}

/** The text of a file with one generated part put in its place. */
export function insert(current: string, { file, name }: Omit<Generated, "text">, text: string): string {
  if (name === undefined) return text;
  const [begin, end] = [current.indexOf(`${name}:begin`), current.indexOf(`${name}:end`)];
  if (begin < 0 || end < begin) throw new Error(`${file} has no part "${name}:begin" … "${name}:end"`);
  const afterBegin = current.indexOf("\n", begin) + 1;
  const beforeEnd = current.lastIndexOf("\n", end) + 1;
  const gap = file.endsWith(".md") ? "\n" : "";
  return `${current.slice(0, afterBegin)}${gap}${text}\n${gap}${current.slice(beforeEnd)}`;
}

/** Markdown takes `<arn>` outside of code for a tag and shows nothing. */
function withoutTags(markdown: string): string {
  return markdown.replace(/(`[^`]*`)|<(?=[A-Za-z/])/g, (_, code?: string) => code ?? "\\<");
}

/**
 * The parts that words ask for, each a part of a file's name or the name of a table; all of them without a word.
 *
 * @throws Error that lists all files, when a word fits none.
 */
export function chosen(parts: readonly Generated[], words: readonly string[]): readonly Generated[] {
  const fits = (word: string) => (part: Generated) => part.file.includes(word) || part.name === word;
  const lost = words.find((word) => !parts.some(fits(word)));
  if (lost !== undefined) {
    const files = [...new Set(parts.map(({ file }) => file))].join(", ");
    throw new Error(`Nothing that is generated is called "${lost}". Generated are ${files}.`);
  }
  return words.length === 0 ? parts : parts.filter((part) => words.some((word) => fits(word)(part)));
}

if (require.main === module) {
  const coveragePage = { file: "docs/guide-coverage.md", text: () => coverageText(coverage()) };
  try {
    for (const part of chosen([...generated(), coveragePage], process.argv.slice(2))) {
      const path = join(__dirname, "..", part.file);
      const current = existsSync(path) ? readFileSync(path, "utf8") : "";
      const next = insert(current, part, part.text());
      if (next !== current) writeFileSync(path, next);
      console.log(
        `${next === current ? "unchanged" : "written"}: ${part.file} (${part.name ?? "all of it"})`,
      );
    }
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
