// AWS's protocols: JSON 1.0 and 1.1, the query protocol and EC2's dialect of it, and Route 53's REST with XML.
import type { IncomingMessage } from "node:http";
import { randomUUID } from "node:crypto";
import { AwsError, type Properties } from "../models/model";

/** A request as every protocol sends it. */
export interface Request {
  /** Service in its signature: `rds`. */
  readonly service: string;
  readonly operation: string;
  readonly input: Properties;
  /** Protocol of the answer. */
  readonly protocol: Protocol;
}

export type Protocol = "json" | "query" | "ec2" | "rest";

/** A list whose items have their own element name in XML; the items of other lists are `member`. */
export class Items {
  constructor(
    readonly name: string,
    readonly list: readonly unknown[],
  ) {}
}

/** Operations of REST services by method and path. */
const rest: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ["GET", /^\/2013-04-01\/hostedzonesbyname$/, "ListHostedZonesByName"],
];

/** Reads a request of any protocol. */
export async function readRequest(message: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const target = message.headers["x-amz-target"];
  if (typeof target === "string") {
    const [service = "", operation = ""] = target.split(".");
    return { service, operation, input: parseJson(text), protocol: "json" };
  }
  const url = new URL(message.url ?? "/", "http://aws");
  const service = signedFor(message);
  const way = rest.find(([method, path]) => method === message.method && path.test(url.pathname));
  if (way) {
    return { service, operation: way[2], input: Object.fromEntries(url.searchParams), protocol: "rest" };
  }
  const form = new URLSearchParams(text || url.search);
  const {
    Action: operation = `${message.method} ${message.url}`,
    Version: _,
    ...input
  } = Object.fromEntries(form);
  return { service, operation, input: structured(input), protocol: service === "ec2" ? "ec2" : "query" };
}

/** The service in the credential's scope: `Credential=<key>/<date>/<region>/<service>/aws4_request`. */
function signedFor({ headers }: IncomingMessage): string {
  return /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1] ?? "";
}

function parseJson(text: string): Properties {
  try {
    return JSON.parse(text || "{}") as Properties;
  } catch {
    throw new AwsError("SerializationException", "The request is not JSON");
  }
}

/** `Filters.member.1.Name` → lists and objects. */
function structured(flat: Readonly<Record<string, string>>): Properties {
  const result: Properties = {};
  for (const [path, value] of Object.entries(flat)) {
    const steps = path.split(".").filter((step) => step !== "member");
    const last = steps.pop() ?? "";
    const place = steps.reduce<Properties>((at, step) => (at[step] ??= {}) as Properties, result);
    place[last] = value;
  }
  return result;
}

/** The answer's type and text. */
export function reply({ protocol, operation }: Request, output: unknown): [type: string, body: string] {
  if (protocol === "json") return [jsonType, JSON.stringify(output)];
  if (protocol === "rest") return [xmlType, `${declaration}${xml(`${operation}Response`, output)}`];
  const id = randomUUID();
  const body =
    protocol === "ec2"
      ? xml(`${operation}Response`, { requestId: id, ...(output as object) })
      : xml(`${operation}Response`, {
          [`${operation}Result`]: output,
          ResponseMetadata: { RequestId: id },
        });
  return [xmlType, `${declaration}${body}`];
}

/** A refusal's type and text. */
export function refuse(protocol: Protocol, code: string, message: string): [type: string, body: string] {
  if (protocol === "json") return [jsonType, JSON.stringify({ __type: code, message })];
  const error = { Type: "Sender", Code: code, Message: message };
  const body =
    protocol === "ec2"
      ? xml("Response", { Errors: { Error: { Code: code, Message: message } }, RequestID: randomUUID() })
      : xml("ErrorResponse", { Error: error, RequestId: randomUUID() });
  return [xmlType, `${declaration}${body}`];
}

const jsonType = "application/x-amz-json-1.1";
const xmlType = "text/xml";
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function xml(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Items)
    return `<${name}>${value.list.map((item) => xml(value.name, item)).join("")}</${name}>`;
  if (Array.isArray(value)) return xml(name, new Items("member", value));
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  const inner =
    typeof value === "object"
      ? Object.entries(value)
          .map(([key, item]) => xml(key, item))
          .join("")
      : escaped(String(value));
  return `<${name}>${inner}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (each) => entities[each] ?? each);
