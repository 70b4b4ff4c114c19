import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A resource as the embedded account has it on disk. */
export interface AccountResource {
  readonly type: string;
  readonly id: string;
  /** Inputs and computed outputs together. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A trace of a resource that is gone, in the embedded account. */
export interface AccountTrace {
  readonly kind: string;
  readonly name: string;
}

interface Account {
  readonly resources: readonly AccountResource[];
  readonly traces: readonly AccountTrace[];
}

function read(home: string): Account {
  const file = join(home, "account", "account.json");
  if (!existsSync(file)) return { resources: [], traces: [] };
  return JSON.parse(readFileSync(file, "utf8")) as Account;
}

/** Resources in the embedded account of an offline home. */
export const accountResources = (home: string): readonly AccountResource[] => read(home).resources;

/** Traces in the embedded account of resources that are gone. */
export const accountTraces = (home: string): readonly AccountTrace[] => read(home).traces;

/** Every file of an offline home. */
export function filesOf(home: string): readonly string[] {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
