import { ConfigureAnalyzerRequest, EnforcementLevel, PolicyConfig } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { takeConfiguration } from "../../policy/engine";

type Values = Parameters<typeof Struct.fromJavaScript>[0];

/** Configures policies as the engine does, by name; what is left out keeps its defaults. */
export function configure(given: Readonly<Record<string, object>>): void {
  const request = new ConfigureAnalyzerRequest();
  for (const [name, values] of Object.entries(given)) {
    const config = new PolicyConfig().setEnforcementlevel(EnforcementLevel.MANDATORY);
    request.getPolicyconfigMap().set(name, config.setProperties(Struct.fromJavaScript(values as Values)));
  }
  takeConfiguration(request);
}

/** Tells the pack how big the chat is. */
export const configureChat = (size: Readonly<Record<string, number>>): void => configure({ chat: size });
