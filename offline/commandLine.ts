// Reads a Pulumi command line for an offline run: the stack, and whether that stack must exist.
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

const groups = new Set(["config", "stack", "state", "policy", "plugin", "package"]);

/** Commands on a stack; a group stands for its subcommands. */
const stackCommands = new Set(
  "cancel config console destroy down import logs pre preview refresh stack state up update watch".split(" "),
);
const withoutStack = new Set(["stack init", "stack ls", "stack new", "stack rm", "stack select"]);

/** Subcommands that take the stack's name as their argument. */
const namedByArgument = new Set(["stack init", "stack new", "stack rm", "stack select"]);

/** Options whose value is a path, which the engine would read in another folder than the user meant. */
const pathOptions = new Set(
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
  const hasSubcommand = groups.has(first) && second !== undefined && !second.startsWith("-");
  const command = hasSubcommand ? `${first} ${second}` : first;
  const asksForHelp = args.some((arg) => arg === "-h" || arg === "--help");
  const named = namedByArgument.has(command) && args[2]?.startsWith("-") === false ? args[2] : undefined;
  return {
    command,
    stack: stackOption(args) ?? named ?? defaultStack,
    needsStack: !asksForHelp && stackCommands.has(first) && !withoutStack.has(command),
    args: args.map((arg, index) => absolute(arg, args[index - 1], command, folder)),
  };
}

/** `--stack large`, `--stack=large`, `-s large`, `-s=large`, `-slarge`, and -s at the end of other short switches: `-ys large`. */
const stackOptionForm = /^(?:--stack(?:=(.+))?|-[yfrjd]*s=?(.*))$/;

function stackOption(args: readonly string[]): string | undefined {
  const index = args.findIndex((arg) => stackOptionForm.test(arg));
  if (index < 0) return undefined;
  const [, long, short] = stackOptionForm.exec(args[index]!)!;
  return long || short || args[index + 1];
}

function absolute(arg: string, before: string | undefined, command: string, folder: string): string {
  // Elsewhere -f is --force, or --skip-preview.
  const takesPath = (option: string) => pathOptions.has(option) || (option === "-f" && command === "import");
  if (before !== undefined && takesPath(before)) return resolve(folder, arg);
  const equals = arg.indexOf("=");
  if (equals < 0 || !takesPath(arg.slice(0, equals))) return arg;
  return `${arg.slice(0, equals)}=${resolve(folder, arg.slice(equals + 1))}`;
}
