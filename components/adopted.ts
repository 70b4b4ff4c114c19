import * as pulumi from "@pulumi/pulumi";
import { adoptables, type AdoptedKind } from "../stacks/plan/adoption";

/**
 * Keeps what was there before the stack from being replaced: arguments of the adopted resources that AWS cannot change in
 * place stay as they are. To be called before these resources are made.
 *
 * @param name Logical name of the stack's components.
 */
export function keepAdopted(name: string, adopted: readonly AdoptedKind[]): void {
  if (adopted.length === 0) return;
  pulumi.runtime.registerStackTransformation(({ type, name: resource, props, opts }) => {
    const kind = adopted.find(
      (each) => adoptables[each].type === type && resource === `${name}-${adoptables[each].suffix}`,
    );
    if (kind === undefined) return undefined;
    return { props, opts: pulumi.mergeOptions(opts, { ignoreChanges: [...adoptables[kind].kept] }) };
  });
}
