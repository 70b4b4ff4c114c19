// The AWS API on this machine, over HTTP, for functions while they run and for commands outside.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { AwsError } from "../models/model";
import type { Caller, Operation, Operations } from "./call";
import { operations as applicationAutoScaling } from "./applicationAutoScaling";
import { operations as cloudControl } from "./cloudControl";
import { operations as ecs } from "./ecs";
import { operations as logs } from "./logs";
import { acm, ec2, ecr, freeTier, iam, route53, serviceQuotas, sts } from "./preflight";
import { operations as rds } from "./rds";
import { operations as tagging } from "./tagging";
import { readRequest, refuse, reply, type Protocol, type Request } from "./wire";

/**
 * Services and their files, by the name before the operation in X-Amz-Target, else by the service in the request's
 * signature.
 */
const services: Readonly<Record<string, { file: string; operations: Operations } | undefined>> = {
  AmazonEC2ContainerServiceV20141113: { file: "ecs.ts", operations: ecs },
  AnyScaleFrontendService: { file: "applicationAutoScaling.ts", operations: applicationAutoScaling },
  Logs_20140328: { file: "logs.ts", operations: logs },
  CloudApiService: { file: "cloudControl.ts", operations: cloudControl },
  rds: { file: "rds.ts", operations: rds },
  sts: { file: "preflight.ts", operations: sts },
  iam: { file: "preflight.ts", operations: iam },
  ec2: { file: "preflight.ts", operations: ec2 },
  route53: { file: "preflight.ts", operations: route53 },
  AmazonEC2ContainerRegistry_V20150921: { file: "preflight.ts", operations: ecr },
  CertificateManager: { file: "preflight.ts", operations: acm },
  ServiceQuotasV20190624: { file: "preflight.ts", operations: serviceQuotas },
  ResourceGroupsTaggingAPI_20170126: { file: "tagging.ts", operations: tagging },
  AWSFreeTierService: { file: "preflight.ts", operations: freeTier },
};

/** A running API. */
export interface Api {
  readonly url: string;
  close(): Promise<void>;
}

/** Options of the server. */
export interface Listening {
  /** @default a free port */
  readonly port?: number;
}

/** Answers calls in the name of `caller`, whoever signs them. */
export async function startApi(caller: Caller, { port = 0 }: Listening = {}): Promise<Api> {
  const server = createServer((request, response) => void answer(request, response, caller));
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(message: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
  const send = (status: number, [type, body]: [string, string]) => {
    response.writeHead(status, { "content-type": type, "x-amzn-requestid": randomUUID() });
    response.end(body);
  };
  let protocol: Protocol = "json";
  try {
    const request = await readRequest(message);
    protocol = request.protocol;
    send(200, reply(request, await find(request)(request.input, caller)));
  } catch (error) {
    const { code, message: words } = refusal(error);
    send(400, refuse(protocol, code, words));
  }
}

function refusal(error: unknown): { code: string; message: string } {
  if (!(error instanceof AwsError)) return { code: "InternalFailure", message: (error as Error).message };
  return { code: error.code, message: error.message.slice(error.code.length + 2) };
}

function find({ service: name, operation }: Request): Operation {
  const service = services[name];
  const found = service?.operations[operation];
  if (found) return found;
  const place = service
    ? `packages/embedded-aws/api/${service.file}`
    : "a file of its own, listed in packages/embedded-aws/api/server.ts";
  const called = name === "" ? operation : `${name}.${operation}`;
  throw new AwsError(
    "UnknownOperationException",
    `The embedded AWS does not answer ${called}: add the operation to ${place}`,
  );
}
