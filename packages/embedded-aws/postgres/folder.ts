// Where the data of an RDS instance lies in the account.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../account";
import type { Context } from "../models/model";

/** The instance's data folder, whether or not it was needed yet. */
export function folderOf(instance: Resource, { home }: Pick<Context, "home">): string {
  return join(home, "postgres", instance.id);
}

/** Where that folder is made, until it is complete. */
export function draftOf(folder: string): string {
  return `${folder}.new`;
}

/** Removes the instance's data for good. */
export function removeData(instance: Resource, context: Pick<Context, "home">): void {
  const folder = folderOf(instance, context);
  for (const path of [folder, draftOf(folder)]) rmSync(path, { recursive: true, force: true });
}
