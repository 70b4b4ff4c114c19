// Writes files atomically: no reader and no second run ever sees half of one.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the repository that this package belongs to, with its loader of TypeScript. */
export const repository = join(__dirname, "..", "..", "..");

/** Writes the whole of `text` to `path` or nothing, creating the folder it lies in. */
export function writeAtomically(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  chmodSync(draft, mode);
  renameSync(draft, path);
}

/** The text of a file, or undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Second line of every launcher that this project writes. A file without it is not ours and is left alone. */
const launcherMark = "# Starts a TypeScript file of this project; written anew whenever the project moves.";

/** Makes `path` an executable that runs the package's TypeScript file `script`; leaves a foreign file alone. */
export function writeLauncher(path: string, script: string, ...args: string[]): void {
  const command = ["node", "--require", join(repository, "typescript.cjs"), join(__dirname, "..", script)];
  const text = `#!/bin/sh\n${launcherMark}\nexec ${[...command, ...args].map(quoted).join(" ")} "$@"\n`;
  const present = readIfPresent(path);
  if (present === text || (present !== undefined && !present.includes(launcherMark))) return;
  writeAtomically(path, text, 0o755);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
