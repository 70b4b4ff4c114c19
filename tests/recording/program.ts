import { join } from "node:path";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { runInPulumiStack } from "@pulumi/pulumi/runtime";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";
import { defaultRegion } from "./computedOutputs";
import { type Question, RecordingMonitor, type Registration } from "./monitor";
import { fromWire } from "./wire";

/** Surroundings of a run of the program. */
export interface Scenario {
  /** The project's own settings, without prefix. */
  readonly config: Readonly<Record<string, string>>;
  /** Leave computed outputs unknown, as `pulumi preview` of a new stack does. */
  readonly preview: boolean;
  /** Settings that are encrypted in the stack file. */
  readonly secretKeys?: readonly string[];
  /** @default us-east-1 */
  readonly region?: string;
  /** Tags of aws:defaultTags. @default those of a stack file */
  readonly tags?: Readonly<Record<string, string>>;
  /** A body that runs in place of the program. @default `index.ts` */
  readonly program?: () => unknown;
}

/** Result of a run of the program. */
export interface Run {
  readonly registrations: readonly Registration[];
  /** Its questions to AWS that create nothing. */
  readonly questions: readonly Question[];
  /** Stack outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Warnings to the operator. */
  readonly warnings: readonly string[];
  /** Why the program ended early. */
  readonly error?: Error;
}

/** Parts of Pulumi's runtime that its type declarations leave out. */
const { withLocalStorage, getStore } = state as unknown as {
  withLocalStorage<T>(run: () => T): T;
  getStore(): { settings: { engine: unknown } };
};
const { setMockOptions, waitForRPCs } = settings as unknown as {
  setMockOptions(monitor: RecordingMonitor, project: string, stack: string, preview: boolean): void;
  waitForRPCs(): Promise<void>;
};

// Pulumi takes a stack trace of every promise, to name those that never end: a third of a recording's time.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as { debuggablePromise: unknown };
debuggable.debuggablePromise = (promise: Promise<unknown>) => promise;

const program = join(__dirname, "..", "..", "index.ts");

/** Loads the program as a new process would; it is the only module that does something when it is loaded. */
function loadProgram(): unknown {
  delete require.cache[program];
  // A module keeps what it has loaded, and with it every resource of every run before.
  module.children = module.children.filter(({ id }) => id !== program);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(program);
}

let previous: Promise<unknown> = Promise.resolve();

/** Runs the real program, `index.ts`; one run after another, because each takes over Pulumi's global state. */
export function run(scenario: Scenario): Promise<Run> {
  const next = previous.then(() => runNow(scenario));
  previous = next;
  return next;
}

async function runNow({
  config,
  preview,
  secretKeys = [],
  region,
  tags = { Project: "chatpop", Stack: "test" },
  program: body = loadProgram,
}: Scenario): Promise<Run> {
  const prefixed = Object.entries(config).map(([key, value]) => [`chatpop:${key}`, value]);
  // The language host hands configuration over in the environment.
  process.env["PULUMI_CONFIG"] = JSON.stringify(
    Object.fromEntries([
      ...(region ? [["aws:region", region]] : []),
      ["aws:defaultTags", JSON.stringify({ tags })],
      ...prefixed,
    ]),
  );
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secretKeys.map((key) => `chatpop:${key}`));
  const warnings: string[] = [];
  const monitor = new RecordingMonitor(preview, region ?? defaultRegion);
  let error: Error | undefined;
  // Pulumi writes a stack trace of every resource, too. An error's own is written when somebody reads it, after the run.
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 2;
  Error.prepareStackTrace = String;
  process.setSourceMapsEnabled(false);
  try {
    await withLocalStorage(async () => {
      setMockOptions(monitor, "chatpop", "test", preview);
      getStore().settings.engine = {
        log: (request: LogRequest, done: () => void) => {
          if (request.getSeverity() === LogSeverity.WARNING) warnings.push(request.getMessage());
          done();
        },
        setRootResource: (_request: unknown, done: () => void) => done(),
      };
      await failingOnRejection(async () => {
        await runInPulumiStack(async () => body());
        await waitForRPCs();
      });
    });
  } catch (thrown) {
    error = thrown as Error;
  } finally {
    process.setSourceMapsEnabled(true);
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
    delete process.env["PULUMI_CONFIG"];
    delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
  }
  const registrations = monitor.registrations.map((each) => ({
    ...each,
    wireOutputs: monitor.registeredOutputs.get(each.urn) ?? each.wireOutputs,
  }));
  const stack = registrations.find(({ parent }) => parent === "");
  const outputs = fromWire(stack?.wireOutputs ?? {}) as Run["outputs"];
  return { registrations, questions: monitor.questions, outputs, warnings, error };
}

/** Fails with the first promise that nobody else looks after, as Pulumi's own runner does. */
async function failingOnRejection(body: () => Promise<void>): Promise<void> {
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  try {
    await new Promise<void>((resolve, reject) => {
      process.on("unhandledRejection", reject);
      body().then(resolve, reject);
    });
  } finally {
    // One failure often rejects several promises.
    await new Promise((resolve) => setImmediate(resolve));
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}
