import { type PolicyResource, UnknownValueError } from "@pulumi/policy";
import { asText, known } from "./values";

/**
 * Properties that AWS decides and rules ask for. Every other property that a rule reads is an argument: whether the
 * program gave it is known in a first preview too, and one that it did not give has AWS's documented default.
 */
const decidedByAws: ReadonlySet<string> = new Set([
  ...["id", "arn", "name", "url", "address", "endpoint", "identifier", "bucket", "repositoryUrl", "keyId"],
  ...[
    "arnSuffix",
    "dnsName",
    "zoneId",
    "replicationGroupId",
    "clusterId",
    "availabilityZone",
    "result",
    "family",
  ],
  ...[
    "primaryEndpointAddress",
    "reference",
    "latestRestorableTime",
    "proxyEndpoint",
    "invokeArn",
    "functionName",
  ],
]);

const completed = new WeakSet<PolicyResource>();

/**
 * A text that is made of other values is unknown as a whole. A component may say among its outputs, under the same name,
 * what it knows of the text that it made.
 */
const saidByComponent = new Set(["containerDefinitions"]);

/** What the component of a resource says of one of its arguments; undefined where it says nothing. */
export const fromComponent = ({ parent }: PolicyResource, key: string): unknown =>
  saidByComponent.has(key) ? known(() => parent?.props[key]) : undefined;

/**
 * Answers undefined for an argument that was left out, where the provider says "unknown": in a first preview it does so
 * for each argument that AWS would fill in. All rules of a run are handed the same resources, so each is completed once.
 */
export function completeArguments(resources: readonly PolicyResource[]): void {
  for (const resource of resources) {
    if (completed.has(resource) || !resource.type.startsWith("aws:")) continue;
    completed.add(resource);
    const { props, propertyDependencies } = resource;
    const leftOut = (key: string | symbol) =>
      typeof key === "string" && !(key in propertyDependencies) && !decidedByAws.has(key);
    resource.props = new Proxy(props, {
      get(target, key) {
        try {
          return (target as Record<string | symbol, unknown>)[key];
        } catch (error) {
          if (!(error instanceof UnknownValueError)) throw error;
          if (leftOut(key)) return undefined;
          const said = fromComponent(resource, asText(key));
          if (said === undefined) throw error;
          return said;
        }
      },
    });
  }
}
