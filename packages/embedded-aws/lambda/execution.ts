// The process that runs a function: started for one invocation, and gone with it or with this process.
import { spawn } from "node:child_process";
import { script } from "../loader";
import type { Answer, Invocation, Wait } from "./messages";

/** Options of a function's run. */
export interface ExecutionOptions {
  /** Seconds. */
  readonly timeout: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Receives the function's output. */
  readonly say: (text: string) => void;
  /** Lets simulated time pass while the function waits; in seconds. */
  readonly pass: (seconds: number) => void;
}

/** Runs one invocation to its answer or its time limit. */
export function execute(invocation: Invocation, options: ExecutionOptions): Promise<Answer> {
  const { timeout, environment, say, pass } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${invocation.memorySize}`, ...script("lambda/runtime.ts")],
      // Detached, because the engine decides about Ctrl-C in the terminal. File 3 closes when this process ends.
      { env: environment, detached: true, stdio: ["ignore", "pipe", "pipe", "pipe", "ipc"] },
    );
    let answer: Answer | undefined;
    const finish = (found: Answer) => {
      answer ??= found;
      child.kill("SIGKILL");
    };
    const cutOff = () =>
      finish(failure("Sandbox.Timedout", invocation, `Task timed out after ${timeout.toFixed(2)} seconds`));
    const timer = setTimeout(cutOff, Math.max(0, invocation.deadline - Date.now()));
    let waited = 0;
    const wait = ({ milliseconds }: Wait) => {
      pass(milliseconds / 1000);
      waited += milliseconds;
      if (Date.now() + waited > invocation.deadline) cutOff();
    };
    const lines = lineReader(say);
    child.stdout?.on("data", lines.read);
    child.stderr?.on("data", lines.read);
    child.stdio[3]?.on("error", () => undefined);
    child.on("message", (message: Answer | Wait) =>
      "milliseconds" in message ? wait(message) : finish(message),
    );
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      lines.end();
      const ending = code === null ? `signal: ${String(signal)}` : `exit status ${code}`;
      resolve(answer ?? failure("Runtime.ExitError", invocation, `Runtime exited with error: ${ending}`));
    });
    child.send(
      invocation,
      (error) => error && finish(failure("Runtime.ExitError", invocation, error.message)),
    );
  });
}

function failure(errorType: string, { requestId }: Invocation, reason: string): Answer {
  return { error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` } };
}

/** Passes on whole lines. */
function lineReader(say: (line: string) => void) {
  let rest = "";
  return {
    read(chunk: Buffer): void {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) say(line);
    },
    end(): void {
      if (rest !== "") say(rest);
    },
  };
}
