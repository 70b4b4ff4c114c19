// The file for `pulumi import --file`: each resource in the component that will own it.
import { adoptables, type AdoptedKind } from "../stacks/plan/adoption";
import type { Environment } from "./environment";

/** One entry of the file. */
interface Entry {
  readonly type: string;
  /** Name by which entries refer to each other. */
  readonly name: string;
  readonly logicalName: string;
  readonly component?: true;
  readonly id?: string;
  readonly parent?: string;
}

/** @param name Logical name of the program's components. */
export function importFile(
  { found }: Environment,
  name = "chatpop",
): { readonly resources: readonly Entry[] } {
  const adopted = Object.entries(found) as [AdoptedKind, string][];
  const components = new Set(adopted.map(([kind]) => adoptables[kind].component));
  return {
    resources: [
      ...[...components].map((type): Entry => ({ type, name: type, logicalName: name, component: true })),
      ...adopted.map(([kind, id]): Entry => {
        const { type, suffix, component } = adoptables[kind];
        return { type, name: kind, logicalName: `${name}-${suffix}`, id, parent: component };
      }),
    ],
  };
}
