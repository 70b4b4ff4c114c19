// DB snapshots, which stay after their instance.
import type { Context } from "./model";
import type { Resource } from "../account";
import type { Inputs } from "./rdsInstanceInputs";
import { trace, type Trace } from "./traces";

/** Kind of a snapshot's trace. */
export const snapshotKind = "DB snapshot";

/** Properties of the instance that a snapshot keeps. */
export interface Snapshot {
  readonly name: string;
  readonly username: string;
  readonly dbName?: string;
  readonly engineVersionActual: string;
  /** GiB. */
  readonly allocatedStorage: number;
  readonly storageEncrypted: boolean;
}

/** The final snapshot of a deleted instance; empty with skipFinalSnapshot. */
export function lastSnapshot({ inputs, outputs }: Resource): Trace[] {
  if (inputs.skipFinalSnapshot) return [];
  const { username, dbName, engineVersionActual, allocatedStorage } = outputs;
  const name = String(inputs.finalSnapshotIdentifier);
  const storageEncrypted = inputs.storageEncrypted ?? false;
  const properties = { username, dbName, engineVersionActual, allocatedStorage, storageEncrypted };
  return [{ kind: snapshotKind, name, properties }];
}

/** The snapshot that the instance is restored from, by name or by ARN. */
export function snapshotOf(given: Inputs, context: Context): Snapshot | undefined {
  const name = given.snapshotIdentifier?.replace(/^arn:.*:snapshot:/, "");
  const found = name ? trace(context, snapshotKind, name) : undefined;
  return found && ({ name: found.name, ...found.properties } as Snapshot);
}
