import { expect } from "chai";
import { apply, plan } from "../../release/indexes";
import { catalogue } from "../../stacks/guideIndexes";
import {
  addMessages,
  byName,
  everyIndex,
  guideStatements,
  inDatabase,
  schemaPart,
  useDatabase,
} from "./chatpop";

const messages = "idx_messages_room_created";

describe("index build on PostgreSQL 15", () => {
  const database = useDatabase("chatpop", "outbox");
  const definitions = () =>
    database().query("SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'idx\\_%' ORDER BY indexname");
  const identities = () => database().query("SELECT indexrelid FROM pg_index ORDER BY indexrelid");

  it("G-77 … G-85, G-152: builds what the guide's own statements build", async () => {
    for (const statement of guideStatements()) await database().query(statement);
    const guide = await definitions();
    for (const { name } of catalogue) await database().query(`DROP INDEX ${name}`);

    const report = await apply(database().address);

    expect(report.state).to.equal("valid");
    expect(byName(report, "state")).to.deep.equal(everyIndex("valid"));
    expect(byName(report, "action")).to.deep.equal(everyIndex("build"));
    expect(await definitions())
      .to.deep.equal(guide)
      .and.to.have.length(9);
    for (const { name } of catalogue) expect(await inDatabase(database(), name)).to.include({ valid: true });
  });

  it("takes a partitioned table for done when the index is valid on every partition, and not before", async () => {
    await database().query(`
      CREATE TABLE parted (LIKE chats_message INCLUDING DEFAULTS) PARTITION BY RANGE (created_at);
      DROP TABLE chats_message CASCADE;
      ALTER TABLE parted RENAME TO chats_message;
      CREATE TABLE chats_message_old PARTITION OF chats_message FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
      CREATE TABLE chats_message_new PARTITION OF chats_message FOR VALUES FROM ('2026-01-01') TO (MAXVALUE)`);
    const before = await apply(database().address);
    expect(before.state).to.equal("failed");
    expect(byName(before, "reason")[messages]).to.match(/is partitioned.*each partition, then attach/);

    for (const { name, table } of catalogue.filter(({ table }) => table === "chats_message")) {
      const statement = guideStatements().find((text) => text.includes(` ${name} `))!;
      const on = (relation: string, as: string) =>
        statement.replace(` ${name} `, ` ${as} `).replace(` ${table} `, ` ${relation} `);
      await database().query(on("ONLY chats_message", name).replace("CONCURRENTLY", ""));
      for (const part of ["old", "new"]) {
        expect((await plan(database().address)).state, "a partition lacks it").to.equal("failed");
        await database().query(on(`chats_message_${part}`, `${name}_${part}`));
        await database().query(`ALTER INDEX ${name} ATTACH PARTITION ${name}_${part}`);
      }
    }
    const after = await plan(database().address);
    expect(after.state).to.equal("valid");
    expect(byName(after, "action")[messages]).to.equal("keep");
    expect(byName(after, "bytes")[messages], "of all partitions").to.be.above(0);
  });

  it("GAP-28: has nothing to do the second time", async () => {
    await apply(database().address);
    const before = await identities();
    expect((await plan(database().address)).state).to.equal("valid");

    const report = await apply(database().address);

    expect(byName(report, "action")).to.deep.equal(everyIndex("keep"));
    expect(await identities()).to.deep.equal(before);
  });

  it("plans without changing anything", async () => {
    const report = await plan(database().address);
    expect(report.state).to.equal("incomplete");
    expect(byName(report, "action")).to.deep.equal(everyIndex("build"));
    expect(await definitions()).to.be.empty;
  });

  it("G-87: lists every index of the schema with its size, largest first", async () => {
    await addMessages(database(), 2_000);
    const report = await apply(database().address);
    const expected = await database().query<{ bytes: number }>(
      `SELECT tablename AS table, indexname AS index, true AS valid, pg_relation_size(indexname::regclass)::float8 AS bytes
       FROM pg_indexes WHERE schemaname = 'public'`,
    );
    expect(report.schemaIndexes).to.have.deep.members(expected);
    const sizes = report.schemaIndexes.map(({ bytes }) => bytes);
    expect(sizes).to.deep.equal([...sizes].sort((a, b) => b - a));
    const size = report.schemaIndexes.find(({ index }) => index === messages)!.bytes;
    expect(byName(report, "bytes")[messages]).to.equal(size).and.to.be.greaterThan(8_192);
  });

  it("G-172: estimates the rows of chats_message and knows when the mark for partitioning is passed", async () => {
    expect((await plan(database().address)).messages.estimatedRows).to.equal(null);
    await addMessages(database(), 1_500);
    await database().query("ANALYZE chats_message");
    const few = (await plan(database().address)).messages;
    expect(few).to.include({
      estimatedRows: 1_500,
      partitioningMark: 10_000_000,
      pastPartitioningMark: false,
    });
    await database().query("UPDATE pg_class SET reltuples = 10000001 WHERE relname = 'chats_message'");
    expect((await plan(database().address)).messages.pastPartitioningMark).to.be.true;
  });

  it("GAP-27: tells which indexes of the application make one redundant, and builds it all the same", async () => {
    const report = await apply(database().address);
    expect(byName(report, "redundantWith")).to.deep.equal({
      ...everyIndex([]),
      idx_messages_room_created: ["chats_messa_chat_ro_b19084_idx"],
      idx_chatroom_code: ["chats_chatr_code_29f23d_idx", "chats_chatroom_code_key"],
    });
  });

  it("GAP-27: finds the other redundancy of the application's newer revision", async () => {
    await database().query(schemaPart("chatpop-april"));
    const report = await apply(database().address);
    expect(report.state).to.equal("valid");
    expect(byName(report, "redundantWith")).to.deep.equal({
      ...everyIndex([]),
      idx_messages_room_created: ["chats_messa_chat_ro_b19084_idx"],
      idx_chatroom_code: ["chats_chatroom_code_idx"],
    });
  });

  it("leaves redundant indexes out when told to", async () => {
    const report = await apply(database().address, { skipEquivalent: true });
    expect(report.state).to.equal("valid");
    const skipped = { idx_messages_room_created: "skipped", idx_chatroom_code: "skipped" };
    expect(byName(report, "state")).to.deep.equal({ ...everyIndex("valid"), ...skipped });
    expect(await inDatabase(database(), messages)).to.equal(undefined);
  });

  it("GAP-7, G-193: skips the outbox's indexes where the table does not exist, and says why", async () => {
    await database().query("DROP TABLE chats_outboxevent");
    const report = await apply(database().address);
    expect(report.state).to.equal("valid");
    const skipped = report.indexes.filter(({ state }) => state === "skipped");
    expect(skipped.map(({ requirement }) => requirement)).to.deep.equal(["G-84", "G-85"]);
    for (const { reason } of skipped) expect(reason).to.match(/table chats_outboxevent does not exist/);
  });

  it("fails before the migrations have run, and still builds what it can", async () => {
    await database().query("DROP TABLE chats_message");
    const report = await apply(database().address);
    expect(report.state).to.equal("failed");
    expect(byName(report, "reason")[messages]).to.match(
      /chats_message does not exist .* Run the migrations first/,
    );
    expect(byName(report, "state")).to.include({ [messages]: "missing", idx_chatroom_code: "valid" });
  });

  it("names the column that a table lacks", async () => {
    await database().query("ALTER TABLE chats_message DROP COLUMN is_deleted");
    const report = await apply(database().address);
    expect(byName(report, "reason").idx_messages_room_active).to.match(
      /column "is_deleted".* run the migrations/,
    );
    expect(byName(report, "state")).to.include({ idx_messages_room_active: "missing", [messages]: "valid" });
  });

  it("works in another schema, and leaves public alone", async () => {
    await database().query('CREATE SCHEMA "Chat rooms"; SET search_path = "Chat rooms"');
    await database().query(schemaPart("chatpop") + schemaPart("outbox"));
    const report = await apply(database().address, { schema: "Chat rooms" });
    expect(report.state).to.equal("valid");
    const schemas = await database().query(
      "SELECT schemaname, count(*)::int FROM pg_indexes WHERE indexname LIKE 'idx\\_%' GROUP BY schemaname",
    );
    expect(schemas).to.deep.equal([{ schemaname: "Chat rooms", count: 9 }]);
  });
});

