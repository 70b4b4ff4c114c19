// The steps of a run, in their order, with their results.
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkRunningRevision, servingImage } from "../delivery/runningRevision";
import { smokeTest } from "../release/smokeTest";
import { sayAndHear, status } from "./chat";
import { NeedsAccount, type Step } from "./journey";
import { type Left, leftOf } from "./left";
import { type Stack, stackName, type StackOutputs } from "./stack";

/** Environment and inputs of a run. */
export interface World {
  /** Its stack. */
  readonly stack: Stack;
  /** Whether the embedded AWS answers. */
  readonly offline: boolean;
  /** Of the stack. */
  readonly region: string;
  /** Tags of everything that the run makes. */
  readonly tags: Readonly<Record<string, string>>;
  /** Image of the first update and of the release, or a checkout that both are built of. */
  readonly images: { readonly first: string; readonly next: string } | { readonly source: string };
  /** Provider of the state's secrets. @default Pulumi's own: a passphrase, or Pulumi Cloud */
  readonly secretsProvider?: string;
  /** Folder for what the run keeps. */
  readonly folder: string;
  /** Asks the questions of a stage and returns the number of answers, as a sentence. */
  readonly ask: (stage: Stage, outputs: StackOutputs, signal: AbortSignal) => Promise<string>;
  /** Resources that AWS lists at the end. */
  left: readonly Left[];
}

/** Stages at which questions are asked: after the update to small, to medium, and before the destruction. */
export type Stage = "small" | "medium" | "end";

const noContainers = "the embedded AWS runs no containers and accepts no connections";

/** The health check, the database behind it, a socket through Redis, and a message from one user to another. */
async function probe({ offline }: World, { url, hosts }: StackOutputs): Promise<string> {
  if (offline) throw new NeedsAccount(noContainers);
  const health = await status(url, "/healthz");
  if (health !== 200) throw new Error(`/healthz answers ${health} (200 is right)`);
  const paths = { path: "/healthz?deep", socketPath: "/ws/chat/release/" };
  const event = { loadBalancer: hosts.loadBalancer, ...paths };
  const { socket } = await smokeTest(event, { getRemainingTimeInMillis: () => 120_000 });
  const milliseconds = await sayAndHear(url);
  return `/healthz 200, /healthz?deep 200, socket: ${socket}, a message from user to user in ${Math.round(milliseconds)} ms`;
}

/** A copy of the checkout with one more file, for a second image. */
function nextSource(source: string, folder: string): string {
  const copy = join(folder, "next");
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(source, "backend"), join(copy, "backend"), { recursive: true });
  writeFileSync(join(copy, "backend", "acceptance.txt"), `${new Date().toISOString()}\n`);
  return copy;
}

const imageOf = ({ images, folder }: World, which: "first" | "next"): Readonly<Record<string, string>> => {
  if ("source" in images)
    return {
      "chatpop:imageContext": which === "first" ? images.source : nextSource(images.source, folder),
    };
  return { "chatpop:image": images[which] };
};

/** Updates the stack, and returns the revision that ECS then runs. */
async function update(world: World, config: Readonly<Record<string, string>>, signal: AbortSignal) {
  await world.stack.up(config, signal);
  const outputs = await world.stack.outputs();
  await checkRunningRevision(outputs);
  return `ECS runs ${outputs.delivery.taskDefinition.split("/").at(-1)} with ${await servingImage(outputs)}`;
}

/** Answer of `aws <args>`. */
async function aws<T>(world: World, ...args: readonly string[]): Promise<T> {
  const line = ["aws", ...args, "--region", world.region, "--output", "json", "--no-cli-pager"];
  return JSON.parse((await world.stack.command(line)) || "null") as T;
}

const tasksOf = (world: World, { clusterName, serviceName }: StackOutputs) =>
  aws<readonly string[]>(
    world,
    ...["ecs", "list-tasks", "--cluster", clusterName, "--service-name", serviceName],
    ...["--desired-status", "RUNNING", "--query", "taskArns"],
  );

const stopTask = (world: World, { clusterName }: StackOutputs, task: string) =>
  aws(
    world,
    ...["ecs", "stop-task", "--cluster", clusterName, "--task", task],
    ...["--reason", "acceptance: a task fails", "--query", "task.taskArn"],
  );

/** Stops a task, and waits until ECS has replaced it. */
async function fault(world: World, signal: AbortSignal): Promise<string> {
  if (world.offline) throw new NeedsAccount(noContainers);
  const outputs = await world.stack.outputs();
  const [victim, ...others] = await tasksOf(world, outputs);
  if (victim === undefined) throw new Error(`${outputs.serviceName} has no running task`);
  const begin = Date.now();
  await stopTask(world, outputs, victim);
  let [asked, answered] = [0, 0];
  for (;;) {
    signal.throwIfAborted();
    await sleep(5_000);
    asked += 1;
    answered += (await status(outputs.url, "/healthz?deep").catch(() => 0)) === 200 ? 1 : 0;
    const now = await tasksOf(world, outputs);
    const done = !now.includes(victim) && now.length > others.length;
    if (done && (await checkRunningRevision(outputs).then(Boolean, () => false))) break;
  }
  const seconds = Math.round((Date.now() - begin) / 1_000);
  return `one of ${others.length + 1} tasks stopped; another one ran after ${seconds} s; ${answered} of ${asked} requests answered meanwhile`;
}

