// Installs a new engine into the project's folder: completely or not at all, and only once if two runs need it.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { recordHash } from "./hash";
import { engineInProject } from "./present";
import type { Answer } from "./search";

const lockName = "lock";
const draftPrefix = "draft-";

/**
 * Lets `fill` put a `bin` folder into a draft, and moves it into `folder` when it is complete.
 * If another process does the same, waits for it and uses its result.
 */
export async function install(
  folder: string,
  say: (line: string) => void,
  fill: (draft: string) => Promise<void>,
): Promise<Answer> {
  mkdirSync(folder, { recursive: true });
  await lock(folder, say);
  try {
    const made = await engineInProject(folder);
    if ("executable" in made) return made;
    if (existsSync(join(folder, "bin", "pulumi"))) say(`replacing ${made.reason}`);
    removeDrafts(folder);
    const draft = mkdtempSync(join(folder, draftPrefix));
    try {
      await fill(draft);
      await recordHash(join(draft, "bin", "pulumi"));
      rmSync(join(folder, "bin"), { recursive: true, force: true });
      renameSync(join(draft, "bin"), join(folder, "bin"));
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    return await engineInProject(folder);
  } finally {
    rmSync(join(folder, lockName), { force: true });
  }
}

/** Leftovers of interrupted runs. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(draftPrefix)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function lock(folder: string, say: (line: string) => void): Promise<void> {
  const path = join(folder, lockName);
  let said = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
    // An empty file belongs to a process that is about to write its number.
    if (owner !== 0 && !isAlive(owner)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!said && owner !== 0) say(`waiting for process ${owner}, which is providing the engine already`);
    said ||= owner !== 0;
    await delay(500);
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