describe("index build where a name is taken", () => {
  const database = useDatabase("chatpop", "outbox");
  const ascending = `CREATE INDEX ${messages} ON chats_message (chat_room_id, created_at)`;

  it("says what differs and touches nothing", async () => {
    await database().query(ascending);
    const before = await inDatabase(database(), messages);
    const report = await apply(database().address);
    expect(report.state).to.equal("failed");
    expect(byName(report, "state")).to.deep.equal({ ...everyIndex("valid"), [messages]: "different" });
    expect(byName(report, "reason")[messages])
      .to.include("USING btree (chat_room_id, created_at);")
      .and.include("ON chats_message (chat_room_id, created_at DESC);")
      .and.include("--replace");
    expect(await inDatabase(database(), messages)).to.deep.equal(before);
  });

  for (const [difference, statement] of [
    ["order", ascending],
    ["a missing column", `CREATE INDEX ${messages} ON chats_message (chat_room_id)`],
    [
      "a predicate",
      `CREATE INDEX ${messages} ON chats_message (chat_room_id, created_at DESC) WHERE NOT is_deleted`,
    ],
    ["the access method", `CREATE INDEX ${messages} ON chats_message USING brin (chat_room_id, created_at)`],
    [
      "the operator class",
      `CREATE INDEX ${messages} ON chats_message (chat_room_id, created_at DESC NULLS LAST)`,
    ],
    [
      "a further column",
      `CREATE INDEX ${messages} ON chats_message (chat_room_id, created_at DESC) INCLUDE (user_id)`,
    ],
    ["uniqueness", `CREATE UNIQUE INDEX ${messages} ON chats_message (chat_room_id, created_at DESC)`],
  ] as const) {
    it(`replaces an index that differs in ${difference}, when told to`, async () => {
      await database().query(statement);
      const report = await apply(database().address, { replace: true });
      expect(report.state).to.equal("valid");
      expect(byName(report, "action")).to.deep.equal({ ...everyIndex("build"), [messages]: "replace" });
      expect((await plan(database().address)).state).to.equal("valid");
    });
  }

  it("refuses a name that belongs to something else", async () => {
    await database().query(`CREATE SEQUENCE ${messages}; CREATE INDEX idx_chatroom_code ON auth_user (id)`);
    const report = await apply(database().address, { replace: true });
    const reasons = byName(report, "reason");
    expect(reasons[messages]).to.match(/is taken in schema public by something that is not an index/);
    expect(reasons.idx_chatroom_code).to.match(/is taken in schema public by an index of table auth_user/);
  });
});

