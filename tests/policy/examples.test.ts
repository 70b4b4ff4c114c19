import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { run } from "../recording/program";
import { analyze } from "./analysis";
import { configure } from "./configure";

const folder = join(__dirname, "..", "..", "policy", "examples");
const examples = readdirSync(folder).filter((name) => !name.includes("."));

/** Rules with the resources that they blame. */
type Expected = Readonly<Record<string, readonly string[]>>;

/** Checks that a first preview leaves to the update: it knows no text that is made of an address. */
const waiting = ["image-by-version", "stop-timeout"];

describe("an example of another team's program", () => {
  beforeEach(() => configure({}));

  it("is there twice at least", () => {
    expect(examples).to.have.length.at.least(2);
  });

  for (const name of examples) {
    const expected = JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8")) as Expected;

    for (const preview of [true, false]) {
      it(`${name} has the findings that stand beside it (${preview ? "first preview" : "update"})`, async () => {
        const file = join(folder, name, "index.ts");
        delete require.cache[file];
        const { registrations, error } = await run({
          config: {},
          preview,
          // eslint-disable-next-line @typescript-eslint/no-require-imports
          program: () => void require(file),
        });
        if (error) throw error;
        const nameOf = new Map(registrations.map((each) => [each.urn, each.name]));
        const found = (await analyze(registrations)).filter(({ level }) => level === "mandatory");
        const blamed: Record<string, string[]> = {};
        for (const { policy, urn } of found) (blamed[policy] ??= []).push(nameOf.get(urn) ?? urn);
        const due = Object.entries(expected).filter(([rule]) => !(preview && waiting.includes(rule)));
        expect(blamed, JSON.stringify(found, undefined, 1)).to.deep.equal(Object.fromEntries(due));
      });
    }
  }
});
