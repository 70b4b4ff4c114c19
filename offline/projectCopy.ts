// The project as an offline run sees it: copies of Pulumi.yaml and the stack's file in a folder of their own, so that
// whatever a command writes into them, or deletes, the committed files stay as they are.
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

import { PROJECT, readIfPresent, writeAtomically } from "./files";

/** A mistake of the user's, told without a stack trace. */
export class UsageError extends Error {}

/** What in a stack's file belongs to the secrets of the real stack, which are out of reach here. */
const REAL_ENCRYPTION = /^(encryptionsalt|secretsprovider|encryptedkey):.*\n?/gm;
const REAL_SECRET = /^(\s+)([^\s#][^\n]*):[ \t]*\n\s+secure:[^\n]*/gm;
const OFFLINE_SALT = /^encryptionsalt:.*$/m;

/** Names the stacks that have a file in `project`. */
export function stackNames(project = PROJECT): string[] {
  const names = readdirSync(project).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined);
}

/** The copy of a stack's file. */
export function copyOf(stack: string, folder: string): string {
  return join(folder, stackFile(stack));
}

/**
 * Brings the copies in `folder` up to date with `project`. The stack's copy is made anew only when the committed file
 * has changed, so that it keeps what `config set` wrote; it always keeps its encryption salt.
 * @throws UsageError when the project has no such stack.
 */
export function renewCopy(
  stack: string,
  folder: string,
  say: (line: string) => void,
  project = PROJECT,
): void {
  const committed = readIfPresent(join(project, stackFile(stack)));
  if (committed === undefined) {
    const names = stackNames(project).join(", ");
    const problem = stack === "" ? "No stack is named." : `${stackFile(stack)} does not exist.`;
    throw new UsageError(
      `${problem} Choose one of: ${names} (--stack <name>; with make STACK=<name>), or copy one's file.`,
    );
  }
  renewProjectFile(folder, project);

  const basis = join(folder, "committed", stackFile(stack));
  const basedOn = readIfPresent(basis);
  const copy = copyOf(stack, folder);
  const present = readIfPresent(copy);
  if (present !== undefined && basedOn === committed) return;
  if (present !== undefined) say(`${stackFile(stack)} has changed: its offline copy is made anew`);
  writeAtomically(copy, offlineText(committed, present));
  writeAtomically(basis, committed);
}

/** The text of a stack's copy: without the real stack's encryption, with the salt of the copy there was before. */
export function offlineText(committed: string, before: string | undefined): string {
  const salt = before === undefined ? undefined : OFFLINE_SALT.exec(before)?.[0];
  const text = committed
    .replace(REAL_ENCRYPTION, "")
    .replace(REAL_SECRET, (_, indent: string, key: string) => `${indent}${key}: offline`);
  return salt === undefined ? text : `${salt}\n${text}`;
}

function renewProjectFile(folder: string, project: string): void {
  const source = join(project, "Pulumi.yaml");
  const committed = readIfPresent(source);
  if (committed === undefined) throw new UsageError(`${source} does not exist.`);
  const main = join(relative(folder, project), /^main:\s*(\S+)/m.exec(committed)?.[1] ?? ".");
  const text = `${committed.replace(/^main:.*\n?/m, "").trimEnd()}\nmain: ${main}\n`;
  const copy = join(folder, "Pulumi.yaml");
  if (readIfPresent(copy) !== text) writeAtomically(copy, text);
}

function stackFile(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}
