/**
 * Times the policy pack: how long it takes to start, and what it adds to a preview of a scale. Previews go in turns:
 * without a pack, with a pack that has no rules (what any pack costs), and with this one. All run on the real engine, and
 * each is timed as a whole process with all that it starts.
 *
 * npm run benchmark:policy -- [--stack large] [--rounds 7]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { offlineEnvironment, run } from "../offline/environment";
import { median } from "./measure";

const ownPack = join(__dirname, "..", "policy");

/** Seconds from starting a pack, as offline runs do, to the line in which it names its port. */
function start(home: string, pack: string): Promise<number> {
  const runner = createRequire(join(ownPack, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const begin = performance.now();
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
    cwd: pack,
    env: offlineEnvironment(home, "small"),
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the pack ended with ${code} before it named a port`)));
    child.stdout.on("data", () => {
      resolve((performance.now() - begin) / 1_000);
      child.removeAllListeners("exit").kill();
    });
  });
}

interface Time {
  readonly wall: number;
  /** Processor seconds of the engine and everything that it started. */
  readonly cpu: number;
}

async function preview(home: string, stack: string, options: readonly string[]): Promise<Time> {
  const began = performance.now();
  const before = busy();
  const { code, stdout, stderr } = await run(["preview", "--stack", stack, ...options], { home });
  if (code !== 0) throw new Error(`preview failed\n${stdout}\n${stderr}`);
  return { wall: (performance.now() - began) / 1_000, cpu: busy() - before };
}

/**
 * Processor seconds that the machine has spent since it was started. The engine leaves plugins behind without waiting for
 * them, so no count of one's own child processes has all of them; this one is right where nothing else runs.
 */
function busy(): number {
  const spent = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return spent.reduce((sum, milliseconds) => sum + milliseconds, 0) / 1_000;
}

const show = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(" ");

/** A pack without rules. */
function emptyPack(folder: string): string {
  const files = {
    "PulumiPolicy.yaml": "runtime: nodejs\nmain: main.js\n",
    "package.json": JSON.stringify({ name: "empty", version: "0.0.1", main: "main.js" }),
    "main.js": `new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  symlinkSync(join(__dirname, "..", "node_modules"), join(folder, "node_modules"));
  return folder;
}

async function benchmark(stack: string, rounds: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "chatpop-benchmark-"));
  const empty = emptyPack(mkdtempSync(join(tmpdir(), "chatpop-benchmark-")));
  const ways = {
    "no pack": [],
    "empty pack": ["--policy-pack", empty],
    "this pack": ["--policy-pack", ownPack],
  };
  type Way = keyof typeof ways;
  const names = Object.keys(ways) as Way[];
  const times = new Map<Way, Time[]>(names.map((name) => [name, []]));
  const starts: number[] = [];
  const emptyStarts: number[] = [];
  try {
    await preview(home, stack, []); // warms the disk's cache, and creates the stack
    for (let round = 0; round < rounds; round++) {
      emptyStarts.push(await start(home, empty));
      starts.push(await start(home, ownPack));
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(round + turn) % names.length]!;
        times.get(name)!.push(await preview(home, stack, ways[name]));
      }
    }
  } finally {
    for (const folder of [home, empty]) rmSync(folder, { recursive: true, force: true });
  }
  const line = (what: string, values: readonly number[]) =>
    `${what.padEnd(22)} ${show(values)}: median ${median(values).toFixed(2)} s`;
  const of = (name: Way, kind: keyof Time) => times.get(name)!.map((time) => time[kind]);
  const added = (name: Way, kind: keyof Time) =>
    `${Math.round(100 * (median(of(name, kind)) / median(of("no pack", kind)) - 1))} %`;
  console.log(
    [
      `machine                ${cpus().length} × ${cpus()[0]!.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0]!.toFixed(1)}`,
      line("start, empty pack", emptyStarts),
      line("start, this pack", starts),
      `this pack adds ${(median(starts) - median(emptyStarts)).toFixed(2)} s to the start of an empty one`,
      ...names.map((name) => line(`${name}, wall`, of(name, "wall"))),
      ...names.map((name) => line(`${name}, processor`, of(name, "cpu"))),
      ...names
        .slice(1)
        .map((name) => `${name} adds ${added(name, "wall")} wall, ${added(name, "cpu")} processor`),
    ].join("\n"),
  );
}

const { values } = parseArgs({
  options: { stack: { type: "string", default: "large" }, rounds: { type: "string", default: "7" } },
});
void benchmark(values.stack, Number(values.rounds));
