// `make acceptance`: the life of a stack on an account, from creation to destruction, with a record of AWS's answers.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { regions } from "../aws/regions";
import { estimate } from "./estimate";
import { NeedsAccount, travel } from "./journey";
import { answered, byHand, questionsAt, unanswered } from "./questions";
import { type AnswerRecord, isAccepted, type Record, write } from "./record";
import { Failed, Stack, stackName, type StackOutputs } from "./stack";
import { type Stage, stepsOf, type World } from "./steps";

/** A mistake in the command line; shown without a stack trace. */
class Refusal extends Error {}

const usage = `make acceptance [key=value …]
  IMAGE=<reference> NEXT=<another>  images of ChatPop with this project's overlay: the first update's, the release's
  SOURCE=../ChatPop                 or a checkout that both are built of (needs Docker)
  REGION=us-east-1                  where
  BUDGET=10                         USD that the run may cost at most, by its hours
  HOURS=5.5                         that it may take; steps that do not fit before the destruction are left out
  YES=yes                           go on without a question
  OFFLINE=yes                       a dry run on the embedded AWS
  REMOVE=yes                        only destroy what a run before has left`;

/** The functions of all questions. */
const functions = join(__dirname, "questions", "functions.sh");

type Words = Readonly<{ [key: string]: string | undefined }>;

function words(args: readonly string[]): Words {
  return Object.fromEntries(
    args.map((arg) => {
      const [, key, value] = /^([a-z]+)=(.*)$/s.exec(arg) ?? [];
      if (key === undefined) throw new Refusal(`${arg} is no word of the form key=value.\n${usage}`);
      return [key, value];
    }),
  );
}

/** An image of the stack's repository for the embedded AWS, which accepts any digest. */
const digest = (digit: string) => `@sha256:${digit.repeat(64)}`;

function imagesOf({ image, next, source, offline }: Words): World["images"] {
  if (offline === "yes") return { first: digest("1"), next: digest("2") };
  if (source) {
    const folder = resolve(source);
    if (existsSync(join(folder, "backend", "requirements.txt"))) return { source: folder };
    throw new Refusal(
      `SOURCE is ${source}, where there is no backend/requirements.txt. Allowed: a ChatPop checkout.`,
    );
  }
  if (image && next && image !== next) return { first: image, next };
  throw new Refusal(
    `IMAGE is ${image || "missing"} and NEXT is ${next || "missing"}. Allowed: two different images, or a checkout: ` +
      `make acceptance SOURCE=../ChatPop`,
  );
}

/** A number above 0 that is given as `BUDGET`, in its unit. */
function numberOf(given: Words, key: string, fallback: number, unit: string): number {
  const value = Number(given[key] ?? fallback);
  if (value > 0) return value;
  const name = key.toUpperCase();
  throw new Refusal(`${name} is ${given[key]}. Allowed: ${unit} above 0, for instance ${name}=${fallback}`);
}

/** Variables of the questions. */
function variables(world: World, run: string, started: string, outputs: StackOutputs): NodeJS.ProcessEnv {
  const { identifiers } = outputs;
  return {
    ...process.env,
    ...{ run, started, region: world.region, stack: stackName, url: outputs.url },
    ...{ cluster: outputs.clusterName, service: outputs.serviceName, logs: outputs.logGroupName },
    ...{ tasks: outputs.delivery.taskDefinition, bucket: outputs.mediaBucketName },
    ...{ database: identifiers.database, proxy: identifiers.databaseProxy ?? "", cache: identifiers.cache },
    ...{ balancer: identifiers.loadBalancer, group: identifiers.targetGroup },
    indexes: Object.values(outputs.indexes).join(" "),
    hold: `${join(__dirname, "asUser")} hold ${outputs.url}`,
  };
}

const proof = "the embedded AWS's answer would prove nothing";

/** Asks the questions of a stage one after the other; after a failed one the next follows. */
const asker =
  (answers: AnswerRecord[], world: () => World, run: string, started: string) =>
  async (stage: Stage, outputs: StackOutputs, signal: AbortSignal): Promise<string> => {
    const { stack, offline } = world();
    const asked = questionsAt(stage);
    let count = 0;
    for (const each of asked) {
      if (offline) {
        answers.push(unanswered(each, stage, "needs-account", proof));
        continue;
      }
      const script = `. '${functions}'\n${each[1].sh}`;
      const env = variables(world(), run, started, outputs);
      try {
        signal.throwIfAborted();
        const answer = await stack.command(["bash", "-c", script], signal, env);
        answers.push(answered(each, stage, answer));
        count += 1;
      } catch (error) {
        answers.push(unanswered(each, stage, "failed", (error as Error).message));
      }
    }
    if (offline) throw new NeedsAccount(`${asked.length} questions; ${proof}`);
    return `${count} of ${asked.length} questions answered`;
  };

async function confirmed(given: Words): Promise<boolean> {
  if (given["yes"] === "yes") return true;
  if (!process.stdin.isTTY)
    throw new Refusal("Nobody can be asked here. To go on: make acceptance YES=yes …");
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await prompt.question("Go on? Only yes does: ")).trim() === "yes";
  } finally {
    prompt.close();
  }
}

