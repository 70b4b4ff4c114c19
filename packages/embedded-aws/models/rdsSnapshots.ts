// DB snapshots: what an instance leaves behind.
import type { Context } from "./model";
import type { Resource } from "../account";
import type { Inputs } from "./rdsInstanceInputs";
import { trace, type Trace } from "./traces";

/** A snapshot stays as a trace of this kind. */
export const snapshotKind = "DB snapshot";

/** What a snapshot tells of the instance it was taken of. */
export interface Snapshot {
  readonly name: string;
  readonly username: string;
  readonly dbName?: string;
  readonly engineVersionActual: string;
  /** GiB. */
  readonly allocatedStorage: number;
  readonly storageEncrypted: boolean;
}

/** The last snapshot of an instance that goes, unless it is to leave none. */
export function lastSnapshot({ inputs, outputs }: Resource): Trace[] {
  if (inputs.skipFinalSnapshot) return [];
  const { username, dbName, engineVersionActual, allocatedStorage } = outputs;
  const name = String(inputs.finalSnapshotIdentifier);
  const storageEncrypted = inputs.storageEncrypted ?? false;
  const properties = { username, dbName, engineVersionActual, allocatedStorage, storageEncrypted };
  return [{ kind: snapshotKind, name, properties }];
}

/** The snapshot that the instance is made from: given by name, or by ARN. */
export function snapshotOf(given: Inputs, context: Context): Snapshot | undefined {
  const name = given.snapshotIdentifier?.replace(/^arn:.*:snapshot:/, "");
  const found = name ? trace(context, snapshotKind, name) : undefined;
  return found && ({ name: found.name, ...found.properties } as Snapshot);
}
