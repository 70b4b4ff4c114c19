// The parts of `make benchmark`. Commands that are compared run in turns, so that the machine's mood meets
// all of them, and who goes first changes with each round.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { projectFolder, readIfPresent } from "../offline/files";
import { provideEngine } from "../packages/embedded-aws/launcher/engine";
import { indexBuild } from "./indexBuild";
import { measure, type Measured, waitedFor } from "./measure";

/** A line of a table: a command that ran several times. */
export interface Row {
  /** Name of the line. */
  readonly what: string;
  /** Seconds, processor seconds and MiB of each run. */
  readonly runs: readonly Omit<Measured, "processes">[];
  /** Further figure: number of resources, or the result of a part. */
  readonly note?: string;
}

export interface Options {
  readonly rounds: number;
  /** Numbers of rows on which the indexes are built. */
  readonly rows: readonly number[];
}

/** A command, and what its row is called. */
interface Contender {
  readonly what: string;
  readonly words: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly note?: string;
}

const inTurns = async (contenders: readonly Contender[], rounds: number): Promise<readonly Row[]> => {
  const runs = contenders.map((): Omit<Measured, "processes">[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const { processes: _, ...figures } = await execute(contenders[index]!);
      runs[index]!.push(figures);
    }
  }
  return contenders.map(({ what, note }, index) => ({ what, runs: runs[index]!, ...(note && { note }) }));
};

const execute = ({ words: [program, ...words], env }: Omit<Contender, "what">): Promise<Measured> =>
  measure(program!, words, { cwd: projectFolder, ...(env && { env }) });

const ourNode = (script: string, ...words: readonly string[]) => [
  ...["node", "--require", "./typescript.cjs", `benchmarks/${script}`],
  ...words,
];

/** Runs with a folder that is removed afterwards. */
async function within<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "chatpop-benchmark-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** This project as Pulumi starts one that says nothing of its start: by the compiler, which checks all types. */
function typeChecked(folder: string): string {
  for (const name of readdirSync(projectFolder).filter((each) => each !== "Pulumi.yaml"))
    symlinkSync(join(projectFolder, name), join(folder, name));
  const text = readFileSync(join(projectFolder, "Pulumi.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.yaml"), text.replace(/^runtime:\n(?: .*\n)+/m, "runtime: nodejs\n"));
  return folder;
}

const programs = ["awsx", "aws"] as const;

function preview({ rounds }: Options): Promise<readonly Row[]> {
  return within((home) =>
    within(async (copy) => {
      const env = { CHATPOP_OFFLINE_HOME: home };
      const plain = (command: string, folder: string, stack: string, ...more: readonly string[]) =>
        ourNode("plain.ts", command, "--non-interactive", "--stack", stack, "--cwd", folder, ...more);
      const pack = ["--policy-pack", "policy"];
      const other = (name: string) => join(projectFolder, "benchmarks", "programs", name);
      await execute({ words: ["make", "up", "STACK=large"], env });
      for (const name of programs)
        await execute({ words: plain("up", other(name), "dev", "--yes", "--skip-preview"), env });
      const contenders = [
        { what: "`make preview STACK=large`", words: ["make", "preview", "STACK=large"], env },
        {
          what: "large, by Pulumi's default start",
          words: plain("preview", typeChecked(copy), "large", ...pack),
          env,
        },
        ...programs.map((name) => ({
          what: `\`benchmarks/programs/${name}\`, without a pack`,
          words: plain("preview", other(name), "dev"),
          env,
        })),
      ];
      const counts = [
        resourcesIn(home, "chatpop", "large"),
        resourcesIn(home, "chatpop", "large"),
        ...programs.map((name) => resourcesIn(home, `benchmark-${name}`, "dev")),
      ];
      // Each once before, so that nothing is compiled or cached for the first time.
      for (const contender of contenders) await execute(contender);
      return inTurns(
        contenders.map((each, index) => ({ ...each, note: `${counts[index]} resources` })),
        rounds,
      );
    }),
  );
}

