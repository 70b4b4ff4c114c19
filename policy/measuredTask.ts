import type { PolicyResource } from "@pulumi/policy";
import { types } from "../aws/types";
import type { Demand, Server, taskCapacity } from "../stacks/capacity";
import measured from "../stacks/measured.json";
import { valuesOfVariable } from "./containers";
import type { Stack } from "./stack";
import { asNumber } from "./values";

/** One of the names that were measured, from a variable of the task; undefined for a program that has no such variable. */
export const measuredOf = <Name extends string>(
  task: PolicyResource,
  variable: string,
  names: Readonly<Record<Name, unknown>>,
): Name | undefined => valuesOfVariable(task.props, variable).find((value): value is Name => value in names);

/** Every service of the chat with its task and its limits. */
export function* scaled(stack: Stack) {
  for (const service of stack.chatServices()) {
    for (const definition of stack.sources(service, "taskDefinition", types.taskDefinition)) {
      for (const target of stack.scalingTargets(service)) yield { definition, target };
    }
  }
}

/** A task as it was measured, by what its definition says of it. */
export const asMeasured = (
  { props }: PolicyResource,
  { usersPerRoom }: Demand,
): Parameters<typeof taskCapacity>[0] => ({
  cpu: asNumber(props["cpu"]),
  memory: asNumber(props["memory"]),
  // The faster server where a program does not name its own, so that no deployment is called too small wrongly.
  server: (measuredOf({ props } as PolicyResource, "CHATPOP_SERVER", measured.servers) ??
    "uvicorn") as Server,
  outbox: valuesOfVariable(props, "OUTBOX_ENABLED").includes("True"),
  usersPerRoom,
});
