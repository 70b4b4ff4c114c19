// One PostgreSQL server process. It ends with this process, even if this process is killed.
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { commandLine } from "./binaries";

export const loopback = "127.0.0.1";

/** A server that accepts connections. */
export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Runs the server until it ends, or until the other end of file 3 is closed, as it is when this process is killed: then
 * SIGINT shuts the server down (connections are cut, nothing is lost). The signal is repeated, because a background
 * process of a shell ignores SIGINT until it has its own handler.
 */
const supervisor = `
"$@" 3<&- & server=$!
(read -r _ <&3; while kill -INT "$server" 2>/dev/null; do sleep 0.1; done) & watcher=$!
wait "$server"; code=$?
kill "$watcher" 2>/dev/null
exit $code`;

const attempts = 3;
const keptLines = 30;

/**
 * Starts PostgreSQL on a data folder, with these settings.
 * @throws Error with the server's output if it does not start
 */
export async function startServer(data: string, settings: ReadonlyMap<string, string>): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const { child, words } = launch(data, port, settings);
    if (await isReady(child, data)) {
      return { port, stop: () => stop(child) };
    }
    await stop(child);
    const said = words();
    // Another process may have taken the port meanwhile.
    const passing = said.includes("could not bind");
    if (!passing || attempt === attempts) throw new Error(`PostgreSQL does not start:\n${said}`);
  }
}

function launch(data: string, port: number, settings: ReadonlyMap<string, string>) {
  const options = new Map([
    ...settings,
    ["listen_addresses", loopback],
    ["port", String(port)],
    ["unix_socket_directories", ""],
    // Data here need not survive a crash of the machine.
    ["fsync", "off"],
  ]);
  const flags = [...options].flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = commandLine("postgres", ["-D", data, ...flags]);
  // Detached (own session): the engine decides about Ctrl-C in the terminal; the server must not end a statement
  // before.
  const child = spawn("sh", ["-c", supervisor, "sh", ...command], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let text = "";
  const keep = (chunk: Buffer) => (text = (text + chunk.toString()).split("\n").slice(-keptLines).join("\n"));
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.stdio[3]?.on("error", () => undefined);
  child.on("error", (error) => (text += error.message));
  return { child, words: () => text.trim() };
}

/** Waits until the server's own file says that it accepts connections; false if it has ended. */
async function isReady(child: ChildProcess, data: string): Promise<boolean> {
  let ended = false;
  child.once("close", () => (ended = true)).once("error", () => (ended = true));
  while (!ended) {
    if (statusOf(data) === "ready") return true;
    await delay(10);
  }
  return false;
}

function statusOf(data: string): string | undefined {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[7]?.trim();
  } catch {
    return undefined;
  }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve();
    child.once("close", () => resolve());
    (child.stdio[3] as Writable).end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, loopback, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
