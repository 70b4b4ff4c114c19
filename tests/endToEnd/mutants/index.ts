import * as pulumi from "@pulumi/pulumi";
import type { Scale } from "../../../stacks/guide";
import { large } from "./large";
import { medium } from "./medium";
import type { Inputs, Mutant } from "./mutant";
import { small } from "./small";

/** The mistakes that are made together in one preview of a scale. */
export const mutants: Readonly<Record<Scale, readonly Mutant[]>> = { small, medium, large };

/** `Instance chatpop-db` of a resource. */
export const nameOf = (type: string, name: string) => `${type.split(":").at(-1)} ${name}`;

const everybody = { Effect: "Allow", Principal: "*", Action: "sqs:ReceiveMessage", Resource: "*" };

/** A type without a model: a component of that type is all that the rules look at. */
const unknownToAws: readonly (readonly [token: string, name: string, inputs: Inputs])[] = [
  // Fargate has no host to share, and the embedded AWS runs nothing else.
  ["aws:ecs/taskDefinition:TaskDefinition", "agent", { pidMode: "host" }],
  ["aws:iam/user:User", "deploy", {}],
  ["aws:lambda/functionUrl:FunctionUrl", "open", { authorizationType: "NONE" }],
  ["aws:sqs/queuePolicy:QueuePolicy", "open", { policy: JSON.stringify({ Statement: [everybody] }) }],
];

/** Runs the real program with the mistakes of a scale. */
export function runMutated(scale: Scale): void {
  const seen = new Map<string, pulumi.Resource>();
  pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
    const key = nameOf(type, name);
    seen.set(key, resource);
    const mutant = mutants[scale].find((each) => each.resource.join(" ") === key);
    if (!mutant) return undefined;
    return { props: mutant.change?.(props as Inputs, seen) ?? props, opts: { ...opts, ...mutant.options } };
  });
  for (const [token, name, inputs] of unknownToAws) {
    if (mutants[scale].some(({ resource }) => resource.join(" ") === nameOf(token, name))) {
      new pulumi.ComponentResource(token, name, inputs);
    }
  }
}
