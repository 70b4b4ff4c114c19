import { expect } from "chai";
import { catalogue, createStatement, isOptional } from "../../stacks/guideIndexes";
import { guideStatements } from "./chatpop";

describe("catalogue of indexes", () => {
  it("G-77 … G-85, G-193: its statements are the guide's, word for word and in its order", () => {
    const statements = guideStatements();
    expect(statements).to.have.length(9);
    expect(catalogue.map(createStatement)).to.deep.equal(statements);
  });

  it("G-86: every statement builds concurrently", () => {
    for (const index of catalogue) expect(createStatement(index)).to.match(/^CREATE INDEX CONCURRENTLY /);
  });

  it("names the guide's rows one after the other", () => {
    expect(catalogue.map(({ requirement }) => requirement)).to.deep.equal(
      catalogue.map((_, position) => `G-${77 + position}`),
    );
  });

  it("G-164, G-171, G-193: only the outbox, required at the largest scale, may be missing", () => {
    const optional = catalogue.filter(isOptional);
    expect(optional.map(({ name }) => name)).to.deep.equal([
      "idx_outbox_unprocessed",
      "idx_outbox_room_created",
    ]);
    for (const { scales } of optional) expect(scales).to.deep.equal(["large"]);
  });
});
