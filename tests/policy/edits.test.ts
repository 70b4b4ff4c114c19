import { expect } from "chai";
import { exhaustive } from "../exhaustive";
import { record } from "../recording/recording";
import { analyze } from "./analysis";
import { type Edit, edits } from "./edits";
import { all, type Mutation } from "./mutations";
import { evenings } from "./tiredEdits";

/** What mandatory rules say of an edited program. */
async function refusals(mutation: Mutation, { scale = "medium", config = {} }: NonNullable<Edit[3]> = {}) {
  const { registrations } = await record(scale, "preview", config);
  // What was not edited is known to be well.
  const found = await analyze(mutation(registrations), (each) => !registrations.includes(each));
  return found.filter(({ level }) => level === "mandatory");
}

const rulesOf = (found: readonly { readonly policy: string }[]) =>
  [...new Set(found.map(({ policy }) => policy))].sort();

describe("a careless edit of the program, in its first preview", () => {
  for (const [what, rules, mutation, where] of edits) {
    it(`is refused by ${[rules].flat().join(" and ")}: ${what}`, async () => {
      expect(rulesOf(await refusals(mutation, where))).to.deep.equal([rules].flat().sort());
    });
  }
});

describe("careless edits of one evening, in their first preview", () => {
  evenings.forEach(({ edits: made, ...where }, index) => {
    const names = new Set(made.map(([, rule]) => rule));

    it(`are refused by ${[...names].join(", ")}, and by no other rule (${index + 1})`, async () => {
      const found = await refusals(all(...made.map(([, , , mutation]) => mutation)), where);
      for (const [what, rule, says] of made) {
        const words = found.filter(({ policy }) => policy === rule).map(({ message }) => message);
        expect(
          words.filter((each) => says.test(each)),
          `${what}: ${words.join("; ")}`,
        ).to.not.be.empty;
      }
      expect(rulesOf(found)).to.deep.equal([...names].sort());
    });

    // One by one, in case that one hides behind another.
    for (const [what, rule, says, mutation] of exhaustive ? made : []) {
      it(`are refused by ${rule} alone: ${what}`, async () => {
        const found = await refusals(mutation, where);
        expect(
          found.some((each) => each.policy === rule && says.test(each.message)),
          what,
        ).to.equal(true);
      });
    }
  });
});
