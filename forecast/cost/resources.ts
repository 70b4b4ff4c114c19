import type { BilledResource } from "../../aws/billing";
import type { Demand } from "../../stacks/capacity";
import { makePlan } from "../../stacks/plan";
import { parseSettings } from "../../stacks/settings";
import { automatic } from "../../stacks/settings/automatic";

/** Resources as registered, and the demand that their program planned for. */
export interface Registered {
  /** In the order of registration. */
  readonly resources: readonly BilledResource[];
  /** The stack output `plan.demand`, else the demand of the configuration; undefined without both. */
  readonly demand?: Demand;
  /** The stack's own region. */
  readonly region?: string;
  /** Settings that the operator has given, without prefix; undefined in an export. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Words of the errors of a preview that ended early, each complaint with its mark. */
  readonly errors?: string;
}

/** Settings in a preview's configuration. */
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

/** A preview that failed before it had a resource, with the words of its errors. */
export class FailedPreview extends Error {}

/** A message of the engine without the marks of its colours. */
export const plain = (message: string): string => message.replaceAll(/<\{%.*?%\}>/g, "").trim();

/** Words of the errors of a preview; that it failed is no word of its own. */
function errorsIn(diagnostics: readonly { readonly message: string; readonly severity: string }[]): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => plain(message).replace(/^error: /, ""))
    .filter((text) => !/^preview failed/.test(text))
    .map((text) => text.replaceAll(/^(?=\S)/gm, "✗ "))
    .join("\n");
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
 * Reads the output of `pulumi preview --json` or `pulumi stack export`: an object with `steps`, or with
 * `deployment.resources`. It skips lines before the first `{`.
 *
 * @throws FailedPreview for a preview that failed before it had a resource of AWS.
 * @throws SyntaxError for other text, or without a resource of AWS: a preview has unchanged resources only with
 * --show-sames.
 */
export function readResources(text: string): Registered {
  const printed = JSON.parse(text.slice(text.indexOf("{"))) as {
    readonly config?: Readonly<Record<string, string>>;
    readonly steps?: readonly Step[];
    readonly deployment?: { readonly resources?: readonly State[] };
    readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
  };
  const errors = errorsIn(printed.diagnostics ?? []);
  const states =
    printed.steps?.flatMap(({ op, newState }) =>
      newState && !/^(delete|discard|remove)/.test(op) ? [newState] : [],
    ) ?? printed.deployment?.resources?.filter((state) => !state.delete);
  if (!states?.some(({ type }) => type.startsWith("aws:")) && errors !== "") throw new FailedPreview(errors);
  if (!states)
    throw new SyntaxError("Neither the output of pulumi preview --json nor of pulumi stack export.");
  if (!states.some(({ type }) => type.startsWith("aws:"))) {
    throw new SyntaxError(
      "No resource of AWS is in it. Print a preview with: pulumi preview --json --show-sames",
    );
  }
  const settings = printed.config && settingsIn(printed.config);
  // A replacement has several steps for one resource; the last one has its final state.
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
    ...(errors !== "" && { errors }),
  };
}
