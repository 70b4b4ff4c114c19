// A small stack for faults, and the conditions that must hold after them.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ways } from "../../delivery/recovery/imports";
import { layout } from "../../offline/environment";
import { models } from "../../packages/embedded-aws/models";
import { upserts } from "../../packages/embedded-aws/models/upserts";
import { AccountFile } from "../../packages/embedded-aws/provider/accountFile";
import { repeatable } from "../delivery/repeatable";
import { OfflineStack } from "../endToEnd/offlineStack";
import { processes, treeOf, tryKill } from "../offline/processes";
import type { Victim } from "./table";

const project = join(__dirname, "..", "..");

/** Types with data that cannot be created again. */
const stateful = new Set([
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:ecr/repository:Repository",
  "random:index/randomPassword:RandomPassword",
]);

/** The end of a command. */
export interface Ended {
  readonly code: number | null;
  readonly text: string;
  /** Whether the kill came before the command's own end. */
  readonly struck: boolean;
}

/** The kill of a running command: its time and its victim. */
interface Blow {
  /** Victim, killed when `due` accepts the output so far. */
  readonly victim: Victim | "database";
  readonly due: (printed: string) => boolean;
}

export class FaultyStack extends OfflineStack {
  /** Ids of the resources with data, since each was first seen. */
  private readonly kept = new Map<string, string>();
  /** Everything that commands have printed. */
  private said = "";
  /** Ids of the database's server processes that were seen. */
  private readonly servers = new Set<number>();

  constructor(name = "small") {
    super(name);
  }

  private get env() {
    return { ...process.env, CHATPOP_OFFLINE_HOME: this.home, NO_COLOR: "1" };
  }

