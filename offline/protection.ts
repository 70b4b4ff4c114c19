// Pulumi stops at the first protected resource, after it has deleted others; offline the refusal comes before anything
// is touched, and says how to go on.
import { readIfPresent } from "./files";

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: readonly { readonly urn: string; readonly protect?: boolean }[];
    };
  };
}

/** The names of the protected resources in a stack's state file. */
export function protectedResources(stateFile: string): string[] {
  const state = JSON.parse(readIfPresent(stateFile) ?? "{}") as Checkpoint;
  const resources = state.checkpoint?.latest?.resources ?? [];
  const names = resources
    .filter(({ protect }) => protect)
    .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
  return [...new Set(names)];
}

/** The refusal to destroy a stack with protected resources. */
export function refusal(stack: string, names: readonly string[]): string {
  return [
    `Stack ${stack} is protected against deletion: ${names.join(", ")}.`,
    "To delete it all the same, first take the protection away, then destroy:",
    `  1. offline/pulumi config set chatpop:deletionProtection false --stack ${stack}`,
    `     offline/pulumi up --stack ${stack}`,
    `  2. offline/pulumi destroy --stack ${stack}`,
    `or both at once: make down STACK=${stack} UNPROTECT=yes`,
  ].join("\n");
}
