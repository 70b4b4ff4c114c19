// The engine's bytes as they were installed: a folder that others write to, or a cache that is restored, may bring others.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { pipeline } from "node:stream/promises";

import { writeAtomically } from "../files";

const recordOf = (executable: string) => `${executable}.sha256`;

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Writes the executable's hash beside it, as `sha256sum` does. */
export async function recordHash(executable: string): Promise<void> {
  writeAtomically(recordOf(executable), `${await hashOf(executable)}  ${basename(executable)}\n`);
}

/** Whether a hash was recorded beside the executable. */
export const hasRecord = (executable: string): boolean => existsSync(recordOf(executable));

/** Reason against an executable whose hash is another than the recorded one. */
export async function hashObjection(executable: string): Promise<string | undefined> {
  if (!hasRecord(executable)) return undefined;
  const [wanted = ""] = readFileSync(recordOf(executable), "utf8").split(" ");
  const found = await hashOf(executable);
  return found === wanted
    ? undefined
    : `its SHA-256 is ${found}, and ${recordOf(executable)} says ${wanted}: ` +
        `it was changed after it was installed. Delete ${dirname(executable)} and type: make engine`;
}
