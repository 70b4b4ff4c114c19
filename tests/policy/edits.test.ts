import { expect } from "chai";
import { record } from "../recording/recording";
import { analyze } from "./analysis";
import { edits } from "./edits";

describe("a careless edit of the program, in its first preview", () => {
  for (const [what, rules, mutation, { scale = "medium", config = {} } = {}] of edits) {
    it(`is refused by ${[rules].flat().join(" and ")}: ${what}`, async () => {
      const { registrations } = await record(scale, "preview", config);
      const edited = mutation(registrations);
      // What was not edited is known to be well.
      const found = await analyze(edited, (each) => !registrations.includes(each));
      const refusing = new Set(
        found.filter(({ level }) => level === "mandatory").map(({ policy }) => policy),
      );
      expect([...refusing].sort()).to.deep.equal([rules].flat().sort());
    });
  }
});
