import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { type MockResourceArgs, MockMonitor, type MockCallArgs } from "@pulumi/pulumi/runtime/mocks";
import { computedOutputs, functionResults, inRegion } from "./computedOutputs";
import { fromWire, unknownWire, type Wire } from "./wire";

type WireObject = Readonly<Record<string, Wire>>;

/** A resource as the program registered it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the parent; empty for the stack itself. */
  readonly parent: string;
  /** False for a component. */
  readonly custom: boolean;
  /** Inputs, with `unknown` and `Secret` in their places. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs of everything that must exist before. */
  readonly dependencies: readonly string[];
  /** URNs that each input's value was made of. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly aliases: readonly string[];
  readonly customTimeouts: { readonly create: string; readonly update: string; readonly delete: string };
  /** The inputs as they were sent. */
  readonly wireInputs: WireObject;
  /** The state afterwards: a resource's inputs and computed outputs, a component's registered outputs. */
  readonly wireOutputs: WireObject;
}

/** A call of a provider's function. */
export interface Question {
  /** The function's token: `aws:index/getRegion:getRegion`. */
  readonly token: string;
  readonly inputs: WireObject;
}

type Callback<T> = (error: unknown, response: T) => void;

interface RegisterResourceResponse {
  getUrn(): string;
}

/**
 * Pulumi's mock monitor, which also keeps what a program says besides inputs: parents, dependencies, options.
 * In a preview everything that AWS computes is unknown.
 */
export class RecordingMonitor extends MockMonitor {
  readonly registrations: Registration[] = [];
  /** Questions of the program to AWS that create nothing. */
  readonly questions: Question[] = [];
  /** Outputs that components and the stack gave to `registerOutputs`, by URN. */
  readonly registeredOutputs = new Map<string, WireObject>();

  constructor(preview: boolean, region: string) {
    super({
      newResource: ({ type, name, inputs, custom }: MockResourceArgs) => {
        if (!custom) return { id: undefined, state: {} };
        const computed = computedOutputs({ type, name, inputs: inputs as WireObject }, region);
        const outputs = Object.entries(computed).map(([key, value]) => [key, preview ? unknownWire : value]);
        return {
          id: preview ? undefined : `${name}-id`,
          state: { ...(inputs as WireObject), ...(Object.fromEntries(outputs) as WireObject) },
        };
      },
      call: ({ token, inputs }: MockCallArgs) => {
        const answer = functionResults[token];
        if (!answer) throw new Error(`${token} has no recorded answer: add one to computedOutputs.ts`);
        this.questions.push({ token, inputs: inputs as WireObject });
        return inRegion(answer(inputs as object), region);
      },
    });
  }

  override async registerResource(
    request: RegisterResourceRequest,
    callback: Callback<RegisterResourceResponse>,
  ): Promise<void> {
    await super.registerResource(request, (error, response: RegisterResourceResponse) => {
      if (!error) this.keep(request, response.getUrn());
      callback(error, response);
    });
  }

  override registerResourceOutputs(
    request: RegisterResourceOutputsRequest,
    callback: Callback<unknown>,
  ): void {
    this.registeredOutputs.set(request.getUrn(), (request.getOutputs()?.toJavaScript() ?? {}) as WireObject);
    super.registerResourceOutputs(request, callback);
  }

  private keep(request: RegisterResourceRequest, urn: string): void {
    const wireInputs = (request.getObject()?.toJavaScript() ?? {}) as WireObject;
    const propertyDependencies: Record<string, readonly string[]> = {};
    request
      .getPropertydependenciesMap()
      .forEach((sources, property) => (propertyDependencies[property] = sources.getUrnsList()));
    const timeouts = request.getCustomtimeouts();
    this.registrations.push({
      type: request.getType(),
      name: request.getName(),
      urn,
      parent: request.getParent(),
      custom: request.getCustom(),
      inputs: fromWire(wireInputs) as Record<string, unknown>,
      dependencies: request.getDependenciesList(),
      propertyDependencies,
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      aliases: request.getAliasurnsList(),
      customTimeouts: {
        create: timeouts?.getCreate() ?? "",
        update: timeouts?.getUpdate() ?? "",
        delete: timeouts?.getDelete() ?? "",
      },
      wireInputs,
      wireOutputs: this.resources.get(urn)?.state as WireObject,
    });
  }
}