/** Alarms that follow when all tasks are gone: critical, and warning. */
const expectedAlarms = ["no-healthy-task", "tasks-below-minimum"];

/** Stops each new task until one of these alarms is on, then waits until all are off. */
async function alarm(world: World, signal: AbortSignal): Promise<string> {
  if (world.offline)
    throw new NeedsAccount("the embedded AWS measures nothing, so no alarm changes its state");
  const outputs = await world.stack.outputs();
  const on = async () =>
    (
      await aws<readonly string[]>(
        world,
        ...[
          "cloudwatch",
          "describe-alarms",
          "--alarm-name-prefix",
          `chatpop-${stackName}-`,
          "--state-value",
          "ALARM",
        ],
        ...["--query", "MetricAlarms[].AlarmName"],
      )
    ).filter((name) => expectedAlarms.some((each) => name.includes(each)));
  const begin = Date.now();
  const after = () => Math.round((Date.now() - begin) / 1_000);
  let seen: readonly string[] = [];
  while (seen.length === 0) {
    signal.throwIfAborted();
    for (const task of await tasksOf(world, outputs)) await stopTask(world, outputs, task);
    await sleep(20_000, undefined, { signal });
    seen = await on();
  }
  const seconds = after();
  while ((await on()).length > 0) await sleep(20_000, undefined, { signal });
  return `${seen.join(", ")} in ALARM after ${seconds} s without tasks, OK again after ${after()} s`;
}

/** The steps. Their minutes are AWS's own figures, not measured; the record of a run has the real ones. */
export function stepsOf(world: World): readonly Step[] {
  const { stack, region, tags } = world;
  const given = { "aws:region": region, "chatpop:disposable": "true" };
  const tagged = Object.entries(tags).map(([key, value]) => [`aws:defaultTags.tags.${key}`, value]);
  const asked = (stage: Stage) => async (signal: AbortSignal) =>
    world.ask(stage, await stack.outputs(), signal);
  return [
    {
      ...{ name: "small", does: "makes the stack at the small scale", scale: "small" },
      ...{ usual: 25, atMost: 60 },
      run: async (signal) => {
        await stack.init(world.secretsProvider);
        const config = { ...given, ...Object.fromEntries(tagged), "chatpop:scale": "small" };
        return update(world, { ...config, ...imageOf(world, "first") }, signal);
      },
    },
    {
      ...{ name: "probe small", does: "asks /healthz, opens a socket, hears a message", scale: "small" },
      ...{ usual: 1, atMost: 10, run: async () => probe(world, await stack.outputs()) },
    },
    {
      ...{ name: "release", does: "brings another image, and probes it", scale: "small" },
      ...{ usual: 10, atMost: 40 },
      run: async (signal) => {
        const before = await servingImage(await stack.outputs());
        const seen = await update(world, imageOf(world, "next"), signal);
        const outputs = await stack.outputs();
        if ((await servingImage(outputs)) === before) throw new Error(`ECS still runs ${before}`);
        return world.offline ? seen : `${seen}; ${await probe(world, outputs)}`;
      },
    },
    {
      ...{ name: "questions at small", does: "asks what the small stack can answer", scale: "small" },
      ...{ usual: 25, atMost: 45, optional: true, run: asked("small") },
    },
    {
      ...{ name: "medium", does: "moves the stack to the medium scale", scale: "medium" },
      ...{ usual: 35, atMost: 120, run: (signal) => update(world, { "chatpop:scale": "medium" }, signal) },
    },
    {
      ...{ name: "probe medium", does: "asks /healthz, opens a socket, hears a message", scale: "medium" },
      ...{ usual: 1, atMost: 10, run: async () => probe(world, await stack.outputs()) },
    },
    {
      ...{ name: "questions at medium", does: "asks what the medium stack can answer", scale: "medium" },
      ...{ usual: 12, atMost: 30, optional: true, run: asked("medium") },
    },
    {
      ...{ name: "fault", does: "stops one task", scale: "medium" },
      ...{ usual: 3, atMost: 15, optional: true, run: (signal) => fault(world, signal) },
    },
    {
      ...{ name: "alarm", does: "stops every task until an alarm is on, and waits until it is off" },
      ...{ scale: "medium", usual: 12, atMost: 30, optional: true, run: (signal) => alarm(world, signal) },
    },
    {
      ...{ name: "last questions", does: "asks what leaves the stack changed", scale: "medium" },
      ...{ usual: 30, atMost: 90, optional: true, run: asked("end") },
    },
    {
      ...{ name: "destroy", does: "destroys the stack", scale: "medium", always: true },
      ...{ usual: 20, atMost: 90 },
      run: async (signal) => {
        if (!(await stack.exists())) return "there is no stack";
        await stack.destroy(signal);
        await stack.remove();
        return "the stack and its state are gone";
      },
    },
    {
      ...{ name: "nothing left", does: "lists what still has the run's tag", scale: "small", always: true },
      ...{ usual: 1, atMost: 15 },
      run: async () => {
        world.left = await leftOf(tags, region, world.offline ? 1 : 10);
        const paid = world.left.filter(({ fate }) => fate === "");
        if (paid.length > 0) throw new Error(`left: ${paid.map(({ arn }) => arn).join(", ")}`);
        return world.left.length === 0
          ? "nothing"
          : `${world.left.length} that are free and go by themselves`;
      },
    },
  ];
}
