import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerPropertyDependencies,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  EnforcementLevel,
} from "@pulumi/pulumi/proto/analyzer_pb";
import {
  type Policies,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { policies } from "../../policy/pack";
import { tell } from "../../policy/report";
import { forgetResults } from "../../policy/results";
import type { Registration } from "../recording/monitor";
import type { Wire } from "../recording/wire";

/** What the pack says of a resource or of the stack. */
export interface Diagnostic {
  readonly policy: string;
  readonly level: "mandatory" | "advisory" | "other";
  readonly message: string;
  readonly urn: string;
}

type Rpc<Request> = (
  call: { request: Request },
  callback: (error: Error | null | undefined, response: AnalyzeResponse) => void,
) => unknown;
type MakeRpc<Request> = (pack: string, version: string, level: string, policies: Policies) => Rpc<Request>;

/** What the policy server answers the engine with; its type declarations leave it out. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as {
  makeAnalyzeRpcFun: MakeRpc<AnalyzeRequest>;
  makeAnalyzeStackRpcFun: MakeRpc<AnalyzeStackRequest>;
};

const struct = (wire: Readonly<Record<string, Wire>>) =>
  Struct.fromJavaScript(wire as Parameters<typeof Struct.fromJavaScript>[0]);

const options = (resource: Registration) =>
  new AnalyzerResourceOptions()
    .setProtect(resource.protect)
    .setIgnorechangesList([...resource.ignoreChanges])
    .setParent(resource.parent);

/** Encodes a resource once: of a program with a mistake, all others are those of the program without. */
function kept<Message>(encode: (resource: Registration) => Message): (resource: Registration) => Message {
  const messages = new WeakMap<Registration, Message>();
  return (resource) => {
    const message = messages.get(resource) ?? encode(resource);
    messages.set(resource, message);
    return message;
  };
}

/** A resource before it is created: its inputs. */
const resourceRequest = kept((resource) =>
  new AnalyzeRequest()
    .setType(resource.type)
    .setName(resource.name)
    .setUrn(resource.urn)
    .setProperties(struct(resource.wireInputs))
    .setOptions(options(resource)),
);

const stackResource = kept((resource: Registration) => {
  const message = new AnalyzerResource()
    .setType(resource.type)
    .setName(resource.name)
    .setUrn(resource.urn)
    .setProperties(struct(resource.wireOutputs))
    .setOptions(options(resource))
    .setParent(resource.parent)
    .setDependenciesList([...resource.dependencies]);
  for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
    message
      .getPropertydependenciesMap()
      .set(property, new AnalyzerPropertyDependencies().setUrnsList([...urns]));
  }
  return message;
});

/** All resources at the end: their outputs and how they hang together. */
const stackRequest = (resources: readonly Registration[]) =>
  new AnalyzeStackRequest().setResourcesList(resources.map(stackResource));

const levels: Readonly<Record<number, Diagnostic["level"]>> = {
  [EnforcementLevel.MANDATORY]: "mandatory",
  [EnforcementLevel.ADVISORY]: "advisory",
};

async function ask<Request>(rpc: Rpc<Request>, request: Request, urn: string): Promise<Diagnostic[]> {
  const response = await new Promise<AnalyzeResponse>((resolve, reject) => {
    rpc({ request }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
  return response.getDiagnosticsList().map((each) => ({
    policy: each.getPolicyname(),
    level: levels[each.getEnforcementlevel()] ?? "other",
    message: each.getMessage(),
    urn: each.getUrn() || urn,
  }));
}

/** The SDK's own word for a policy that met an unknown value and ended early. */
export const cannotRun = "can't run policy";

type Validation<Args> = (args: Args, report: ReportViolation) => Promise<void> | void;

/** Lets policies judge one after the other: their reports carry their names and levels, and each ends alone at an unknown value. */
async function judge<Args>(
  judges: readonly (readonly [Policies[number], Validation<Args>])[],
  args: Args,
  report: ReportViolation,
): Promise<void> {
  for (const [{ name, enforcementLevel = "mandatory" }, validate] of judges) {
    const tellNamed = (told: object) => tell(report, { name, enforcementLevel, ...told } as never);
    try {
      const judging = validate(args, tellNamed as unknown as ReportViolation);
      if (judging) await judging;
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      tellNamed({
        message: `${cannotRun} ${name}: ${(error as Error).message}`,
        enforcementLevel: "advisory",
      });
    }
  }
}

/** Policies as one: the SDK decodes all resources anew for each policy, which takes most of the time of a judgement. */
function asOne(judges: Policies): ResourceValidationPolicy & StackValidationPolicy {
  const resources: [Policies[number], Validation<ResourceValidationArgs>][] = [];
  const stacks: [Policies[number], Validation<StackValidationArgs>][] = [];
  for (const policy of judges) {
    const { validateResource } = policy as ResourceValidationPolicy;
    for (const each of [validateResource ?? []].flat()) resources.push([policy, each]);
    const { validateStack } = policy as Partial<StackValidationPolicy>;
    if (validateStack) stacks.push([policy, validateStack]);
  }
  return {
    name: "all",
    description: "All policies, one after the other",
    validateResource: (args, report) => judge(resources, args, report),
    validateStack: (args, report) => judge(stacks, args, report),
  };
}

/**
 * Lets the pack judge resources as the engine does: each before it is created, and all of them at the end.
 *
 * @param one Which resources are judged each on its own, where the others are known to be well.
 * @param judges The policies that judge: all of the pack, or some that a test is about.
 * @param apart Whether the SDK hands each policy resources of its own, as it does for the engine.
 */
export async function analyze(
  resources: readonly Registration[],
  one: (resource: Registration) => boolean = () => true,
  judges: Policies = policies,
  apart = false,
): Promise<readonly Diagnostic[]> {
  const asked = apart ? judges : [asOne(judges)];
  const analyzeResource = makeAnalyzeRpcFun("chatpop", "0.0.0", "mandatory", asked);
  const analyzeStack = makeAnalyzeStackRpcFun("chatpop", "0.0.0", "mandatory", asked);
  forgetResults();
  const found: Diagnostic[] = [];
  for (const resource of resources.filter(one)) {
    found.push(...(await ask(analyzeResource, resourceRequest(resource), resource.urn)));
  }
  return [...found, ...(await ask(analyzeStack, stackRequest(resources), ""))];
}
