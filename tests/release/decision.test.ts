import { expect } from "chai";
import * as fc from "fast-check";
import { catalogue } from "../../stacks/guideIndexes";
import { decide, equivalents, type Action, type DecisionOptions } from "../../release/indexes/decision";
import type { Observation, ObservedIndex } from "../../release/indexes/inspection";

const messages = catalogue[0]!;
const outbox = catalogue[7]!;

const existing = (change: Partial<ObservedIndex> = {}): ObservedIndex => ({
  ...{ oid: 7, name: messages.name, table: messages.table, valid: true, unique: false, constraint: false },
  ...{ definition: "wanted", statement: "CREATE INDEX …", bytes: 8192 },
  ...change,
});

const observed = (change: Partial<Observation> = {}): Observation => ({
  ...{ index: messages, schema: "public", user: "app", wanted: "wanted", others: [], builds: [] },
  table: { kind: "r", owner: "app", owned: true },
  ...change,
});

const partitioned = { kind: "p", owner: "app", owned: true };
const view = { kind: "v", owner: "app", owned: true };
const foreign = { kind: "r", owner: "django", owned: false };
const twin = existing({ name: "chats_messa_chat_ro_b19084_idx" });

interface Case {
  readonly name: string;
  readonly observation: Observation;
  readonly options?: DecisionOptions;
  readonly action: Action["kind"];
  readonly reason?: RegExp;
}

const cases: readonly Case[] = [
  { name: "builds what is missing", observation: observed(), action: "build" },
  { name: "keeps what is valid", observation: observed({ named: existing() }), action: "keep" },
  {
    name: "keeps what is valid although the user owns nothing",
    observation: observed({ named: existing(), table: foreign }),
    action: "keep",
  },
  {
    name: "rebuilds what is INVALID",
    observation: observed({ named: existing({ valid: false }) }),
    action: "rebuild",
  },
  {
    name: "rebuilds what is INVALID while other indexes are built",
    observation: observed({ named: existing({ valid: false }), builds: [{ pid: 1, indexOid: 8 }] }),
    action: "rebuild",
  },
  {
    name: "awaits what is being built",
    observation: observed({ named: existing({ valid: false }), builds: [{ pid: 1, indexOid: 7 }] }),
    action: "await",
  },
  {
    name: "awaits what may be being built, when the user may not see which index it is",
    observation: observed({ named: existing({ valid: false }), builds: [{ pid: 1, indexOid: null }] }),
    action: "await",
  },
  {
    name: "GAP-7: skips an index of the outbox where there is none",
    observation: observed({ index: outbox, table: undefined, wanted: undefined }),
    action: "skip",
    reason: /chats_outboxevent does not exist in schema public.*large/,
  },
  {
    name: "refuses to go on without the application's own tables",
    observation: observed({ table: undefined, wanted: undefined }),
    action: "refuse",
    reason: /chats_message does not exist in schema public.*migrate/,
  },
  {
    name: "refuses a partitioned table",
    observation: observed({ table: partitioned, wanted: undefined }),
    action: "refuse",
    reason: /partitioned.*each partition/,
  },
  {
    name: "keeps what is valid on every partition",
    observation: observed({ table: partitioned, named: existing() }),
    action: "keep",
  },
  {
    name: "refuses a partitioned table whose index lacks a partition",
    observation: observed({ table: partitioned, named: existing({ valid: false }) }),
    action: "refuse",
    reason: /partitioned.*each partition/,
  },
  {
    name: "refuses a partitioned table with another index of the name",
    observation: observed({ table: partitioned, named: existing({ definition: "other" }) }),
    action: "refuse",
    reason: /partitioned.*each partition/,
  },
  {
    name: "refuses a view",
    observation: observed({ table: view }),
    action: "refuse",
    reason: /not an ordinary/,
  },
  {
    name: "refuses to build on somebody else's table, and names the owner",
    observation: observed({ table: foreign }),
    action: "refuse",
    reason: /user app may not .* chats_message, which belongs to django\. .*GRANT django TO app/,
  },
  {
    name: "refuses a name that means another definition",
    observation: observed({ named: existing({ definition: "other" }) }),
    action: "refuse",
    reason: /another definition: CREATE INDEX ….*wanted: CREATE INDEX CONCURRENTLY.*--replace/,
  },
  {
    name: "refuses a unique index: it forbids rows that the application may write",
    observation: observed({ named: existing({ unique: true }) }),
    action: "refuse",
    reason: /another definition/,
  },
  {
    name: "replaces another definition when told to",
    observation: observed({ named: existing({ definition: "other" }) }),
    options: { replace: true },
    action: "replace",
  },
  {
    name: "never replaces what a constraint rests on",
    observation: observed({ named: existing({ definition: "other", constraint: true }) }),
    options: { replace: true },
    action: "refuse",
    reason: /constraint/,
  },
  {
    name: "never replaces an index of another table",
    observation: observed({ named: existing({ table: "chats_chatroom" }) }),
    options: { replace: true },
    action: "refuse",
    reason: /taken in schema public by an index of table chats_chatroom/,
  },
  {
    name: "refuses a name that is no index",
    observation: observed({ named: "S" }),
    options: { replace: true },
    action: "refuse",
    reason: /taken in schema public by something that is not an index/,
  },
  { name: "builds although redundant", observation: observed({ others: [twin] }), action: "build" },
  {
    name: "leaves out what is redundant when told to",
    observation: observed({ others: [twin] }),
    options: { skipEquivalent: true },
    action: "skip",
    reason: /chats_messa_chat_ro_b19084_idx/,
  },
  {
    name: "repairs an INVALID index even though it is redundant",
    observation: observed({ named: existing({ valid: false }), others: [twin] }),
    options: { skipEquivalent: true },
    action: "rebuild",
  },
];

