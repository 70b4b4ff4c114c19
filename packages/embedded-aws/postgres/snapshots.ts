// DB snapshots as files: the data folder of a deleted instance, and copies of it for restored instances.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Resource } from "../account";
import type { Context } from "../models/model";
import { draftOf, folderOf, removeData } from "./folder";

const snapshotFolder = (name: string, home: string) => join(home, "snapshots", name);

/** Keeps the data of an instance that is deleted; an instance without any use has none. */
export function keepData(instance: Resource, snapshot: string, context: Pick<Context, "home">): void {
  const [data, kept] = [folderOf(instance, context), snapshotFolder(snapshot, context.home)];
  if (existsSync(data)) {
    mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
    renameSync(data, kept);
  }
  removeData(instance, context);
}

/** Gives a new instance the snapshot's data; the server recovers them when it starts. */
export async function restoreData(
  instance: Resource,
  snapshot: string,
  context: Pick<Context, "home">,
): Promise<void> {
  const [kept, data] = [snapshotFolder(snapshot, context.home), folderOf(instance, context)];
  if (!existsSync(kept)) return;
  const draft = draftOf(data);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true, mode: 0o700 });
  // Owner and modes stay as PostgreSQL wants them.
  await promisify(execFile)("cp", ["-a", kept, draft]);
  rmSync(join(draft, "postmaster.pid"), { force: true });
  renameSync(draft, data);
}
