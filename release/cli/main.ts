import { explain, UsageError, withoutPassword } from "../indexes/errors";
import { apply, plan, type Report } from "../indexes";
import { parseCommand, usage, type Command } from "./arguments";
import { formatReport, progressWriter, type Screen } from "./output";

/** Exit codes; 3 tells a pipeline that there is work to do, without anything having gone wrong. */
const exitCodes: Readonly<Record<Report["state"], number>> = {
  valid: 0,
  failed: 1,
  running: 1,
  incomplete: 3,
};
const usageExitCode = 2;
const failureExitCode = 1;

/** Environment and streams of the command line. */
export interface Surroundings {
  /** `DATABASE_URL` and `PGPASSWORD` count. */
  readonly environment: NodeJS.ProcessEnv;
  /** Gets the report and nothing else. */
  readonly output: Screen;
  /** Gets progress and errors. */
  readonly errors: Screen;
  /** Cuts a run short; the server finishes the index that is being built. */
  readonly signal?: AbortSignal;
}

/** Runs `chatpop-indexes` and gives its exit code. */
export async function main(arguments_: readonly string[], surroundings: Surroundings): Promise<number> {
  const { environment, output, errors } = surroundings;
  let command: Command | undefined;
  try {
    command = parseCommand(arguments_, environment);
    if (!command) {
      output.write(`${usage}\n`);
      return 0;
    }
    const report = await run(command, surroundings);
    output.write(`${command.json ? JSON.stringify(report, null, 2) : formatReport(report, command.mode)}\n`);
    return exitCodes[report.state];
  } catch (error) {
    errors.write(`chatpop-indexes: ${withoutPassword(explain(error), command?.address.password)}\n`);
    return error instanceof UsageError ? usageExitCode : failureExitCode;
  }
}

function run({ mode, json, address, options }: Command, { errors, signal }: Surroundings): Promise<Report> {
  if (mode !== "apply") return plan(address, options);
  return apply(address, { ...options, signal, onProgress: json ? undefined : progressWriter(errors) });
}

/** Runs `chatpop-indexes` as a process: an interrupt leaves the build to the server and still prints the report. */
export async function start(): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());
  const { env: environment, stdout: output, stderr: errors } = process;
  process.exitCode = await main(process.argv.slice(2), {
    environment,
    output,
    errors,
    signal: interrupted.signal,
  });
}
