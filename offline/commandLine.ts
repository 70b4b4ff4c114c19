// What a Pulumi command line means for an offline run: which stack, and whether that stack must exist.
import { resolve } from "node:path";

import { UsageError } from "./projectCopy";

/** A command line, understood. */
export interface CommandLine {
  /** The command, with its subcommand when it has one: "up", "config set". */
  readonly command: string;
  readonly stack: string;
  /** Whether the command works on a stack, which is then created when there is none yet. */
  readonly needsStack: boolean;
  /** The arguments to pass on. */
  readonly args: readonly string[];
}

const GROUPS = new Set(["config", "stack", "state", "policy", "plugin", "package"]);

/** Commands on a stack; a group stands for its subcommands. */
const STACK_COMMANDS = new Set(
  "cancel config console destroy down import logs pre preview refresh stack state up update watch".split(" "),
);
const WITHOUT_STACK = new Set(["stack init", "stack ls", "stack new", "stack rm", "stack select"]);

/** Subcommands that take the stack's name as their argument. */
const NAMED_BY_ARGUMENT = new Set(["stack init", "stack new", "stack rm", "stack select"]);

/** Options whose value is a path, which the engine would read in another folder than the user meant. */
const PATH_OPTIONS = new Set(
  "--config-file --event-log --file --import-file --out --plan --policy-pack --policy-pack-config --save-plan".split(
    " ",
  ),
);

/**
 * Reads a Pulumi command line given in the folder `folder`.
 * @throws UsageError when the command does not come first.
 */
export function readCommandLine(args: readonly string[], defaultStack: string, folder: string): CommandLine {
  const [first = "help", second] = args;
  if (first.startsWith("-") && !["-h", "--help", "--version"].includes(first)) {
    throw new UsageError(`Write the command first: offline/pulumi <command> ${first} …`);
  }
  const hasSubcommand = GROUPS.has(first) && second !== undefined && !second.startsWith("-");
  const command = hasSubcommand ? `${first} ${second}` : first;
  const asksForHelp = args.some((arg) => arg === "-h" || arg === "--help");
  const named = NAMED_BY_ARGUMENT.has(command) && args[2]?.startsWith("-") === false ? args[2] : undefined;
  return {
    command,
    stack: optionValue(args, "--stack") ?? optionValue(args, "-s") ?? named ?? defaultStack,
    needsStack: !asksForHelp && STACK_COMMANDS.has(first) && !WITHOUT_STACK.has(command),
    args: args.map((arg, index) => absolute(arg, args[index - 1], command, folder)),
  };
}

function optionValue(args: readonly string[], option: string): string | undefined {
  const joined = args.find((arg) => arg.startsWith(`${option}=`));
  if (joined !== undefined) return joined.slice(option.length + 1);
  const index = args.indexOf(option);
  return index < 0 ? undefined : args[index + 1];
}

function absolute(arg: string, before: string | undefined, command: string, folder: string): string {
  // Elsewhere -f is --force, or --skip-preview.
  const takesPath = (option: string) => PATH_OPTIONS.has(option) || (option === "-f" && command === "import");
  if (before !== undefined && takesPath(before)) return resolve(folder, arg);
  const equals = arg.indexOf("=");
  if (equals < 0 || !takesPath(arg.slice(0, equals))) return arg;
  return `${arg.slice(0, equals)}=${resolve(folder, arg.slice(equals + 1))}`;
}
