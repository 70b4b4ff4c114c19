// Engines that are on this machine already.
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { repository, writeLauncher } from "../files";
import { hasRecord, recordHash } from "./hash";
import type { Answer } from "./search";
import { versionObjection, versionOf } from "./version";

/** The ignored folder that holds the project's own engine. */
export const engineFolder = join(repository, ".engine");

const languageHostName = "pulumi-language-nodejs";

/** The engine on the PATH, if its version fits and its own language host lies beside it. */
export async function engineOnPath(path = process.env.PATH ?? "", folder = engineFolder): Promise<Answer> {
  const executable = path
    .split(delimiter)
    .map((entry) => join(entry, "pulumi"))
    .find(isExecutable);
  if (executable === undefined) return { reason: "there is none" };
  if (!existsSync(join(dirname(realpathSync(executable)), languageHostName))) {
    return { reason: `${executable} has no ${languageHostName} beside it` };
  }
  return fitting(executable, folder);
}

/** The engine in the project's folder; it gets this project's language host, and a record of its hash, if it has none. */
export async function engineInProject(folder = engineFolder): Promise<Answer> {
  const executable = join(folder, "bin", "pulumi");
  if (!isExecutable(executable)) return { reason: "there is none yet" };
  addLanguageHost(join(folder, "bin"));
  const answer = await fitting(executable, folder);
  if ("executable" in answer && !hasRecord(executable)) await recordHash(executable);
  return answer;
}

/** Puts this project's language host into a folder that has none. */
export function addLanguageHost(folder: string): void {
  writeLauncher(join(folder, languageHostName), "languageHost/main.ts");
}

async function fitting(executable: string, folder: string): Promise<Answer> {
  try {
    const version = await versionOf(executable, join(folder, "versions.json"));
    const objection = versionObjection(version);
    return objection === undefined ? { executable, version } : { reason: `${executable}: ${objection}` };
  } catch (error) {
    return { reason: `${executable}: ${(error as Error).message}` };
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
