// Recovery after an interrupted update: the state takes in resources that were made without an entry. See
// docs/operations/recover.md.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { savedQueries, taggedResources } from "./account";
import { recovered, recoveryOf, type Recovery, type Tagged } from "./plan";
import { defaultTags, queryFoldersOf, regionsOf, type Export } from "./state";

/** A mistake in the command line; shown without a stack trace. */
class Refusal extends Error {}

const usage = `delivery/recover <stack> [--apply | --unattended]
  says which resources of an update that was cut off AWS has and the state lacks;
  --apply cancels that update and takes them into the state;
  --unattended does so for a pipeline, which takes away no lock but one of its own user.
  The command of $PULUMI is used (default: pulumi).`;

const pulumi = process.env["PULUMI"] || "pulumi";

async function main([stack, ...options]: readonly string[]): Promise<number> {
  if (!stack || stack.startsWith("-")) throw new Refusal(`A stack is missing.\n${usage}`);
  const wrong = options.find((option) => option !== "--apply" && option !== "--unattended");
  if (wrong !== undefined) throw new Refusal(`${wrong} is no option.\n${usage}`);
  if (options.includes("--unattended")) return unattended(stack);
  const before = exported(stack);
  const recovery = recoveryOf(before, await accountOf(before, stack));
  say(recovery, stack);
  if (!options.includes("--apply")) {
    if (!isClean(recovery)) console.log(`\nNothing has been changed. To do it: ${again(stack)}`);
    return 0;
  }
  cancelled(stack);
  imported(stack, recovered(before, recovery));
  refreshed(stack, recovery);
  const after = exported(stack);
  // The new state lacks the unseen creations, so they come from the first reading.
  const left = { ...recoveryOf(after, await accountOf(after, stack)), unseen: recovery.unseen };
  if (isClean(left)) {
    console.log(
      `\nNothing is pending, and the account has nothing of ${stack} that its state does not know.\nNext: the update again`,
    );
    return 0;
  }
  console.log("\nLeft:");
  say(left, stack);
  return 1;
}

/**
 * Before an update of the pipeline, and before its way back: a job that was cut off, or whose session has expired, leaves the
 * lock of its user and what it had begun. What no state knows besides is for people.
 */
async function unattended(stack: string): Promise<number> {
  const before = exported(stack);
  const begun = (before.deployment.pending_operations ?? []).length > 0;
  const recovery = begun ? recoveryOf(before, await accountOf(before, stack)) : nothing;
  const lock = importFault(stack, recovered(before, recovery));
  if (lock !== undefined) {
    const holder = /created by (\S+)@/.exec(lock)?.[1];
    const self = userInfo().username;
    if (holder !== self)
      throw new Refusal(
        `Another update of ${stack} is under way, or was cut off; the pipeline takes away locks of its own user (${self}) only. ` +
          `If it does not run any more: ${again(stack)}\n${lock}`,
      );
    console.log(`A job that was cut off has left its lock, which is taken away:\n${lock}`);
    cancelled(stack);
    imported(stack, recovered(before, recovery));
  }
  refreshed(stack, recovery);
  say({ ...recovery, orphans: [] }, stack);
  return recovery.unclear.length + recovery.unseen.length === 0 ? 0 : 1;
}

const nothing: Recovery = { imports: [], forgotten: [], settled: [], unclear: [], unseen: [], orphans: [] };

/** Nobody holds the lock of an update that was cut off; without one the command fails, which is as good. */
function cancelled(stack: string): void {
  spawnSync(pulumi, ["cancel", "--yes", "--stack", stack], { stdio: "ignore" });
}

const again = (stack: string) => process.env["RECOVER_AGAIN"] ?? `delivery/recover ${stack} --apply`;

function exported(stack: string): Export {
  const text = execFileSync(pulumi, ["stack", "export", "--stack", stack], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(text) as Export;
}

/** Replaces the engine's state. */
function imported(stack: string, state: Export): void {
  const fault = importFault(stack, state);
  if (fault !== undefined) throw new Refusal(fault);
}

/** As `imported`; what Pulumi says where the state is locked. The state's secrets stay encrypted on the way. */
function importFault(stack: string, state: Export): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "recovery-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
    const line = ["stack", "import", "--file", file, "--stack", stack];
    const { status, stderr, error } = spawnSync(pulumi, line, { encoding: "utf8" });
    return status === 0 ? undefined : (error?.message ?? stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Refreshes the imported and settled resources from AWS; missing ones leave the state. */
function refreshed(stack: string, { imports, settled }: Recovery): void {
  const urns = [...imports.map(({ urn }) => urn), ...settled];
  if (urns.length === 0) return;
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const line = ["refresh", "--yes", "--skip-preview", "--non-interactive", "--stack", stack, ...targets];
  if (spawnSync(pulumi, line, { stdio: "inherit" }).status === 0) return;
  throw new Refusal(
    `The state has them, but nobody has looked at AWS: ${pulumi} ${["refresh", "--stack", stack].join(" ")}`,
  );
}

async function accountOf(state: Export, stack: string): Promise<readonly Tagged[]> {
  const tags = defaultTags(state);
  // An update that ended before its first resource has made nothing, and has no provider yet.
  if ((state.deployment.resources ?? []).length === 0) return [];
  if (Object.keys(tags).length === 0) {
    throw new Refusal(
      `The stack ${stack} has no aws:defaultTags, by which its own resources differ from others. Set them, update once, ` +
        `and try again: pulumi config set --path aws:defaultTags.tags.Stack ${stack} --stack ${stack}`,
    );
  }
  const regions = regionsOf(state);
  const tagged = await taggedResources(tags, regions);
  const accountId = tagged.map(({ arn }) => arn.split(":")[4]).find(Boolean) ?? "";
  const queries = queryFoldersOf(state).map((folder) => savedQueries(folder, regions, accountId));
  return [...tagged, ...(await Promise.all(queries)).flat()];
}

const isClean = (recovery: Recovery): boolean =>
  Object.values(recovery).every((list: readonly unknown[]) => list.length === 0);

function say(recovery: Recovery, stack: string): void {
  const { imports, forgotten, settled, unclear, unseen, orphans } = recovery;
  const list = (title: string, lines: readonly string[]) => {
    if (lines.length > 0) console.log([title, ...lines.map((line) => `  ${line}`)].join("\n"));
  };
  list(
    "Begun, and there: the state takes it in",
    imports.map(({ urn, id }) => `${short(urn)} = ${id}`),
  );
  list("Begun, and made again by the next update", forgotten.map(short));
  list("Changed or deleted when the update ended: the state takes in what AWS has", settled.map(short));
  list(
    "Begun, and more than one resource may be it: delete all but one, and come again",
    unclear.flatMap(({ urn, arns }) => [short(urn), ...arns.map((arn) => `  ${arn}`)]),
  );
  list(
    "Begun, and no tag shows whether AWS has it: delete what this finds of it before the next update, which makes another one",
    unseen.flatMap(({ urn, command }) => [short(urn), `  ${command}`]),
  );
  list(
    `Tagged as ${stack}'s, and known to no state: import or delete it (docs/operations/recover.md)`,
    orphans,
  );
  if (isClean(recovery)) {
    console.log(
      `Nothing to recover: nothing of ${stack} is pending, and its state knows all that the account has.\n` +
        "Next: the update",
    );
  }
}

/** `aws:ec2/vpc:Vpc chatpop`, of a URN. */
function short(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)} ${name}`;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error instanceof Refusal ? error.message : error.stack);
    process.exitCode = 1;
  },
);
