/**
 * Messages of the engine that Pulumi's SDK does not pass on: the engine's address, and the whole configuration, of
 * which the SDK gives each rule its own part only. Both are read where the SDK decodes the engine's calls.
 */
import type { EnforcementLevel } from "@pulumi/policy";
import { info } from "@pulumi/pulumi/log";
import { AnalyzerService, type IAnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { resetOptions } from "@pulumi/pulumi/runtime/settings";
import { createRequire } from "node:module";
import { automatic } from "../stacks/settings/automatic";
import { forgetResults } from "./results";

/** The configuration of one name in `--policy-pack-config`. */
export interface Configured {
  readonly level: EnforcementLevel;
  /** The rule's settings and suppressions, defaults included. */
  readonly values: Readonly<Record<string, unknown>>;
}

const levels: Readonly<Record<number, EnforcementLevel>> = {
  [messages.EnforcementLevel.ADVISORY]: "advisory",
  [messages.EnforcementLevel.MANDATORY]: "mandatory",
  [messages.EnforcementLevel.DISABLED]: "disabled",
  [messages.EnforcementLevel.REMEDIATE]: "remediate",
};

let reachable = false;
let configured: ReadonlyMap<string, Configured> = new Map();

/** The configuration by name: every rule's, and what else the file has. Empty before the engine has sent it. */
export const configuration = (): ReadonlyMap<string, Configured> => configured;

/** Takes a configuration as the engine sends it: before each run, of which nothing is known yet. */
export function takeConfiguration(request: messages.ConfigureAnalyzerRequest): void {
  const taken = new Map<string, Configured>();
  request.getPolicyconfigMap().forEach((config, name) => {
    const level = levels[config.getEnforcementlevel()] ?? "mandatory";
    taken.set(name, { level, values: config.getProperties()?.toJavaScript() ?? {} });
  });
  configured = taken;
  forgetResults();
}

/** Name of the stack that is judged, and its settings as its file has them. */
export interface StackConfiguration {
  readonly stack: string;
  /** Texts by setting of `chatpop:`, without secret ones. */
  readonly texts: ReadonlyMap<string, string>;
}

let ofStack: StackConfiguration = { stack: "", texts: new Map() };

/** What the engine has said of the stack that is judged. */
export const stackConfiguration = (): StackConfiguration => ofStack;

/** Takes the stack's configuration as the engine sends it, before it sends resources. */
export function takeStack(request: messages.AnalyzerStackConfigureRequest): void {
  const texts = new Map<string, string>();
  const secret = request.getConfigSecretKeysList();
  request.getConfigMap().forEach((text, key) => {
    const [namespace, ...name] = key.split(":");
    // Pulumi.yaml gives every setting that is left to the Plan the same word.
    if (namespace === "chatpop" && !secret.includes(key) && text !== automatic)
      texts.set(name.join(":"), text);
  });
  ofStack = { stack: request.getStack(), texts };
}

/**
 * Reads the engine's messages; called before the pack's server starts.
 *
 * @param mandatory Policies that stay mandatory whatever the configuration says of all or of them.
 */
export function listen(mandatory: readonly string[]): void {
  const { handshake, configure, configureStack } = AnalyzerService as unknown as IAnalyzerService;
  observe(handshake, (request) => {
    resetOptions("", "", -1, request.getEngineAddress(), "", false, "");
    reachable = true;
  });
  observe(configure, (request) => {
    for (const name of mandatory) {
      request.getPolicyconfigMap().get(name)?.setEnforcementlevel(messages.EnforcementLevel.MANDATORY);
    }
    takeConfiguration(request);
  });
  observe(configureStack, takeStack);
}

function observe<Request>(
  call: { requestDeserialize: (bytes: Buffer) => Request },
  look: (request: Request) => void,
): void {
  const decode = call.requestDeserialize;
  call.requestDeserialize = (bytes) => {
    const request = decode(bytes);
    look(request);
    return request;
  };
}

/** Modules of Pulumi's SDK for policies whose types it keeps to itself. */
interface Sdk {
  deserializeProperties(properties: object, proxySecrets: boolean): object;
}

/**
 * Decodes each resource once per run. The SDK decodes it anew for every rule, which takes longer than all rules; they
 * only read, so they can share one copy.
 */
export function decodeOnce(): void {
  // The module itself, of which an import is a copy.
  const sdk = createRequire(__filename)("@pulumi/policy/deserialize") as Sdk;
  const decode = sdk.deserializeProperties;
  const decoded = new WeakMap<object, object>();
  sdk.deserializeProperties = (properties, proxySecrets) => {
    // A policy that changes resources is handed a copy of its own.
    if (proxySecrets) return decode(properties, proxySecrets);
    const result = decoded.get(properties) ?? decode(properties, proxySecrets);
    decoded.set(properties, result);
    return result;
  };
}

/** Number of an own stream: the engine writes no "info:" before its messages. */
const stream = 1;

/** Prints a text, several lines as one message; resolves when the engine has it. Without an engine the text is lost. */
export const say = async (text: string): Promise<void> => {
  if (reachable) await info(text, undefined, stream);
};
