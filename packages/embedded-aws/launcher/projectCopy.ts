// The project for an offline run: copies of Pulumi.yaml and the stack's file in a folder of their own. Commands write
// and delete the copies, never the committed files.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { readIfPresent, writeAtomically } from "./files";

/** A user's mistake; shown without a stack trace. */
export class UsageError extends Error {}

/** Keys of a stack's file for the secrets of the real stack, which an offline run cannot decrypt. */
const encryption = ["encryptionsalt", "secretsprovider", "encryptedkey"];

/** The nearest folder with a `Pulumi.yaml`, from `folder` upwards; undefined when there is none. */
export function findProject(folder: string): string | undefined {
  if (readIfPresent(join(folder, "Pulumi.yaml")) !== undefined) return folder;
  return dirname(folder) === folder ? undefined : findProject(dirname(folder));
}

/** The project's name in its `Pulumi.yaml`. */
export function projectName(project: string): string {
  return /^name:\s*["']?([\w.-]+)/m.exec(readIfPresent(join(project, "Pulumi.yaml")) ?? "")?.[1] ?? "";
}

/** Orders names of stacks for a message: the one that resembles the written name first. */
export type Suggestions = (written: string, names: readonly string[]) => readonly string[];

/** Names the stacks that have a file in `project`. */
export function stackNames(project: string): string[] {
  if (!existsSync(project)) return [];
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
 * @throws UsageError when the project has stacks, but no such one, and none of that name was made offline; it names
 * those that exist, also those made offline, and offers the first.
 */
export function renewCopy(
  stack: string,
  folder: string,
  say: (line: string) => void,
  project: string,
  options: { readonly making?: boolean; readonly tool?: string; readonly suggestions?: Suggestions } = {},
): void {
  const committed = readIfPresent(join(project, stackFile(stack)));
  const copy = copyOf(stack, folder);
  const present = readIfPresent(copy);
  if (committed === undefined) {
    const names = stackNames(project);
    const inOrder = options.suggestions ?? ((_, all) => [...all].sort());
    const known = present !== undefined || options.making || (stack !== "" && names.length === 0);
    if (!known)
      throw new UsageError(
        unknown(stack, inOrder(stack, [...new Set([...names, ...stackNames(folder)])]), options.tool),
      );
    renewProjectFile(folder, project);
    return;
  }
  renewProjectFile(folder, project);

  const basis = join(folder, "committed", stackFile(stack));
  const basedOn = readIfPresent(basis);
  if (present !== undefined && basedOn === committed) return;
  if (present !== undefined) say(`${stackFile(stack)} has changed: its offline copy is made anew`);
  writeAtomically(copy, offlineText(committed, present));
  writeAtomically(basis, committed);
}

function unknown(stack: string, names: readonly string[], tool = "pulumi"): string {
  const like = names[0]!;
  const choice = `Choose one of: ${names.join(", ")} (--stack ${like}; with make STACK=${like})`;
  if (stack !== "" && !/^[\w.-]{1,100}$/.test(stack))
    return `${JSON.stringify(stack)} is no name of a stack, which has letters, digits, "-", "_" and "." only. ${choice}.`;
  const problem = stack === "" ? "No stack is named." : `${stackFile(stack)} does not exist.`;
  return `${problem} ${choice}, or make it: ${tool} stack init ${stack || "staging"} --copy-config-from ${like}`;
}

/** The text of a stack's copy: without the real stack's encryption, with the salt of the former copy. */
export function offlineText(committed: string, before: string | undefined): string {
  const { isMap, parseDocument, visit } = yaml();
  const document = parseDocument(committed);
  for (const key of encryption) document.delete(key);
  const isSecret = (node: unknown) => isMap(node) && node.items.length === 1 && node.has("secure");
  visit(document, { Map: (_, node) => (isSecret(node) ? document.createNode("offline") : undefined) });
  const salt: unknown = before === undefined ? undefined : parseDocument(before).get("encryptionsalt");
  // A file with nothing but a comment has no document to print.
  const text = document.contents === null ? committed : document.toString({ lineWidth: 0 });
  return salt === undefined ? text : `encryptionsalt: ${String(salt)}\n${text}`;
}

function renewProjectFile(folder: string, project: string): void {
  const source = join(project, "Pulumi.yaml");
  const committed = readIfPresent(source);
  if (committed === undefined) throw new UsageError(`${source} does not exist.`);
  const copy = join(folder, "Pulumi.yaml");
  const basis = join(folder, "committed", "Pulumi.yaml");
  const place = relative(folder, project);
  const basedOn = `# ${place}\n${committed}`;
  if (readIfPresent(basis) === basedOn && readIfPresent(copy) !== undefined) return;
  const document = yaml().parseDocument(committed);
  const main: unknown = document.get("main") ?? ".";
  document.set("main", join(place, String(main)));
  // An offline run ignores the backend of the real stacks and the folder of their files.
  for (const key of ["backend", "stackConfigDir"]) document.delete(key);
  writeAtomically(copy, document.toString({ lineWidth: 0 }));
  writeAtomically(basis, basedOn);
}

/** Loaded on demand: it takes a tenth of a second, and most runs need no new copy. */
const yaml = () => require("yaml") as typeof import("yaml");

function stackFile(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}
