// Runs one command and says what it took, with all processes that it starts: the engine gives each plugin a process group
// of its own and leaves some of them behind, so neither `time` nor a group has all of them.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The middle of some numbers, of two in the middle the greater. */
export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Figures of a command. */
export interface Measured {
  /** Seconds from its start to its end. */
  readonly wall: number;
  /** Processor seconds of all its processes. */
  readonly processor: number;
  /** MiB that all its processes held together at the most, shared pages counted once. */
  readonly memory: number;
  /** Processor seconds and most MiB of each process, by its command line. */
  readonly processes: readonly {
    readonly line: string;
    readonly processor: number;
    readonly memory: number;
  }[];
}

interface Seen {
  line: string;
  processor: number;
  memory: number;
}

interface Stat {
  readonly parent: number;
  /** Seconds of its own. */
  readonly own: number;
  /** Seconds of those that it started and waited for. */
  readonly waited: number;
}

/** The kernel counts processor time in hundredths of a second (USER_HZ) on every architecture that Node runs on. */
const ticks = 100;
const lookEveryMs = 40;
/** Adding up a process's pages takes milliseconds, so it is done more seldom. */
const weighEvery = 3;

/**
 * Runs a command to its end.
 *
 * @throws Error with what the command printed when it fails.
 */
export async function measure(
  program: string,
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "chatpop-measure-"));
  const output = join(folder, "output");
  const file = openSync(output, "w");
  const begin = performance.now();
  const child = spawn(program, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", file, file],
  });
  const before = waitedFor();
  const family = new Map<number, Seen>();
  let memory = 0;
  let looks = 0;
  const look = () => {
    const weighs = looks++ % weighEvery === 0;
    let sum = 0;
    for (const pid of familyOf(child.pid!, family)) {
      const stat = statOf(pid);
      const seen = family.get(pid) ?? { line: "", processor: 0, memory: 0 };
      family.set(pid, seen);
      if (stat === undefined) continue;
      seen.processor = Math.max(seen.processor, stat.own);
      seen.line = lineOf(pid) || seen.line;
      if (!weighs) continue;
      const held = heldBy(pid);
      seen.memory = Math.max(seen.memory, held);
      sum += held;
    }
    memory = Math.max(memory, sum);
  };
  const looking = setInterval(look, lookEveryMs);
  try {
    const code = await new Promise((resolve, reject) => child.on("error", reject).on("exit", resolve));
    const wall = (performance.now() - begin) / 1_000;
    clearInterval(looking);
    if (code !== 0)
      throw new Error(
        `${[program, ...words].join(" ")} ended with ${String(code)}\n${readFileSync(output, "utf8")}`,
      );
    const seen = [...family.values()];
    const sampled = seen.reduce((sum, { processor }) => sum + processor, 0);
    // Those that were waited for are counted to the end; those left behind as they were last seen.
    const processor = Math.max(sampled, waitedFor() - before);
    return { wall, processor, memory, processes: seen };
  } finally {
    clearInterval(looking);
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processor seconds of all processes that this one has waited for, with those that they have waited for. */
export const waitedFor = (): number => statOf(process.pid)!.waited;

/** Those that were seen before, whoever is their parent now, and all that they have started. */
function familyOf(root: number, known: ReadonlyMap<number, unknown>): ReadonlySet<number> {
  const family = new Set([root, ...known.keys()]);
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  // A child nearly always has the greater number.
  for (const pid of pids)
    if (pid > root && !family.has(pid) && family.has(statOf(pid)?.parent ?? -1)) family.add(pid);
  return family;
}

function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === "") return undefined;
  // After the name in brackets: the third field and those that follow, see proc(5).
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), own: (field(14) + field(15)) / ticks, waited: (field(16) + field(17)) / ticks };
}

const lineOf = (pid: number) => read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
const heldBy = (pid: number) =>
  Number(/^Pss: +(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1_024;

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
