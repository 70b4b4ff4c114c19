import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { comparisonText, planText, sizesText } from "../../forecast/capacity/text";
import { costCsv, costMarkdown, costText, differenceText } from "../../forecast/cost/text";
import type { CostQuestion } from "../../forecast/cost/estimate";
import type { Scale } from "../../stacks/guide";
import { usualHabits } from "../../stacks/plan/price";
import { record } from "../recording/recording";

// Refresh after a change that is meant, and read the difference: UPDATE_GOLDEN=1 npx mocha tests/forecast/golden.test.ts

const folder = join(__dirname, "golden");

async function bill(scale: Scale): Promise<CostQuestion> {
  const { registrations, run } = await record(scale, "preview");
  const { demand } = run.outputs["plan"] as { demand: CostQuestion["demand"] };
  // In an order that does not depend on timing.
  const resources = [...registrations].sort((one, other) => (one.urn < other.urn ? -1 : 1));
  return {
    resources,
    demand,
    settings: { scale },
    habits: usualHabits,
    region: "us-east-1",
    curve: "constant",
  };
}

const outputs: Readonly<Record<string, () => Promise<string> | string>> = {
  "plan.txt": () => planText({ rooms: 2_500, users: 40 }),
  "sizes.txt": () => sizesText({ rooms: 100, users: 20 }, [100, 1_000, 5_000]),
  "comparison.txt": () =>
    comparisonText({ rooms: 1_000, users: 20 }, { taskCpu: "1024", taskMemory: "2048" }),
  "cost.txt": async () => costText(await bill("medium")),
  "cost.md": async () => costMarkdown(await bill("medium")),
  "cost.csv": async () => costCsv(await bill("medium")),
  "difference.txt": async () => differenceText(await bill("small"), await bill("medium")),
};

describe("golden output of planner and bill", () => {
  // One test: a changed preset changes most of them.
  it(`is the one in golden/: ${Object.keys(outputs).join(", ")}`, async () => {
    const differs: string[] = [];
    for (const [name, output] of Object.entries(outputs)) {
      const actual = `${await output()}\n`;
      const path = join(folder, name);
      if (process.env["UPDATE_GOLDEN"]) writeFileSync(path, actual);
      if (actual !== readFileSync(path, "utf8")) differs.push(`${name} would be:\n${actual}`);
    }
    const update =
      "if it is meant: UPDATE_GOLDEN=1 npx mocha tests/forecast/golden.test.ts, and read the difference";
    expect(differs, update).to.deep.equal([]);
  });
});