/**
 * Ends the steps at Ctrl-C or SIGTERM. The second signal ends the process at once, with a message on the rest of the
 * work.
 */
function stopper(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      console.error(`\nEnded at once. What the run has made is still there: make acceptance REMOVE=yes`);
      process.exit(130);
    }
    console.error(`\n${signal}: the step ends, then everything is destroyed. Once more leaves it there.`);
    controller.abort(`stopped by ${signal}`);
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return controller.signal;
}

const minutes = (count: number) =>
  count < 90 ? `${Math.round(count)} minutes` : `${(count / 60).toFixed(1)} hours`;

async function main(args: readonly string[]): Promise<number> {
  const given = words(args);
  const offline = given["offline"] === "yes";
  const region = given["region"] || process.env["AWS_REGION"] || "us-east-1";
  if (!regions.includes(region)) throw new Refusal(`REGION is ${region}. Allowed: ${regions.join(", ")}`);
  const home = offline ? process.env["CHATPOP_OFFLINE_HOME"]! : ".";
  const folder = join(home, offline ? "acceptance" : ".acceptance");
  const started = new Date().toISOString();
  const run = `${started.slice(0, 10).replaceAll("-", "")}-${randomBytes(3).toString("hex")}`;
  const stack = new Stack(process.env["PULUMI"] || "pulumi", join(folder, `${run}.log`));
  if (given["remove"] === "yes") return remove(stack);

  const answers: AnswerRecord[] = [];
  const world: World = {
    ...{ stack, offline, region, folder, images: imagesOf(given), left: [] },
    tags: { Project: "chatpop", Stack: stackName, Acceptance: run },
    ...(process.env["SECRETS_PROVIDER"] && { secretsProvider: process.env["SECRETS_PROVIDER"] }),
    ask: asker(answers, () => world, run, started),
  };
  const steps = stepsOf(world);
  const budget = numberOf(given, "budget", 10, "USD");
  const hours = numberOf(given, "hours", 12, "hours");
  const forecast = estimate(steps, region);
  console.log(
    `Acceptance run ${run}: ${steps.map(({ name }) => name).join(" → ")}\n` +
      `It takes about ${minutes(forecast.minutes.usual)}, at most ${minutes(forecast.minutes.atMost)}, and costs about ` +
      `$${forecast.expected.toFixed(2)}, at most $${forecast.atMost.toFixed(2)} (${region}, list prices); the budget is $${budget}.\n` +
      (offline
        ? "The embedded AWS answers: nothing is charged, and what needs an account says so.\n"
        : `Everything gets the tag Acceptance=${run}, and is destroyed at the end.\n`) +
      `Log: ${join(folder, `${run}.log`)}`,
  );
  if (forecast.atMost > budget)
    throw new Refusal(
      `The budget of $${budget} does not bear it. Allowed: at least $${forecast.atMost.toFixed(2)}: ` +
        `make acceptance BUDGET=${Math.ceil(forecast.atMost)} …`,
    );
  if (await stack.exists())
    throw new Refusal(
      `The stack ${stackName} is there already: a run before has left it. Remove it with: make acceptance REMOVE=yes`,
    );
  if (!offline && !(await confirmed(given))) return 1;

  const arrival = await travel(steps, {
    ...{ budget, minutes: hours * 60, region },
    stop: stopper(),
    say: (line) => console.log(line),
  });
  const record: Record = {
    ...{ run, offline, region, started, answers: [...answers, ...byHand()], left: world.left },
    cost: { expected: forecast.expected, atMost: forecast.atMost, spent: offline ? 0 : arrival.spent },
    steps: arrival.steps,
  };
  const file = given["record"] || join(folder, `${run}.json`);
  write(record, file);
  return say(record, file);
}

function say(record: Record, file: string): number {
  const unlike = record.answers.filter(({ asAssumed }) => asAssumed === false);
  for (const { question, page, answer } of unlike)
    console.log(`Otherwise than assumed: ${question}: ${answer} (mend ${page})`);
  for (const { arn, fate } of record.left) console.log(`Left: ${arn}: ${fate || "costs money, delete it"}`);
  const destroyed = record.steps.find(({ step }) => step === "destroy")?.state === "done";
  if (!destroyed) console.log("The stack still stands. Remove it with: make acceptance REMOVE=yes");
  const accepted = isAccepted(record);
  console.log(
    `Acceptance run ${record.run} ${accepted ? (record.offline ? "has gone through, dry" : "is accepted") : "has failed"}. Record: ${file}`,
  );
  return accepted ? 0 : 1;
}

/** Destroys the resources of a former run. */
async function remove(stack: Stack): Promise<number> {
  if (!(await stack.exists())) {
    console.log(`There is no stack ${stackName}: no run has left anything in this state.`);
    return 0;
  }
  await stack.destroy();
  await stack.remove();
  console.log(`The stack ${stackName} and its state are gone.`);
  return 0;
}

main(process.argv.slice(2)).then(
  // Otherwise a socket whose end the load balancer does not answer would keep the process alive.
  (code) => process.exit(code),
  (error: Error) => {
    const expected = error instanceof Refusal || error instanceof Failed;
    console.error(expected ? error.message : error.stack);
    process.exit(2);
  },
);
