import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ESLint } from "eslint";

const root = join(__dirname, "..");
const rule = "import-x/no-restricted-paths";
const eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId === rule });

/** Imports upwards: the file that would have each, and its path. */
const upwards: readonly (readonly [file: string, path: string])[] = [
  ["aws/planted.ts", "../stacks/guide"],
  ["stacks/settings/planted.ts", "../plan"],
  ["stacks/plan/planted.ts", "../../components/chat"],
  ["policy/planted.ts", "../stacks/plan"],
  ["components/planted.ts", "../forecast/simulation/simulation"],
  ["forecast/capacity/planted.ts", "../report/page"],
  ["packages/embedded-aws/models/planted.ts", "../../../aws/types"],
];

describe("the floors of the house", () => {
  for (const [file, path] of upwards) {
    it(`an import of ${path} in ${file} is refused`, async () => {
      const [result] = await eslint.lintText(`import "${path}";\n`, { filePath: join(root, file) });
      expect(result!.messages.map(({ ruleId }) => ruleId)).to.deep.equal([rule]);
      expect(result!.messages[0]!.message).to.contain("floors.mjs");
    });
  }

  it("stand in docs/architecture.md, all of them", async () => {
    const config = (await eslint.calculateConfigForFile(join(root, "index.ts"))) as {
      rules: Record<string, [number, { zones: readonly { target: string }[] }]>;
    };
    const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
    const floors = page.slice(page.indexOf("## The floors"), page.indexOf("## Sizes and habits"));
    const listed = [...floors.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
    );
    const meant = (target: string, name: string) =>
      name.endsWith("/")
        ? `${target}/`.startsWith(name)
        : new RegExp(`^${name.replace("*", "\\w*")}$`).test(target);
    const missing = config.rules[rule]![1].zones.map(({ target }) => target.replace(/^\.\//, "")).filter(
      (target) => !listed.some((name) => meant(target, name)),
    );
    expect(missing).to.deep.equal([]);
  });
});
