import { expect } from "chai";
import { type Event, readEvent } from "../../offline/terminal/events";
import { asData } from "../../offline/terminal/json";
import { Operations } from "../../offline/terminal/operation";
import { Progress, type Screen } from "../../offline/terminal/progress";
import { changedResources, closing, type Command, counts } from "../../offline/terminal/text";

const urn = (type: string, name: string) =>
  `urn:pulumi:small::chatpop::chatpop:data:Database$${type}::${name}`;
const database = urn("aws:rds/instance:Instance", "chatpop-db");
const stackUrn = "urn:pulumi:small::chatpop::pulumi:pulumi:Stack::chatpop-small";
const outputs = { url: "http://chat", plan: { deletionProtection: true } };

const pre = (op: string, urn: string, diffs?: string[]): Event => ({
  resourcePreEvent: { metadata: { op, urn, diffs } },
});
const done = (op: string, urn: string, outputs = {}): Event => ({
  resOutputsEvent: { metadata: { op, urn, new: { outputs } } },
});
const says = (severity: string, message: string, urn?: string): Event => ({
  diagnosticEvent: { severity, message: `${message}\n`, urn },
});
const violates = (policyName: string, enforcementLevel: string, message: string): Event => ({
  policyEvent: { policyName, enforcementLevel, message: `${message}\n`, resourceUrn: database },
});
const ends = (isPreview: boolean, resourceChanges: Record<string, number>, result = "succeeded"): Event[] => [
  { summaryEvent: { isPreview, durationSeconds: 3, resourceChanges, result } },
  { cancelEvent: {} },
];
const rules = says("info", "2 policy rules: ! 1 advisory, ✓ 1 hold\nNetwork  ! https-offered");
const summary = says("info", "ChatPop small: 100 rooms\nurl        http://chat");
const noDomain = says("warning", "No domain. Set it with: pulumi config set chatpop:domain chat.example.com");

function told(events: readonly Event[]): Operations {
  const operations = new Operations();
  for (const event of events) operations.take(event);
  return operations;
}

const up: Command = { verb: "up", stack: "small" };

