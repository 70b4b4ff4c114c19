import { type ResourceValidationArgs, type StackValidationArgs, unknownCheckingProxy } from "@pulumi/policy";
import { AnalyzerService, type IAnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { ConfigureAnalyzerRequest, EnforcementLevel, PolicyConfig } from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { unusedSuppressions } from "../../policy/closing";
import { chat } from "../../policy/chat";
import { mistakes } from "../../policy/configuration";
import { configuration, listen, takeConfiguration } from "../../policy/engine";
import { policies, rules } from "../../policy/pack";
import { forgetResults, outcomeOf } from "../../policy/results";
import { databaseBackups } from "../../policy/rules/database";
import { databaseSizeForScale } from "../../policy/rules/sizes";
import { imagesExpire } from "../../policy/rules/thrift";
import { types } from "../../aws/types";
import { unknownWire } from "../recording/wire";

interface Report {
  readonly message: string;
  readonly urn?: string;
  readonly enforcementLevel?: string;
}

const resource = (type: string, name: string, props: object = {}) => ({
  type,
  name,
  urn: `urn:pulumi:test::other::${type}::${name}`,
  props,
  propertyDependencies: {},
  dependencies: [],
});

/** What a rule says of a repository that keeps its images for ever. */
async function ofRepository(config: object): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const args = { resources: [resource(types.repository, "images")], getConfig: () => config };
  await imagesExpire.validateStack(
    args as unknown as StackValidationArgs,
    ((report: Report) => reports.push(report)) as never,
  );
  return reports;
}

/** What the rule about backups says of a database with so many days. */
async function ofBackups(days: number, config: object): Promise<readonly string[]> {
  const reports: string[] = [];
  const args = {
    ...resource(types.database, "main", { backupRetentionPeriod: days }),
    getConfig: () => config,
  };
  const validate = databaseBackups.validateResource as (args: unknown, report: unknown) => void;
  validate(args as unknown as ResourceValidationArgs, (report: Report) => reports.push(report.message));
  return reports;
}

describe("the pack's configuration", () => {
  // Another file's program may have been this project's own.
  beforeEach(forgetResults);

  const reason = "a scratch repository, emptied every night";

  for (const [what, suppression] of [
    ["by name", { resource: "images", reason }],
    ["by URN", { resource: resource(types.repository, "images").urn, reason }],
    ["in the whole stack", { reason }],
  ] as const) {
    it(`accepts a violation ${what}: it is shown with its reason, and stops nothing`, async () => {
      const [report, ...others] = await ofRepository({ suppress: [suppression] });
      expect(others).to.be.empty;
      expect(report?.enforcementLevel).to.equal("advisory");
      expect(report?.message).to.equal(`images: keeps every image for ever. Accepted: ${reason}`);
    });
  }

  it("accepts nothing of another resource", async () => {
    const [report] = await ofRepository({ suppress: [{ resource: "other", reason }] });
    expect(report).to.not.have.property("enforcementLevel");
    expect(report?.message).to.match(/^images: keeps every image for ever\. Remedy: /);
  });

  it("accepts a violation until its last day, and says afterwards that this is over", async () => {
    const [before] = await ofRepository({ suppress: [{ reason, expires: "9999-12-31" }] });
    expect(before?.enforcementLevel).to.equal("advisory");
    expect(before?.message).to.match(/\. Accepted until 9999-12-31: a scratch repository/);

    const [after] = await ofRepository({ suppress: [{ reason, expires: "2020-02-29" }] });
    expect(after).to.not.have.property("enforcementLevel");
    expect(after?.message).to.match(
      /^images: keeps every image for ever\. Accepted until 2020-02-29, which is over: .*night\. Remedy: /,
    );
    // One that holds goes before one that is over.
    const both = [
      { reason, expires: "2020-02-29" },
      { resource: "images", reason: "until it is moved" },
    ];
    expect((await ofRepository({ suppress: both }))[0]?.enforcementLevel).to.equal("advisory");
  });

  it("refuses a last day that is none", () => {
    const values = { suppress: [{ reason, expires: "2027-13-01" }] };
    expect(mistakes(new Map([["images-expire", { values }]]), rules)).to.deep.equal([
      '"images-expire" has a suppression that expires on 2027-13-01, which is no day.',
    ]);
  });

  it("changes thresholds, which hold their default otherwise", async () => {
    expect(await ofBackups(6, {})).to.have.length(1);
    expect(await ofBackups(6, { days: 3 })).to.be.empty;
    expect(await ofBackups(7, { days: 14 })).to.have.length(1);
  });

  it("takes a suppression with every rule, and none without a reason of some length", () => {
    for (const { name, configSchema } of rules) {
      const items = configSchema?.properties["suppress"]?.items as {
        required: string[];
        properties: { reason: { minLength: number; pattern: string } };
      };
      expect(items.required, name).to.include("reason");
      expect(items.properties.reason.minLength, name).to.be.at.least(10);
      expect("          ", name).to.not.match(new RegExp(items.properties.reason.pattern));
      expect("a scratch repository", name).to.match(new RegExp(items.properties.reason.pattern));
    }
  });
});

