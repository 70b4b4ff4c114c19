// Long lives of a stack with a fault in each command; each command must get further than the one before.
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { withoutPreview } from "../endToEnd/offlineStack";
import { type Ended, FaultyStack } from "./faultyStack";
import {
  callId,
  callIn,
  calls,
  killEvery,
  type KillRow,
  killRows,
  type Operation,
  resourceTypes,
  type Victim,
} from "./table";

/** How a row ends: as it should, with a problem, or without a chance to strike. */
export type End = { readonly problem?: string } | { readonly reached: false };

/** Receives each row at its end. */
export type Tell = (id: string, end: End) => void;

const unreached: End = { reached: false };

/** Applies settings with which a stack can be destroyed. */
export async function mayGo(stack: FaultyStack): Promise<void> {
  await stack.set("disposable", "true");
  await stack.set("deletionProtection", "false");
}

/** Whether a run includes a row; other rows get no fault. */
export type Wanted = (id: string) => boolean;

/**
 * From nothing to an up, a change of everything, and a destruction. In each command the first call of each resource type
 * that was not struck yet is struck; the engine goes on with what does not depend on it.
 */
export async function lifeOfCalls(life: number, wanted: Wanted, tell: Tell): Promise<void> {
  const stack = new FaultyStack();
  const creations = resourceTypes.some((type, index) => wanted(callId("create", callIn(life, index), type)));
  try {
    if (!creations) await stack.upAsCommitted();
    await mayGo(stack);
    await struck(stack, "create", life, wanted, tell);
    await changeOfCalls(stack, life, wanted, tell);
    await stack.requireSecrecy();
    await struck(stack, "delete", life, wanted, tell);
  } finally {
    stack.remove();
  }
}

/** A change of everything in a running stack, with faults in its calls. */
export async function changeOfCalls(
  stack: FaultyStack,
  life: number,
  wanted: Wanted,
  tell: Tell,
): Promise<void> {
  await stack.succeeds("config", "set", "--path", "aws:defaultTags.tags.Round", "second");
  for (const [key, value] of Object.entries(changes)) await stack.set(key, value);
  await struck(stack, "update", life, wanted, tell);
}

/** Settings whose change reaches types without tags. */
const changes = {
  logRetentionDays: "14",
  maxTasks: "9",
  alarms: '{"database-cpu":{"threshold":85}}',
  scheduledCommands:
    '{"cleanup-expired-photos":{"command":"python manage.py cleanup_expired_photos","schedule":"cron(30 5 * * ? *)"}}',
};

async function struck(
  stack: FaultyStack,
  operation: Operation,
  life: number,
  wanted: Wanted,
  tell: Tell,
): Promise<void> {
  const open = new Map(
    resourceTypes.flatMap((type, index) => {
      const call = callIn(life, index);
      const id = callId(operation, call, type);
      return wanted(id) ? [[type, { call, id, mark: `${operation} of ${type}` }] as const] : [];
    }),
  );
  const verb = operation === "delete" ? "destroy" : "up";
  const ids: string[] = [];
  for (;;) {
    const faults = [...open].map(([type, { call, mark }]) => ({
      ...{ type, operation, ...calls[call].fault },
      error: `${calls[call].fault.error} (${mark})`,
    }));
    // After a failed deletion the engine (3.246) would walk every path of what depends on it: minutes without an end.
    const further = verb === "up" ? ["--continue-on-error"] : [];
    const { code, text } = await stack.command([verb, ...withoutPreview, ...further], { faults });
    const hit = [...open].filter(([, { mark }]) => text.includes(`(${mark})`));
    stack.requireKept();
    for (const [type, { id }] of hit) {
      ids.push(id);
      open.delete(type);
    }
    if (code === 0) break;
    // A command without a fault must succeed: otherwise the last fault has left something behind.
    if (hit.length === 0) {
      for (const id of ids) tell(id, { problem: text.slice(-2_000) });
      throw new Error(`${verb} fails after its faults\n${text}`);
    }
  }
  stack.requireSound({ destroyed: operation === "delete" });
  for (const id of ids) tell(id, {});
  for (const { id } of open.values()) tell(id, unreached);
}

/**
 * From nothing to an up and back, killed again and again, and recovered as the runbook says. What a kill has ruined is left,
 * and a new stack goes on with the points that follow.
 */
export async function livesOfKills(wanted: Wanted, tell: Tell): Promise<void> {
  const open = new Set(killRows.filter(({ id }) => wanted(id)));
  while (open.size > 0 && (await lifeOfKills(open, tell)));
  for (const { id } of open) tell(id, unreached);
}

/** Takes from the points those that it was killed at; returns whether another life may reach more of them. */
async function lifeOfKills(open: Set<KillRow>, tell: Tell): Promise<boolean> {
  const stack = new FaultyStack();
  const before = open.size;
  try {
    await mayGo(stack);
    for (const verb of ["up", "destroy"] as const) {
      if (!(await killed(stack, verb, open, tell))) return true;
      await stack.succeeds(verb, ...withoutPreview);
      stack.requireSound({ destroyed: verb === "destroy" });
      if (verb === "up") await stack.requireSecrecy();
    }
    return open.size < before;
  } finally {
    stack.remove();
  }
}

/** Kills a command at the points that are open, until one ruins the stack, which is said, or none is left. */
async function killed(
  stack: FaultyStack,
  verb: "up" | "destroy",
  open: Set<KillRow>,
  tell: Tell,
): Promise<boolean> {
  for (const row of [...open].filter((each) => each.verb === verb)) {
    const { victim, id } = row;
    const { struck, code, text } = await kill(stack, verb, victim);
    // Fewer are left than it takes.
    if (!struck) {
      expect(code, text).to.equal(0);
      return true;
    }
    open.delete(row);
    try {
      await stack.recover();
      stack.requireRecovered();
    } catch (error) {
      tell(id, { problem: `${(error as Error).message}\n${text.slice(-1_000)}` });
      return false;
    }
    tell(id, {});
  }
  return true;
}

/** Runs a command and kills a process of it when so many resources are made, changed or deleted. */
export async function kill(stack: FaultyStack, verb: "up" | "destroy", victim: Victim): Promise<Ended> {
  const due = (text: string) => (text.match(/ (created|updated|deleted) \(/g)?.length ?? 0) >= killEvery;
  const ended = await stack.command([verb, ...withoutPreview], { blow: { victim, due } });
  // A provider that outlives its engine looks every second whether it is still there.
  await delay(1_500);
  return ended;
}
