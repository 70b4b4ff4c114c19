// A user of the chat: registers, opens a room, joins it, opens a socket, and receives messages.
import { randomBytes } from "node:crypto";

/** The part of Node's WebSocket in use; Node 20 has it behind --experimental-websocket. */
interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}
type Options = { readonly headers: Readonly<Record<string, string>> };
const { WebSocket } = globalThis as unknown as { WebSocket: new (url: string, options: Options) => Socket };

/** Milliseconds for an answer, a socket and a message. */
const patience = 15_000;

async function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`POST ${new URL(url).pathname}: ${response.status} ${text.slice(0, 200)}`);
  return JSON.parse(text) as Record<string, string>;
}

/** Status of the answer to a request. */
export async function status(url: string, path: string): Promise<number> {
  const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(patience) });
  await response.arrayBuffer();
  return response.status;
}

/** Opens a room as a new user, and gives the addresses of sockets of two of its members. */
export async function openRoom(url: string): Promise<readonly [string, string]> {
  const name = randomBytes(8).toString("hex");
  const { token } = await post(`${url}/api/auth/register/`, {
    email: `${name}@acceptance.invalid`,
    password: randomBytes(16).toString("hex"),
  });
  const room = { name: `acceptance ${name.slice(0, 6)}`, access_mode: "public" };
  const { code } = await post(`${url}/api/chats/create/`, room, { Authorization: `Token ${token}` });
  const join = async (username: string) => {
    const { session_token } = await post(`${url}/api/chats/${code}/join/`, {
      username,
      fingerprint: randomBytes(16).toString("hex"),
    });
    return `${url.replace(/^http/, "ws")}/ws/chat/${code}/?session_token=${session_token}`;
  };
  return [await join("writer_bcd"), await join("reader_fgh")];
}

/** A socket once it is open. */
function open(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // A browser sends its page's origin, and the chat refuses connections without it.
    const origin = new URL(address).origin.replace(/^ws/, "http");
    const socket = new WebSocket(address, { headers: { origin } });
    const late = setTimeout(() => reject(new Error(`no socket within ${patience / 1_000} s`)), patience);
    socket.onopen = () => {
      clearTimeout(late);
      resolve(socket);
    };
    socket.onclose = ({ code }) => {
      clearTimeout(late);
      reject(new Error(`the socket was closed with ${code}`));
    };
  });
}

/**
 * Sends a message in a new room, and waits until another member receives it.
 *
 * @returns the time on the way (ms).
 */
export async function sayAndHear(url: string): Promise<number> {
  const [writer, reader] = (await Promise.all((await openRoom(url)).map(open))) as [Socket, Socket];
  try {
    const text = randomBytes(8).toString("hex");
    const begin = performance.now();
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no message within ${patience / 1_000} s`)), patience);
      reader.onmessage = ({ data }) => {
        if (!String(data).includes(text)) return;
        clearTimeout(late);
        resolve();
      };
      writer.send(JSON.stringify({ message: text }));
    });
    return performance.now() - begin;
  } finally {
    for (const socket of [writer, reader]) {
      socket.onclose = null;
      socket.close();
    }
  }
}

/** Opens `count` sockets of one room, ten at a time, and returns the function that closes them; Node answers pings. */
export async function hold(url: string, count: number): Promise<{ open: number; close: () => void }> {
  const [address] = await openRoom(url);
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const next = Math.min(10, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: next }, () => open(address)))));
  }
  for (const socket of sockets) socket.onclose = null;
  return { open: sockets.length, close: () => sockets.forEach((socket) => socket.close()) };
}
