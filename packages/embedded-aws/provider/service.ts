// The provider's gRPC service: turns requests into calls of check, diff and lifecycle, and their results into replies.
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { Message } from "google-protobuf";
import { createRequire } from "node:module";
import { models } from "../models/registry";
import { call } from "../models/functions";
import type { Model, Properties } from "../models/model";
import { returned } from "../models/imports";
import { AccountFile } from "./accountFile";
import { check, filledInKey } from "./check";
import type { Configuration } from "./configuration";
import { readConfiguration } from "./configuration";
import { requireAsker, roleNamed } from "../permissions/caller";
import { accountId, contextFor, logicalName, title } from "./context";
import { diff } from "./diff";
import type { Operation } from "./faults";
import { readFaults } from "./faults";
import * as lifecycle from "./lifecycle";
import { type Made, Unfinished } from "./unfinished";
import { decode, encode, hasUnknown } from "./wire";

export interface Options {
  /** The Pulumi package that is served: `aws` or `random`. */
  readonly packageName: string;
  /** The folder of the account. */
  readonly home: string;
  /** The text of EMBEDDED_AWS_FAULTS. */
  readonly faults?: string;
  /** The text of EMBEDDED_AWS_CALLER: the role in whose name everything is done. @default an administrator */
  readonly caller?: string | undefined;
  /** Called after the engine has asked to cancel. */
  cancel(): void;
}

const { DiffChanges } = messages.DiffResponse;
const { Kind } = messages.PropertyDiff;

