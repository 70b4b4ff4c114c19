import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Result, run, stateFile } from "../../offline/environment";
import { exhaustive } from "../exhaustive";
import { shareHome } from "./sharedHome";

/** A resource as the engine's state has it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The engine's state; a stack that was never updated has no resources. */
export interface State {
  readonly deployment: { readonly resources?: readonly StateResource[] };
}

export interface Deployment {
  readonly resources?: readonly (StateResource & { readonly initErrors?: readonly string[] })[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

/** A step of a preview: `create`, `update`, `replace`, `create-replacement`, `delete-replaced`, `delete`, `same`. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly replaceReasons?: readonly string[];
}

/** Options of an update that nobody is asked about, and that no preview precedes. */
export const withoutPreview = ["--yes", "--non-interactive", "--skip-preview"] as const;

/** Options of a command that the policy pack judges. */
export const underPack = ["--policy-pack", "policy"] as const;

/** The same in `make test-all`; elsewhere a quarter of a command's time is saved. */
export const underPackInAll: readonly string[] = exhaustive ? underPack : [];

/** One stack in an offline home of its own, driven through the real engine. */
export class OfflineStack {
  readonly home = mkdtempSync(join(tmpdir(), "chatpop-"));

  constructor(readonly name: string) {}

  /** Runs `pulumi <args>` for this stack, with further environment variables. */
  private run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
    return run([...args, "--stack", this.name], { home: this.home, env: { ...env, NO_COLOR: "1" } });
  }

  /** Runs `pulumi <args>` for this stack. */
  pulumi(...args: string[]): Promise<Result> {
    return this.run(args);
  }

  /** Runs a command that must succeed; a failure shows what it printed. */
  succeeds(...args: string[]): Promise<string> {
    return this.succeedsWith({}, ...args);
  }

  /** The same with further environment variables. */
  async succeedsWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, env);
    expect(code, `pulumi ${args.join(" ")}\n${stdout}\n${stderr}`).to.equal(0);
    return stdout;
  }

  /** Runs a command that must fail, and returns everything it printed. */
  fails(...args: string[]): Promise<string> {
    return this.failsWith({}, ...args);
  }

  /** The same with further environment variables. */
  async failsWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, env);
    expect(code, `pulumi ${args.join(" ")} was expected to fail\n${stdout}`).to.not.equal(0);
    return `${stdout}\n${stderr}`;
  }

  /**
   * Brings a stack up as it is committed, preview first, under the policy pack: once in each run of the tests, of which all
   * others take a copy. Before anything else of this stack. Returns what was printed.
   */
  upAsCommitted(): Promise<string> {
    return shareHome(this.name, this.home, () =>
      this.succeeds("up", "--yes", "--non-interactive", ...underPack),
    );
  }

  /**
   * Updates. The preview that `pulumi up` begins with is left out, because it costs as much as an update; so is the policy
   * pack, except in `make test-all`. `upAsCommitted` has both at each scale.
   */
  up(...args: string[]): Promise<string> {
    return this.succeeds("up", ...withoutPreview, ...underPackInAll, ...args);
  }

  /** Updates as `up`, judged by the policy pack. */
  upUnderPack(): Promise<string> {
    return this.succeeds("up", ...withoutPreview, ...underPack);
  }

  /** Updates as `up`; returns its steps, without those that change nothing: a preview for them would cost as much again. */
  async upSteps(): Promise<readonly Step[]> {
    const log = join(this.home, "events");
    await this.succeedsWith(
      { PULUMI_DEBUG_COMMANDS: "1" },
      ...["up", ...withoutPreview, ...underPackInAll, "--event-log", log],
    );
    const events = readFileSync(log, "utf8").trimEnd().split("\n");
    rmSync(log);
    return changes(
      events.flatMap((line) => (JSON.parse(line) as EngineEvent).resourcePreEvent?.metadata ?? []),
    );
  }

  destroy(...args: string[]): Promise<string> {
    return this.succeeds("destroy", ...withoutPreview, ...args);
  }

  set(key: string, value: string): Promise<string> {
    return this.succeeds("config", "set", `chatpop:${key}`, value);
  }

  /** Puts another state in the place of the engine's. */
  async rewriteState(rewrite: (state: State) => string): Promise<void> {
    const file = join(this.home, "state.json");
    writeFileSync(file, rewrite(JSON.parse(await this.succeeds("stack", "export")) as State));
    await this.succeeds("stack", "import", "--file", file);
  }

  /** The state as the engine has written it, without a process: a hundredth of the time of `pulumi stack export`. */
  deployment(): Deployment {
    const file = this.stateFile;
    if (!existsSync(file) || statSync(file).size === 0) return {};
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: Deployment } };
    return checkpoint.latest ?? {};
  }

  get stateFile(): string {
    return stateFile(this.home, this.name);
  }

  /** The resources in the engine's state, without the stack itself and its providers. */
  resources(): readonly StateResource[] {
    return (this.deployment().resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
  }

  /** Previews an update that must change nothing. */
  hasNoChanges(): Promise<string> {
    return this.succeeds("preview", "--expect-no-changes", ...underPackInAll);
  }

  /** The steps that an update would take, without those that change nothing. */
  async steps(): Promise<readonly Step[]> {
    const preview = JSON.parse(await this.succeeds("preview", "--json", ...underPackInAll)) as {
      steps: readonly Step[];
    };
    return changes(preview.steps);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.succeeds("stack", "output", "--json")) as Record<string, unknown>;
  }

  /** Takes everything of this stack from the disk. */
  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** A step in the engine's log of events. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
}

const changes = (steps: readonly Step[]) => steps.filter(({ op }) => op !== "same" && op !== "read");

/** `aws:rds/instance:Instance chatpop-db`, from a URN. */
export function shortName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)} ${name}`;
}
