// Runs one invocation of a function's code in a process of its own, as the Lambda runtime for Node.js does.
import Module, { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Answer, FunctionError, Invocation } from "./messages";
import { useRoutes } from "./network";
import { waitInSimulatedTime, waited } from "./waits";

// The provider holds the other end of file 3. A thread watches it, because the function's code may never yield.
new Worker(
  `require("node:net").Socket({ fd: 3 }).on("close", () => process.kill(process.pid, "SIGKILL")).resume();`,
  { eval: true },
).unref();

process.once("message", (invocation: Invocation) => {
  void run(invocation).then((answer) => process.send?.(answer));
});

async function run(invocation: Invocation): Promise<Answer> {
  useRoutes(invocation.routes);
  waitInSimulatedTime();
  offerOnlyWhatLambdaOffers(invocation.folder);
  try {
    const handler = await load(invocation);
    const result = await call(handler, invocation);
    return { payload: JSON.stringify(result) ?? "null" };
  } catch (error) {
    return { error: describe(error) };
  }
}

type Done = (error: unknown, result?: unknown) => void;
type Handler = (event: unknown, context: unknown, done: Done) => unknown;

async function load({ folder, handler }: Invocation): Promise<Handler> {
  const cut = handler.lastIndexOf(".");
  const [file, name] = [handler.slice(0, cut), handler.slice(cut + 1)];
  const path = [".js", ".mjs", ".cjs"].map((ending) => join(folder, file + ending)).find(existsSync);
  if (path === undefined) {
    throw Object.assign(new Error(`Error: Cannot find module '${file}'`), {
      name: "Runtime.ImportModuleError",
    });
  }
  const loaded = (
    path.endsWith(".mjs") ? await import(pathToFileURL(path).href) : createRequire(path)(path)
  ) as Record<string, unknown>;
  const found = loaded[name] ?? (loaded.default as Record<string, unknown> | undefined)?.[name];
  if (typeof found === "function") return found as Handler;
  throw Object.assign(new Error(`${handler} is undefined or not exported`), {
    name: "Runtime.HandlerNotFound",
  });
}

function call(handler: Handler, invocation: Invocation): Promise<unknown> {
  const context = {
    functionName: invocation.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: invocation.functionArn,
    memoryLimitInMB: String(invocation.memorySize),
    awsRequestId: invocation.requestId,
    logGroupName: invocation.logGroup,
    logStreamName: invocation.logStream,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadline - Date.now() - waited()),
  };
  return new Promise((resolve, reject) => {
    const done: Done = (error, result) =>
      error === null || error === undefined ? resolve(result) : reject(error as Error);
    // A handler with the callback as a parameter answers through it, other handlers by their return value.
    const result = handler(JSON.parse(invocation.payload) as unknown, context, done);
    if (handler.length < 3 || result instanceof Promise) resolve(result);
  });
}

function describe(error: unknown): FunctionError {
  if (error instanceof Error) return { errorType: error.name, errorMessage: error.message };
  return { errorType: typeof error, errorMessage: String(error) };
}

/** Limits the function to its own files and the AWS SDK, as in Lambda; nothing else of this project can be loaded. */
function offerOnlyWhatLambdaOffers(folder: string): void {
  const internals = Module as unknown as {
    _nodeModulePaths(from: string): string[];
    _resolveFilename(request: string, parent: { filename?: string } | undefined, ...rest: unknown[]): string;
  };
  const { _nodeModulePaths: pathsOf, _resolveFilename: resolve } = internals;
  const inside = (path: string | undefined) => path?.startsWith(folder) === true;
  internals._nodeModulePaths = (from) => (inside(from) ? pathsOf(from).filter(inside) : pathsOf(from));
  const project = createRequire(__filename);
  internals._resolveFilename = (request, parent, ...rest) =>
    inside(parent?.filename) && /^@(aws-sdk|smithy)\//.test(request)
      ? project.resolve(request)
      : resolve(request, parent, ...rest);
}