/** Kinds of processes, by their command line. */
const roles: Readonly<Record<string, RegExp>> = {
  "Pulumi's engine": /^\S*\/pulumi /,
  "the program": /cmd\/run\/|cmd\/run /,
  "the policy pack": /run-policy-pack/,
  "a provider": /provider\/main\.ts /,
  "the language host": /languageHost\/main\.ts/,
  "the launcher": /offline\/terminal\/main\.ts/,
};

const processes = ({ rounds }: Options): Promise<readonly Row[]> =>
  within(async (home) => {
    const env = { CHATPOP_OFFLINE_HOME: home };
    const rows = new Map<string, { number: number; runs: Omit<Measured, "processes">[] }>();
    for (const [scale, verb] of [
      ["large", "preview"],
      ["small", "up"],
    ] as const) {
      const words = ["make", verb, `STACK=${scale}`];
      await execute({ words: ["make", "up", `STACK=${scale}`], env });
      for (let round = 0; round < rounds; round++)
        for (const { line, processor, memory } of (await execute({ words, env })).processes) {
          const role = Object.keys(roles).find((name) => roles[name]!.test(line)) ?? "all others";
          const what = `\`${words.join(" ")}\`: ${role}`;
          const row = rows.get(what) ?? { number: 0, runs: [] };
          const run = (row.runs[round] ??= { wall: 0, processor: 0, memory: 0 });
          // One after the other they hold less at a time than their sum; the greatest is what one needs.
          row.runs[round] = {
            wall: 0,
            processor: run.processor + processor,
            memory: Math.max(run.memory, memory),
          };
          rows.set(what, { ...row, number: row.number + 1 });
        }
    }
    return [...rows].map(([what, { number, runs }]) => ({
      what,
      runs: runs.filter(Boolean),
      note: `${Math.round(number / rounds)} of them; memory of the greatest`,
    }));
  });

/** How many resources a stack's state has, without the stack itself and its providers. */
function resourcesIn(home: string, project: string, stack: string): number {
  const text = readIfPresent(join(home, "state", ".pulumi", "stacks", project, `${stack}.json`)) ?? "{}";
  const { checkpoint } = JSON.parse(text) as {
    checkpoint?: { latest?: { resources?: readonly { type: string }[] } };
  };
  return (checkpoint?.latest?.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:")).length;
}

const warmUp = ({ rounds }: Options): Promise<readonly Row[]> =>
  within(async (home) => {
    const up = {
      what: "`make up`, nothing changed",
      words: ["make", "up", "STACK=small"],
      env: { CHATPOP_OFFLINE_HOME: home },
    };
    const first = await inTurns([{ ...up, what: "`make up`, from nothing" }], 1);
    return [...first, ...(await inTurns([up], rounds))];
  });

/** A newcomer's first command in a clone of this project: packages are installed and PostgreSQL is unpacked. */
const firstUp = (what: string, envIn: (folder: string) => NodeJS.ProcessEnv): Promise<readonly Row[]> =>
  within((folder) => {
    spawnSync("git", ["clone", "--quiet", projectFolder, join(folder, "chatpop")], { stdio: "inherit" });
    const { CHATPOP_OFFLINE_HOME: _, ...others } = process.env;
    const env = { ...others, ...envIn(folder) };
    return inTurns([{ what, words: ["make", "-C", join(folder, "chatpop"), "up", "STACK=small"], env }], 1);
  });

const path = () => (process.env["PATH"] ?? "").split(delimiter);

/** An engine lies on the PATH. */
const clone = async (): Promise<readonly Row[]> => {
  const { executable } = await provideEngine(() => {});
  const engineFirst = { PATH: [dirname(executable), ...path()].join(delimiter) };
  return firstUp("`make up` in a new clone", () => engineFirst);
};

/** No engine is there, and nothing of Go's that would help to build it. */
const bare = (): Promise<readonly Row[]> =>
  firstUp("`make up` in a new clone, with the engine's making", (folder) => ({
    PATH: path()
      .filter((entry) => !existsSync(join(entry, "pulumi")))
      .join(delimiter),
    // Go's modules are read-only otherwise, and could not be removed.
    ...{ GOMODCACHE: join(folder, "modules"), GOCACHE: join(folder, "compiled"), GOFLAGS: "-modcacherw" },
  }));

/** The image, built and tried, by root. */
const image = (): Promise<readonly Row[]> =>
  inTurns([{ what: "`make image-build`", words: ["make", "image-build"] }], 1);

const workers = (count: number) =>
  JSON.stringify(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`worker-${index}`, { command: "python manage.py work" }]),
    ),
  );

