// The AWS API on this machine, for as long as something runs that calls it: JSON 1.1 over HTTP.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { AwsError, type Properties } from "../models/model";
import type { Caller, Operations } from "./call";
import { operations as ecs } from "./ecs";
import { operations as logs } from "./logs";

/** Services by the name in front of the operation in X-Amz-Target, with the file that answers for them. */
const services: Readonly<Record<string, { file: string; operations: Operations } | undefined>> = {
  AmazonEC2ContainerServiceV20141113: { file: "ecs.ts", operations: ecs },
  Logs_20140328: { file: "logs.ts", operations: logs },
};

/** A running API. */
export interface Api {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers calls in the name of `caller`, whoever signs them. */
export async function startApi(caller: Caller): Promise<Api> {
  const server = createServer((request, response) => void answer(request, response, caller));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-requestid": randomUUID(),
    });
    response.end(JSON.stringify(body));
  };
  try {
    const input = await read(request);
    reply(200, await find(request)(input, caller));
  } catch (error) {
    const { code, message } = refusal(error);
    reply(400, { __type: code, message });
  }
}

function refusal(error: unknown): { code: string; message: string } {
  if (!(error instanceof AwsError)) return { code: "InternalFailure", message: (error as Error).message };
  return { code: error.code, message: error.message.slice(error.code.length + 2) };
}

function find(request: IncomingMessage) {
  const target = String(request.headers["x-amz-target"] ?? `${request.method} ${request.url}`);
  const [name = "", operation = ""] = target.split(".");
  const service = services[name];
  const found = service?.operations[operation];
  if (found) return found;
  const place = service
    ? `packages/embedded-aws/api/${service.file}`
    : "a file of its own, listed in packages/embedded-aws/api/server.ts";
  throw new AwsError(
    "UnknownOperationException",
    `The embedded AWS does not answer ${target}: add the operation to ${place}`,
  );
}

async function read(request: IncomingMessage): Promise<Properties> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text || "{}") as Properties;
  } catch {
    throw new AwsError("SerializationException", "The request is not JSON");
  }
}
