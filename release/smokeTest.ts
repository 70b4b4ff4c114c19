import { randomBytes } from "node:crypto";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { InvocationContext } from "./functions/rounds";

/** The chat as users reach it. */
export interface SmokeTestEvent {
  /** Name that AWS gave the load balancer; a domain's record may not lead to it yet. */
  readonly loadBalancer: string;
  /** Host name that users open over HTTPS. @default the load balancer's own, over HTTP */
  readonly domain?: string;
  /** Path of the request; its answer needs the database. */
  readonly path: string;
  /** Path of a room's WebSocket; `?deep` is added where the overlay's check answers there. */
  readonly socketPath: string;
  /** Port of the load balancer, for tests of this file. @default 443 with a domain, else 80 */
  readonly port?: number;
}

/** Result of the test. */
export interface SmokeTest {
  /** Always: a chat that does not answer is an error. */
  readonly state: "passed";
  /** Status of the answer to the request. */
  readonly request: number;
  /** Status of the answer to the WebSocket's handshake; `message` when it also got a message through Redis. */
  readonly socket: number | typeof message;
}

const message = "message";
/** Header by which the overlay says that a WebSocket can be asked for a message (image/chatpop_aws/socket_check.py). */
const socketCheck = "chatpop-socket-check";

/** Number of tries: after a deployment the database may still be busy with other new tasks. */
const tries = 6;
const between = 5_000;
const patience = 10_000;

/**
 * Sends the requests of a user after a release: one that reads the database, then one WebSocket. ECS's health check does
 * not use the database, so a release that fails every request counts as healthy.
 *
 * The overlay answers the WebSocket with a message that went through Redis. An image without this check, an earlier one
 * among them, refuses a WebSocket without a session (403 or 404) or opens and closes it; any other answer shows that
 * sockets do not get through.
 *
 * @throws Error with both answers when one of them is bad at every try.
 */
export async function smokeTest(event: SmokeTestEvent, context: InvocationContext): Promise<SmokeTest> {
  for (let attempt = 1; ; attempt++) {
    const { status: request, check } = await get(event);
    const socket = await (check === undefined ? handshake(event) : hear(event, check));
    if (request === 200 && isRight(socket, check)) return { state: "passed", request, socket };
    if (attempt === tries || context.getRemainingTimeInMillis() < between + 2 * patience) {
      throw new Error(
        `The release runs, but the chat does not work: ${event.path} answers ${request} (200 is right), a WebSocket at ` +
          `${event.socketPath} ${socket} (${check === undefined ? "101, 403 or 404" : "a message"} is right), at ${event.domain ?? event.loadBalancer}. ` +
          "Go back to the image before; the reason is in the tasks' log." +
          (request === 404
            ? " An image without this project's overlay needs another path: pulumi config set chatpop:smokeTestPath /…"
            : ""),
      );
    }
    console.log(`try ${attempt}: ${event.path} ${request}, ${event.socketPath} ${socket}`);
    await sleep(between);
  }
}

const isRight = (answer: Answer, check?: string): answer is SmokeTest["socket"] =>
  check === undefined ? [101, 403, 404].includes(Number(answer)) : answer === message;

/** A status, `message`, or why there is neither. */
type Answer = number | string;

const upgrade = ({ domain, loadBalancer }: SmokeTestEvent) => ({
  Connection: "Upgrade",
  Upgrade: "websocket",
  Origin: domain ? `https://${domain}` : `http://${loadBalancer}`,
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
});

const get = async (event: SmokeTestEvent): Promise<{ status: Answer; check?: string }> =>
  ask(event, event.path, {}, ({ statusCode = 0, headers }) => ({
    status: statusCode,
    check: headers[socketCheck]?.toString(),
  })).catch((error: Error) => ({ status: nothing(error) }));

const handshake = async (event: SmokeTestEvent): Promise<Answer> =>
  ask(event, event.socketPath, upgrade(event), ({ statusCode = 0 }) => statusCode).catch(nothing);

const hear = async (event: SmokeTestEvent, check: string): Promise<Answer> =>
  ask(event, `${event.socketPath}?${check}`, upgrade(event), ({ statusCode = 0 }, socket, head) =>
    socket && head ? firstMessage(socket, head) : statusCode,
  ).catch(nothing);

const nothing = (error: Error) => `nothing (${error.message})`;

/** Reads frames until one is text; a server's are not masked, and short ones tell their length in the second byte. */
async function firstMessage(socket: Duplex, head: Buffer): Promise<Answer> {
  socket.unshift(head);
  let read = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    read = Buffer.concat([read, chunk]);
    while (read.length >= 2 && read.length >= 2 + (read[1]! & 0x7f)) {
      const [opcode, length] = [read[0]! & 0x0f, read[1]! & 0x7f];
      if (opcode === 1) return message;
      if (opcode === 8) return `no message, but its end${length ? ` with code ${read.readUInt16BE(2)}` : ""}`;
      read = read.subarray(2 + length);
    }
  }
  return "no message, but its end";
}

async function ask<T>(
  event: SmokeTestEvent,
  path: string,
  headers: Readonly<Record<string, string>>,
  answered: (response: IncomingMessage, socket?: Duplex, head?: Buffer) => T | Promise<T>,
): Promise<T> {
  const { domain, loadBalancer, port } = event;
  const host = domain ?? loadBalancer;
  const request = (domain === undefined ? requestHttp : requestHttps)({
    host: loadBalancer,
    // The certificate is the domain's, whose record comes after the first release.
    ...(domain !== undefined && { servername: domain }),
    ...(port !== undefined && { port }),
    path,
    headers: { Host: host, "User-Agent": "chatpop-release", ...headers },
  });
  // Of the whole exchange: a socket that opens and stays silent ends as well.
  const late = new Error(`nothing within ${patience / 1_000} s`);
  let socket: Duplex | undefined;
  const timer = setTimeout(() => (socket ?? request).destroy(late), patience);
  try {
    return await new Promise<T>((resolve, reject) => {
      request.on("response", (response) => resolve(answered(response)));
      request.on("upgrade", (response, upgraded, head) => {
        socket = upgraded.on("error", () => undefined); // whoever reads it gets the error
        resolve(answered(response, upgraded, head));
      });
      request.on("error", reject).end();
    });
  } finally {
    clearTimeout(timer);
    socket?.destroy();
    request.destroy();
  }
}
