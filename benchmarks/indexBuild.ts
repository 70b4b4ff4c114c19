/**
 * Times the index build, from connecting to its report, against psql running the guide's statements one after the other
 * on the same data and in turns. Looks for the longest write that a build holds up.
 *
 * npm run benchmark:indexes -- [--rows 2000000] [--rounds 5]
 */
import { spawn } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { catalogue, createStatement } from "../stacks/guideIndexes";
import { apply } from "../release/indexes";
import { schemaPart } from "../tests/release/chatpop";
import { startCluster, type Database } from "../tests/release/postgres";
import { median } from "./measure";

/** The guide's values (G-90 … G-97), and as durable as a server in use. */
const settings = [
  ...[
    "fsync=on",
    "shared_buffers=1GB",
    "effective_cache_size=3GB",
    "work_mem=4MB",
    "maintenance_work_mem=256MB",
  ],
  ...["wal_buffers=16MB", "min_wal_size=1GB", "max_wal_size=4GB", "checkpoint_completion_target=0.9"],
];

const rooms = 5_000;
const users = 100_000;

/** Rooms, people and events in the proportions of the guide's largest scale, and as many messages as asked for. */
const data = (rows: number) => `
  SET session_replication_role = replica; -- no foreign key checks while loading
  INSERT INTO auth_user SELECT md5('user' || n)::uuid FROM generate_series(1, ${users}) AS n;
  INSERT INTO chats_chatroom (id, code, host_id)
    SELECT md5('room' || n)::uuid, lpad(n::text, 8, '0'), md5('user' || n)::uuid FROM generate_series(1, ${rooms}) AS n;
  INSERT INTO chats_chatparticipation (chat_room_id, user_id, fingerprint, username, is_active)
    SELECT md5('room' || 1 + n % ${rooms})::uuid, md5('user' || 1 + n / 2 % ${users})::uuid, md5(n::text), 'user', n % 3 > 0
    FROM generate_series(1, ${2 * users}) AS n;
  INSERT INTO chats_message (id, chat_room_id, user_id, reply_to_id, content, is_deleted, created_at)
    SELECT md5('message' || n)::uuid, md5('room' || 1 + floor(random() * ${rooms}))::uuid,
      md5('user' || 1 + floor(random() * ${users}))::uuid,
      CASE WHEN n % 10 = 0 THEN md5('message' || n - 1)::uuid END,
      repeat('hello ', 1 + n % 20), n % 50 = 0, now() - (${rows} - n) * interval '1 second'
    FROM generate_series(1, ${rows}) AS n;
  INSERT INTO chats_outboxevent (chat_code, payload, deduplication_key, processed)
    SELECT lpad((1 + n % ${rooms})::text, 8, '0'), '{}', n::text, n % 100 > 0 FROM generate_series(1, ${2 * users}) AS n;
  VACUUM ANALYZE;`;

