import { expect } from "chai";
import { makePlan } from "../../stacks/plan";
import { everywhere } from "../recording/recording";
import { types } from "../recording/types";

/** The groups that a query reads, by the log that the plan names. */
const groups = {
  tasks: /^chatpop-backend$/,
  database: /^chatpop-db(-replica(-\d+)?)?-log$/,
  proxy: /^chatpop-proxy-log$/,
} as const;

describe("saved queries", () => {
  it("are the plan's, in a folder of the stack's own, over groups that the program makes", () =>
    everywhere((recording, scale) => {
      const { queries } = makePlan({ scale }, "test").monitoring;
      const saved = recording.ofType(types.queryDefinition);
      expect(saved.map(({ name }) => name)).to.have.members(
        Object.keys(queries).map((alarm) => `chatpop-${alarm}`),
      );
      for (const definition of saved) {
        const alarm = definition.name.replace("chatpop-", "");
        const { log, query } = queries[alarm]!;
        expect(definition.inputs).to.include({ name: `chatpop-test/${alarm}`, queryString: query });
        const read = recording
          .sourcesOf(definition, "logGroupNames")
          .filter(({ type }) => type === types.logGroup);
        expect(read, alarm).to.have.lengthOf(log === "database" && scale === "large" ? 2 : 1);
        for (const { name } of read) expect(name, alarm).to.match(groups[log]);
      }
    }));
});
