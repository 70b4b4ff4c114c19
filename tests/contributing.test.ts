import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { rules } from "../policy/pack";
import { settingKeys } from "../stacks/settings";
import { guideMetrics } from "../stacks/guideMetrics";
import { alarmKeys } from "../stacks/plan/monitoring/watched";
import { types } from "./recording/types";

const root = join(__dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");

const folders = [
  ...[
    "aws",
    "components",
    "delivery",
    "docs",
    "forecast",
    "image",
    "offline",
    "packages/embedded-aws",
    "policy",
  ],
  ...["release", "stacks", "tests"],
];
/** Files that may name something of the program. */
const files = [
  ...["index.ts", "Pulumi.yaml"],
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  ),
].filter((file) => /\.(ts|py|json|md|txt|yaml)$/.test(file) && !file.includes("node_modules"));
const texts = new Map(files.map((file) => [file, text(file)]));
const namedIn = (words: readonly string[]) =>
  files.filter(
    (file) => file !== "tests/contributing.test.ts" && words.some((word) => texts.get(file)!.includes(word)),
  );

/** Whether a path is meant by a row's pattern, in which `*` is the name of a file, or of a folder and a file. */
const meant = (pattern: string, file: string) =>
  new RegExp(`^${pattern.replaceAll(".", "\\.").replace("*", "[\\w./-]+")}$`).test(file);

interface Row {
  /** Paths, each of which names the new thing; joined by "or" it is enough that one does. */
  readonly patterns: readonly string[];
  readonly anyOf: boolean;
  readonly always: boolean;
}

/** Patterns of a row that no file satisfies. */
const unsatisfied = ({ patterns, anyOf }: Row, named: readonly string[]) => {
  const missing = patterns.filter((pattern) => !named.some((file) => meant(pattern, file)));
  return anyOf && missing.length < patterns.length ? [] : missing;
};

/** The sections of CONTRIBUTING.md on how to add something: title, example, and the rows of the table. */
const sections = text("CONTRIBUTING.md")
  .split("\n### ")
  .slice(1)
  .map((section) => ({
    title: section.split("\n")[0]!,
    example: /^Example: `([^`]+)`/m.exec(section)?.[1] ?? "",
    rows: [...section.matchAll(/^\| \d+ \| (.+?) \| (.+) \|$/gm)].map(([, paths, gets]): Row => ({
      anyOf: paths!.includes("` or `"),
      patterns: [...paths!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!),
      always: !gets!.startsWith("if "),
    })),
    paths: [...section.matchAll(/`((?:\w+[\w-]*\/)[\w./*-]+)`/g)].map(([, path]) => path!),
  }));

/** Names of an example in code, tests and tables. */
function wordsFor(example: string): readonly string[] {
  const [, module, file, name] = /^aws:(\w+)\/(\w+):(\w+)$/.exec(example) ?? [];
  if (module === undefined) return [example];
  const key = Object.entries(types).find(([, type]) => type === example)?.[0];
  return [example, `"${module}/${file}"`, `${module}.${name}(`, `types.${key}`];
}

describe("CONTRIBUTING.md on how to add something", () => {
  it("speaks of an alarm, a rule, a setting and a resource type", () => {
    expect(sections.map(({ title }) => title)).to.deep.equal([
      "An alarm",
      "A policy rule",
      "A setting",
      "A resource type",
    ]);
  });

  for (const { title, example, rows, paths } of sections) {
    describe(title.toLowerCase(), () => {
      it("names files and folders that are there", () => {
        const there = (path: string) =>
          path.endsWith("/")
            ? files.some((file) => file.startsWith(path))
            : files.some((file) => meant(path, file));
        expect(paths.filter((path) => !there(path))).to.deep.equal([]);
        expect(rows).to.have.length.at.least(4);
      });

      it(`takes ${example} through all of its files`, () => {
        const named = namedIn(wordsFor(example));
        expect(
          rows.filter(({ always }) => always).flatMap((row) => unsatisfied(row, named)),
          "a file that does not name it",
        ).to.deep.equal([]);
      });

      it(`takes ${example} through no other file`, () => {
        const patterns = rows.flatMap((row) => row.patterns);
        const others = namedIn(wordsFor(example)).filter(
          (file) => !patterns.some((each) => meant(each, file)),
        );
        expect(others, "names the example, and the list does not name the file").to.deep.equal([]);
      });
    });
  }

  // Alarms of the guide's list of metrics are named there, and their tests go through that list.
  const listed = Object.keys(guideMetrics);
  const kinds: Readonly<Record<string, readonly string[]>> = {
    "An alarm": alarmKeys.filter((key) => !listed.includes(key)),
    "A policy rule": rules
      .filter(({ about }) => !about.level)
      .map(({ name }) => name)
      .filter((name) => !listed.includes(name.replace(/^alarm-/, ""))),
    "A setting": settingKeys,
  };
  for (const [kind, names] of Object.entries(kinds)) {
    it(`${kind.toLowerCase()}: holds for all of them`, () => {
      const { rows } = sections.find(({ title }) => title === kind)!;
      const missing = names.flatMap((name) => {
        const named = namedIn([name]);
        return rows
          .filter(({ always }) => always)
          .flatMap((row) => unsatisfied(row, named))
          .map((pattern) => `${name}: ${pattern}`);
      });
      expect(missing).to.deep.equal([]);
    });
  }
});