const growth = ({ rounds }: Options): Promise<readonly Row[]> =>
  inTurns(
    [
      ...[100, 1_000, 10_000, 100_000].flatMap((rooms) => [
        {
          what: `\`make plan\`, ${rooms.toLocaleString("en-US")} rooms`,
          words: ["make", "plan", `ROOMS=${rooms}`],
        },
        {
          what: `the program, ${rooms.toLocaleString("en-US")} rooms`,
          words: ourNode("register.ts", "large", `rooms=${rooms}`),
        },
      ]),
      ...[1, 5, 10, 20, 50].map((count) => ({
        what: `the program, ${count} workers`,
        words: ourNode("register.ts", "large", `workers=${workers(count)}`),
      })),
    ],
    rounds,
  );

/** The test commands, once each: they take minutes. */
function tests(): Promise<readonly Row[]> {
  const timed = (target: string): Row => {
    const [start, before] = [performance.now(), waitedFor()];
    const { status, stdout } = spawnSync("make", [target], { cwd: projectFolder, maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`make ${target} ended with ${String(status)}\n${stdout.toString()}`);
    const wall = (performance.now() - start) / 1_000;
    return { what: `\`make ${target}\``, runs: [{ wall, processor: waitedFor() - before, memory: 0 }] };
  };
  const rows = ["lint", "test-unit", "test"].map(timed);
  const left = (name: string) => readIfPresent(join(projectFolder, ".offline", name)) ?? "";
  const { stats } = JSON.parse(left("test-result.json")) as { stats: { duration: number; tests: number } };
  const suites = ["image-test", "loadtest"].map((name) => {
    const of = (attribute: string) =>
      new RegExp(`<testsuite [^>]*\\b${attribute}="([\\d.]+)"`).exec(left(`${name}-result.xml`))?.[1] ?? 0;
    return [name.replace("-", "/"), Number(of("time")), Number(of("tests"))] as const;
  });
  const within = [["mocha", stats.duration / 1_000, stats.tests] as const, ...suites].map(
    ([what, wall, count]): Row => ({
      what: `of \`make test\`: ${what}`,
      runs: [{ wall, processor: 0, memory: 0 }],
      note: `${count.toLocaleString("en-US")} tests`,
    }),
  );
  return Promise.resolve([...rows, ...within]);
}

/** The index build against `psql`, in turns. */
async function indexes({ rounds, rows }: Options): Promise<readonly Row[]> {
  const runs = (seconds: readonly number[]) => seconds.map((wall) => ({ wall, processor: 0, memory: 0 }));
  const measured: Row[] = [];
  for (const count of rows) {
    const { builder, psql, ratio, longest } = await indexBuild(count, rounds);
    const size = `${count.toLocaleString("en-US")} rows`;
    const note = `${ratio.toFixed(3)} of psql's time, longest write ${longest.toFixed(1)} ms`;
    measured.push({ what: `the builder, ${size}`, runs: runs(builder), note });
    measured.push({ what: `\`psql\`, ${size}`, runs: runs(psql) });
  }
  return measured;
}

/** Everything that is measured, by name. */
export const parts = {
  preview,
  processes,
  up: warmUp,
  clone,
  bare,
  growth,
  indexes,
  image,
  tests,
} satisfies Readonly<Record<string, (options: Options) => Promise<readonly Row[]>>>;
export type PartName = keyof typeof parts;
