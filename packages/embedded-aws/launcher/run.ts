// Runs Pulumi commands of any project: the real engine, in a home of its own, on the embedded AWS.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { readCommandLine, type CommandLine } from "./commandLine";
import { provideEngine } from "./engine";
import { layout, stateFile } from "./environment";
import { installPlugins } from "./plugins";
import { copyOf, findProject, projectName, renewCopy, type Suggestions, UsageError } from "./projectCopy";

/** Result of a command; the outputs are empty if they went to the terminal. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command on a project's stack, about to run. */
export interface Prepared {
  readonly line: CommandLine;
  /** The project's folder. */
  readonly project: string;
  readonly stack: string;
  /** The engine's file with the stack's state. */
  readonly state: string;
}

/** Place and options of a command. */
export interface RunOptions {
  /** The home that keeps account, state and configuration. */
  readonly home: string;
  /** The folder in which the user typed the command. */
  readonly folder: string;
  /** The project of a command without `--cwd`. @default the nearest `Pulumi.yaml`, from `folder` upwards */
  readonly project?: string;
  /** The user's words before the command, for messages. */
  readonly tool: string;
  /** The stack of a command that names none. */
  readonly defaultStack: (place: { readonly project: string; readonly config: string }) => string;
  /** Order of the stacks that a message names. @default alphabetical */
  readonly suggestions?: Suggestions;
  /** The environment of the engine. */
  readonly environment: (stack: string) => NodeJS.ProcessEnv;
  /** Throws a UsageError when the command must not run. @default everything may */
  readonly guard?: (prepared: Prepared) => void;
  /** Whether the command uses the terminal; otherwise its outputs are returned. @default false */
  readonly terminal?: boolean;
  /** Receives this program's messages, one line each. @default messages are dropped */
  readonly say?: (line: string) => void;
  /**
   * Receives the lines of standard output as they come, instead of the result. @default the result has them at the end
   */
  readonly receive?: (line: string) => void;
}

/** The folder with the copies of a project's configuration. */
export function configFolder(home: string, project: string, own?: string): string {
  const { config } = layout(home);
  // Projects that share a home may have the same name.
  const digest = createHash("sha256").update(project).digest("hex").slice(0, 8);
  return project === own ? config : join(config, `${basename(project)}-${digest}`);
}

/**
 * Runs a Pulumi command as typed after `pulumi`, and creates the stack on first use.
 * @throws UsageError when the command line, the stack's name or a fault is wrong, or the guard refuses.
 */
export async function run(args: readonly string[], options: RunOptions): Promise<Result> {
  const { home, say = () => {}, environment, terminal = false } = options;
  const line = readCommandLine(args, options.folder, options.tool);
  refuseMissingFolder(line.cwd);
  const folder = line.cwd ?? options.folder;
  const project = (line.cwd === undefined ? options.project : undefined) ?? findProject(folder);
  refuseMissingTemporaryFolder(environment("")["TMPDIR"]);
  await refuseWrongFaults(environment("")["EMBEDDED_AWS_FAULTS"]);
  const executable = await prepareHome(home, project, say);
  if (project === undefined) {
    if (line.needsStack || line.makesStack)
      throw new UsageError(`There is no Pulumi.yaml in ${folder} or above it: --cwd names a project.`);
    return execute(executable, line.args, folder, environment(""), terminal);
  }

  const config = configFolder(home, project, options.project);
  const stack = line.stack ?? options.defaultStack({ project, config });
  const prepared = { line, project, stack, state: stateFile(home, projectName(project), stack) };
  removeEmptyAttributes(dirname(prepared.state));
  const words = { tool: options.tool, ...(options.suggestions && { suggestions: options.suggestions }) };
  renewCopy(stack, config, say, project, { ...words, making: line.makesStack });
  if (line.copied !== undefined) renewCopy(line.copied, config, say, project, words);
  options.guard?.(prepared);

  const pulumi = (words: readonly string[], talks: boolean) =>
    execute(executable, words, config, environment(stack), talks, options.receive);
  for (const needed of [line.needsStack ? stack : undefined, line.copied]) {
    if (needed === undefined) continue;
    const file = stateFile(home, projectName(project), needed);
    if (existsSync(file)) continue;
    const created = await pulumi(["stack", "init", needed, "--no-select", "--non-interactive"], false);
    // Another run may have created the stack meanwhile.
    if (created.code !== 0 && !existsSync(file)) return created;
  }
  const result = await pulumi(line.args, terminal);
  if (result.code === 0 && /^config (set|rm|cp|refresh)/.test(line.command)) {
    const file = `Pulumi.${stack}.yaml`;
    const committed = existsSync(join(project, file))
      ? `${file} stays as it is`
      : `there is no ${file} in the project`;
    say(`changed ${copyOf(stack, config)}, for offline runs; ${committed}`);
  }
  return result;
}

/**
 * Prepares a home for any command: the engine, the folder of its state, the plugins.
 *
 * @param home The home that keeps account, state and configuration.
 * @param project The folder of the project whose plugins are needed. @default the embedded AWS's own plugins
 * @param say Receives messages, one line each.
 * @returns The engine's executable.
 */
export async function prepareHome(
  home: string,
  project: string | undefined,
  say: (line: string) => void,
): Promise<string> {
  const { executable } = await provideEngine((text) => say(`engine: ${text}`));
  const { state, pulumiHome } = layout(home);
  mkdirSync(state, { recursive: true });
  installPlugins(pulumiHome, project);
  return executable;
}

/** Removes empty attribute files that a killed engine has left in an older home. */
function removeEmptyAttributes(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".attrs"))) {
    const file = join(folder, name);
    if (statSync(file).size === 0) rmSync(file);
  }
}

/**
 * Engine, provider and pack write there. Without this check each fails differently, and the engine does not say why.
 */
function refuseMissingTemporaryFolder(folder: string | undefined): void {
  if (!folder || existsSync(folder)) return;
  throw new UsageError(
    `TMPDIR names a folder that does not exist: ${folder}. Make it, or type: unset TMPDIR`,
  );
}

/** Otherwise the project above it would be taken. */
export function refuseMissingFolder(cwd: string | undefined): void {
  if (cwd === undefined || existsSync(cwd)) return;
  throw new UsageError(`--cwd names ${cwd}, which does not exist. Allowed: the folder of a Pulumi project.`);
}

/** Checks the faults before the plugin reads them: the engine would report a wrong one as a bug in the provider. */
async function refuseWrongFaults(text: string | undefined): Promise<void> {
  if (!text) return;
  // Its schema takes a tenth of a second to load.
  const { readFaults } = await import("../provider/faults");
  try {
    readFaults(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Runs a command to its end. */
export function execute(
  executable: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  terminal: boolean,
  receive?: (line: string) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stdio = terminal ? "inherit" : (["ignore", "pipe", "pipe"] as const);
    const child = spawn(executable, args, { cwd, env, stdio: stdio as "inherit" });
    let stdout = "";
    let stderr = "";
    if (child.stdout && receive) createInterface({ input: child.stdout }).on("line", receive);
    else child.stdout?.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr?.on("data", (text: Buffer) => (stderr += text.toString()));
    // The terminal sends Ctrl-C to both processes; this one ignores it and waits while the engine writes its state.
    const wait = () => {};
    const pass = () => child.kill("SIGTERM");
    process.on("SIGINT", wait).on("SIGTERM", pass);
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", wait).off("SIGTERM", pass);
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}
