import { expect } from "chai";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

const name = "chatpop-flow-logs";

describe("flow logs", () => {
  it("record what the VPC refuses, at every scale (GAP-13)", () =>
    everywhere((recording) => {
      const flowLog = recording.one(types.flowLog);
      expect(flowLog.inputs["trafficType"]).to.equal("REJECT");
      expect(recording.namesOf(flowLog, "vpcId")).to.deep.equal(["chatpop"]);
      expect(recording.namesOf(flowLog, "logDestination")).to.deep.equal([name]);
    }));

  it("are kept as long as other logs (G-178)", () =>
    everywhere((recording) => {
      const { retentionInDays } = recording.one(types.logGroup, "chatpop-backend").inputs;
      expect(recording.one(types.logGroup, name).inputs["retentionInDays"]).to.equal(retentionInDays);
    }));

  it("are written by a role that writes to their group only, and is ready before them", () =>
    everywhere((recording, _scale, mode) => {
      const policy = recording.one(types.rolePolicy, name);
      expect(recording.namesOf(recording.one(types.flowLog), "iamRoleArn")).to.deep.equal([name]);
      expect(recording.one(types.flowLog).dependencies).to.include(policy.urn);
      expect(recording.one(types.role, name).inputs["assumeRolePolicy"]).to.contain(
        `"vpc-flow-logs.amazonaws.com"`,
      );
      if (mode === "preview") return;
      const { arn } = recording.one(types.logGroup, name).wireOutputs;
      const { Statement } = JSON.parse(String(policy.inputs["policy"])) as { Statement: object[] };
      expect(Statement).to.deep.equal([
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [`${String(arn)}:*`],
        },
        { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
      ]);
    }));

  it("record everything, or nothing, where a stack asks for it", async () => {
    const all = await record("small", "update", { flowLogs: "all" });
    expect(all.one(types.flowLog).inputs["trafficType"]).to.equal("ALL");
    const none = await record("small", "update", { flowLogs: "none" });
    expect(none.ofType(types.flowLog)).to.be.empty;
    expect(none.ofType(types.logGroup).map((group) => group.name)).not.to.include(name);
  });
});