  /** Runs a Pulumi command as an operator does, and kills it while it runs. */
  command(
    words: readonly string[],
    { faults = [], blow }: { readonly faults?: readonly object[]; readonly blow?: Blow } = {},
  ): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn(join(project, "offline", "pulumi"), [...words, "--stack", this.name], {
        env: { ...this.env, ...(faults.length > 0 && { EMBEDDED_AWS_FAULTS: JSON.stringify(faults) }) },
        ...{ detached: true, stdio: ["ignore", "pipe", "pipe"] },
      });
      let text = "";
      let struck = false;
      const strike = () => {
        if (struck || blow === undefined || !blow.due(text)) return;
        const targets = victimsOf(child.pid!, blow.victim, this.home);
        if (targets.length === 0) return;
        struck = true;
        for (const pid of targets) tryKill(pid);
      };
      const hear = (part: Buffer) => {
        text += part.toString();
        strike();
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      const watch = setInterval(strike, 20);
      child.on("close", (code) => {
        clearInterval(watch);
        this.said += text;
        resolve({ code, text, struck });
      });
    });
  }

  /** `make recover STACK=small APPLY=yes`, which must end well. */
  async recover(): Promise<void> {
    const words = [join(project, "delivery", "recover"), this.name, "--apply"];
    const child = spawn(join(project, "offline", "aws"), words, {
      cwd: project,
      env: { ...this.env, PULUMI: join(project, "offline", "pulumi") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => (text += part.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    this.said += text;
    expect(code, `make recover\n${text}`).to.equal(0);
  }

  /** Fails if a resource with data was replaced. Called after each command. */
  requireKept(): void {
    for (const { urn, type, id } of this.deployment().resources ?? []) {
      if (!stateful.has(type) || id === undefined || id === "") continue;
      const before = this.kept.get(urn);
      expect(id, `${urn} was replaced`).to.equal(before ?? id);
      this.kept.set(urn, id);
    }
  }

  /** Fails unless nothing is pending or half-made, and account and state have the same resources. */
  requireSound({ destroyed = false } = {}): void {
    const { resources = [], pending_operations: pending = [] } = this.deployment();
    this.requireKept();
    none("pending operations", pending);
    none(
      "half-made",
      resources.filter(({ initErrors = [] }) => initErrors.length > 0).map(({ urn }) => urn),
    );
    none("in the account, and in no state", this.orphans());
    const there = new Set(this.account().map(({ type, id }) => `${type} ${id}`));
    const lost = resources
      .filter(({ type }) => type.startsWith("aws:"))
      .map(({ type, id }) => `${type} ${id}`)
      .filter((each) => !there.has(each));
    none("in the state, and not in the account", lost);
    for (const [urn, id] of destroyed ? [] : this.kept)
      expect(resources.find((each) => each.urn === urn)?.id, urn).to.equal(id);
  }

  /** Resources of the account outside the state, without those that are created again under their own name. */
  private orphans(except: (type: string) => boolean = () => false): readonly string[] {
    const known = new Set((this.deployment().resources ?? []).map(({ type, id }) => `${type} ${id}`));
    return this.account()
      .filter(({ type, id }) => !known.has(`${type} ${id}`) && !repeatable.has(type) && !except(type))
      .map(({ type, id }) => `${type} ${id}`);
  }

  /**
   * Fails unless, after a recovery, nothing is pending and only resources that the next update creates again are
   * unknown.
   */
  requireRecovered(): void {
    this.requireKept();
    none("pending operations", this.deployment().pending_operations ?? []);
    none(
      "in the account, and in no state",
      this.orphans((type) => upserts.has(type) && ways[type] === undefined),
    );
  }

  /** How often the database's server was started since a command began. */
  databaseStarts(): number {
    for (const pid of serversOf(this.home)) this.servers.add(pid);
    return this.servers.size;
  }

  /** Forgets the resources with data, after an intended deletion of all. */
  startOver(): void {
    this.kept.clear();
  }

  private account() {
    const file = new AccountFile(layout(this.home).account, (type) => models.get(type)?.sensitive ?? []);
    return file.read().resources;
  }

  /** Fails if a secret of the stack is in plain text in a file of its home or in the output. */
  async requireSecrecy(): Promise<void> {
    const exported = await this.succeeds("stack", "export", "--show-secrets");
    const secrets = plaintexts(JSON.parse(exported)).flatMap((text) => [
      text,
      Buffer.from(text).toString("base64").slice(0, -4),
    ]);
    expect(secrets.length, "secrets of the stack").to.be.greaterThan(1);
    const folder = mkdtempSync(join(tmpdir(), "patterns-"));
    const [patterns, said] = [join(folder, "patterns"), join(folder, "said")];
    writeFileSync(patterns, secrets.join("\n"), { mode: 0o600 });
    writeFileSync(said, this.said);
    const found = grep(patterns, said, this.home);
    none(
      "a secret in plain text",
      found.map((file) => file.replace(said, "what was printed")),
    );
  }
}

/** Requires that there is none of these, and names those that there are. */
const none = (what: string, found: readonly unknown[]) =>
  expect(
    found.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join("\n"),
    what,
  ).to.equal("");

/** Files of these places that hold one of the patterns. */
function grep(patterns: string, ...places: readonly string[]): readonly string[] {
  try {
    const found = execFileSync("grep", ["-rlaF", "-f", patterns, ...places], { encoding: "utf8" });
    return found.trim().split("\n");
  } catch (error) {
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
}

/** Texts of passwords and keys among the secrets of an exported state: long, and without blanks. */
function plaintexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(plaintexts);
  if (value === null || typeof value !== "object") return [];
  const { plaintext, ...others } = value as { plaintext?: string };
  const own = plaintext === undefined ? [] : textsIn(JSON.parse(plaintext));
  return [...own, ...Object.values(others).flatMap(plaintexts)];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") {
    try {
      return textsIn(JSON.parse(value));
    } catch {
      return /^\S{24,100}$/.test(value) && !value.startsWith("arn:") ? [value] : [];
    }
  }
  return value !== null && typeof value === "object"
    ? Object.entries(value).flatMap(([name, each]) => (/pass|secret|result/i.test(name) ? textsIn(each) : []))
    : [];
}

const patterns: Readonly<Record<Exclude<Victim, "everything">, RegExp>> = {
  engine: /^\S*\/pulumi /,
  provider: /provider\/main\.ts aws /,
  languageHost: /languageHost\/main\.ts /,
};

/** The processes of a command that are to be killed; none while they have not started. */
function victimsOf(root: number, victim: Victim | "database", home: string): readonly number[] {
  const all = processes();
  if (victim === "database") return serversOf(home, all);
  const family = treeOf(root, all);
  return all
    .filter(
      ({ pid, line }) => family.includes(pid) && (victim === "everything" || patterns[victim].test(line)),
    )
    .map(({ pid }) => pid);
}

/** The servers that work on databases of this home. */
const serversOf = (home: string, all = processes()): readonly number[] =>
  all.filter(({ line }) => /^\S*postgres /.test(line) && line.includes(`${home}/`)).map(({ pid }) => pid);