/** Runs a program to its end and gives the seconds it took. */
async function time(
  program: string,
  words: string[],
  environment: NodeJS.ProcessEnv,
  input = "",
): Promise<number> {
  const start = performance.now();
  const child = spawn(program, words, {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end(input);
  const exitCode = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (exitCode !== 0) throw new Error(`${program} exited with ${exitCode}`);
  return (performance.now() - start) / 1_000;
}

/** Writes messages one by one until told to stop; gives the milliseconds that each took. */
async function write(database: Database, signal: AbortSignal): Promise<number[]> {
  const session = await database.session();
  const durations: number[] = [];
  while (!signal.aborted) {
    const start = performance.now();
    await session.query(
      "INSERT INTO chats_message (chat_room_id, content) VALUES (md5('room' || $1::int)::uuid, 'while building')",
      [1 + (durations.length % rooms)],
    );
    durations.push(performance.now() - start);
    await delay(2);
  }
  return durations.sort((a, b) => a - b);
}

const least = (values: readonly number[]) => Math.min(...values);
const show = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(" ");

function showWrites(durations: readonly number[]): string {
  const at = (share: number) => durations[Math.floor((durations.length - 1) * share)]!.toFixed(1);
  return `${durations.length} writes, median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, longest ${at(1)} ms`;
}

/** Figures of a comparison. */
export interface Comparison {
  /** Seconds of each round. */
  readonly builder: readonly number[];
  readonly psql: readonly number[];
  /** Median of the rounds' own ratios, the builder's time by psql's. */
  readonly ratio: number;
  /** Milliseconds of the longest write during a build. */
  readonly longest: number;
}

async function benchmark(database: Database, rows: number, rounds: number): Promise<Comparison> {
  const { host, port, database: name, username, password } = database.address;
  const environment = {
    PGPASSWORD: password,
    DATABASE_URL: `postgresql://${username}@${host}:${port}/${name}`,
  };
  const statements = catalogue.map(createStatement).join("\n");
  const inStatements: number[] = [];
  const build = async () => {
    const start = performance.now();
    const { state, indexes } = await apply(database.address);
    if (state !== "valid") throw new Error(`the build is ${state}`);
    inStatements.push(indexes.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0) / 1_000);
    return (performance.now() - start) / 1_000;
  };
  const psql = async () => {
    const words = ["-X", "-q", "-v", "ON_ERROR_STOP=1", environment.DATABASE_URL];
    return time("psql", words, environment, statements);
  };
  const contenders: Readonly<Record<string, () => Promise<number>>> = { builder: build, psql };
  const times: Record<string, number[]> = { builder: [], psql: [] };
  const dropAll = async () => {
    for (const { name } of catalogue) await database.query(`DROP INDEX IF EXISTS ${name}`);
    await database.query("CHECKPOINT");
  };
  for (let round = 0; round < rounds; round++) {
    // In turns, and each first every other time, so that neither finds the warmer cache.
    const order = Object.keys(contenders);
    for (const contender of round % 2 ? order : order.reverse()) {
      await dropAll();
      times[contender]!.push(await contenders[contender]!());
    }
    console.log(
      `round ${round + 1}: builder ${times.builder!.at(-1)!.toFixed(2)} s, psql ${times.psql!.at(-1)!.toFixed(2)} s`,
    );
  }
  const rest = median(times.builder!.map((seconds, round) => seconds - inStatements[round]!));
  await dropAll();
  const idle = await write(database, AbortSignal.timeout(10_000));
  const built = new AbortController();
  const writes = write(database, built.signal);
  const seconds = await build();
  built.abort();
  const written = await writes;

  const [version] = await database.query<{ server_version: string }>("SHOW server_version");
  // The two builds of a round share the machine's mood; the rounds do not.
  const ratios = times.builder!.map((seconds, round) => seconds / times.psql![round]!);
  const summary = (of: (values: readonly number[]) => number) => {
    const [builder, psql] = [of(times.builder!), of(times.psql!)];
    return `builder ${builder.toFixed(2)} s, psql ${psql.toFixed(2)} s, ratio ${(builder / psql).toFixed(3)}`;
  };
  console.log(`
machine      ${cpus().length} × ${cpus()[0]!.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, PostgreSQL ${version!.server_version}
data         ${rows.toLocaleString("en-US")} messages, ${catalogue.length} indexes
builder      ${show(times.builder!)}, of which ${rest.toFixed(2)} s outside the statements
psql         ${show(times.psql!)}
median       ${summary(median)}
least        ${summary(least)}
by round     ${show(ratios)}: median ${median(ratios).toFixed(3)}
idle         ${showWrites(idle)}
during build ${showWrites(written)} (build ${seconds.toFixed(1)} s)`);
  return {
    builder: times.builder!,
    psql: times.psql!,
    ratio: median(ratios),
    longest: Math.max(...written),
  };
}

/** Compares the builder with psql on so many messages. */
export async function indexBuild(rows: number, rounds: number): Promise<Comparison> {
  const cluster = await startCluster(settings);
  try {
    const database = await cluster.createDatabase();
    await database.query(schemaPart("chatpop") + schemaPart("outbox"));
    console.log(`loading ${rows.toLocaleString("en-US")} messages`);
    for (const statement of data(rows).split(/;(?= --|\n|$)/)) await database.query(statement);
    const comparison = await benchmark(database, rows, rounds);
    await database.close();
    return comparison;
  } finally {
    await cluster.stop();
  }
}

if (require.main === module) {
  const { values } = parseArgs({ options: { rows: { type: "string" }, rounds: { type: "string" } } });
  void indexBuild(Number(values.rows ?? 2_000_000), Number(values.rounds ?? 5));
}
