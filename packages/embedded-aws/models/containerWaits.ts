// For what the containers of a task wait before they start.

interface Waiting {
  readonly name: string;
  readonly essential?: boolean | undefined;
  readonly healthCheck?: object | undefined;
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: string }[] | undefined;
}

/** Faults for which ECS refuses a task, with the index of the container that waits. */
export function* waitFaults(given: readonly Waiting[]): Generator<{ index: number; fault: string }> {
  for (const [index, { name, dependsOn = [] }] of given.entries()) {
    for (const { containerName, condition } of dependsOn) {
      const fault = waitFault(
        given.find((each) => each.name === containerName),
        containerName,
        condition,
      );
      if (fault !== undefined) yield { index, fault };
    }
    if (waitedFor(name, given).has(name)) yield { index, fault: `${name} waits for itself` };
  }
}

function waitFault(other: Waiting | undefined, name: string, condition: string): string | undefined {
  if (!other) return `there is no container ${name}`;
  if (condition === "HEALTHY" && !other.healthCheck)
    return `container ${name} has no health check, and can never be HEALTHY`;
  if (["COMPLETE", "SUCCESS"].includes(condition) && (other.essential ?? true))
    return `container ${name} is essential: the task ends with it, and nobody can wait for its ${condition}`;
  return undefined;
}

/** Names of the containers for which one waits, itself or through others. */
function waitedFor(name: string, given: readonly Waiting[]): ReadonlySet<string> {
  const found = new Set<string>();
  const from = (each: string) => {
    for (const { containerName } of given.find((other) => other.name === each)?.dependsOn ?? []) {
      if (found.has(containerName)) continue;
      found.add(containerName);
      from(containerName);
    }
  };
  from(name);
  return found;
}
