// A state that is gone or empty. Without this refusal an update would begin from nothing, and make everything a second time.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { layout } from "../packages/embedded-aws/launcher/environment";

/** Fault of a stack's state with its remedy; undefined for a sound state, and for a stack without one. */
export function lostState(home: string, stack: string, file: string): string | undefined {
  const history = join(layout(home).state, ".pulumi", "history", "chatpop", stack);
  const kept = existsSync(history)
    ? readdirSync(history)
        .filter((name) => name.endsWith(".checkpoint.json"))
        .map((name) => join(history, name))
    : [];
  // A stack that was removed on purpose has no history any more.
  if (!existsSync(file) && kept.length === 0) return undefined;
  if (isState(file)) return undefined;
  const problem = `The state of stack ${stack} is ${existsSync(file) ? "unreadable" : "lost"}: ${file}.`;
  const [last] = [...kept, `${file}.bak`]
    .filter(isState)
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (last === undefined)
    return `${problem} No former one was kept. To begin anew, with an empty account: make clean`;
  return [
    `${problem} An update without it would make everything a second time.`,
    "Put the last one that was kept in its place, and let it take in what was made since:",
    `  cp ${quoted(last)} ${quoted(file)}`,
    `  make recover STACK=${stack} APPLY=yes`,
  ].join("\n");
}

/** Whether the file is whole: a write that was cut off leaves it empty, or without its end. */
function isState(file: string): boolean {
  if (!existsSync(file)) return false;
  const text = readFileSync(file, "utf8").trim();
  return text.startsWith("{") && text.endsWith("}") && text.includes('"checkpoint"');
}

const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;
