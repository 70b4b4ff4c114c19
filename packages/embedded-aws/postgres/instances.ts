// Runs the server of an RDS instance while it has users.
import type { Resource } from "../account";
import type { Context } from "../models/model";
import { certify, forgetKey, prepare } from "./dataFolder";
import { folderOf } from "./folder";
import { settingsOf } from "./parameters";
import { startServer, type Server } from "./server";

interface CertifiedServer extends Server {
  readonly certificate: string;
}

interface Running {
  readonly server: Promise<CertifiedServer>;
  users: number;
}

const running = new Map<string, Running>();

/** A server in use. */
export interface Lease {
  readonly port: number;
  /** The server's certificate (PEM). */
  readonly certificate: string;
  /** Ends this use; the server stops after its last use. */
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
    const { port, certificate } = await entry.server;
    return { port, certificate, release };
  } catch (error) {
    running.delete(folder);
    throw error;
  }
}

async function start(instance: Resource, context: Context): Promise<CertifiedServer> {
  const folder = await prepare(instance, context);
  const { certificate, settings } = await certify(folder, instance);
  try {
    const server = await startServer(folder, new Map([...settingsOf(instance, context), ...settings]));
    return { ...server, certificate };
  } finally {
    forgetKey(folder);
  }
}
