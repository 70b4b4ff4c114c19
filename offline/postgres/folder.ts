// Where the data of an RDS instance lies in the account.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../account";
import type { Context } from "../models/model";

/** The instance's data folder, whether or not it was needed yet. */
export function folderOf(instance: Resource, { home }: Pick<Context, "home">): string {
  return join(home, "postgres", instance.id);
}

/** Removes the instance's data for good. */
export function removeData(instance: Resource, context: Pick<Context, "home">): void {
  rmSync(folderOf(instance, context), { recursive: true, force: true });
}
