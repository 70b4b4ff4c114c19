// Talks to the provider as the engine does: over gRPC, in the test's own process.
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Properties } from "../../models/model";
import { createProvider } from "../../provider/service";
import { decode, encode } from "../../provider/wire";

export interface Created {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Cloud {
  readonly home: string;
  check(
    type: string,
    name: string,
    inputs: Properties,
    olds?: Properties,
  ): Promise<{ inputs: Properties; failures: string[] }>;
  diff(type: string, name: string, before: Created, after: Properties): Promise<messages.DiffResponse>;
  preview(type: string, name: string, inputs: Properties): Promise<Properties>;
  /** Checks and creates; a failure of the check is thrown. */
  create(type: string, name: string, inputs: Properties): Promise<Created>;
  update(
    type: string,
    name: string,
    before: Created,
    inputs: Properties,
    preview?: boolean,
  ): Promise<Created>;
  read(type: string, name: string, id: string, known?: Created): Promise<Created | undefined>;
  delete(type: string, name: string, resource: Created): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
  configure(settings: Properties): Promise<messages.ConfigureResponse>;
  checkConfig(settings: Properties): Promise<string[]>;
  close(): void;
}

/** Opens an account of its own, or another process's view of the one in `home`. */
export async function openCloud(
  options: { home?: string; faults?: string; caller?: string; settings?: Properties } = {},
): Promise<Cloud> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), "account-"));
  const server = new Server();
  const handlers = createProvider({
    packageName: "aws",
    home,
    faults: options.faults,
    caller: options.caller,
    cancel: () => undefined,
  });
  server.addService(ResourceProviderService, handlers);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());

  function send<Reply>(method: string, request: unknown): Promise<Reply> {
    type Method = (request: unknown, done: (error: { details: string } | null, reply: Reply) => void) => void;
    return new Promise((resolve, reject) =>
      (client as unknown as Record<string, Method>)[method]?.call(client, request, (error, reply) =>
        error ? reject(new Error(error.details)) : resolve(reply),
      ),
    );
  }

  const cloud: Cloud = {
    home,
    async check(type, name, inputs, olds) {
      const request = new messages.CheckRequest().setUrn(urn(type, name)).setNews(encode(inputs));
      if (olds) request.setOlds(encode(olds));
      const reply = await send<messages.CheckResponse>("check", request.setRandomseed(Buffer.from(name)));
      return {
        inputs: decode(reply.getInputs()),
        failures: reply.getFailuresList().map((failure) => failure.getReason()),
      };
    },
    diff(type, name, before, after) {
      const request = new messages.DiffRequest().setId(before.id).setUrn(urn(type, name));
      request.setOlds(encode(before.outputs)).setOldInputs(encode(before.inputs)).setNews(encode(after));
      return send("diff", request);
    },
    async preview(type, name, inputs) {
      const request = new messages.CreateRequest().setUrn(urn(type, name)).setPreview(true);
      const reply = await send<messages.CreateResponse>("create", request.setProperties(encode(inputs)));
      return decode(reply.getProperties());
    },
    async create(type, name, given) {
      const { inputs, failures } = await cloud.check(type, name, given);
      if (failures.length > 0) throw new Error(failures.join("\n"));
      const request = new messages.CreateRequest().setUrn(urn(type, name)).setProperties(encode(inputs));
      const reply = await send<messages.CreateResponse>("create", request);
      return { id: reply.getId(), inputs, outputs: decode(reply.getProperties()) };
    },
    async update(type, name, before, inputs, preview = false) {
      const request = new messages.UpdateRequest()
        .setId(before.id)
        .setUrn(urn(type, name))
        .setPreview(preview);
      request.setOlds(encode(before.outputs)).setOldInputs(encode(before.inputs)).setNews(encode(inputs));
      const reply = await send<messages.UpdateResponse>("update", request);
      return { id: before.id, inputs, outputs: decode(reply.getProperties()) };
    },
    async read(type, name, id, known) {
      const request = new messages.ReadRequest().setId(id).setUrn(urn(type, name));
      if (known) request.setInputs(encode(known.inputs)).setProperties(encode(known.outputs));
      const reply = await send<messages.ReadResponse>("read", request);
      if (reply.getId() === "") return undefined;
      return { id: reply.getId(), inputs: decode(reply.getInputs()), outputs: decode(reply.getProperties()) };
    },
    async delete(type, name, { id, outputs }) {
      const request = new messages.DeleteRequest().setId(id).setUrn(urn(type, name));
      await send("delete", request.setProperties(encode(outputs)));
    },
    async invoke(token, args) {
      const request = new messages.InvokeRequest().setTok(token).setArgs(encode(args));
      return decode((await send<messages.InvokeResponse>("invoke", request)).getReturn());
    },
    configure: (settings) => send("configure", new messages.ConfigureRequest().setArgs(encode(settings))),
    async checkConfig(settings) {
      const request = new messages.CheckRequest().setNews(encode(settings));
      const reply = await send<messages.CheckResponse>("checkConfig", request);
      return reply.getFailuresList().map((failure) => failure.getReason());
    },
    close() {
      client.close();
      server.forceShutdown();
      if (options.home === undefined) rmSync(home, { recursive: true });
    },
  };
  await cloud.configure(options.settings ?? { region: "us-east-1" });
  return cloud;
}

export function urn(type: string, name: string): string {
  return `urn:pulumi:test::chatpop::${type}::${name}`;
}

/** The message with which a promise is refused. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => {
      throw new Error("nothing was refused");
    },
    (error: Error) => error.message,
  );
}
