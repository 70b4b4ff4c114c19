// Faults of the state, the machine, the account or the database, each on a copy of a running stack.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { layout } from "../../offline/environment";
import { withoutPreview } from "../endToEnd/offlineStack";
import { FaultyStack } from "./faultyStack";
import { mayGo } from "./lives";
import { quotaRows, type Scene } from "./table";

const up = ["up", ...withoutPreview] as const;

/** A change of every tagged resource, so that an operation is under way at any time. */
export const retag = (stack: FaultyStack, round: string) =>
  stack.succeeds("config", "set", "--path", "aws:defaultTags.tags.Round", round);

/** Runs a scene, with the documented procedure, on a stack that is up as it is committed. */
export const scene = (name: Scene): Promise<void> => onCopy((stack) => befall(stack, name));

/** Exceeds a quota, and raises it, on a stack that is up as it is committed. */
export const quota = (name: string): Promise<void> => onCopy((stack) => exceed(stack, name));

/** Runs a scene, with the documented procedure; the next `up` has to bring the stack to its end. */
export const befall = (stack: FaultyStack, name: Scene): Promise<void> => scenes[name](stack);

/** Exceeds a quota, and raises it; the next `up` has to bring the stack to its end. */
export async function exceed(stack: FaultyStack, name: string): Promise<void> {
  const file = join(layout(stack.home).account, "settings.json");
  for (const [key, value] of Object.entries(quotaRows[name]!)) await stack.set(key, value);
  writeFileSync(file, JSON.stringify({ quotas: { [name]: 0 } }));
  const { code, text } = await stack.command(up);
  expect(code, `${name} was not hit\n${text.slice(-500)}`).not.to.equal(0);
  expect(text).to.match(/LimitExceeded|Quota|limit/i);
  stack.requireKept();
  rmSync(file);
}

async function onCopy(strike: (stack: FaultyStack) => Promise<void>): Promise<void> {
  const stack = new FaultyStack();
  try {
    await stack.upAsCommitted();
    stack.requireSound();
    await strike(stack);
    await stack.succeeds(...up);
    stack.requireSound();
    await stack.requireSecrecy();
  } finally {
    stack.remove();
  }
}

/** The launcher refuses a state that it cannot read; the test follows its message to the letter. */
async function putBack(stack: FaultyStack): Promise<void> {
  const { code, text } = await stack.command(up);
  expect(code, text).not.to.equal(0);
  stack.requireKept();
  const line = /^ +(cp .*)$/m.exec(text)?.[1];
  expect(line, `says how to put the state back\n${text}`).not.to.equal(undefined);
  execFileSync("sh", ["-c", line!]);
  await stack.recover();
  stack.requireRecovered();
}

const expired = ["create", "read", "update", "delete"].map((operation) => ({
  ...{ operation, call: 6, times: "all" },
  error: "ExpiredToken: The security token included in the request is expired",
}));

const scenes: Readonly<Record<Scene, (stack: FaultyStack) => Promise<void>>> = {
  async "state file empty"(stack) {
    writeFileSync(stack.stateFile, "");
    await putBack(stack);
  },

  async "state file lost"(stack) {
    rmSync(stack.stateFile);
    await putBack(stack);
  },

  async "lock left behind"(stack) {
    const folder = join(layout(stack.home).state, ".pulumi", "locks", "organization", "chatpop", "small");
    mkdirSync(folder, { recursive: true });
    const lock = { pid: 1, username: "somebody", hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" };
    writeFileSync(join(folder, "4d3a4a5e-8e3b-4a55-9a63-6f1d0c3e2b10.json"), JSON.stringify(lock));
    const { code, text } = await stack.command(up);
    expect(code).not.to.equal(0);
    expect(text).to.contain("locked");
    await stack.recover();
  },

  async "two operators at once"(stack) {
    await retag(stack, "second");
    const ends = await Promise.all([stack.command(up), stack.command(up)]);
    // Each may have seen the other's lock; then both are refused.
    for (const { code, text } of ends) if (code !== 0) expect(text).to.match(/lock/);
  },

  async "disk full"(stack) {
    // Its home moves to a disk of its own with little free space.
    const elsewhere = `${stack.home}.before`;
    cpSync(stack.home, elsewhere, { recursive: true, preserveTimestamps: true });
    const used = Number(execFileSync("du", ["-sk", stack.home], { encoding: "utf8" }).split("\t")[0]);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${used + 256}k,mode=755`, "tmpfs", stack.home]);
    try {
      execFileSync("cp", ["-a", `${elsewhere}/.`, stack.home]);
      await retag(stack, "second");
      execFileSync("sh", ["-c", 'cat /dev/zero > "$1/filling" 2>/dev/null; true', "sh", stack.home]);
      const { code, text } = await stack.command(up);
      expect(code, text).not.to.equal(0);
      stack.requireKept();
      rmSync(join(stack.home, "filling"));
      execFileSync("mount", ["-o", `remount,size=${2 * used}k`, stack.home]);
      await stack.recover();
      stack.requireRecovered();
      await stack.succeeds(...up);
      rmSync(elsewhere, { recursive: true, force: true });
      execFileSync("cp", ["-a", `${stack.home}/.`, elsewhere]);
    } finally {
      execFileSync("umount", [stack.home]);
    }
    execFileSync("cp", ["-a", `${elsewhere}/.`, stack.home]);
    rmSync(elsewhere, { recursive: true, force: true });
  },

  async "credentials expire during up"(stack) {
    await retag(stack, "second");
    const { code, text } = await stack.command(up, { faults: expired });
    expect(code).not.to.equal(0);
    expect(text).to.contain("ExpiredToken");
    stack.requireKept();
  },

  async "credentials expire during destroy"(stack) {
    await mayGo(stack);
    await stack.succeeds(...up);
    const { code, text } = await stack.command(["destroy", ...withoutPreview], { faults: expired });
    expect(code).not.to.equal(0);
    expect(text).to.contain("ExpiredToken");
    await stack.succeeds("destroy", ...withoutPreview);
    stack.requireSound({ destroyed: true });
    stack.startOver();
  },

  "database killed during a migration": (stack) => databaseKilled(stack, 1),
  "database killed during an index build": (stack) => databaseKilled(stack, 2),
};

/** A release in which the database's server is killed when it runs for the so-many-th time. */
async function databaseKilled(stack: FaultyStack, start: number): Promise<void> {
  await stack.set("image", ":1.4.2");
  const blow = { victim: "database" as const, due: () => stack.databaseStarts() >= start };
  const { struck } = await stack.command(up, { blow });
  expect(struck, "the database ran").to.equal(true);
  stack.requireKept();
}