describe("decision about an index", () => {
  for (const { name, observation, options, action, reason } of cases) {
    it(name, () => {
      const decided = decide(observation, options);
      expect(decided.kind).to.equal(action);
      expect("reason" in decided ? decided.reason : "").to.match(reason ?? /^$/);
    });
  }

  it("G-77, GAP-27: calls an index of the same definition redundant, a unique one too, another one not", () => {
    const others = [
      twin,
      existing({ name: "unique_one", unique: true }),
      existing({ name: "x", definition: "other" }),
    ];
    expect(equivalents(observed({ others }))).to.deep.equal([twin.name, "unique_one"]);
  });
});

const anyExisting: fc.Arbitrary<ObservedIndex> = fc
  .record({
    ...{
      oid: fc.integer({ min: 1, max: 3 }),
      valid: fc.boolean(),
      unique: fc.boolean(),
      constraint: fc.boolean(),
    },
    table: fc.constantFrom(messages.table, "chats_chatroom"),
    definition: fc.constantFrom("wanted", "other"),
  })
  .map(existing);

const anyObservation: fc.Arbitrary<Observation> = fc
  .record({
    index: fc.constantFrom(messages, outbox),
    table: fc.constantFrom(undefined, partitioned, view, foreign, { kind: "r", owner: "app", owned: true }),
    named: fc.oneof(fc.constant(undefined), fc.constant("S"), anyExisting),
    others: fc.constantFrom([], [twin]),
    builds: fc.array(fc.record({ pid: fc.nat(), indexOid: fc.constantFrom(1, 2, 3, null) }), {
      maxLength: 2,
    }),
  })
  .map((change) => observed(change));

const anyOptions = fc.record({ skipEquivalent: fc.boolean(), replace: fc.boolean() });

/** The database after an action has succeeded. */
function after(observation: Observation, action: Action): Observation {
  const changed = ["build", "rebuild", "replace", "await"].includes(action.kind);
  return changed
    ? { ...observation, named: existing({ table: observation.index.table, oid: 9 }) }
    : observation;
}

describe("decision about an index, whatever there is", () => {
  it("drops only an own, ordinary index of the very table: an INVALID one, or a different one when told to", () => {
    fc.assert(
      fc.property(anyObservation, anyOptions, (observation, options) => {
        const action = decide(observation, options);
        if (!("drop" in action)) return;
        expect(action.drop).to.equal(observation.named);
        expect(action.drop).to.include({ table: observation.index.table });
        expect(observation.table).to.include({ kind: "r", owned: true });
        if (action.kind === "rebuild") {
          expect(action.drop).to.include({ valid: false, unique: false, definition: observation.wanted });
          expect(observation.builds.map(({ indexOid }) => indexOid)).to.not.include.members([
            action.drop.oid,
          ]);
        } else {
          expect(options.replace).to.be.true;
          expect(action.drop.constraint).to.be.false;
        }
      }),
    );
  });

  it("has nothing more to do once it has succeeded", () => {
    fc.assert(
      fc.property(anyObservation, anyOptions, (observation, options) => {
        const action = decide(observation, options);
        const again = decide(after(observation, action), options);
        const stays = action.kind === "skip" || action.kind === "refuse";
        expect(again.kind).to.equal(stays ? action.kind : "keep");
      }),
    );
  });
});
