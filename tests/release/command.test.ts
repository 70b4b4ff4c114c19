import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { main } from "../../release/cli/main";
import type { Report } from "../../release/indexes";
import {
  byName,
  everyIndex,
  leaveInvalid,
  openWriter,
  until,
  builderOf,
  inDatabase,
  useDatabase,
} from "./chatpop";

const first = "idx_messages_room_created";

/** Runs the command in this process and gives what it left. */
async function command(words: readonly string[], environment: NodeJS.ProcessEnv, terminal = false) {
  let [output, errors] = ["", ""];
  const exitCode = await main(words, {
    environment,
    output: { write: (text) => (output += text) },
    errors: { isTTY: terminal, columns: 120, write: (text) => (errors += text) },
  });
  return { exitCode, output, errors };
}

describe("chatpop-indexes", () => {
  const database = useDatabase("chatpop");

  const environment = (password = database().address.password!) => {
    const { host, port, database: name, username } = database().address;
    return { DATABASE_URL: `postgresql://${username}@${host}:${port}/${name}`, PGPASSWORD: password };
  };
  const urlWith = (password: string) =>
    environment().DATABASE_URL.replace("@", `:${encodeURIComponent(password)}@`);

  it("plans by default and exits with 3 while there is work, 0 afterwards, 3 again once an index is INVALID", async () => {
    expect(await command([], environment())).to.deep.include({ exitCode: 3, errors: "" });
    expect(await command(["--verify"], environment())).to.deep.include({ exitCode: 3 });
    expect(await inDatabase(database(), first)).to.equal(undefined);
    expect(await command(["--apply"], environment())).to.deep.include({ exitCode: 0 });
    expect(await command(["--plan"], environment())).to.deep.include({ exitCode: 0 });
    await database().query(`DROP INDEX ${first}`);
    await leaveInvalid(database(), first);
    const { exitCode, output } = await command(["--verify"], environment());
    expect(exitCode).to.equal(3);
    expect(output).to.match(new RegExp(`^${first} +chats_message +invalid +rebuild `, "m"));
    expect(output).to.match(new RegExp(`^${first} +chats_message +[\\d.]+ k?B +INVALID$`, "m"));
  });

  it("prints a table for people, and says what it does line by line where there is no terminal", async () => {
    const { output, errors } = await command(["--apply"], environment());
    expect(output).to.match(/^idx_messages_room_active +chats_message +valid +built +[\d.]+ kB +[\d.]+ s$/m);
    expect(output).to.match(/^idx_outbox_unprocessed +chats_outboxevent +skipped +skipped$/m);
    expect(output).to.match(/same as chats_messa_chat_ro_b19084_idx/);
    expect(output).to.match(/indexes: valid\n$/);
    expect(errors).to.match(new RegExp(`^${first}: building\n${first}: built in [\\d.]+ s\n`));
    expect(errors).to.not.include("\u001b");
  });

  it("prints the report as JSON and nothing else", async () => {
    const { output, errors } = await command(["--apply", "--json"], environment());
    const report = JSON.parse(output) as Report;
    expect(errors).to.equal("");
    expect(byName(report, "state")).to.deep.equal({
      ...everyIndex("valid"),
      ...{ idx_outbox_unprocessed: "skipped", idx_outbox_room_created: "skipped" },
    });
  });

  it("exits with 1 and the reason when an index cannot be built", async () => {
    await database().query(`CREATE INDEX ${first} ON chats_message (chat_room_id)`);
    const { exitCode, output } = await command(["--apply"], environment());
    expect(exitCode).to.equal(1);
    expect(output).to.match(new RegExp(`^${first}: ${first} exists with another definition`, "m"));
    expect(await command(["--apply", "--replace"], environment())).to.deep.include({ exitCode: 0 });
  });

  for (const [what, change, words] of [
    ["a schema that is not there", "SELECT", ["--schema", "nowhere"]],
    ["another definition", `CREATE INDEX ${first} ON chats_message (chat_room_id)`, []],
    [
      "tables of somebody else",
      "CREATE ROLE stranger LOGIN PASSWORD 'stranger'",
      ["--database-url", "stranger"],
    ],
  ] as const) {
    it(`plans with 1, not with 3, what cannot be done: ${what}`, async () => {
      await database().query(change);
      const given = words.map((word) =>
        word === "stranger" ? urlWith("stranger").replace("postgres:", "stranger:") : word,
      );
      for (const mode of ["--plan", "--verify"]) {
        const { exitCode, output } = await command([mode, ...given], environment());
        expect(exitCode, output).to.equal(1);
        expect(output).to.match(/^indexes: failed$/m);
      }
    });
  }

  it("takes the options from the command line", async () => {
    const { output } = await command(["--apply", "--skip-equivalent", "--json"], environment());
    expect(byName(JSON.parse(output), "state")[first]).to.equal("skipped");
    const writer = await openWriter(database());
    const options = [
      "--apply",
      "--json",
      "--lock-timeout",
      "200ms",
      "--statement-timeout",
      "1min",
      "--wait",
      "0",
    ];
    const { output: blocked } = await command(options, environment());
    expect(byName(JSON.parse(blocked), "reason")[first]).to.include("waited 0.2 s");
    await writer.query("ROLLBACK");
  });

  it("accepts the password in the address", async () => {
    const url = urlWith(database().address.password!);
    expect(await command(["--plan", "--database-url", url], {})).to.deep.include({
      exitCode: 3,
      errors: "",
    });
  });

  for (const [name, words, reason] of [
    ["a wrong password", ["--apply"], /password authentication failed for user "postgres"\. Check user name/],
    ["a server without TLS", ["--apply", "?sslmode=require"], /does not support SSL.*sslmode=disable/],
    [
      "an unknown sslmode",
      ["?sslmode=prefer"],
      /sslmode prefer .*: allowed are disable, require, verify-ca, verify-full/,
    ],
    ["an unknown option", ["--aply", "--database-url"], /cannot understand --aply; see --help/],
    ["an unknown word", [], /cannot understand the arguments; see --help/],
    ["a mode without its hyphens", ["verify"], /cannot understand verify; did you mean --verify\?/],
    ["two modes", ["--plan", "--apply"], /choose one of --plan and --apply/],
    ["a time without unit", ["--wait", "10"], /--wait 10: .*500ms, 30s, 10min or 2h/],
    ["a missing file", ["--ca", "/nowhere/ca.pem"], /--ca \/nowhere\/ca\.pem cannot be read/],
  ] as const) {
    it(`never shows the password: ${name}`, async () => {
      const password = "s3cret/ & more";
      const query = words.find((argument) => argument.startsWith("?")) ?? "";
      const url = `${urlWith(password)}${query}`;
      const rest = words.filter((argument) => !argument.startsWith("?") && argument !== "--database-url");
      const place = name === "an unknown word" ? [url] : ["--database-url", url];
      const { exitCode, output, errors } = await command([...rest, ...place], {});
      expect(exitCode).to.equal(/password|TLS/.test(name) ? 1 : 2);
      expect(errors).to.match(reason);
      for (const form of [password, encodeURIComponent(password)])
        expect(output + errors).to.not.include(form);
    });
  }

  it("draws a bar that moves on a terminal", async () => {
    const writer = await openWriter(database());
    const run = command(["--apply"], environment(), true);
    await builderOf(database(), first);
    // The first look at a build comes after a second.
    await until(async () => {
      const [row] = await database().query<{ seen: boolean }>(
        `SELECT bool_or(query LIKE '%pg_blocking_pids%') AS seen FROM pg_stat_activity
         WHERE application_name = 'chatpop-indexes'`,
      );
      return row?.seen || undefined;
    });
    await writer.query("COMMIT");
    const { errors, exitCode } = await run;
    expect(exitCode).to.equal(0);
    expect(errors).to.include(`\r\u001b[K${first}: waiting for writers before build`);
    expect(errors).to.include("\r\u001b[Kidx_chatroom_code: built in ");
  });

  it("runs from its sources as a process of its own, and leaves the build to the server when interrupted", async () => {
    const writer = await openWriter(database());
    const program = join(__dirname, "..", "..", "release", "chatpop-indexes.cjs");
    const child = spawn(process.execPath, [program, "--apply", "--json"], {
      cwd: "/",
      env: { PATH: process.env.PATH, ...environment() },
    });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (errors += text));
    const exit = new Promise((resolve) => child.on("close", resolve));
    await builderOf(database(), first);
    child.kill("SIGINT");
    expect(await exit).to.equal(1);
    expect(errors).to.equal("");
    const report = JSON.parse(output) as Report;
    expect(report.state).to.equal("running");
    await writer.query("COMMIT");
    await until(async () => (await inDatabase(database(), first))?.valid || undefined);
  });
});

