import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provideEngine } from "../../packages/embedded-aws/launcher/engine";
import { layout, offlineEnvironment, type Result } from "../../offline/environment";
import { projectFolder, readIfPresent } from "../../offline/files";
import { installPlugins } from "../../packages/embedded-aws/launcher/plugins";

/** A violation as the engine tells it. */
export interface PolicyEvent {
  readonly policyName: string;
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly message: string;
  readonly resourceUrn: string;
}

/** A program that is not this project's own, on the real engine in an offline home. */
export class OtherProgram {
  readonly home = mkdtempSync(join(tmpdir(), "chatpop-other-"));
  private readonly folder = join(this.home, "program");
  private readonly events = join(this.home, "events.json");

  /**
   * @param source Text of its `index.ts`.
   * @param stack Its only stack, configured as this project's stack of that name if there is one.
   */
  constructor(
    source: string,
    readonly stack: string,
  ) {
    mkdirSync(this.folder);
    mkdirSync(layout(this.home).state, { recursive: true });
    writeFileSync(join(this.folder, "index.ts"), source);
    const hook = JSON.stringify(`--require ${join(projectFolder, "typescript.cjs")}`);
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      `name: chatpop\nmain: index.ts\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: ${hook}\n`,
    );
    symlinkSync(join(projectFolder, "node_modules"), join(this.folder, "node_modules"));
    const file = `Pulumi.${stack}.yaml`;
    const ours = readIfPresent(join(projectFolder, file));
    writeFileSync(join(this.folder, file), ours ?? "config:\n  aws:region: us-east-1\n");
    installPlugins(layout(this.home).pulumiHome);
  }

  /** Runs `pulumi <args>` for the stack, which is created on first use. */
  async pulumi(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
    if (!existsSync(join(layout(this.home).state, ".pulumi", "stacks", "chatpop", `${this.stack}.json`))) {
      await this.execute(["stack", "init", this.stack, "--no-select"], {});
    }
    return this.execute([...args, "--stack", this.stack], env);
  }

  /** Previews, and tells every violation; without one for a failure that has nothing to do with policies. */
  async violations(
    pack: string,
    options: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<readonly PolicyEvent[]> {
    rmSync(this.events, { force: true });
    const { stdout, stderr } = await this.pulumi(
      ["preview", "--policy-pack", pack, "--event-log", this.events, ...options],
      env,
    );
    if (!existsSync(this.events)) throw new Error(`the preview did not begin\n${stdout}\n${stderr}`);
    const events = readFileSync(this.events, "utf8")
      .split("\n")
      .filter(Boolean)
      .map(
        (line) =>
          JSON.parse(line) as {
            policyEvent?: PolicyEvent;
            summaryEvent?: object;
            diagnosticEvent?: { severity: string; message: string };
          },
      );
    const errors = events
      .filter(({ diagnosticEvent }) => diagnosticEvent?.severity === "error")
      .map(({ diagnosticEvent }) => diagnosticEvent!.message)
      .filter((message) => !message.includes("preview failed"));
    if (errors.length > 0 || !events.some(({ summaryEvent }) => summaryEvent)) {
      throw new Error(`the preview ended for another reason: ${errors.join("\n")}\n${stdout}\n${stderr}`);
    }
    return events.flatMap(({ policyEvent }) => (policyEvent ? [policyEvent] : []));
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  private async execute(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
    const { executable } = await provideEngine(() => {});
    const child = spawn(executable, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: {
        ...offlineEnvironment(this.home, this.stack),
        NO_COLOR: "1",
        PULUMI_DEBUG_COMMANDS: "true",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exit) => resolve(exit ?? 1));
    });
    return { code, stdout, stderr };
  }
}
