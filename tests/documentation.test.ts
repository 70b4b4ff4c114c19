import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect } from "chai";
import { chosen, generated, insert } from "../docs/generate";
import { resultsText } from "../policy/closing";
import { concerns } from "../policy/pack";
import { settingKeys } from "../stacks/settings";
import { analyze } from "./policy/analysis";
import { set } from "./policy/mutations";
import { run } from "./recording/program";
import { record } from "./recording/recording";
import { types } from "./recording/types";

const root = join(__dirname, "..");
const parts = generated();
const text = (file: string) => readFileSync(join(root, file), "utf8");

describe("generated documentation", () => {
  for (const part of parts) {
    it(`${part.file}: "${part.name ?? "all of it"}" is what the program says; refresh with npm run docs`, () => {
      const current = readFileSync(join(root, part.file), "utf8");
      const words = part.text();
      expect(insert(current, part, words)).to.equal(current);
      expect(current).to.contain(words);
    });
  }

  it("says something of every setting, in Pulumi.yaml and in docs/settings.md", () => {
    for (const key of settingKeys) {
      expect(text("Pulumi.yaml")).to.contain(`  chatpop:${key}:\n`);
      expect(text("docs/settings.md")).to.contain(`| \`${key}\` |`);
    }
  });

  it("says something of every component, argument, output and method, in docs/components.md", () => {
    const page = text("docs/components.md");
    const files = readdirSync(join(root, "components")).filter((file) =>
      / extends pulumi\.ComponentResource /.test(text(`components/${file}`)),
    );
    for (const file of files) expect(page).to.contain(`components/${file.replace(/\.ts$/, "")}";`);
    expect(page.split("\n").filter((line) => /^\| `.*\| +\|$/.test(line))).to.deep.equal([]);
    expect(page).not.to.match(/^```\n\n(?:\n|\||###)/m);
  });

  it("fails loudly when a file lost the place for it", () => {
    const part = parts[0]!;
    expect(() => insert("nothing", part, "")).to.throw(`${part.file} has no part "settings:begin"`);
  });

  it("is written part by part on demand, and says which parts there are", () => {
    const files = (...words: string[]) => chosen(parts, words).map(({ file }) => file);
    expect(files("alarms", "docs/cost.md")).to.deep.equal([
      "docs/operations/runbook.md",
      ...["docs/cost.md", "docs/cost.md", "docs/cost.md"],
    ]);
    expect(chosen(parts, [])).to.deep.equal(parts);
    expect(() => files("alarm")).to.throw(
      /Nothing that is generated is called "alarm"\. Generated are .*runbook\.md/,
    );
  });
});

/** Numbers in pages that the program decides: UPDATE_GOLDEN=1 npx mocha tests/documentation.test.ts renews them. */
function shows(page: string, figure: RegExp, expected: string): void {
  const shown = figure.exec(text(page))?.[0];
  if (process.env["UPDATE_GOLDEN"] && shown !== undefined) {
    writeFileSync(join(root, page), text(page).replace(shown, expected));
  }
  expect(figure.exec(text(page))?.[0], page).to.equal(expected);
}

describe("written documentation", () => {
  const pages = [
    ...["README.md", "CONTRIBUTING.md", "policy/README.md"],
    ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => `docs/${file}`),
  ];
  /** GitHub's address of a heading. */
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");

  it("every file of the project that a page names is there", () => {
    const named = pages
      // The guide speaks of the application's repository.
      .filter((page) => page !== "docs/guide.md")
      .flatMap((page) =>
        [...text(page).matchAll(/`(([\w-]+)\/[\w./-]+\.\w+)`/g)].map(([, ...parts]) => [page, ...parts]),
      )
      .filter(([, , folder]) => existsSync(join(root, folder!)));
    expect(named.length).to.be.above(50);
    expect(named.filter(([, file]) => !existsSync(join(root, file!)))).to.deep.equal([]);
  });

  for (const page of pages) {
    it(`${page}: every link leads to a file and a heading that are there`, () => {
      const links = [...text(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
      for (const [link, file = "", heading] of links) {
        const target = file === "" ? page : normalize(join(dirname(page), file));
        expect(existsSync(join(root, target)), `${link}: ${target}`).to.equal(true);
        if (heading === undefined) continue;
        const headings = [...text(target).matchAll(/^#+ (.+)$/gm)].map(([, words]) => anchor(words!));
        expect(headings, link).to.include(heading);
      }
    });
  }

  it("the site has every page once, in one of its groups", () => {
    const groups = JSON.parse(text("site/pages.json")) as Record<string, readonly string[]>;
    const listed = Object.values(groups).flat().sort();
    // Decisions are found from their index.
    const own = [...pages, "CHANGELOG.md"].filter(
      (page) => !page.includes("/") || /^docs\/((operations\/)?[^/]+|decisions\/README)\.md$/.test(page),
    );
    expect(listed).to.deep.equal([...own].sort());
  });

  const decisions = pages.filter((page) => /^docs\/decisions\/(?!README)/.test(page));

  for (const page of decisions) {
    it(`${page} is short, complete, and found from the index and the architecture`, () => {
      const name = page.split("/").at(-1)!;
      expect(text("docs/decisions/README.md")).to.contain(`](${name})`);
      expect(text("docs/architecture.md")).to.contain(`](decisions/${name})`);
      const parts = [
        ...text(page).matchAll(/^- \*\*(Decision|Weighed|Not chosen|Consequences|Reconsider when)\b/gm),
      ];
      expect(parts.map(([, part]) => part!.replace("Not chosen", "Weighed"))).to.have.members([
        "Decision",
        "Weighed",
        "Consequences",
        "Reconsider when",
      ]);
      expect(text(page).split("\n").length, "lines").to.be.at.most(41);
    });
  }

  it("README.md shows what an update of small says", async () => {
    const { registrations } = await run({ config: { scale: "small" }, preview: false });
    shows("README.md", /\d+ to create/, `${registrations.length} to create`);
  });

  /** Lines in which a page shows how rules came out. */
  const shownResults = (page: string) =>
    text(page)
      .split("\n")
      .filter((line) => /^ *\d+ policy rules: |^ *([A-Z][A-Za-z ]+| {6}) {2,}[✗!~✓–] [a-z]/.test(line))
      .map((line) => line.trim());
  const printed = () =>
    resultsText(concerns, "exceptions")
      .replaceAll(/<\{%[^%]*%\}>/g, "")
      .split("\n")
      .map((line) => line.trim());

  /** The line that counts the rules changes with each new one. */
  const count = /\d+ policy rules: .*/;
  const showsCount = (page: string) =>
    shows(
      page,
      count,
      printed().find((line) => count.test(line))!,
    );

  it("README.md shows how the rules come out in an update of small", async () => {
    await analyze((await record("small", "update")).registrations);
    showsCount("README.md");
    expect(printed()).to.include.members(shownResults("README.md"));
    expect(shownResults("README.md")).to.have.length.at.least(2);
  });

  for (const page of ["docs/policies.md", "policy/README.md"]) {
    it(`${page} shows how the rules come out in a preview of small with a day of backups`, async () => {
      const { registrations } = await record("small", "preview");
      await analyze(set({ type: types.database }, "backupRetentionPeriod", 1)(registrations));
      showsCount(page);
      expect(printed()).to.include.members(shownResults(page));
      expect(shownResults(page)).to.have.length.at.least(3);
    });
  }
});
