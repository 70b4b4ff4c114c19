import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Coverage, coverage, coverageText, idsIn, later, requirements } from "../docs/coverage";

describe("coverage of the guide", () => {
  let rows: readonly Coverage[];
  // Not while tests are declared: the list of all tests would begin with this one, for ever.
  before(() => {
    rows = coverage();
  });

  it("has a test for every requirement but those of a later capability", () => {
    const open = rows.filter(({ provedBy }) => provedBy.length === 0).map(({ id }) => id);
    expect(open).to.deep.equal(Object.keys(later));
  });

  it("has a file that implements every requirement, but for those of a later capability", () => {
    const homeless = rows.filter(({ implementedIn }) => implementedIn.length === 0).map(({ id }) => id);
    expect(homeless).to.deep.equal(Object.keys(later));
  });

  it("stands in docs/guide-coverage.md; refresh with npm run docs", () => {
    const page = readFileSync(join(__dirname, "../docs/guide-coverage.md"), "utf8");
    expect(page).to.equal(coverageText(rows));
  });

  it("reads requirements and leaves facts alone", () => {
    const guide = "| G-1 | R | a | - | b |\n| G-2 | F | c |\n| G-3 | R (opt.) | d |\n| G-186 | e |\ntext G-4";
    expect(requirements(guide)).to.deep.equal([
      { id: "G-1", text: "a · b" },
      { id: "G-3", text: "d" },
      { id: "G-186", text: "e" },
    ]);
  });

  it("understands single ids, ranges, and how Python names a test", () => {
    expect([...idsIn("x (G-7, G-60 … G-62) y")]).to.deep.equal(["G-7", "G-60", "G-61", "G-62"]);
    expect([...idsIn("def test_g112_reads() -> None:")]).to.deep.equal(["G-112"]);
    expect([...idsIn("GAP-7 and TG-8")]).to.deep.equal([]);
  });
});
