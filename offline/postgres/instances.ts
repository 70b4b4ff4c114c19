// Running the server of an RDS instance while somebody needs it.
import type { Resource } from "../account";
import type { Context } from "../models/model";
import { certify, forgetKey, prepare } from "./dataFolder";
import { folderOf } from "./folder";
import { settingsOf } from "./parameters";
import { startServer, type Server } from "./server";

interface Running {
  readonly server: Promise<Server>;
  users: number;
}

const running = new Map<string, Running>();

/** A server in use. */
export interface Lease {
  readonly port: number;
  /** The server stops when its last user lets go of it. */
  release(): Promise<void>;
}

/** Starts the instance's server, unless it runs already. */
export async function acquire(instance: Resource, context: Context): Promise<Lease> {
  const folder = folderOf(instance, context);
  const entry: Running = running.get(folder) ?? { server: start(instance, context), users: 0 };
  running.set(folder, entry);
  entry.users += 1;
  const release = async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    running.delete(folder);
    await (await entry.server).stop();
  };
  try {
    return { port: (await entry.server).port, release };
  } catch (error) {
    running.delete(folder);
    throw error;
  }
}

async function start(instance: Resource, context: Context): Promise<Server> {
  const folder = await prepare(instance, context);
  const tls = await certify(folder, instance);
  try {
    return await startServer(folder, new Map([...settingsOf(instance, context), ...tls]));
  } finally {
    forgetKey(folder);
  }
}
