import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Coverage,
  coverage,
  coverageText,
  idsIn,
  later,
  pythonTitles,
  requirements,
} from "../docs/coverage";

describe("coverage of the guide", () => {
  let rows: readonly Coverage[];
  // Not while tests are declared: the list of all tests would begin with this one, for ever.
  before(() => {
    rows = coverage();
  });

  it("has a test for every requirement but those of a later capability", () => {
    const open = rows.filter(({ namedBy }) => namedBy.length === 0).map(({ id }) => id);
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

  it("understands single ids and ranges", () => {
    expect([...idsIn("x (G-7, G-60 … G-62) y")]).to.deep.equal(["G-7", "G-60", "G-61", "G-62"]);
    expect([...idsIn("GAP-7 and TG-8")]).to.deep.equal([]);
  });

  it("takes from Python the names of tests alone, with all their ids", () => {
    const file =
      '"""About G-1."""\ndef test_g114_g167_gap3_reads() -> None:\n    """G-2"""\n' +
      "async def test_writes(world: World):\n    pass\ndef helper_g4_x():\n    pass\n";
    expect(pythonTitles(file)).to.deep.equal(["G-114 G-167 GAP-3 reads", "writes"]);
  });
});
