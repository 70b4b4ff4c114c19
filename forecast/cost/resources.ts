import type { BilledResource } from "../../aws/billing";
import type { Demand } from "../../stacks/capacity";
import { makePlan } from "../../stacks/plan";
import { parseSettings } from "../../stacks/settings";
import { automatic } from "../../stacks/settings/automatic";

/** Resources as registered, and the demand that their program planned for. */
export interface Registered {
  /** In the order of registration. */
  readonly resources: readonly BilledResource[];
  /** The stack output `plan.demand`, or what the configuration asks for; undefined where neither says. */
  readonly demand?: Demand;
  /** The stack's own region. */
  readonly region?: string;
  /** Settings that are not left to the Plan, without prefix; undefined where an export does not say. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Settings of a configuration as a preview prints it. */
const settingsIn = (config: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith("chatpop:") && value !== automatic ? [[key.slice(8), value] as const] : [],
    ),
  );

/** Settings that decide the demand. */
const asked = ["scale", "rooms", "usersPerRoom", "messagesPerSecond"];

/** The demand of settings; undefined without a scale. */
function demandIn(settings: Readonly<Record<string, string>>): Demand | undefined {
  const own = Object.entries(settings).filter(([key]) => asked.includes(key));
  return settings["scale"] === undefined
    ? undefined
    : makePlan(parseSettings(Object.fromEntries(own))).demand;
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
 * @throws SyntaxError when it is neither, or has no resource of AWS: a preview leaves out what stays, but for --show-sames.
 */
export function readResources(text: string): Registered {
  const printed = JSON.parse(text.slice(text.indexOf("{"))) as {
    readonly config?: Readonly<Record<string, string>>;
    readonly steps?: readonly Step[];
    readonly deployment?: { readonly resources?: readonly State[] };
  };
  const states =
    printed.steps?.flatMap(({ op, newState }) =>
      newState && !/^(delete|discard|remove)/.test(op) ? [newState] : [],
    ) ?? printed.deployment?.resources?.filter((state) => !state.delete);
  if (!states)
    throw new SyntaxError("Neither the output of pulumi preview --json nor of pulumi stack export.");
  if (!states.some(({ type }) => type.startsWith("aws:"))) {
    throw new SyntaxError(
      "No resource of AWS is in it. Print a preview with: pulumi preview --json --show-sames",
    );
  }
  const settings = printed.config && settingsIn(printed.config);
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
    demand:
      states.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.plan?.demand ??
      (settings && demandIn(settings)),
    region: printed.config?.["aws:region"],
    settings,
  };
}
