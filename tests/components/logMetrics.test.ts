import { expect } from "chai";
import logMetrics from "../../stacks/plan/monitoring/logMetrics.json";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

interface Transformation {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
}

describe("metrics of the log", () => {
  it("are made of the group that all tasks log to, before any of them starts (GAP-49)", () =>
    everywhere((recording, scale) => {
      const filters = recording.ofType(types.logMetricFilter);
      const outbox =
        scale === "large"
          ? ["chatpop-outbox-backlog", "chatpop-outbox-stuck", "chatpop-replica-fallbacks"]
          : [];
      const expected = ["chatpop-lost-messages", ...outbox];
      expect(filters.map(({ name }) => name)).to.have.members(expected);
      for (const filter of filters) {
        expect(recording.namesOf(filter, "logGroupName")).to.deep.equal(["chatpop-backend"]);
        expect(recording.sourcesOf(filter, "logGroupName").map(({ type }) => type)).to.deep.equal([
          types.logGroup,
        ]);
      }
      expect(recording.one(types.invocation, "chatpop-migrate").dependencies).to.include.members(
        filters.map(({ urn }) => urn),
      );
    }));

  it("are what the alarms of the same names look at, in a namespace of the stack's own", async () => {
    const recording = await record("large", "update");
    for (const filter of recording.ofType(types.logMetricFilter)) {
      const alarm = recording.one(types.alarm, filter.name.replace("chatpop-", "chatpop-test-"));
      const { namespace, name } = filter.inputs["metricTransformation"] as Transformation;
      expect(alarm.inputs).to.include({ namespace, metricName: name });
      expect(namespace).to.equal("ChatPop/test");
      const key = filter.name.replace("chatpop-", "") as keyof typeof logMetrics;
      expect(filter.inputs["pattern"], key).to.equal(logMetrics[key].pattern);
    }
  });

  it("call for a relay that says nothing, and not for a quiet channel layer (G-171)", async () => {
    const recording = await record("large", "update");
    const { inputs } = recording.one(types.alarm, "chatpop-test-outbox-backlog");
    expect(inputs).to.include({ treatMissingData: "breaching", statistic: "Maximum" });
    expect(recording.one(types.alarm, "chatpop-test-lost-messages").inputs).to.include({
      treatMissingData: "notBreaching",
      statistic: "Sum",
      threshold: 0,
    });
  });
});
