// Folder of an RDS instance's data in the account.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../account";
import type { Context } from "../models/model";

/** The instance's data folder, which may not exist yet. */
export function folderOf(instance: Resource, { home }: Pick<Context, "home">): string {
  return join(home, "postgres", instance.id);
}

/** The draft of that folder, until it is complete. */
export function draftOf(folder: string): string {
  return `${folder}.new`;
}

/** Removes the instance's data for good. */
export function removeData(instance: Resource, context: Pick<Context, "home">): void {
  const folder = folderOf(instance, context);
  for (const path of [folder, draftOf(folder)]) rmSync(path, { recursive: true, force: true });
}
