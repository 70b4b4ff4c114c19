import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";

const root = join(__dirname, "..");

/** Where requirements are implemented; policies are shown in a column of their own. */
const implementation = [
  "index.ts",
  "aws",
  "stacks",
  "components",
  "release",
  "image",
  "forecast/cost",
  "loadtest",
  "delivery",
  ".github/workflows",
];
const policies = ["policy/rules"];

/** Requirements that belong to capabilities which this project does not have yet. */
export const later: Readonly<Record<string, string>> = {};

/** A row of `docs/guide.md`. */
export interface Requirement {
  readonly id: string;
  readonly text: string;
}

/** Files that name a requirement, by their folder. */
export interface Coverage extends Requirement {
  readonly implementedIn: readonly string[];
  readonly keptBy: readonly string[];
  readonly namedBy: readonly string[];
}

const row = /^\| G-(\d+) \| (.*) \|$/;
/** The last chapter of the guide's checklist has requirements only, and no column that says so. */
const derivedFrom = 186;

/** The guide's requirements: rows of kind R, and the tests derived from them. */
export function requirements(guide: string): readonly Requirement[] {
  return guide.split("\n").flatMap((line) => {
    const [, number, rest] = row.exec(line) ?? [];
    if (number === undefined || rest === undefined) return [];
    const [kind, ...cells] = rest.split(" | ");
    if (Number(number) >= derivedFrom) return [{ id: `G-${number}`, text: rest }];
    const text = cells.map((cell) => cell.trim()).filter((cell) => cell !== "" && cell !== "-");
    return kind?.startsWith("R") ? [{ id: `G-${number}`, text: text.join(" · ") }] : [];
  });
}

/** The ids that a text names: `G-12`, `G-60 … G-67`. */
export function idsIn(text: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [, first, last] of text.matchAll(/\bG-(\d+)(?: … G-(\d+))?/g)) {
    for (let id = Number(first); id <= Number(last ?? first); id++) ids.add(`G-${id}`);
  }
  return ids;
}

/** Titles of the tests in a Python file: `test_g112_g113_reads` is `G-112 G-113 reads`. Nothing else in it is a test. */
export function pythonTitles(text: string): readonly string[] {
  return [...text.matchAll(/^(?:async )?def test_(\w+)\(/gm)].map(([, name]) =>
    name!
      .replace(/(?<=^|_)(g|gap)(\d+)(?=_|$)/g, (_, kind: string, id: string) => `${kind.toUpperCase()}-${id}`)
      .replaceAll("_", " "),
  );
}

/** Titles of all tests with their files. Mocha lists them without running any; pytest's are the names of functions. */
function titledTests(): readonly { readonly file: string; readonly title: string }[] {
  const folder = mkdtempSync(join(tmpdir(), "chatpop-coverage-"));
  try {
    const output = join(folder, "tests.json");
    const mocha = join(root, "node_modules/mocha/bin/mocha.js");
    const list = ["--dry-run", "--reporter", "json", "--reporter-option", `output=${output}`];
    const run = spawnSync(
      process.execPath,
      [mocha, ...list, "tests/**/*.test.ts", "packages/*/tests/**/*.test.ts"],
      // With those of `make test-all`: the table is the same whichever run reads it.
      { cwd: root, env: { ...process.env, CHATPOP_TESTS: "all" } },
    );
    if (run.status !== 0) throw new Error(`mocha could not list the tests:\n${run.stderr.toString()}`);
    const { tests } = JSON.parse(readFileSync(output, "utf8")) as {
      tests: { file: string; fullTitle: string }[];
    };
    const python = ["image/tests", "loadtest/tests"]
      .flatMap(filesUnder)
      .filter((file) => file.endsWith(".py"));
    return [
      ...tests.map(({ file, fullTitle }) => ({ file: slashed(relative(root, file)), title: fullTitle })),
      ...python.flatMap((file) =>
        pythonTitles(readFileSync(join(root, file), "utf8")).map((title) => ({ file, title })),
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const slashed = (path: string) => path.split(sep).join("/");

function filesUnder(path: string): readonly string[] {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (found.isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(pyc|md)$/.test(entry.name))
    .map((entry) => slashed(relative(root, join(entry.parentPath, entry.name))))
    .sort();
}

/** Files by the id they name. */
function byId(texts: readonly { readonly file: string; readonly title: string }[]) {
  const files = new Map<string, Set<string>>();
  for (const { file, title } of texts) {
    for (const id of idsIn(title)) files.set(id, (files.get(id) ?? new Set()).add(file));
  }
  return (id: string): readonly string[] => [...(files.get(id) ?? [])].sort();
}

/** For every requirement: files that implement it, rules that check it, and tests that name it. */
export function coverage(): readonly Coverage[] {
  const named = (paths: readonly string[]) =>
    byId(
      paths
        .flatMap(filesUnder)
        .filter((file) => !file.includes("/tests/"))
        .map((file) => ({ file, title: readFileSync(join(root, file), "utf8") })),
    );
  const [implemented, kept, tested] = [named(implementation), named(policies), byId(titledTests())];
  return requirements(readFileSync(join(root, "docs/guide.md"), "utf8")).map((requirement) => ({
    ...requirement,
    implementedIn: implemented(requirement.id),
    keptBy: kept(requirement.id),
    namedBy: tested(requirement.id),
  }));
}

const link = (file: string) => `[${file.split("/").slice(-1).join("")}](../${file})`;
const links = (files: readonly string[]) => files.map(link).join(", ");

/** The page `docs/guide-coverage.md`. */
export function coverageText(rows: readonly Coverage[]): string {
  const open = rows.filter(({ namedBy }) => namedBy.length === 0);
  const cells = rows.map((each) =>
    [
      each.id,
      each.text.replaceAll(/ → GAP-\d+(?:, (?:GAP-)?\d+)*/g, ""),
      links(each.implementedIn) || "–",
      links(each.keptBy) || "–",
      links(each.namedBy) || `open${later[each.id] ? `: needs ${later[each.id]}` : ""}`,
    ].join(" | "),
  );
  return [
    "# What covers the guide",
    "",
    "Every requirement of [the guide](guide.md), the files that implement it, the policies that keep it, and the tests that",
    "name it by its id. `npm run docs` writes this page. Where the guide fails if it is taken literally,",
    "[guide-gaps.md](guide-gaps.md) says what is done instead.",
    "",
    `Titles of tests name ${rows.length - open.length} of ${rows.length} requirements.` +
      (open.length === 0 ? "" : ` Open: ${open.map(({ id }) => id).join(", ")}.`),
    "",
    "| id | requirement | implemented in | kept by policy | named by a test |",
    "|---|---|---|---|---|",
    ...cells.map((cell) => `| ${cell} |`),
    "",
  ].join("\n");
}
