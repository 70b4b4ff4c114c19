import { expect } from "chai";
import { handler, type IndexesEvent } from "../../release/indexesHandler";
import { builderOf, byName, everyIndex, inDatabase, openWriter, useDatabase } from "./chatpop";

const first = "idx_messages_room_created";
const remaining = (milliseconds: number) => ({ getRemainingTimeInMillis: () => milliseconds });

describe("index build as a Lambda function", () => {
  const database = useDatabase("chatpop", "outbox");
  const event = (): IndexesEvent => {
    const { password = "", ...address } = database().address;
    return { ...address, password };
  };

  let logged: string[];
  const log = console.log;
  const { timeout } = AbortSignal;
  beforeEach(() => {
    logged = [];
    console.log = (...parts: unknown[]) => void logged.push(parts.join(" "));
  });
  afterEach(() => {
    console.log = log;
    AbortSignal.timeout = timeout;
  });

  it("builds, logs each step and no credentials", async () => {
    const report = await handler(event(), remaining(900_000));
    expect(report.state).to.equal("valid");
    expect(byName(report, "state")).to.deep.equal(everyIndex("valid"));
    expect(logged.join("\n")).to.match(
      // A build that takes longer than a second has lines on its progress between the two.
      new RegExp(`^${first}: building\n(?:${first}: building.*\n)*${first}: built in`),
    );
    expect(logged.join("\n")).to.not.include(database().address.password).and.not.include("postgres");
  });

  it("leaves out a redundant index where the event asks for it", async () => {
    const options = { skipEquivalent: true };
    const report = await handler({ ...event(), options }, remaining(900_000));
    expect(byName(report, "state")[first]).to.equal("skipped");
  });

  it("answers before its time is over, and resumes in the next invocation", async () => {
    const cut = new AbortController();
    const given: number[] = [];
    AbortSignal.timeout = (milliseconds) => (given.push(milliseconds), cut.signal);
    const writer = await openWriter(database());
    const invocation = handler(event(), remaining(100_000));
    await builderOf(database(), first);
    expect(given).to.deep.equal([85_000]);
    cut.abort();
    AbortSignal.timeout = timeout;
    const begun = await inDatabase(database(), first);
    const report = await invocation;
    expect(report.state).to.equal("running");
    expect(byName(report, "state")).to.deep.equal({ ...everyIndex("missing"), [first]: "running" });

    await writer.query("COMMIT");
    const next = await handler(event(), remaining(900_000));
    expect(next.state).to.equal("valid");
    expect(await inDatabase(database(), first)).to.deep.equal({ oid: begun!.oid, valid: true });
  });

  it("fails the invocation with every index that failed", async () => {
    await database().query(
      `DROP TABLE chats_chatroom CASCADE; CREATE INDEX ${first} ON chats_message (content)`,
    );
    const { message } = await handler(event(), remaining(900_000)).then(
      () => new Error("it did not fail"),
      (error: Error) => error,
    );
    expect(message).to.match(new RegExp(`^${first}: ${first} exists with another definition`));
    expect(message).to.match(/^idx_chatroom_code: table chats_chatroom does not exist/m);
  });

  it("never repeats a wrong password", async () => {
    const error = await handler({ ...event(), password: "hidden?" }, remaining(900_000)).then(
      () => new Error("it did not fail"),
      (error: Error) => error,
    );
    expect(error.message).to.match(/authentication failed/);
    expect(error).to.not.have.property("cause");
    expect(`${error.stack}${logged.join()}`).to.not.include("hidden?");
  });
});
