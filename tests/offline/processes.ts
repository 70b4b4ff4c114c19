// Processes of this machine as Linux shows them: a test that kills some of a run's needs to find them.
import { readdirSync, readFileSync } from "node:fs";

/** A process that runs. */
export interface Process {
  readonly pid: number;
  /** The one that started it. */
  readonly parent: number;
  /** Its command line, words separated by blanks. */
  readonly line: string;
}

/** All processes. */
export function processes(): readonly Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // After the name in brackets: state and parent.
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return [{ pid: Number(name), parent, line }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** A process and all that it has started, directly or not; process groups do not matter, of which the engine gives each plugin its own. */
export const treeOf = (root: number, all: readonly Process[]): readonly number[] => [
  root,
  ...all.filter(({ parent }) => parent === root).flatMap(({ pid }) => treeOf(pid, all)),
];

/** Ends a process with -9, unless it has ended by itself. */
export function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