/** The handlers of one plugin process. */
export function createProvider({
  packageName,
  home,
  faults,
  caller,
  cancel,
}: Options): UntypedServiceImplementation {
  const account = new AccountFile(home, (type) => models.get(type)?.sensitive ?? []);
  const { strike, due } = readFaults(faults);
  let configuration: Configuration = { region: "", defaultTags: {} };

  const place = (urn: string, properties: Properties): lifecycle.Place => ({
    account,
    home,
    urn,
    fault: due,
    caller,
    region: typeof properties["region"] === "string" ? properties["region"] : configuration.region,
  });

  /** Runs an operation; its refusals read as the real provider's. */
  async function perform<T>(
    model: Model,
    operation: Operation,
    urn: string,
    subject: string,
    work: () => T | Promise<T>,
    made?: (result: T) => Made,
  ): Promise<T> {
    const refused = (reason: string) => `${doing[operation]} ${title(model.type)} (${subject}): ${reason}`;
    let late: string | undefined;
    let result: T;
    try {
      late = await strike(model.type, operation, logicalName(urn));
      result = await work();
    } catch (error) {
      throw new Error(refused((error as Error).message), { cause: error });
    }
    if (late !== undefined) throw new Unfinished(refused(late), made?.(result));
    return result;
  }

  return {
    getPluginInfo: unary(() => {
      const load = createRequire(__filename);
      const { version } = load(`@pulumi/${packageName}/package.json`) as { version: string };
      return (new (replyOf("getPluginInfo"))() as PluginInfo).setVersion(version);
    }),

    checkConfig: unary((request: messages.CheckRequest) => {
      const reply = new (replyOf("checkConfig"))() as messages.CheckResponse;
      reply.setInputs(request.getNews());
      try {
        readConfiguration(packageName, decode(request.getNews()));
      } catch (error) {
        const failure = new messages.CheckFailure();
        failure.setReason((error as Error).message);
        reply.addFailures(failure);
      }
      return reply;
    }),

    diffConfig: unary(() => new (replyOf("diffConfig"))()),

    configure: unary((request: messages.ConfigureRequest) => {
      configuration = readConfiguration(packageName, decode(request.getArgs()));
      const reply = new (replyOf("configure"))() as messages.ConfigureResponse;
      reply.setSupportspreview(true);
      // The engine then unwraps secrets itself and marks them again in what comes back.
      reply.setAcceptsecrets(false);
      return reply;
    }),

    check: unary((request: messages.CheckRequest) => {
      const model = modelOf(request.getUrn());
      const [news, olds] = [decode(request.getNews()), decode(request.getOlds())];
      const seed = request.getRandomseed_asU8();
      const checked = check(model, request.getUrn(), news, olds, seed, configuration.defaultTags);
      const reply = new (replyOf("check"))() as messages.CheckResponse;
      reply.setInputs(encode(checked.inputs));
      for (const reason of checked.failures) {
        const failure = new messages.CheckFailure();
        failure.setReason(reason);
        reply.addFailures(failure);
      }
      return reply;
    }),

    diff: unary((request: messages.DiffRequest) => {
      const model = modelOf(request.getUrn());
      const olds = decode(request.getOlds());
      const region = { before: olds["region"], after: configuration.region };
      const [given, after] = [decode(request.getOldInputs()), decode(request.getNews())];
      const observed = (model.observed ?? []).filter((name) => olds[name] !== undefined);
      const before = { ...given, ...Object.fromEntries(observed.map((name) => [name, olds[name]])) };
      const result = diff(model, before, after, region, request.getIgnorechangesList());
      const reply = new (replyOf("diff"))() as messages.DiffResponse;
      reply.setChanges(result.changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
      reply.setDiffsList([...result.changed]);
      reply.setReplacesList([...result.replacing]);
      reply.setDeletebeforereplace(result.deleteBeforeReplace);
      reply.setHasdetaileddiff(true);
      for (const [path, { kind, replaces }] of result.places) {
        const property = new messages.PropertyDiff();
        property.setInputdiff(true);
        property.setKind(kinds[kind][replaces ? 1 : 0]);
        reply.getDetaileddiffMap().set(path, property);
      }
      return reply;
    }),

    create: unary(async (request: messages.CreateRequest) => {
      const model = modelOf(request.getUrn());
      const inputs = decode(request.getProperties());
      const where = place(request.getUrn(), inputs);
      const reply = new (replyOf("create"))() as messages.CreateResponse;
      if (request.getPreview()) {
        reply.setProperties(encode(lifecycle.previewCreate(model, inputs, where)));
        return reply;
      }
      const name = String(inputs[model.autoName?.property ?? ""] ?? logicalName(request.getUrn()));
      const resource = await perform(
        ...([model, "create", request.getUrn(), name] as const),
        () => lifecycle.create(model, inputs, where),
        (made) => made,
      );
      reply.setId(resource.id);
      reply.setProperties(encode(resource.outputs));
      return reply;
    }),

    update: unary(async (request: messages.UpdateRequest) => {
      const model = modelOf(request.getUrn());
      const [inputs, previous] = [decode(request.getNews()), decode(request.getOlds())];
      const where = place(request.getUrn(), previous);
      const reply = new (replyOf("update"))() as messages.UpdateResponse;
      const outputs = request.getPreview()
        ? lifecycle.previewUpdate(model, inputs, previous, where)
        : (
            await perform(
              ...([model, "update", request.getUrn(), request.getId()] as const),
              () => lifecycle.update(model, request.getId(), inputs, where),
              (made) => made,
            )
          ).outputs;
      reply.setProperties(encode(outputs));
      return reply;
    }),

    read: unary(async (request: messages.ReadRequest) => {
      const model = modelOf(request.getUrn());
      const where = place(request.getUrn(), decode(request.getProperties()));
      const found = await perform(model, "read", request.getUrn(), request.getId(), () =>
        lifecycle.read(model, request.getId(), where),
      );
      const reply = new (replyOf("read"))() as messages.ReadResponse;
      if (found !== undefined) {
        reply.setId(found.id);
        // An imported resource has no record of the inputs that its program gave.
        const imported = Object.keys(decode(request.getInputs())).length === 0;
        const { inputs, outputs } = found;
        reply.setInputs(encode(imported ? { ...returned(model.type, inputs), [filledInKey]: [] } : inputs));
        reply.setProperties(encode(imported ? returned(model.type, outputs) : outputs));
      }
      return reply;
    }),

    delete: unary(async (request: messages.DeleteRequest) => {
      const model = modelOf(request.getUrn());
      const where = place(request.getUrn(), decode(request.getProperties()));
      await perform(model, "delete", request.getUrn(), request.getId(), () =>
        lifecycle.remove(model, request.getId(), where),
      );
      return new (replyOf("delete"))();
    }),

    invoke: unary((request: messages.InvokeRequest) => {
      const args = decode(request.getArgs());
      if (hasUnknown(args))
        throw new Error(`${request.getTok()} was called with arguments that are not known yet`);
      const region = typeof args["region"] === "string" ? args["region"] : configuration.region;
      const reply = new (replyOf("invoke"))() as messages.InvokeResponse;
      const context = contextFor(account.read(), { region, home, urn: "" });
      if (caller !== undefined) {
        requireAsker(
          roleNamed(caller, context.account.list("aws:iam/role:Role")),
          request.getTok(),
          args,
          context,
        );
      }
      reply.setReturn(encode(call(request.getTok(), args, { region, accountId, account: context.account })));
      return reply;
    }),

    cancel: unary(() => {
      cancel();
      return new (replyOf("cancel"))();
    }),
  };
}

const doing: Record<Operation, string> = {
  create: "creating",
  read: "reading",
  update: "updating",
  delete: "deleting",
};
const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

/** The class of a method's reply: its name differs between versions of the protocol. */
function replyOf(method: keyof typeof ResourceProviderService): new () => Message {
  return (ResourceProviderService[method] as unknown as { responseType: new () => Message }).responseType;
}

function modelOf(urn: string): Model {
  const type = urn.split("::")[2]?.split("$").pop() ?? "";
  const model = models.get(type);
  if (model === undefined) {
    throw new Error(
      `The embedded AWS has no model of ${type}. Write one and list it in packages/embedded-aws/models/index.ts; ` +
        "docs/offline.md says how.",
    );
  }
  return model;
}

function unary<Request, Reply extends Message>(handler: (request: Request) => Reply | Promise<Reply>) {
  return (call: ServerUnaryCall<Request, Reply>, respond: sendUnaryData<Reply>): void => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (reply) => respond(null, reply),
        (error: Error) =>
          respond(error instanceof Unfinished ? error.status() : { code: 2, details: error.message }),
      );
  };
}
