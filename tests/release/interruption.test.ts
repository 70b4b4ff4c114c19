import { expect } from "chai";
import { apply, plan, type IndexOptions, type Progress } from "../../release/indexes";
import {
  addMessages,
  builderOf,
  byName,
  catalogueStatement,
  everyIndex,
  inDatabase,
  leaveInvalid,
  openWriter,
  until,
  useDatabase,
} from "./chatpop";

const first = "idx_messages_room_created";
const interval = 20;
/** Long enough for a busy machine to see who holds the table before it strikes, in milliseconds. */
const lockTimeout = 2_000;

/** A run, and what it has said so far. */
function startRun(address: Parameters<typeof apply>[0], options: IndexOptions = {}) {
  const said: Progress[] = [];
  const report = apply(address, { interval, onProgress: (progress) => said.push(progress), ...options });
  // Judged where the test awaits it.
  report.catch(() => undefined);
  return { said, report };
}

describe("index build that is disturbed", () => {
  const database = useDatabase("chatpop", "outbox");

  it("GAP-28: drops and rebuilds what a cancelled build left INVALID", async () => {
    await leaveInvalid(database(), first);
    const left = await inDatabase(database(), first);
    expect(left).to.include({ valid: false });
    const planned = await plan(database().address);
    expect(byName(planned, "state")).to.deep.equal({ ...everyIndex("missing"), [first]: "invalid" });

    const report = await apply(database().address);

    expect(report.state).to.equal("valid");
    expect(byName(report, "action")).to.deep.equal({ ...everyIndex("build"), [first]: "rebuild" });
    const repaired = await inDatabase(database(), first);
    expect(repaired).to.include({ valid: true });
    expect(repaired!.oid).to.not.equal(left!.oid);
  });

  it("keeps a second runner waiting, which then finds everything done", async () => {
    const writer = await openWriter(database());
    const one = startRun(database().address);
    const pid = await builderOf(database(), first);
    const two = startRun(database().address);
    const waiting = await until(async () => two.said.find(({ event }) => event === "lock"));
    expect(waiting).to.have.nested.property("holder.pid", pid);
    expect(waiting).to.have.nested.property("progress.phase", "waiting for writers before build");
    await writer.query("COMMIT");
    expect(byName(await one.report, "action")).to.deep.equal(everyIndex("build"));
    expect(byName(await two.report, "action")).to.deep.equal(everyIndex("keep"));
  });

  it("lets a second runner give up after its time, naming the first one", async () => {
    const writer = await openWriter(database());
    const one = startRun(database().address);
    const pid = await builderOf(database(), first);
    const { message } = await apply(database().address, { interval, wait: 100 }).then(
      () => new Error("it did not give up"),
      (error: Error) => error,
    );
    expect(message).to.include(`Another index build is running: backend ${pid} `);
    expect(message).to.include(`pg_terminate_backend(${pid})`);
    await writer.query("COMMIT");
    expect((await one.report).state).to.equal("valid");
  });

  it("leaves the build to the server when cut short, and follows it the next time instead of starting a second one", async () => {
    const writer = await openWriter(database());
    const cut = new AbortController();
    const one = startRun(database().address, { signal: cut.signal });
    const pid = await builderOf(database(), first);
    cut.abort();
    const report = await one.report;
    expect(report.state).to.equal("running");
    expect(byName(report, "state")).to.deep.equal({ ...everyIndex("missing"), [first]: "running" });
    expect(byName(report, "reason")[first]).to.match(/what the server has begun it goes on with/);
    const begun = await inDatabase(database(), first);

    const two = startRun(database().address);
    await until(async () => two.said.find((said) => said.event === "lock" && said.holder?.pid === pid));
    await writer.query("COMMIT");

    expect(byName(await two.report, "state")).to.deep.equal(everyIndex("valid"));
    expect(byName(await two.report, "action")).to.deep.equal({ ...everyIndex("build"), [first]: "keep" });
    expect(await inDatabase(database(), first)).to.deep.equal({ oid: begun!.oid, valid: true });
  });

  it("ends at once, without building, when there is no time left", async () => {
    const report = await apply(database().address, { signal: AbortSignal.abort() });
    expect(report.state).to.equal("running");
    expect(byName(report, "state")).to.deep.equal(everyIndex("missing"));
  });

  it("stops when its session is ended, and repairs what that left the next time", async () => {
    const writer = await openWriter(database());
    const one = startRun(database().address);
    await database().query("SELECT pg_terminate_backend($1)", [await builderOf(database(), first)]);
    const report = await one.report;
    expect(report.state).to.equal("failed");
    expect(byName(report, "state")).to.deep.equal({ ...everyIndex("missing"), [first]: "invalid" });
    expect(byName(report, "reason")[first]).to.match(/terminating connection.* run again/);
    expect(byName(report, "reason").idx_chatroom_code).to.match(/not reached/);
    await writer.query("COMMIT");

    const again = await apply(database().address);
    expect(again.state).to.equal("valid");
    expect(byName(again, "action")).to.deep.equal({ ...everyIndex("build"), [first]: "rebuild" });
  });

  for (const rights of ["sees whose build it is", "may not see whose build it is"]) {
    it(`awaits a build that somebody started by hand, when it ${rights}`, async () => {
      const username = `owner_${database().address.database}`;
      await database().query(
        `CREATE ROLE ${username} LOGIN PASSWORD 'owner'; GRANT CREATE ON SCHEMA public TO ${username}`,
      );
      for (const table of ["message", "chatparticipation", "chatroom", "outboxevent"]) {
        await database().query(`ALTER TABLE chats_${table} OWNER TO ${username}`);
      }
      const sees = rights.startsWith("sees");
      const writer = await openWriter(database());
      const byHand = (await database().session()).query(catalogueStatement(first));
      await builderOf(database(), first);
      const begun = await inDatabase(database(), first);

      const address = sees ? database().address : { ...database().address, username, password: "owner" };
      const run = startRun(address);
      await until(async () => run.said.find(({ event }) => event === "progress"));
      await writer.query("COMMIT");
      await byHand;

      const report = await run.report;
      expect(report.state).to.equal("valid");
      expect(byName(report, "action")[first]).to.equal("await");
      expect(await inDatabase(database(), first)).to.deep.equal({ oid: begun!.oid, valid: true });
    });
  }

  it("names the transaction that holds it up when the lock timeout strikes, and goes on with the other tables", async () => {
    const writer = await openWriter(database());
    await writer.query("SET application_name = 'nightly export'");
    const [{ pid }] = (await writer.query("SELECT pg_backend_pid() AS pid")).rows as [{ pid: number }];
    const report = await apply(database().address, { interval, lockTimeout });
    expect(report.state).to.equal("failed");
    const reason = byName(report, "reason")[first];
    expect(reason).to.include(`waited 2 s on table chats_message for backend ${pid} (user postgres`);
    expect(reason).to.include("application nightly export, idle in transaction");
    expect(reason).to.include(`SELECT pg_terminate_backend(${pid})`);
    expect(byName(report, "state")).to.include({ [first]: "invalid", idx_chatroom_code: "valid" });
    for (const other of ["idx_messages_room_active", "idx_messages_reply_to"]) {
      expect(byName(report, "state")[other], "left INVALID by waiting again").to.equal("missing");
      expect(byName(report, "reason")[other])
        .to.match(new RegExp(`^not tried: backend ${pid} \\(`))
        .and.to.include(`SELECT pg_terminate_backend(${pid})`);
    }
    await writer.query("ROLLBACK");
    expect((await apply(database().address)).state).to.equal("valid");
  });

  it("leaves one index INVALID, and not nine, behind a snapshot that holds up every table", async () => {
    const reader = await database().session();
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM chats_message");
    const report = await apply(database().address, { interval, lockTimeout });
    expect(byName(report, "state")).to.deep.equal({ ...everyIndex("missing"), [first]: "invalid" });
    await reader.query("COMMIT");
    expect((await apply(database().address)).state).to.equal("valid");
  });

  it("stops at the second wait for a session whose snapshot this user may not see", async () => {
    await database().query(
      "CREATE ROLE builder LOGIN PASSWORD 'builder'; GRANT CREATE, USAGE ON SCHEMA public TO builder",
    );
    for (const { table } of await database().query<{ table: string }>(
      "SELECT relname AS table FROM pg_class WHERE relname ~ '^chats_' AND relkind = 'r'",
    )) {
      await database().query(`ALTER TABLE ${table} OWNER TO builder`);
    }
    const reader = await database().session();
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM chats_message");
    const address = { ...database().address, username: "builder", password: "builder" };
    const report = await apply(address, { interval, lockTimeout });
    const invalid = report.indexes.filter(({ state }) => state === "invalid");
    expect(invalid.map(({ name }) => name)).to.have.length.within(1, 2);
    await reader.query("COMMIT");
    expect((await apply(address)).state).to.equal("valid");
  });

  it("names who holds the table itself, before a build has begun", async () => {
    const session = await database().session();
    await session.query("BEGIN; LOCK TABLE chats_message IN SHARE ROW EXCLUSIVE MODE");
    const [{ pid }] = (await session.query("SELECT pg_backend_pid() AS pid")).rows as [{ pid: number }];
    const report = await apply(database().address, { interval, lockTimeout });
    expect(byName(report, "reason")[first]).to.include(`for backend ${pid} (`);
    expect(byName(report, "state")[first]).to.equal("missing");
  });

  it("tells the statement timeout from a cancellation", async () => {
    const writer = await openWriter(database());
    const report = await apply(database().address, { interval, statementTimeout: 600 });
    expect(byName(report, "reason")[first]).to.include("took longer than the statement timeout of 0.6 s");
    expect(byName(report, "reason").idx_messages_reply_to).to.include("statement timeout");
    expect(byName(report, "state")[first]).to.equal("invalid");
    await writer.query("ROLLBACK");
  });

  it("stops when somebody cancels a build", async () => {
    const writer = await openWriter(database());
    const run = startRun(database().address);
    await database().query("SELECT pg_cancel_backend($1)", [await builderOf(database(), first)]);
    const report = await run.report;
    expect(byName(report, "reason")[first]).to.match(/due to user request\. Run again/);
    expect(byName(report, "state")).to.deep.equal({ ...everyIndex("missing"), [first]: "invalid" });
    await writer.query("ROLLBACK");
  });

  it("G-86: lets writers write while an index is built, and indexes what they write", async () => {
    const writer = await openWriter(database());
    const run = startRun(database().address);
    await builderOf(database(), first);
    const room = await addMessages(database(), 500);
    await database().query("UPDATE chats_message SET is_deleted = true WHERE chat_room_id = $1", [room]);
    await database().query("DELETE FROM chats_message WHERE chat_room_id = $1 AND content LIKE '%7'", [room]);
    expect(await inDatabase(database(), first)).to.include({ valid: false });
    await writer.query("COMMIT");
    expect((await run.report).state).to.equal("valid");

    const count = "SELECT count(*)::int FROM chats_message WHERE chat_room_id = $1";
    await database().query("DROP INDEX chats_messa_chat_ro_b19084_idx, chats_message_chat_room_id_idx");
    await database().query(
      "DROP INDEX chats_messa_chat_ro_b81b02_idx; SET enable_seqscan = off; ANALYZE chats_message",
    );
    const explained = await database().query(`EXPLAIN ${count}`.replace("$1", `'${room}'`));
    expect(JSON.stringify(explained)).to.include(first);
    expect(await database().query(count, [room])).to.deep.equal([{ count: 450 }]);
  });
});
