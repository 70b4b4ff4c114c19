// Running Pulumi commands offline: the real engine, in a home of its own, against the embedded AWS.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { readCommandLine, type CommandLine } from "./commandLine";
import { provideEngine, type Engine } from "./engine";
import { PROJECT } from "./files";
import { installPlugins } from "./plugins";
import { copyOf, renewCopy, UsageError } from "./projectCopy";
import { protectedResources, refusal } from "./protection";

/** Where things lie in an offline home. */
export interface Layout {
  /** The engine's own home, with the plugins of the embedded AWS. */
  readonly pulumiHome: string;
  /** The stacks' state. */
  readonly state: string;
  /** The copies of the project's configuration. */
  readonly config: string;
  /** The embedded AWS account. */
  readonly account: string;
}

/** How a command ended; the outputs are empty when they went to the terminal. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command. */
export interface RunOptions {
  /** The offline home. @default `offlineHome()` */
  readonly home?: string;
  /** Variables to add to the offline environment. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the command talks to the terminal, or its outputs are returned. @default false */
  readonly terminal?: boolean;
  /** Receives this program's messages, one line each. @default they are dropped */
  readonly say?: (line: string) => void;
  /** Receives the lines of standard output as they come, which then are not returned. @default all are returned at the end */
  readonly receive?: (line: string) => void;
}

/** Variables of Pulumi's that help to look into a run and give away nothing; all others stay outside. */
const KEPT = /^PULUMI_(DEBUG_|PARALLEL)/;
const LOGIN = /^(PULUMI|AWS)_/;

/** The offline home: CHATPOP_OFFLINE_HOME, or else `.offline`. */
export function offlineHome(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.CHATPOP_OFFLINE_HOME ?? join(PROJECT, ".offline"));
}

/** Where things lie in the offline home `home`. */
export function layout(home: string): Layout {
  return {
    pulumiHome: join(home, "home"),
    state: join(home, "state"),
    config: join(home, "config"),
    account: join(home, "account"),
  };
}

/** The environment of an offline command: nothing of the user's own Pulumi or AWS login, the home's own instead. */
export function offlineEnvironment(
  home: string,
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const { pulumiHome, state } = layout(home);
  const kept = Object.entries(env).filter(([name]) => KEPT.test(name) || !LOGIN.test(name));
  return {
    ...Object.fromEntries(kept),
    CHATPOP_OFFLINE_HOME: home,
    EMBEDDED_AWS_HOME: home,
    // The embedded AWS holds no images: this module stands in for ChatPop's containers.
    EMBEDDED_AWS_CONTAINERS: join(PROJECT, "offline", "chatpop", "manage.ts"),
    CHATPOP_COMMAND: "offline/pulumi",
    ...callerOf(env.AS),
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_STACK: stack,
    // It protects nothing real; a passphrase of the user's would make the home depend on the shell it was made in.
    PULUMI_CONFIG_PASSPHRASE: "offline",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A provider on the user's PATH would take the place of the embedded AWS.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    // Pulumi's runner of policy packs can be given nothing else.
    NODE_OPTIONS: [env.NODE_OPTIONS, `--require ${JSON.stringify(join(PROJECT, "lazyModules.cjs"))}`]
      .filter(Boolean)
      .join(" "),
  };
}

/**
 * Caller of the command in the embedded AWS: `AS=deploy` is the role that deploys from GitHub, another value is a
 * role's name.
 */
function callerOf(as: string | undefined): NodeJS.ProcessEnv {
  if (!as) return {};
  return { EMBEDDED_AWS_CALLER: as === "deploy" ? "chatpop-deploy-*" : as };
}

/** The engine's own file with a stack's state. */
export function stateFile(home: string, stack: string): string {
  return join(layout(home).state, ".pulumi", "stacks", "chatpop", `${stack}.json`);
}

/**
 * Runs a Pulumi command offline, as typed after `pulumi`, and creates the stack on first use.
 * @throws UsageError when the command line, the stack's name or a fault is wrong, or a protected stack would be destroyed.
 */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const { home = offlineHome(), say = () => {} } = options;
  const line = readCommandLine(args, process.env.STACK ?? "small", process.cwd());
  await refuseWrongFaults(options.env?.["EMBEDDED_AWS_FAULTS"] ?? process.env["EMBEDDED_AWS_FAULTS"]);
  const { config, state, pulumiHome } = layout(home);
  const engine = await provideEngine((text) => say(`engine: ${text}`));

  mkdirSync(state, { recursive: true });
  installPlugins(pulumiHome);
  renewCopy(line.stack, config, say);
  refuseIfProtected(line, home);

  const pulumi = (words: readonly string[], terminal: boolean) =>
    execute(
      engine,
      words,
      config,
      { ...offlineEnvironment(home, line.stack), ...options.env },
      terminal,
      options.receive,
    );
  if (line.needsStack && !existsSync(stateFile(home, line.stack))) {
    const created = await pulumi(["stack", "init", line.stack, "--no-select", "--non-interactive"], false);
    // Another run may have been quicker.
    if (created.code !== 0 && !existsSync(stateFile(home, line.stack))) return created;
  }
  const result = await pulumi(line.args, options.terminal === true);
  if (result.code === 0 && /^config (set|rm|cp|refresh)/.test(line.command)) {
    say(`changed ${copyOf(line.stack, config)}, for offline runs; Pulumi.${line.stack}.yaml stays as it is`);
  }
  return result;
}

/** Checks the faults before the plugin reads them: the engine would report a wrong one as a bug in the provider. */
async function refuseWrongFaults(text: string | undefined): Promise<void> {
  if (!text) return;
  // Its schema takes a tenth of a second to load.
  const { readFaults } = await import("../packages/embedded-aws/provider/faults");
  try {
    readFaults(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function refuseIfProtected({ command, stack, args }: CommandLine, home: string): void {
  if (!["destroy", "down"].includes(command)) return;
  if (args.includes("--exclude-protected") || args.includes("--preview-only")) return;
  const names = protectedResources(stateFile(home, stack));
  if (names.length > 0) throw new UsageError(refusal(stack, names));
}

function execute(
  engine: Engine,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  terminal: boolean,
  receive?: (line: string) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stdio = terminal ? "inherit" : (["ignore", "pipe", "pipe"] as const);
    const child = spawn(engine.executable, args, { cwd, env, stdio: stdio as "inherit" });
    let stdout = "";
    let stderr = "";
    if (child.stdout && receive) createInterface({ input: child.stdout }).on("line", receive);
    else child.stdout?.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr?.on("data", (text: Buffer) => (stderr += text.toString()));
    // The terminal sends Ctrl-C to both; this process must outlive the engine, which still has state to write.
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
