import { randomBytes } from "node:crypto";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
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
  /** Path of the WebSocket. */
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
  /** Status of the answer to the WebSocket's handshake. */
  readonly socket: number;
}

/** Number of tries: after a deployment the database may still be busy with other new tasks. */
const tries = 6;
const between = 5_000;
const patience = 10_000;

/**
 * Sends the requests of a user after a release: one that reads the database, and one WebSocket. ECS's health check does
 * not use the database, so a release that fails every request counts as healthy.
 *
 * A WebSocket without a session is refused by the application (403 or 404) or opened and closed by it; any other answer
 * shows that sockets do not get through.
 *
 * @throws Error with both answers when one of them is bad at every try.
 */
export async function smokeTest(event: SmokeTestEvent, context: InvocationContext): Promise<SmokeTest> {
  for (let attempt = 1; ; attempt++) {
    const [request, socket] = await Promise.all([status(event, event.path), handshake(event)]);
    if (request === 200 && opens(socket)) return { state: "passed", request, socket };
    if (attempt === tries || context.getRemainingTimeInMillis() < between + 2 * patience) {
      throw new Error(
        `The release runs, but the chat does not work: ${event.path} answers ${request} (200 is right), a WebSocket at ` +
          `${event.socketPath} ${socket} (101, 403 or 404 is right), at ${event.domain ?? event.loadBalancer}. ` +
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

const opens = (answer: Answer): answer is number => [101, 403, 404].includes(Number(answer));

/** A status, or why there is none. */
type Answer = number | string;

const status = (event: SmokeTestEvent, path: string): Promise<Answer> => ask(event, path, {});

const handshake = (event: SmokeTestEvent): Promise<Answer> =>
  ask(event, event.socketPath, {
    Connection: "Upgrade",
    Upgrade: "websocket",
    Origin: event.domain ? `https://${event.domain}` : `http://${event.loadBalancer}`,
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
  });

function ask(
  event: SmokeTestEvent,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { domain, loadBalancer, port } = event;
  const host = domain ?? loadBalancer;
  return new Promise((resolve) => {
    const request = (domain === undefined ? requestHttp : requestHttps)({
      host: loadBalancer,
      // The certificate is the domain's, whose record comes after the first release.
      ...(domain !== undefined && { servername: domain }),
      ...(port !== undefined && { port }),
      path,
      headers: { Host: host, "User-Agent": "chatpop-release", ...headers },
      timeout: patience,
    });
    const answered = ({ statusCode = 0 }: IncomingMessage) => {
      resolve(statusCode);
      request.destroy();
    };
    request.on("response", answered).on("upgrade", answered);
    request.on("timeout", () => request.destroy(new Error(`nothing within ${patience / 1_000} s`)));
    request.on("error", (error) => resolve(`nothing (${error.message})`));
    request.end();
  });
}
