// The run's own stack, and the commands that change it.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Outputs } from "../delivery/runningRevision";

/** Name of the stack that a run makes and destroys. */
export const stackName = "acceptance";

/** The outputs of a stack that the steps and the questions read. */
export interface StackOutputs extends Outputs {
  /** Cluster of the chat. */
  readonly clusterName: string;
  /** Service of the chat. */
  readonly serviceName: string;
  /** Bucket of media. */
  readonly mediaBucketName: string;
  /** Log group of the tasks. */
  readonly logGroupName: string;
  /** Names of hosts. */
  readonly hosts: { readonly loadBalancer: string };
  /** Names of the parts for AWS's commands. */
  readonly identifiers: {
    readonly database: string;
    readonly databaseProxy?: string;
    readonly cache: string;
    readonly loadBalancer: string;
    readonly targetGroup: string;
  };
  /** State of each required index. */
  readonly indexes: Readonly<Record<string, string>>;
}

/** A command with an exit code other than 0. */
export class Failed extends Error {}

/** Last lines of a log that a failure shows. */
const shownLines = 20;

/** The stack of a run, driven with the Pulumi of `$PULUMI`. */
export class Stack {
  constructor(
    private readonly pulumi: string,
    private readonly log: string,
  ) {
    mkdirSync(dirname(log), { recursive: true });
  }

  /** Runs a command; its output goes to the run's log. The signal interrupts it as Ctrl-C does. */
  command(line: readonly string[], signal?: AbortSignal, env = process.env): Promise<string> {
    const [file = "", ...args] = line;
    return new Promise((resolve, reject) => {
      // A process group of its own: Ctrl-C ends this command together with its step, but not the destruction that
      // follows.
      const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, env });
      const interrupt = () => child.pid !== undefined && process.kill(-child.pid, "SIGINT");
      if (signal?.aborted) interrupt();
      signal?.addEventListener("abort", interrupt, { once: true });
      const log = createWriteStream(this.log, { flags: "a", mode: 0o600 });
      log.write(`$ ${line.join(" ")}\n`);
      let [printed, all] = ["", ""];
      child.stdout.on("data", (text: Buffer) => (printed += text.toString()));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (text: Buffer) => {
          all += text.toString();
          log.write(text);
        });
      }
      const end = (error?: Error) => {
        signal?.removeEventListener("abort", interrupt);
        log.end();
        if (error) reject(error);
        else resolve(printed);
      };
      child.on("error", (error) => end(new Failed(`${file}: ${error.message}`)));
      child.on("close", (code) =>
        end(code === 0 ? undefined : new Failed(all.trim().split("\n").slice(-shownLines).join("\n"))),
      );
    });
  }

  /** Runs `pulumi <args>` for this stack. */
  private run(args: readonly string[], signal?: AbortSignal): Promise<string> {
    return this.command([this.pulumi, ...args, "--non-interactive", "--stack", stackName], signal);
  }

  /** Whether Pulumi knows the stack: an earlier run left it. */
  async exists(): Promise<boolean> {
    const stacks = JSON.parse(await this.command([this.pulumi, "stack", "ls", "--json"])) as {
      name: string;
    }[];
    return stacks.some(({ name }) => name.split("/").at(-1) === stackName);
  }

  /** Makes the stack, empty. */
  async init(secretsProvider: string | undefined): Promise<void> {
    const provider = secretsProvider ? ["--secrets-provider", secretsProvider] : [];
    await this.command([this.pulumi, "stack", "init", stackName, "--non-interactive", ...provider]);
  }

  /** Updates under the policy pack with these values, which stay in the stack's file. */
  async up(config: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void> {
    const given = Object.entries(config).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    const pack = ["--policy-pack", "policy", "--policy-pack-config", "acceptance/policy.json"];
    await this.run(["up", "--yes", "--skip-preview", ...pack, "--config-path", ...given], signal);
  }

  /** Outputs of the last update. */
  async outputs(): Promise<StackOutputs> {
    return JSON.parse(await this.run(["stack", "output", "--json"])) as StackOutputs;
  }

  /** Destroys everything, after it has removed the lock of an interrupted update. */
  async destroy(signal?: AbortSignal): Promise<void> {
    await this.run(["cancel", "--yes"]).catch(() => undefined);
    await this.run(["destroy", "--yes", "--skip-preview"], signal);
  }

  /** Forgets the stack and its file. Fails while it has resources. */
  async remove(): Promise<void> {
    await this.run(["stack", "rm", "--yes"]);
  }

  /** The run's log so far. */
  logText(): string {
    return readFileSync(this.log, "utf8");
  }
}
