// Command line of `make plan` and `make cost`. All arguments have the form key=value: `rooms=500`.
import { readFileSync } from "node:fs";
import { UnpricedRegion } from "../aws/prices";
import { demandOf } from "../stacks/capacity";
import { SettingsError } from "../stacks/settings";
import { answer, type Question, roomsUntil } from "./capacity/planner";
import { comparisonText, planText, sizesText, untilText } from "./capacity/text";
import { costText, type CostQuestion, costCsv, costJson, costMarkdown, differenceText } from "./cost/text";
import { UnknownDemand } from "./cost/estimate";
import { FailedPreview, readResources } from "./cost/resources";
import { usualHabits } from "../stacks/plan/price";

/** A mistake in the command line. */
class Refusal extends Error {}

const usage = `forecast <command> [key=value …]
  plan   rooms=2500 users=40 [messages=…] [settings="taskCpu=1024 …"] [until=yes] [table=100,1000] [compare="…"] [json=yes]
  cost   resources=<preview --json or stack export> [before=<another>] [curve=constant|day|week|surge] [format=text|json|csv|markdown]
  both   [region=us-east-1] [frame=560] [talking=0.25] [reads=0] [media=0]`;

type Words = Readonly<Record<string, string | undefined>>;

function words(args: readonly string[]): Words {
  return Object.fromEntries(
    args.map((arg) => {
      const [, key, value] = /^(\w+)=(.*)$/s.exec(arg) ?? [];
      if (!key) throw new Refusal(`${arg} is no word of the form key=value.\n${usage}`);
      if (!value) throw new Refusal(`${key} has no value. Give it one, or leave it out.`);
      return [key, value];
    }),
  );
}

function number(given: Words, key: string, unless?: number): number {
  const text = given[key];
  if (text === undefined && unless !== undefined) return unless;
  const value = Number(text);
  if (text !== undefined && Number.isFinite(value) && value >= 0) return value;
  throw new Refusal(`${key} is ${text ?? "missing"}. Allowed: a number from 0, for instance ${key}=100.`);
}

const pairs = (text = ""): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => {
        const [key = "", ...value] = word.split("=");
        if (value.length === 0) throw new Refusal(`${word} is no setting of the form taskCpu=1024.`);
        return [key.replace(/^chatpop:/, ""), value.join("=")];
      }),
  );

const habitsOf = (given: Words) => ({
  frameBytes: number(given, "frame", usualHabits.frameBytes),
  talking: number(given, "talking", usualHabits.talking),
  readsPerUserHour: number(given, "reads", usualHabits.readsPerUserHour),
  readBytes: usualHabits.readBytes,
  mediaBytesPerMessage: number(given, "media", usualHabits.mediaBytesPerMessage),
});

function plan(given: Words): string {
  const question: Question = {
    rooms: number(given, "rooms"),
    users: number(given, "users"),
    ...(given["messages"] !== undefined && { messages: number(given, "messages") }),
    settings: pairs(given["settings"]),
    habits: habitsOf(given),
    ...(given["region"] !== undefined && { region: given["region"] }),
  };
  const json = given["json"] === "yes";
  if (given["until"] === "yes")
    return json ? JSON.stringify({ rooms: roomsUntil(question) }) : untilText(question);
  if (given["table"] !== undefined) {
    const sizes = given["table"].split(",").map((rooms) => number({ rooms }, "rooms"));
    return json
      ? JSON.stringify(sizes.map((rooms) => answer({ ...question, rooms })))
      : sizesText(question, sizes);
  }
  if (given["compare"] !== undefined) return comparisonText(question, pairs(given["compare"]));
  return json ? JSON.stringify(answer(question), undefined, 2) : planText(question);
}

function cost(given: Words): string {
  const read = (key: string) => {
    const registered = readResources(readFileSync(String(given[key]), "utf8"));
    // The bill of half a stack is none.
    if (registered.errors !== undefined) throw new FailedPreview(registered.errors);
    return registered;
  };
  if (given["resources"] === undefined) throw new Refusal(`resources is missing.\n${usage}`);
  const after = read("resources");
  const question: CostQuestion = {
    ...after,
    ...(given["rooms"] !== undefined && {
      demand: demandOf(
        number(given, "rooms"),
        number(given, "users"),
        given["messages"] === undefined ? undefined : number(given, "messages"),
      ),
    }),
    habits: habitsOf(given),
    region: given["region"] ?? after.region ?? "us-east-1",
    curve: given["curve"] ?? "constant",
  };
  if (given["before"] !== undefined) {
    const { resources, demand = question.demand } = read("before");
    return differenceText({ ...question, resources, demand }, question);
  }
  const formats: Readonly<Record<string, () => string>> = {
    text: () => costText(question),
    json: () => costJson(question),
    csv: () => costCsv(question),
    markdown: () => costMarkdown(question),
  };
  const format = given["format"] ?? "text";
  if (!formats[format])
    throw new Refusal(`format is ${format}. Allowed: ${Object.keys(formats).join(", ")}.`);
  return formats[format]();
}

try {
  const [command = "", ...args] = process.argv.slice(2);
  const commands: Readonly<Record<string, (given: Words) => string>> = { plan, cost };
  if (!commands[command]) throw new Refusal(usage);
  console.log(commands[command](words(args)));
} catch (error) {
  const expected = [
    Refusal,
    FailedPreview,
    SettingsError,
    UnpricedRegion,
    UnknownDemand,
    RangeError,
    SyntaxError,
  ];
  if (!expected.some((kind) => error instanceof kind)) throw error;
  // No stack's file has them: they are words of the command line.
  console.error((error as Error).message.replaceAll(/ (?:Set|Remove) it with: pulumi config .*$/gm, ""));
  process.exitCode = 1;
}
