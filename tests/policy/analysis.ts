import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerPropertyDependencies,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  EnforcementLevel,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { Policies } from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { policies } from "../../policy/pack";
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

/** A resource before it is created: its inputs. */
const resourceRequest = (resource: Registration) =>
  new AnalyzeRequest()
    .setType(resource.type)
    .setName(resource.name)
    .setUrn(resource.urn)
    .setProperties(struct(resource.wireInputs))
    .setOptions(options(resource));

/** All resources at the end: their outputs and how they hang together. */
const stackRequest = (resources: readonly Registration[]) =>
  new AnalyzeStackRequest().setResourcesList(
    resources.map((resource) => {
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
    }),
  );

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

/**
 * Lets the pack judge resources as the engine does: each before it is created, and all of them at the end.
 *
 * @param one Which resources are judged each on its own, where the others are known to be well.
 * @param judges The policies that judge: all of the pack, or some that a test is about.
 */
export async function analyze(
  resources: readonly Registration[],
  one: (resource: Registration) => boolean = () => true,
  judges: Policies = policies,
): Promise<readonly Diagnostic[]> {
  const analyzeResource = makeAnalyzeRpcFun("chatpop", "0.0.0", "mandatory", judges);
  const analyzeStack = makeAnalyzeStackRpcFun("chatpop", "0.0.0", "mandatory", judges);
  forgetResults();
  const found: Diagnostic[] = [];
  for (const resource of resources.filter(one)) {
    found.push(...(await ask(analyzeResource, resourceRequest(resource), resource.urn)));
  }
  return [...found, ...(await ask(analyzeStack, stackRequest(resources), ""))];
}
