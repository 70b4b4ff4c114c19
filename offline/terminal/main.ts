// `make up`, `make preview`, `make down`: a Pulumi command whose events are told in a few lines.
import { EngineNotFound } from "../../packages/embedded-aws/launcher/engine/search";
import { type Result, run } from "../environment";
import { UsageError } from "../../packages/embedded-aws/launcher/projectCopy";
import { readEvent } from "./events";
import { asData } from "./json";
import { Operations } from "./operation";
import { Progress } from "./progress";
import { changedResources, closing, type Command, counts, inColour } from "./text";

const usage = "usage: main.ts preview|up|destroy --stack <stack> [--json] [<options of pulumi>]";

const changing: Readonly<Record<Command["verb"], string>> = {
  preview: "",
  up: "Updating",
  destroy: "Deleting",
};

function readCommand(args: readonly string[]): Command {
  const [verb] = args;
  const stack = args[args.indexOf("--stack") + 1];
  if ((verb !== "preview" && verb !== "up" && verb !== "destroy") || !args.includes("--stack"))
    throw new UsageError(usage);
  if (!stack) throw new UsageError("No stack is named. For instance: STACK=small, or leave STACK out.");
  return { verb, stack, options: furtherOf(args).join(" ") };
}

/** What the Makefile gives each command, with its value where it has one. */
const always = ["--yes", "--json", "--skip-preview"];
const alwaysWithValue = ["--stack", "--policy-pack"];

/** Options of the person's own, as far as they are of use in the next command; a word with a special character in quotes. */
const furtherOf = ([, ...args]: readonly string[]) =>
  args
    .filter(
      (arg, index) =>
        ![...always, ...alwaysWithValue, "--expect-no-changes"].includes(arg) &&
        !alwaysWithValue.includes(args[index - 1] ?? ""),
    )
    .map((arg) => (/^[\w./=:,@-]+$/.test(arg) ? arg : `'${arg}'`));

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  const json = args.includes("--json");
  const { stderr } = process;
  // With --json, standard output is the data's.
  const out = json ? stderr : process.stdout;
  const progress = new Progress({
    write: (text) => out.write(text),
    isTerminal: out.isTTY === true && process.env["TERM"] !== "dumb",
    columns: out.columns ?? 80,
    now: () => performance.now(),
  });
  const coloured = out.isTTY === true && !process.env["NO_COLOR"];
  const paint = (line: string) => (coloured ? inColour(line) : line);
  const operations = new Operations();
  const show = () => {
    const [first] = operations.all;
    const previewing =
      command.verb !== "destroy" && (!first?.ended || first.failed || command.verb === "preview");
    const expected = previewing ? undefined : first?.changed;
    const doing = previewing ? "Previewing" : changing[command.verb];
    progress.show(`${doing} ${command.stack}`, operations.last, expected);
  };
  const ticking = setInterval(show, 200);
  const beside: string[] = [];
  const receive = (line: string) => {
    const event = readEvent(line);
    if (!event) return void beside.push(line);
    const operation = operations.take(event);
    if (!event.summaryEvent || !operation.isPreview || operation.failed || json) return;
    progress.say(`Stack ${command.stack}: ${counts(operation)}`);
    for (const each of changedResources(operation)) progress.say(paint(each));
  };
  let result: Result;
  try {
    show();
    result = await run([...args.filter((arg) => arg !== "--json"), "--json", "--color", "never"], {
      env: { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true", ...(json && { CHATPOP_RULES: "json" }) },
      say: (line) => progress.say(line),
      receive,
    });
  } finally {
    clearInterval(ticking);
    progress.clear();
  }
  // Output of the engine outside its events: the reason for which it could not begin.
  const otherwise = [...beside, result.stderr.trim()].filter((text) => text !== "");
  if (result.code !== 0 || operations.all.length === 0)
    stderr.write(otherwise.map((text) => `${text}\n`).join(""));
  if (json)
    process.stdout.write(`${JSON.stringify(asData(operations, command, result.code), undefined, 2)}\n`);
  else for (const line of closing(operations, command, result.code)) progress.say(paint(line));
  return result.code;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const expected = error instanceof UsageError || error instanceof EngineNotFound;
    console.error(expected ? error.message : error.stack);
    process.exitCode = 1;
  },
);
