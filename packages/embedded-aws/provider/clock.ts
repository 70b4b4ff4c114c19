// Simulated time of an account: the machine's time plus the simulated waits (polls, `advance`).
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../states/phases";
import { withLock } from "./lock";

/** The clock of the account in a folder. All processes that use the folder share it. */
export function clockOf(folder: string): Clock {
  const path = join(folder, "clock.json");
  const ahead = (): number => {
    try {
      return Number((JSON.parse(readFileSync(path, "utf8")) as { aheadSeconds?: unknown }).aheadSeconds ?? 0);
    } catch {
      return 0;
    }
  };
  return {
    now: () => new Date(Date.now() + ahead() * 1000),
    pass(seconds) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      withLock(`${path}.lock`, () => {
        writeFileSync(`${path}.new`, `${JSON.stringify({ aheadSeconds: ahead() + seconds })}\n`, {
          mode: 0o600,
        });
        renameSync(`${path}.new`, path);
      });
    },
  };
}
