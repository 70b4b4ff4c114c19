// A lock between processes. Node has no flock, so it is a file that only one process can create.
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** Time between two attempts, and until a wait ends (ms): the lock is held for moments only. */
const step = 5;
const patience = 30_000;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Runs `work` while no other process holds the lock. A lock whose process has died is taken over. */
export function withLock<T>(path: string, work: () => T): T {
  for (let waited = 0; !acquire(path); waited += step) {
    if (waited >= patience) {
      throw new Error(
        `The account has been locked for ${patience / 1000} s by another process: ${path} holds its id. ` +
          "Delete that file if no such process is at work.",
      );
    }
    takeOverIfAbandoned(path);
    Atomics.wait(pause, 0, 0, step);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire(path: string): boolean {
  return createOnce(path, `${process.pid} ${randomUUID()}`);
}

/** Creates the file with its text in one step, so that nobody ever reads half of it; false when it is there already. */
function createOnce(path: string, text: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

function takeOverIfAbandoned(path: string): void {
  let holder: string;
  try {
    holder = readFileSync(path, "utf8");
  } catch {
    return; // released meanwhile
  }
  const [pid, nonce] = holder.split(" ");
  if (!nonce || isAlive(Number(pid))) return;
  // Only the process that creates this mark may remove the lock. The mark stays, so that a process that has just read
  // the dead id does not remove the lock of the next holder.
  if (createOnce(`${path}.${nonce}`, "")) rmSync(path, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
