import { spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { evaluate, filled, type Contexts } from "./expressions";
import { cannotRunOffline, project, type Step, whereIs } from "./workflows";

/** A machine that jobs run on: a checkout of the project, and what stands in for commands of the outside world. */
export class Runner {
  readonly checkout: string;
  private readonly commands: string;

  constructor(
    private readonly folder: string,
    /** Variables of every step. */
    readonly environment: Readonly<Record<string, string>>,
  ) {
    this.checkout = join(folder, "checkout");
    this.commands = join(folder, "commands");
    // PostgreSQL, which does not run as root, has to reach what a base brings along.
    chmodSync(folder, 0o755);
    for (const each of [this.checkout, this.commands]) mkdirSync(each);
    for (const entry of readdirSync(project)) symlinkSync(join(project, entry), join(this.checkout, entry));
    // Where git wrote the lock file later, `make` would install the packages anew, under the feet of these tests.
    const now = new Date();
    utimesSync(join(project, "node_modules", ".package-lock.json"), now, now);
    this.standIn("pulumi", `exec '${join(project, "offline", "pulumi")}' "$@"`);
  }

  /** Puts a command first on the PATH. */
  standIn(name: string, script: string): void {
    const file = join(this.commands, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs a shell text as a runner does; the exit code and everything it printed. */
  execute(
    text: string,
    environment: Readonly<Record<string, string>>,
    folder = this.checkout,
  ): Promise<{ code: number; printed: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", text], {
        cwd: folder,
        env: {
          ...process.env,
          ...this.environment,
          ...environment,
          PATH: `${this.commands}:${process.env["PATH"]}`,
        },
      });
      let printed = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      }
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 1, printed }));
    });
  }

  /** A new file for what steps tell GitHub. */
  file(name: string): string {
    const path = join(this.folder, name);
    appendFileSync(path, "");
    return path;
  }
}

/** The end of a job. */
export interface Outcome {
  readonly green: boolean;
  /** `success`, `failure` or `skipped`, by the step's name. */
  readonly steps: Readonly<Record<string, string>>;
  /** Outputs of steps for later ones, by the step's id. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Output of the steps, one after the other. */
  readonly printed: string;
  readonly summary: string;
}

export interface JobOptions {
  readonly contexts: Contexts;
  /** The job's own variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further variables of one step, by its name. */
  readonly during?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where the commands run. @default the runner's checkout */
  readonly folder?: string;
}

/** The steps that were run, by where they are; the last test compares them with all there are. */
export const executed = new Set<string>();

let jobs = 0;

/** Runs the commands of a job's steps with their own conditions and values; actions count as successful. */
export async function runJob(
  runner: Runner,
  place: string,
  list: readonly Step[],
  { contexts, env = {}, during = {}, folder }: JobOptions,
): Promise<Outcome> {
  const number = ++jobs;
  const summary = runner.file(`summary-${number}`);
  const output = runner.file(`output-${number}`);
  const steps: Record<string, { outcome: string; outputs: Record<string, string> }> = {};
  const outcomes: Record<string, string> = {};
  let [green, printed] = [true, ""];
  for (const step of list) {
    const now = { ...contexts, steps };
    const name = step.name ?? step.uses!;
    let outcome = "skipped";
    if (evaluate(step.if ?? "success()", now, green)) {
      outcome = "success";
      const where = whereIs(place, step);
      if (step.run && !(where in cannotRunOffline)) {
        executed.add(where);
        writeFileSync(output, "");
        const variables = {
          ...filled(env, now, green),
          ...filled(step.env ?? {}, now, green),
          ...during[name],
          GITHUB_OUTPUT: output,
          GITHUB_PATH: runner.file("path"),
          GITHUB_STEP_SUMMARY: summary,
        };
        const result = await runner.execute(step.run, variables, folder);
        printed += result.printed;
        if (result.code !== 0) [outcome, green] = ["failure", false];
      }
    }
    outcomes[name] = outcome;
    if (step.id)
      steps[step.id] = { outcome, outputs: step.run ? outputsIn(readFileSync(output, "utf8")) : {} };
  }
  const outputs = Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, step.outputs]));
  return { green, steps: outcomes, outputs, printed, summary: readFileSync(summary, "utf8") };
}

const outputsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