describe("chatpop-indexes without a database", () => {
  it("explains itself", async () => {
    const { exitCode, output } = await command(["--help"], {});
    expect(exitCode).to.equal(0);
    for (const option of ["--plan", "--apply", "--verify", "--database-url", "PGPASSWORD", "Exit codes"]) {
      expect(output).to.include(option);
    }
  });

  for (const [name, environment, reason] of [
    ["no address", {}, /give --database-url, or set DATABASE_URL/],
    ["an address that is none", { DATABASE_URL: "host=db password=hidden" }, /not of the form postgresql:/],
    [
      "another database system",
      { DATABASE_URL: "mysql://app:hidden@db/chat" },
      /lacks a part of postgresql:/,
    ],
    ["an address with a lone %", { DATABASE_URL: "postgresql://app:hid%den@db/chat" }, /write it as %25/],
    [
      "an address without database",
      { DATABASE_URL: "postgresql://app:hidden@db" },
      /lacks a part of postgresql:/,
    ],
    [
      "an RDS Proxy",
      { DATABASE_URL: "postgresql://app:hidden@chatpop.proxy-abc123.us-east-1.rds.amazonaws.com/postgres" },
      /is an RDS Proxy.*endpoint of the instance/,
    ],
  ] as const) {
    it(`refuses ${name} as wrong usage`, async () => {
      const { exitCode, errors, output } = await command(["--apply"], environment);
      expect(exitCode).to.equal(2);
      expect(errors).to.match(reason);
      expect(output + errors).to.not.include("hidden");
    });
  }
});