describe("index build with too few rights", () => {
  const database = useDatabase("chatpop", "outbox");
  const role = () => `reader_${database().address.database}`;
  const address = () => ({ ...database().address, username: role(), password: "reading only" });

  beforeEach(() => database().query(`CREATE ROLE ${role()} LOGIN PASSWORD 'reading only'`));

  it("names the owner of the table and what would help, already in the plan", async () => {
    await database().query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role()}`);
    for (const report of [await plan(address()), await apply(address())]) {
      expect(byName(report, "state")).to.deep.equal(everyIndex("missing"));
      expect(byName(report, "reason")[messages]).to.equal(
        `user ${role()} may not build indexes on chats_message, which belongs to postgres. ` +
          `Connect as postgres, or GRANT postgres TO ${role()}.`,
      );
    }
  });

  it("repeats PostgreSQL's refusal with a remedy when the user may not even read", async () => {
    const report = await apply(address());
    expect(report.state).to.equal("failed");
    expect(byName(report, "reason")[messages]).to.match(
      /permission denied for table chats_message\. Connect as the owner/,
    );
  });

  it("fails where the owner may not create in the schema", async () => {
    await database().query(`ALTER TABLE chats_message OWNER TO ${role()}`);
    const report = await apply(address());
    expect(byName(report, "reason")[messages]).to.match(
      /permission denied for schema public\. .* CREATE in the schema/,
    );
    expect(byName(report, "state")[messages]).to.equal("missing");
  });
});