/** A configuration as the engine sends it. */
function configure(given: Readonly<Record<string, readonly [level: number, values: object]>>) {
  const request = new ConfigureAnalyzerRequest();
  for (const [name, [level, values]] of Object.entries(given)) {
    const properties = Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
    request
      .getPolicyconfigMap()
      .set(name, new PolicyConfig().setEnforcementlevel(level).setProperties(properties));
  }
  return request;
}

const { ADVISORY, DISABLED, MANDATORY } = EnforcementLevel;

describe("a configuration with mistakes", () => {
  const found = (given: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
    mistakes(new Map(Object.entries(given).map(([name, values]) => [name, { values }])), rules, [
      { name: "results" },
      chat,
    ]);

  it("is told of rules that do not exist, and of the one that was meant", () => {
    expect(found({ "sticky-session": {} })).to.deep.equal([
      'the pack has no rule "sticky-session". Did you mean "sticky-sessions"?',
    ]);
    expect(found({ "something-else-altogether": {} })).to.deep.equal([
      'the pack has no rule "something-else-altogether".',
    ]);
  });

  it("is told of settings that do not exist, and of all that do", () => {
    expect(found({ "log-retention": { longst: 14 }, "idle-timeout": { suppress: [] } })).to.deep.equal([
      '"log-retention" has no setting "longst", only shortest, longest, suppress. Did you mean "longest"?',
    ]);
  });

  it("is told where the size of the chat stands now, by every rule that had it", () => {
    for (const name of ["database-size-for-scale", "task-limit", "cache-size-for-connections"]) {
      expect(found({ [name]: { rooms: 100, connections: 1_000 } })).to.deep.equal([
        `"${name}" has no setting "rooms": the size of the chat stands once, as "chat": { "rooms": … }.`,
        `"${name}" has no setting "connections": the size of the chat stands once, as "chat": { "connections": … }.`,
      ]);
    }
    expect(found({ chat: { rooms: 100, connections: 1_000 } })).to.deep.equal([]);
    expect(found({ chat: { room: 100 } })).to.deep.equal([
      '"chat" has no setting "room", only rooms, connections. Did you mean "rooms"?',
    ]);
  });

  it("is told of ranges that nothing is within", () => {
    expect(found({ "log-retention": { shortest: 30, longest: 7 } })).to.deep.equal([
      '"log-retention" has shortest 30 above longest 7: nothing is within.',
    ]);
    expect(found({ "log-retention": { shortest: 7, longest: 7 } })).to.deep.equal([]);
  });

  it("is told of nothing when every name exists, also the engine's own and the pack's further policies", () => {
    const every = Object.fromEntries(rules.map(({ about }) => [about.name, { suppress: [] }]));
    expect(found({ ...every, all: {}, results: {} })).to.deep.equal([]);
  });

  it("is refused at the stack itself, before any other resource", () => {
    takeConfiguration(configure({ "sticky-session": [MANDATORY, {}] }));
    const [first] = policies;
    const messages: string[] = [];
    const validate = (first as unknown as { validateResource: (args: unknown, report: unknown) => void })
      .validateResource;
    for (const type of ["pulumi:pulumi:Stack", types.database]) {
      validate(resource(type, "any"), ({ message }: Report) => messages.push(message));
    }
    expect(messages).to.have.length(1);
    expect(messages[0]).to.contain("sticky-session").and.to.contain("Remedy: ");
  });
});

describe("suppressions that accept nothing", () => {
  const reason = "a scratch repository, emptied every night";
  const suppress = [{ reason, resource: "images" }];
  const told = () => {
    const messages: string[] = [];
    void unusedSuppressions.validateStack(
      {} as StackValidationArgs,
      (({ message }: Report) => messages.push(message)) as never,
    );
    return messages;
  };
  beforeEach(forgetResults);

  it("are told, so that they do not hide a later violation", () => {
    takeConfiguration(configure({ "images-expire": [MANDATORY, { suppress }] }));
    expect(told()).to.have.length(1);
    expect(told()[0]).to.match(/^the suppression of images-expire for "images" matched nothing\. Remedy: /);
  });

  it("are not told once they accept a violation", async () => {
    takeConfiguration(configure({ "images-expire": [MANDATORY, { suppress }] }));
    await ofRepository({ suppress });
    expect(told()).to.deep.equal([]);
    expect(outcomeOf("images-expire", "mandatory")).to.equal("accepted");
  });

  it("are not told of a rule that is disabled", () => {
    takeConfiguration(configure({ "images-expire": [DISABLED, { suppress }] }));
    expect(told()).to.deep.equal([]);
  });

  it("are not told while the rule waits for values that only the update will know", async () => {
    takeConfiguration(configure({ "database-backups": [MANDATORY, { suppress }] }));
    const props = unknownCheckingProxy({ backupRetentionPeriod: unknownWire });
    const validate = databaseBackups.validateResource as (args: unknown, report: unknown) => void;
    validate({ ...resource(types.database, "main"), props, getConfig: () => ({}) }, () => {});
    expect(outcomeOf("database-backups", "mandatory")).to.equal("deferred");
    expect(told()).to.deep.equal([]);
  });
});

describe("how a rule came out", () => {
  beforeEach(forgetResults);

  it("follows the level at which the engine enforces the rule", async () => {
    await ofBackups(6, {});
    expect(outcomeOf("database-backups", "mandatory")).to.equal("violated");
    expect(outcomeOf("database-backups", "advisory")).to.equal("advised");
    expect(outcomeOf("database-backups", "disabled")).to.equal("disabled");
  });

  it("tells what holds from what had nothing to judge", async () => {
    expect(outcomeOf("database-backups", "mandatory")).to.equal("notApplicable");
    await ofBackups(7, {});
    expect(outcomeOf("database-backups", "mandatory")).to.equal("holds");
  });

  it("tells a rule about the scale that does not know it as not applicable", () => {
    const args = {
      // The program is the chat, of a size that nothing tells.
      resources: [resource("chatpop:aws:Network", "network")],
      getConfig: () => ({}),
      notApplicable: () => {
        throw new Error("not applicable");
      },
    };
    expect(() =>
      databaseSizeForScale.validateStack(args as unknown as StackValidationArgs, () => {}),
    ).to.throw("not applicable");
    expect(outcomeOf("database-size-for-scale", "mandatory")).to.equal("notApplicable");
  });
});

describe("what the engine tells the pack", () => {
  it("is read where the SDK decodes it, and goes on unchanged", () => {
    const { configure: call, handshake } = AnalyzerService as unknown as IAnalyzerService;
    const [decode, greet] = [call.requestDeserialize, handshake.requestDeserialize];
    try {
      listen(["configuration"]);
      const sent = configure({ "images-expire": [ADVISORY, { suppress: [] }] });
      const received = call.requestDeserialize(Buffer.from(sent.serializeBinary()));
      expect(received.toObject()).to.deep.equal(sent.toObject());
      expect(configuration().get("images-expire")).to.deep.equal({
        level: "advisory",
        values: { suppress: [] },
      });
    } finally {
      call.requestDeserialize = decode;
      handshake.requestDeserialize = greet;
      takeConfiguration(new ConfigureAnalyzerRequest());
    }
  });

  it("keeps the check of the configuration itself mandatory, also where all rules are disabled", () => {
    const { configure: call, handshake } = AnalyzerService as unknown as IAnalyzerService;
    const [decode, greet] = [call.requestDeserialize, handshake.requestDeserialize];
    try {
      listen(["configuration"]);
      const sent = configure({ configuration: [DISABLED, {}], "images-expire": [DISABLED, {}] });
      const received = call.requestDeserialize(Buffer.from(sent.serializeBinary()));
      const levelOf = (name: string) => received.getPolicyconfigMap().get(name)?.getEnforcementlevel();
      expect(levelOf("configuration")).to.equal(MANDATORY);
      expect(levelOf("images-expire")).to.equal(DISABLED);
    } finally {
      call.requestDeserialize = decode;
      handshake.requestDeserialize = greet;
      takeConfiguration(new ConfigureAnalyzerRequest());
    }
  });
});

describe("a program that is not this one", () => {
  it("is judged by the rooms that its stack's outputs tell", async () => {
    const judged = async (rooms: number) => {
      const reports: Report[] = [];
      const resources = [
        resource("pulumi:pulumi:Stack", "forum", { plan: { demand: { rooms } } }),
        resource(types.database, "posts", { instanceClass: "db.t4g.medium", allocatedStorage: 500 }),
      ];
      const args = { resources, getConfig: () => ({}) };
      await databaseSizeForScale.validateStack(
        args as unknown as StackValidationArgs,
        ((report: Report) => reports.push(report)) as never,
      );
      return reports.map(({ message }) => message);
    };
    expect(await judged(4_999)).to.be.empty;
    expect(await judged(5_000)).to.have.length(1);
    expect((await judged(5_000))[0]).to.match(/^posts: db\.t4g\.medium is smaller than db\.m5\.large/);
  });
});
