import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A resource as the embedded account has it on disk. */
export interface AccountResource {
  readonly type: string;
  readonly id: string;
}

/** What exists in the embedded account of an offline home. */
export function accountResources(home: string): readonly AccountResource[] {
  const file = join(home, "account", "account.json");
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, "utf8")) as { resources: AccountResource[] }).resources;
}

/** Every file of an offline home. */
export function filesOf(home: string): readonly string[] {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
