import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A call that reached the server: `RunTask` with its arguments. */
export interface Call {
  readonly action: string;
  readonly input: Record<string, unknown>;
}

/** Answers AWS's JSON protocol from prepared answers, so that the real SDK can be used without AWS. */
export class AwsServer {
  readonly calls: Call[] = [];
  private answers: Record<string, unknown[]> = {};
  private server: Server | undefined;
  private before: NodeJS.ProcessEnv = {};

  /** Sets the answers of every action; the last one of a list is repeated. */
  answer(answers: Record<string, unknown[]>): void {
    this.calls.splice(0);
    this.answers = Object.fromEntries(Object.entries(answers).map(([action, list]) => [action, [...list]]));
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const target = request.headers["x-amz-target"];
        const form = Object.fromEntries(new URLSearchParams(target ? "" : body));
        const action = target ? (String(target).split(".").at(-1) ?? "") : (form["Action"] ?? "");
        const input = target ? (JSON.parse(body || "{}") as Record<string, unknown>) : form;
        this.calls.push({ action, input });
        const list = this.answers[action] ?? [];
        const answer = list.length > 1 ? list.shift() : list[0];
        if (typeof answer === "string") return void response.end(answer); // XML, which RDS speaks
        response.writeHead(answer === undefined ? 400 : 200, {
          "content-type": "application/x-amz-json-1.1",
        });
        response.end(JSON.stringify(answer ?? { __type: "ResourceNotFoundException", message: "not there" }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    this.before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
  }

  async stop(): Promise<void> {
    process.env = this.before;
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

/** The message of work that must fail; empty when it succeeds. */
export async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "",
    (error: Error) => error.message,
  );
}
