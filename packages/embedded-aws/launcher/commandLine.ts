// Reads a Pulumi command line: its project, its stacks, and whether they must exist.
import { resolve } from "node:path";

import { UsageError } from "./projectCopy";

/** A command line in its parts. */
export interface CommandLine {
  /** The command, with its subcommand when it has one: "up", "config set". */
  readonly command: string;
  /** The stack that the command names; undefined when it names none. */
  readonly stack: string | undefined;
  /** The stack whose configuration a new one copies (`--copy-config-from`). */
  readonly copied: string | undefined;
  /** Whether the command works on a stack; a missing stack is then created. */
  readonly needsStack: boolean;
  /** Whether the command makes the stack that it names. */
  readonly makesStack: boolean;
  /** The folder that `--cwd` names; undefined without it. */
  readonly cwd: string | undefined;
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

/** Options whose value is a path. The engine runs in another folder, so the path is made absolute. */
const pathOptions = new Set(
  "--config-file --event-log --file --import-file --out --plan --policy-pack --policy-pack-config --save-plan".split(
    " ",
  ),
);

/** Options whose value is no argument of the command. */
const valued = new Set([...pathOptions, "--copy-config-from", "--secrets-provider", "--stack", "-s"]);

/**
 * Reads a Pulumi command line given in the folder `folder`. `tool` is what the user typed before it.
 * @throws UsageError when the command does not come first.
 */
export function readCommandLine(given: readonly string[], folder: string, tool = "pulumi"): CommandLine {
  const { args, cwd } = withoutCwd(given);
  const [first = "help", second] = args;
  if (first.startsWith("-") && !["-h", "--help", "--version"].includes(first)) {
    throw new UsageError(`Write the command first: ${tool} <command> ${first} …`);
  }
  const hasSubcommand = groups.has(first) && second !== undefined && !second.startsWith("-");
  const command = hasSubcommand ? `${first} ${second}` : first;
  const asksForHelp = args.some((arg) => arg === "-h" || arg === "--help");
  const named = namedByArgument.has(command) ? argumentOf(args.slice(2)) : undefined;
  const where = resolve(folder, cwd ?? ".");
  return {
    command,
    stack: optionOf(args, stackOptionForm) ?? named,
    copied: optionOf(args, copyOptionForm),
    needsStack: !asksForHelp && stackCommands.has(first) && !withoutStack.has(command),
    makesStack: ["stack init", "stack new"].includes(command) || args.includes("--create"),
    cwd: cwd === undefined ? undefined : where,
    args: args.map((arg, index) => absolute(arg, args[index - 1], command, where)),
  };
}

/** Takes `--cwd <folder>` and `-C <folder>` out of a command line. */
function withoutCwd(given: readonly string[]): { args: readonly string[]; cwd?: string } {
  const index = given.findIndex((arg) => /^(--cwd|-C)(=|$)/.test(arg));
  if (index < 0) return { args: given };
  const [, , joined] = /^(--cwd|-C)=?(.*)$/.exec(given[index]!)!;
  const cwd = joined || given[index + 1];
  if (cwd === undefined) throw new UsageError(`${given[index]} names no folder: write --cwd <folder>`);
  return { args: given.filter((_, at) => at !== index && (joined || at !== index + 1)), cwd };
}

/** `--stack large`, `--stack=large`, `-s large`, `-s=large`, `-slarge`, and -s at the end of other short switches: `-ys large`. */
const stackOptionForm = /^(?:--stack(?:=(.+))?|-[yfrjd]*s=?(.*))$/;
const copyOptionForm = /^--copy-config-from(?:=(.+))?$/;

function optionOf(args: readonly string[], form: RegExp): string | undefined {
  const index = args.findIndex((arg) => form.test(arg));
  if (index < 0) return undefined;
  const [, long, short] = form.exec(args[index]!)!;
  return long || short || args[index + 1];
}

/** The first word that is neither an option nor an option's value. */
function argumentOf(args: readonly string[]): string | undefined {
  return args.find((arg, index) => !arg.startsWith("-") && !valued.has(args[index - 1] ?? ""));
}

function absolute(arg: string, before: string | undefined, command: string, folder: string): string {
  // Elsewhere -f is --force, or --skip-preview.
  const takesPath = (option: string) => pathOptions.has(option) || (option === "-f" && command === "import");
  if (before !== undefined && takesPath(before)) return resolve(folder, arg);
  const equals = arg.indexOf("=");
  if (equals < 0 || !takesPath(arg.slice(0, equals))) return arg;
  return `${arg.slice(0, equals)}=${resolve(folder, arg.slice(equals + 1))}`;
}