describe("what a terminal shows of an operation", () => {
  const events: readonly Event[] = [
    { preludeEvent: {} },
    noDomain,
    pre("update", database, ["instanceClass"]),
    rules,
    { policyAnalyzeStackSummaryEvent: {} },
    ...ends(true, { update: 1, same: 9 }),
    { preludeEvent: {} },
    noDomain,
    pre("update", database, ["instanceClass"]),
    says("info", "step 1/9 : FROM python", database),
    done("update", database),
    summary,
    rules,
    violates("https-offered", "advisory", "no HTTPS. Remedy: a certificate [chatpop:domain]"),
    { policyAnalyzeStackSummaryEvent: {} },
    done("same", stackUrn, outputs),
    ...ends(false, { update: 1, same: 9 }),
  ];

  it("ends an update with rules that do not hold, the summary and the next commands, each thing once", () => {
    const lines = closing(told(events), up, 0);
    expect(lines).to.deep.equal([
      "warning: No domain. Set it with: pulumi config set chatpop:domain chat.example.com",
      "2 policy rules: ! 1 advisory, ✓ 1 hold",
      "Network  ! https-offered",
      "ChatPop small: 100 rooms",
      "url        http://chat",
      "Stack small is up on the embedded AWS: its url leads nowhere, its database is real.",
      "Next: make preview · make cost · offline/pulumi stack output --stack small · make down UNPROTECT=yes",
    ]);
  });

  it("names the stack in hand in the next commands", () => {
    const last = closing(told(events), { verb: "up", stack: "medium" }, 0).at(-1);
    expect(last).to.equal(
      "Next: make preview STACK=medium · make cost STACK=medium · offline/pulumi stack output --stack medium" +
        " · make down STACK=medium UNPROTECT=yes",
    );
  });

  it("says an advisory in full when no warning names its setting", () => {
    const outbox = violates("outbox-advised", "advisory", "no outbox [chatpop:outbox]");
    const lines = closing(told([...events.slice(0, -2), outbox, ...ends(false, { update: 1 })]), up, 0);
    expect(lines).to.include.members(["! outbox-advised", "    no outbox [chatpop:outbox]"]);
  });

  it("counts and names what changes; of many creations only the number", () => {
    const [preview] = told(events).all;
    expect(counts(preview!)).to.equal("1 to update");
    expect(changedResources(preview!)).to.deep.equal(["  update chatpop-db (rds Instance): instanceClass"]);
    const many = Array.from({ length: 50 }, (_, index) => pre("create", urn("aws:ec2/vpc:Vpc", `v${index}`)));
    const [large] = told([...many, pre("delete", database), ...ends(true, { create: 50, delete: 1 })]).all;
    expect(counts(large!)).to.equal("50 to create, 1 to delete");
    expect(changedResources(large!)[0]).to.equal("  delete chatpop-db (rds Instance)");
    const [adopting] = told([...many, pre("update", database), ...ends(true, { create: 50, update: 1 })]).all;
    expect(changedResources(adopting!)).to.deep.equal(["  update chatpop-db (rds Instance)"]);
    const updates = Array.from({ length: 50 }, (_, index) =>
      pre("update", urn("aws:ec2/vpc:Vpc", `v${index}`)),
    );
    expect(changedResources(told([...updates, ...ends(true, { update: 50 })]).all[0]!)).to.deep.equal([]);
  });

  it("says which data a replacement loses, and names of many replacements those first", () => {
    const alarms = Array.from({ length: 50 }, (_, index) =>
      pre("replace", urn("aws:cloudwatch/metricAlarm:MetricAlarm", `a${index}`)),
    );
    const events = [...alarms, pre("replace", database, ["region"]), ...ends(true, { replace: 51 })];
    const lines = changedResources(told(events).all[0]!);
    expect(lines).to.have.length(14);
    expect(lines[0]).to.equal("  replace chatpop-db (rds Instance): region");
    expect(lines.slice(-2)).to.deep.equal([
      "  … and 39 more to replace or delete (VERBOSE=yes names them)",
      "warning: the data of chatpop-db (rds Instance) would be lost. Take back the change that replaces or deletes them, or move the data first (docs/operations.md)",
    ]);
    expect(closing(told(events), { verb: "preview", stack: "small" }, 0).at(-1)).to.equal(
      "Next: take back what loses data, or make up",
    );
    // A replica's data are its source's.
    const replica: Event = {
      resourcePreEvent: {
        metadata: { op: "delete", urn: database, old: { inputs: { replicateSourceDb: "chatpop-db" } } },
      },
    };
    const [fewer] = told([replica, ...ends(true, { delete: 1 })]).all;
    expect(changedResources(fewer!)).to.deep.equal(["  delete chatpop-db (rds Instance)"]);
  });

  it("says a complaint about a provider's settings without the provider, with the command to type here", () => {
    const provider = "urn:pulumi:small::chatpop::pulumi:providers:aws::default_7_48_0";
    const wrong = says(
      "error",
      "pulumi:providers:aws resource 'default_7_48_0' has a problem: Missing required configuration key \"aws:region\". Set it with `pulumi config set aws:region us-east-1`.",
      provider,
    );
    expect(closing(told([wrong, ...ends(true, {}, "failed")]), up, 1)[0]).to.equal(
      '✗ Missing required configuration key "aws:region". Set it with `offline/pulumi config set --stack small aws:region us-east-1`.',
    );
  });

  it("says that nothing changed", () => {
    const lines = closing(told([...ends(true, { same: 10 }), summary, ...ends(false, { same: 10 })]), up, 0);
    expect(lines[0]).to.equal("Nothing changed: everything in stack small is as the program says.");
    const down = closing(told(ends(false, {})), { verb: "destroy", stack: "small" }, 0);
    expect(down).to.deep.equal([
      "Stack small is empty already: nothing was deleted.",
      "Next: make up · make clean",
    ]);
    // An empty stack is destroyed without an event.
    expect(closing(told([]), { verb: "destroy", stack: "staging" }, 0)).to.deep.equal([
      "Stack staging is empty already: nothing was deleted.",
      "Next: make up STACK=staging · make clean",
    ]);
  });

  it("ends every command with what is true now, and with what comes next", () => {
    const deleted = closing(told(ends(false, { delete: 90 })), { verb: "destroy", stack: "staging" }, 0);
    expect(deleted).to.deep.equal([
      "Stack staging is down: 90 resources were deleted.",
      "Next: make up STACK=staging · make clean",
    ]);
    const preview = (changes: Record<string, number>) =>
      closing(told(ends(true, changes)), { verb: "preview", stack: "medium" }, 0);
    expect(preview({ update: 2, same: 9 })).to.deep.equal([
      "Stack medium: 2 to update; a preview changes nothing.",
      "Next: make up STACK=medium",
    ]);
    expect(preview({ same: 9 })).to.deep.equal([
      "Stack medium: nothing to change; a preview changes nothing.",
      "Next: make cost STACK=medium · make report STACK=medium",
    ]);
  });

  it("repeats a person's own options in the next command, but not that no change is expected", () => {
    const options = "--policy-pack-config adopt-policies.json";
    const preview: Command = { verb: "preview", stack: "small", options };
    expect(closing(told(ends(true, { update: 2 })), preview, 0).at(-1)).to.equal(
      `Next: make up OPTIONS="${options}"`,
    );
    // Pulumi's --expect-no-changes ends with an error after a preview that succeeded.
    expect(closing(told(ends(true, { update: 2 })), preview, 1)).to.deep.equal([
      "Stack small: 2 to update, where no change was expected.",
      `Next: make up OPTIONS="${options}"`,
    ]);
  });

  it("marks each of several complaints, and keeps the lines of one together", () => {
    const wrong = says("error", "chatpop:rooms is lots.\nchatpop:domian is not a setting.", stackUrn);
    const trace = says("error", "TypeError: no\n    at index.ts:3", stackUrn);
    const lines = closing(told([wrong, trace, ...ends(true, {}, "failed")]), up, 1);
    expect(lines.filter((line) => line.startsWith("✗"))).to.deep.equal([
      "✗ chatpop:rooms is lots.",
      "✗ chatpop:domian is not a setting.",
      "✗ TypeError: no",
    ]);
  });

  it("never fails without a reason, or the way to one", () => {
    const said = (events: readonly Event[]) =>
      closing(told([...events, ...ends(true, {}, "failed")]), up, 1).join("\n");
    const way = "No reason was given: VERBOSE=yes make preview shows all that Pulumi says.";
    expect(said([violates("rule-a", "advisory", "one")])).to.include(way);
    expect(said([violates("rule-a", "mandatory", "one")])).not.to.include(way);
    expect(said([says("error", "no")])).not.to.include(way);
  });

  it("says after a wrong setting that no rule was checked", () => {
    const wrong = [says("error", 'chatpop:rooms is "lots".', stackUrn), says("error", "preview failed")];
    expect(closing(told([...wrong, ...ends(true, {}, "failed")]), up, 1)).to.deep.equal([
      '✗ chatpop:rooms is "lots".',
      "Stack small: nothing was changed, for the preview failed.",
      "No rule was checked: the program stopped before its end.",
      "Next: mend what ✗ names, then make preview",
    ]);
  });

  it("shows a violated rule once with all that it blames, and how far a failed update came", () => {
    const violated = ["one", "two", "two"].map((message) => violates("rule-a", "mandatory", message));
    const preview = told([...violated, { policyAnalyzeStackSummaryEvent: {} }, ...ends(true, {}, "failed")]);
    expect(closing(preview, up, 1).slice(0, 3)).to.deep.equal(["✗ rule-a", "    one", "    two"]);
    const failure = says("error", "InvalidParameter: no", database);
    const update = [
      ...ends(true, { update: 2 }),
      pre("update", database),
      failure,
      ...ends(false, {}, "failed"),
    ];
    expect(closing(told(update), up, 1)).to.include.members([
      "✗ aws:rds/instance:Instance chatpop-db: InvalidParameter: no",
      "Stack small: the update failed after 0 resources, which stay as they are now.",
    ]);
  });

  it("is data for a program with --json", () => {
    const results = says("info", '[{"rule":"https-offered","concern":"Network","outcome":"advised"}]');
    const data = asData(
      told([
        pre("create", database),
        results,
        done("create", stackUrn, outputs),
        ...ends(false, { create: 1 }),
      ]),
      up,
      0,
    );
    expect(data).to.deep.include({ command: "up", succeeded: true, changes: { create: 1 }, outputs });
    expect(data).to.have.nested.property("rules[0].outcome", "advised");
    expect(data).to.have.nested.property("resources[0].name", "chatpop-db");
  });

  it("tells the engine's events from what it says beside them", () => {
    expect(readEvent('{"sequence":1,"cancelEvent":{}}')).to.have.property("cancelEvent");
    expect(readEvent("error: the stack is locked")).to.equal(undefined);
    expect(readEvent('"text"')).to.equal(undefined);
  });
});

describe("progress", () => {
  function screen(isTerminal: boolean) {
    const state = { time: 0, text: "" };
    const shown: Screen = {
      isTerminal,
      columns: 30,
      write: (text) => (state.text += text),
      now: () => state.time,
    };
    return { state, progress: new Progress(shown) };
  }
  const [operation] = told([pre("update", database)]).all;

  it("is a line a phase in a pipe, and one when nothing was said for long, without cursor tricks", () => {
    const { state, progress } = screen(false);
    progress.show("Updating small", operation, 2);
    progress.show("Updating small", operation, 2);
    state.time = 40_000;
    progress.show("Updating small", operation, 2);
    expect(state.text).to.equal("Updating small\nUpdating small 0 of 2, 40 s: chatpop-db (rds Instance)\n");
  });

  it("is one line of a terminal, no wider than it, that goes before anything else is said", () => {
    const { state, progress } = screen(true);
    progress.show("Updating small", operation, 2);
    expect(state.text).to.equal("\rUpdating small 0 of 2, 0 s: c\x1b[K");
    progress.say("done");
    expect(state.text.endsWith("\r\x1b[Kdone\n")).to.equal(true);
  });
});
