import { expect } from "chai";
import { type Event, readEvents, report } from "../../delivery/report";

const step = (op: string, type: string, name: string, diffs?: string[]): Event => ({
  resourcePreEvent: {
    metadata: { op, urn: `urn:pulumi:small::chatpop::chatpop:x:Y$${type}::${name}`, diffs },
  },
});

describe("the report of a preview", () => {
  it("counts what changes, the most dangerous first, and says what changes about it", () => {
    const text = report("medium", [
      step("create", "aws:ec2/eip:Eip", "chatpop-nat-1"),
      {
        resourcePreEvent: {
          metadata: { op: "create", urn: "urn:pulumi:m::chatpop::pulumi:providers:aws::default" },
        },
      },
      step("same", "aws:ec2/vpc:Vpc", "chatpop"),
      step("update", "aws:rds/instance:Instance", "chatpop-db", ["instanceClass", "allocatedStorage"]),
      step("replace", "aws:ecs/taskDefinition:TaskDefinition", "chatpop-backend", ["containerDefinitions"]),
      step("delete", "aws:rds/proxy:Proxy", "chatpop-proxy"),
    ]);
    expect(text).to.contain("### medium: 1 deleted, 1 replaced, 1 updated, 1 created\n");
    expect(text.match(/```diff\n(.*?)\n```/s)![1]!.split("\n")).to.deep.equal([
      "- aws:rds/proxy:Proxy chatpop-proxy",
      "! replace aws:ecs/taskDefinition:TaskDefinition chatpop-backend (containerDefinitions)",
      "! aws:rds/instance:Instance chatpop-db (instanceClass, allocatedStorage)",
      "+ aws:ec2/eip:Eip chatpop-nat-1",
    ]);
    expect(text).not.to.contain("chatpop:x:Y").and.not.to.contain("Vpc");
  });

  it("says so when nothing changes", () => {
    expect(report("small", [step("same", "aws:ec2/vpc:Vpc", "chatpop")])).to.equal("### small: no changes\n");
  });

  it("shows what policies refuse and what they advise, and errors", () => {
    const policy = (policyName: string, enforcementLevel: string): Event => ({
      policyEvent: { policyName, enforcementLevel, message: `chatpop-db: public\n` },
    });
    const text = report("small", [
      policy("flow-logs", "advisory"),
      policy("database-not-public", "mandatory"),
      { diagnosticEvent: { severity: "error", message: "preview failed\n" } },
      { diagnosticEvent: { severity: "info", message: "nothing to see" } },
    ]);
    expect(text).to.contain(
      "- ❌ **database-not-public**: chatpop-db: public\n- ⚠️ **flow-logs**: chatpop-db: public\n",
    );
    expect(text).to.contain("preview failed").and.not.to.contain("nothing to see");
  });

  it("stays short enough for three of them in one comment", () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      step("create", "aws:ec2/route:Route", `chatpop-${index}`),
    );
    const text = report("large", many);
    expect(text).to.contain("500 created").and.to.contain("… and 400 more");
    expect(text.length).to.be.below(65_536 / 3);
  });

  it("reads Pulumi's event log, a line an event", () => {
    expect(readEvents('{"sequence":0}\n{"summaryEvent":{"resourceChanges":{}}}\n')).to.have.length(2);
  });
});
