import { expect } from "chai";
import { checksOf, publisherNames, strangeIds } from "../../policy/publicChecks";
import { rules } from "../../policy/pack";

describe("the ids of public checks", () => {
  it("are each in the form of one publisher", () => {
    expect(rules.flatMap(({ about }) => strangeIds(about))).to.deep.equal([]);
  });

  it("stand once for each rule, and every publisher has some", () => {
    for (const { about } of rules) {
      const ids = about.publicChecks ?? [];
      expect(new Set(ids).size, about.name).to.equal(ids.length);
    }
    for (const publisher of Object.keys(publisherNames)) {
      const ids = rules.flatMap(({ about }) => checksOf(about)[publisher as keyof typeof publisherNames]);
      expect(ids, publisher).to.have.length.at.least(10);
    }
  });
});
