import type { BilledResource } from "../../aws/billing";
import type { Demand } from "../../stacks/capacity";

/** Resources as registered, and the demand that their program planned for. */
export interface Registered {
  /** In the order of registration. */
  readonly resources: readonly BilledResource[];
  /** The stack output `plan.demand`. */
  readonly demand?: Demand;
}

interface State {
  readonly type: string;
  readonly urn: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: { readonly plan?: { readonly demand?: Demand } };
  readonly propertyDependencies?: Record<string, readonly string[]>;
  readonly delete?: boolean;
}

interface Step {
  readonly op: string;
  readonly newState?: State;
}

/**
 * Reads what `pulumi preview --json` or `pulumi stack export` printed: an object with `steps`, or with
 * `deployment.resources`. Lines before the first `{` are left out.
 *
 * @throws SyntaxError when it is neither.
 */
export function readResources(text: string): Registered {
  const printed = JSON.parse(text.slice(text.indexOf("{"))) as {
    readonly steps?: readonly Step[];
    readonly deployment?: { readonly resources?: readonly State[] };
  };
  const states =
    printed.steps?.flatMap(({ op, newState }) =>
      newState && !/^(delete|discard|remove)/.test(op) ? [newState] : [],
    ) ?? printed.deployment?.resources?.filter((state) => !state.delete);
  if (!states)
    throw new SyntaxError("Neither the output of pulumi preview --json nor of pulumi stack export.");
  // A replacement has several steps for one resource; the last one is what is there afterwards.
  const last = new Map(states.map((state) => [state.urn, state]));
  return {
    resources: [...last.values()].map(({ type, urn, inputs = {}, propertyDependencies }) => ({
      type,
      urn,
      name: urn.split("::").at(-1) ?? urn,
      inputs,
      ...(propertyDependencies && { propertyDependencies }),
    })),
    demand: states.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.plan?.demand,
  };
}
