// Running Pulumi commands of this project offline: the launcher of the embedded AWS with what ChatPop adds to it.
import { join, resolve } from "node:path";

import { embeddedEnvironment, stateFile as stateFileOf } from "../packages/embedded-aws/launcher/environment";
import { UsageError } from "../packages/embedded-aws/launcher/projectCopy";
import { run as runOf, type Prepared, type Result } from "../packages/embedded-aws/launcher/run";
import { projectFolder } from "./files";
import { lostState } from "./lostState";
import { protectedResources, refusal } from "./protection";

export { layout } from "../packages/embedded-aws/launcher/environment";
export type { Result };

/** Options of a command. */
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

/** The offline home: CHATPOP_OFFLINE_HOME, or else `.offline`. */
export function offlineHome(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.CHATPOP_OFFLINE_HOME ?? join(projectFolder, ".offline"));
}

/** The environment of an offline command: nothing of the user's own Pulumi or AWS login, the home's own instead. */
export function offlineEnvironment(
  home: string,
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...embeddedEnvironment(home, stack, env),
    CHATPOP_OFFLINE_HOME: home,
    // The embedded AWS holds no images: this module stands in for ChatPop's containers.
    EMBEDDED_AWS_CONTAINERS: join(projectFolder, "offline", "chatpop", "manage.ts"),
    CHATPOP_COMMAND: "offline/pulumi",
    ...callerOf(env.AS),
    // Pulumi's runner of policy packs can be given nothing else.
    NODE_OPTIONS: [env.NODE_OPTIONS, `--require ${JSON.stringify(join(projectFolder, "lazyModules.cjs"))}`]
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
  return stateFileOf(home, "chatpop", stack);
}

/** Names of stacks as a message lists them: what begins like the written name, the scales from small to large, the others. */
export function suggestions(written: string, names: readonly string[]): readonly string[] {
  const known = ["small", "medium", "large"].filter((scale) => names.includes(scale));
  const start = written.slice(0, Math.max(2, Math.floor(written.length / 2)));
  const alike = names.filter((name) => name.startsWith(start));
  return [...new Set([...alike, ...known, ...[...names].sort()])];
}

/**
 * Runs a Pulumi command offline, as typed after `pulumi`, and creates the stack on first use. With `--cwd` it works on
 * another project, in the same account.
 * @throws UsageError when the command line, the stack's name or a fault is wrong, the state is lost, or a protected stack would be destroyed.
 */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const { home = offlineHome(), env, terminal, say, receive } = options;
  return runOf(args, {
    ...{ home, folder: process.cwd(), project: projectFolder, tool: "offline/pulumi" },
    defaultStack: ({ project }) => (project === projectFolder ? (process.env.STACK ?? "small") : "dev"),
    suggestions,
    environment: (stack) => ({ ...offlineEnvironment(home, stack), ...env }),
    guard: (prepared) => {
      refuseIfLost(home, prepared);
      refuseIfProtected(prepared);
    },
    ...(terminal !== undefined && { terminal }),
    ...(say && { say }),
    ...(receive && { receive }),
  });
}

function refuseIfLost(home: string, { line, project, stack, state }: Prepared): void {
  const problem = project === projectFolder && line.needsStack ? lostState(home, stack, state) : undefined;
  if (problem !== undefined) throw new UsageError(problem);
}

function refuseIfProtected({ line: { command, args }, project, stack, state }: Prepared): void {
  if (project !== projectFolder || !["destroy", "down"].includes(command)) return;
  if (args.includes("--exclude-protected") || args.includes("--preview-only")) return;
  const names = protectedResources(state);
  if (names.length > 0) throw new UsageError(refusal(stack, names));
}
