import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";

const root = join(__dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");

/** An alias that a resource option gives, and the comment above it. */
interface Alias {
  readonly place: string;
  readonly comment: string;
}

/** Every `aliases` in the options of a resource: the third argument of its constructor, not what AWS calls an alias. */
function aliasesIn(file: string, source: string): readonly Alias[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Alias[] = [];
  const visit = (node: ts.Node): void => {
    const options = ts.isNewExpression(node) ? node.arguments?.[2] : undefined;
    if (options && ts.isObjectLiteralExpression(options)) {
      for (const property of options.properties.filter(({ name }) => name?.getText() === "aliases")) {
        const { line } = parsed.getLineAndCharacterOfPosition(property.getStart());
        const comments = ts.getLeadingCommentRanges(source, property.getFullStart()) ?? [];
        const comment = comments.map(({ pos, end }) => source.slice(pos, end)).join("\n");
        found.push({ place: `${file}:${line + 1}`, comment });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** The fault of an alias on a day, `2027-05-31`. */
function fault({ place, comment }: Alias, today: string): string | undefined {
  const until = /^\/\/ Until (\d{4}-\d{2}-\d{2}): /.exec(comment)?.[1];
  if (until === undefined)
    return `${place}: put "// Until <year-month-day>: <what was renamed>" above the alias.`;
  if (today <= until) return undefined;
  return `${place}: the alias was meant to stay until ${until}. Take it out, or move the day and say why (CONTRIBUTING.md).`;
}

describe("aliases of renamed resources", () => {
  const files = [
    "index.ts",
    ...readdirSync(join(root, "components"), { encoding: "utf8" }).map((file) => `components/${file}`),
  ].filter((file) => file.endsWith(".ts"));
  const aliases = files.flatMap((file) => aliasesIn(file, text(file)));

  it("have a last day, which has not passed", () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(aliases.flatMap((alias) => fault(alias, today) ?? [])).to.deep.equal([]);
  });

  const source = (comment: string) =>
    `new lb.Listener(name, { aliases: ["not this one"] }, {\n  parent: this,\n  ${comment}\n  aliases: [{ parent }],\n});`;
  const faultsOn = (today: string, comment: string) =>
    aliasesIn("x.ts", source(comment)).flatMap((alias) => fault(alias, today) ?? []);

  it("are found, and asked to go on the day after", () => {
    const comment = "// Until 2027-05-31: listeners were children of the load balancer.";
    expect(faultsOn("2027-05-31", comment)).to.deep.equal([]);
    expect(faultsOn("2027-06-01", comment)).to.deep.equal([
      "x.ts:4: the alias was meant to stay until 2027-05-31. Take it out, or move the day and say why (CONTRIBUTING.md).",
    ]);
  });

  it("are refused without a day", () => {
    expect(faultsOn("2027-01-01", "// The old parent.")).to.deep.equal([
      'x.ts:4: put "// Until <year-month-day>: <what was renamed>" above the alias.',
    ]);
  });
});

describe("the version", () => {
  const { version } = JSON.parse(text("package.json")) as { version: string };

  it("is one for program, lock file and policy pack", () => {
    for (const file of ["package-lock.json", "policy/package.json"]) {
      expect((JSON.parse(text(file)) as { version: string }).version, file).to.equal(version);
    }
  });

  it("is the first of the changelog, whose versions go down", () => {
    const versions = [
      ...text("CHANGELOG.md").matchAll(/^## (\d+)\.(\d+)\.(\d+)( \(unreleased\)| \(\d{4}-\d\d-\d\d\))?$/gm),
    ];
    expect(versions[0]?.slice(1, 4).join(".")).to.equal(version);
    const numbers = versions.map(([, ...parts]) =>
      parts.slice(0, 3).reduce((sum, part) => 1_000 * sum + Number(part), 0),
    );
    expect(numbers).to.deep.equal([...new Set(numbers)].sort((a, b) => b - a));
    expect(versions.slice(1).filter(([line]) => line.includes("unreleased"))).to.deep.equal([]);
  });

  it("is the one that the pages show", () => {
    for (const file of ["README.md", "policy/README.md", "docs/policies.md"]) {
      for (const [shown, shownVersion] of text(file).matchAll(/chatpop@v([\d.]+\d)/g)) {
        expect(shownVersion, `${file}: ${shown}`).to.equal(version);
      }
    }
  });
});

describe("npm test", () => {
  // mocha's own search: its files have no types.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { lookupFiles } = require("mocha/lib/cli/lookup-files.js") as {
    lookupFiles: (pattern: string, extensions: string[]) => string[];
  };

  it("runs every file of tests, once", () => {
    const { scripts } = JSON.parse(text("package.json")) as { scripts: { test: string } };
    const patterns = [...scripts.test.matchAll(/'([^']+)'/g)].map(([, pattern]) => pattern!);
    const run = patterns.flatMap((pattern) => lookupFiles(join(root, pattern), ["ts"]));
    const folders = ["tests", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/tests`)];
    const written = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => join(root, folder, file)),
    );
    expect(run.sort()).to.deep.equal(written.sort());
  });
});

describe("tsconfig.json", () => {
  it("has every file of TypeScript checked, also those that no other imports", () => {
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as {
      config: { exclude: string[] };
    };
    const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const ignored = [...config.exclude, "**/node_modules", "**/.*"];
    const written = ts.sys.readDirectory(root, [".ts", ".cts"], ignored);
    expect(written.filter((file) => !fileNames.includes(file) && !file.endsWith(".d.cts"))).to.deep.equal([]);
  });
});
