import { expect } from "chai";
import { types } from "../../aws/types";
import { type Event, readEvents, report } from "../../delivery/report";
import { demandOf } from "../../stacks/capacity";

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

  const changed = (
    op: string,
    type: string,
    name: string,
    before?: object,
    after?: object,
    diffs?: string[],
  ): Event => ({
    resourcePreEvent: {
      metadata: {
        op,
        urn: `urn:pulumi:small::chatpop::chatpop:x:Y$${type}::${name}`,
        diffs,
        ...(before && { old: { inputs: before as Record<string, unknown> } }),
        ...(after && { new: { inputs: after as Record<string, unknown> } }),
      },
    },
  });
  const database = (instanceClass: string) => ({ instanceClass, allocatedStorage: 50 });
  const stackOutputs = (taskPercent: number, redisThreadPercent: number) => ({
    outputs: { plan: { demand: demandOf(1_000, 20), fullLoad: { taskPercent, redisThreadPercent } } },
  });
  const scaled = [
    changed("update", types.database, "chatpop-db", database("db.t3.small"), database("db.t3.medium"), [
      "instanceClass",
    ]),
    changed("update", types.alarm, "chatpop-db-memory", { threshold: 1 }, { threshold: 2 }, ["threshold"]),
    changed("update", types.alarm, "chatpop-db-cpu", { threshold: 3 }, { threshold: 4 }, ["threshold"]),
    changed(
      "same",
      types.cache,
      "chatpop-redis",
      { nodeType: "cache.t3.small" },
      { nodeType: "cache.t3.small" },
    ),
    changed("create", types.proxy, "chatpop-proxy", undefined, {}),
    {
      resOutputsEvent: {
        metadata: {
          op: "update",
          urn: "urn:pulumi:m::chatpop::pulumi:pulumi:Stack::chatpop-m",
          old: stackOutputs(53, 1),
          new: stackOutputs(61, 2),
        },
      },
    },
    { diagnosticEvent: { severity: "warning", message: "<{%reset%}>No domain: plain HTTP.<{%reset%}>\n" } },
  ] as const satisfies readonly Event[];

  it("shows values before and after, alarm thresholds in one line, and warnings of the program", () => {
    const text = report("medium", scaled);
    expect(text).to.contain(
      "- `chatpop-db` instanceClass: db.t3.small → **db.t3.medium**\n- 2 alarm thresholds follow\n",
    );
    expect(text).to.contain("**Warnings of the program**\n\n- No domain: plain HTTP.\n");
  });

  it("shows a change that several resources of a type have in common once", () => {
    const kept = (name: string, days: number) =>
      changed("update", types.logGroup, name, { retentionInDays: 7 }, { retentionInDays: days }, [
        "retentionInDays",
      ]);
    const text = report("small", [kept("a", 14), kept("b", 14), kept("c", 14), kept("d", 30)]);
    expect(text).to.contain(
      "- `a` and 2 like it retentionInDays: 7 → **14**\n- `d` retentionInDays: 7 → **30**\n",
    );
  });

  it("says what people in the chat notice, and that they notice nothing", () => {
    expect(report("medium", scaled)).to.contain("- the database restarts");
    const alarm = changed("update", types.alarm, "chatpop-db-cpu", { threshold: 3 }, { threshold: 4 }, [
      "threshold",
    ]);
    expect(report("medium", [alarm])).to.contain("**People in the chat notice**\n\n- nothing\n");
    const replaced = changed(
      "create-replacement",
      types.database,
      "chatpop-db",
      database("a"),
      database("b"),
      ["engine"],
    );
    expect(report("medium", [replaced, step("replace", types.database, "chatpop-db")])).to.contain(
      "the database is replaced or deleted",
    );
  });

  it("says what the change costs, and what room it leaves", () => {
    const text = report("medium", scaled);
    // db.t3.small to db.t3.medium: 26.28 more; the proxy: 21.90 more.
    expect(text).to.match(/monthly cost \$\d+ → \*\*\$\d+\*\*, \+\$48 \(\+\d+ %\): database \+\$48\n/);
    expect(text).to.contain("tasks at full load 53 % → **61 %**, Redis 1 % → **2 %**");
    const odd = changed("create", types.cacheCluster, "mine", undefined, {
      engine: "redis",
      nodeType: "cache.x9.large",
    });
    expect(report("small", [odd, scaled[5]])).to.contain(
      "without a price: elasticache.redis.cache.x9.large.hour",
    );
  });

  it("shows no secret and no placeholder of a value that is not known yet", () => {
    const secret = changed(
      "update",
      types.secretVersion,
      "password",
      { secretString: "[secret]" },
      { secretString: "[secret]", note: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
      ["secretString", "note"],
    );
    expect(report("small", [secret]))
      .to.not.contain("04da6b54")
      .and.to.not.contain("[secret]");
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
