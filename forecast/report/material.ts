import type { BilledResource } from "../../aws/billing";
import { canonical, types } from "../../aws/types";
import type { Demand } from "../../stacks/capacity";
import { type Habits, usualHabits } from "../../stacks/plan/price";
import { UnknownDemand } from "../cost/estimate";
import { plain, readResources } from "../cost/resources";
import { type RuleResult, rulesFrom } from "./rules";

/** A resource with its address in the program. */
export type Item = BilledResource & { readonly urn: string };

/** All data of a report. */
export interface Material {
  /** Name of the stack. */
  readonly stack: string;
  /** Region of the stack. */
  readonly region: string;
  /** The planned load. */
  readonly demand: Demand;
  /** Settings that differ from the Plan's own decision, without prefix. */
  readonly settings: Readonly<Record<string, string>>;
  /** Resources in the order of registration. */
  readonly resources: readonly Item[];
  /** Result of every policy rule. */
  readonly rules: readonly RuleResult[];
  /** Warnings of the program. */
  readonly warnings: readonly string[];
  /** Habits of people. */
  readonly habits: Habits;
  /** Day of the report: `2026-11-30`. */
  readonly date: string;
}

interface Printed {
  readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
}

interface PolicyEvent {
  readonly message: string;
  readonly policyName: string;
  readonly enforcementLevel: string;
}

/** Findings of the pack in an event log of the engine. */
const findingsIn = (log: string): readonly PolicyEvent[] =>
  log.split("\n").flatMap((line) => {
    if (line === "") return [];
    const { policyEvent } = JSON.parse(line) as { policyEvent?: PolicyEvent };
    return policyEvent ? [{ ...policyEvent, message: plain(policyEvent.message) }] : [];
  });

/** URNs of the resources that a resource depends on, optionally of one type. */
export function madeOf(item: Item, all: ReadonlyMap<string, Item>, type?: string): readonly Item[] {
  const urns = new Set(Object.values(item.propertyDependencies ?? {}).flat());
  return [...urns].flatMap((urn) => {
    const found = all.get(urn);
    return found && (type === undefined || canonical(found.type) === type) ? [found] : [];
  });
}

/** Resources by their URN. */
export const byUrn = (items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.urn, item]));

/**
 * Reads the output and the event log of `pulumi preview --json --show-sames --policy-pack policy --event-log`.
 *
 * @throws SyntaxError, UnknownDemand
 */
export function materialOf(preview: string, log: string, date: string): Material {
  const { resources, demand, region = "us-east-1", settings = {} } = readResources(preview);
  if (!demand) throw new UnknownDemand();
  const { diagnostics = [] } = JSON.parse(preview.slice(preview.indexOf("{"))) as Printed;
  const messages = diagnostics.map(({ message, severity }) => ({ message: plain(message), severity }));
  return {
    stack: /^urn:pulumi:([^:]+)::/.exec(resources[0]?.urn ?? "")?.[1] ?? "?",
    region,
    demand,
    settings,
    resources: resources as readonly Item[],
    rules: rulesFrom(
      messages.find(({ message }) => message.startsWith("[{"))?.message ?? "",
      findingsIn(log),
    ),
    warnings: messages.flatMap(({ message, severity }) =>
      severity === "warning" ? [message.replace(/^warning: /, "")] : [],
    ),
    habits: usualHabits,
    date,
  };
}

/** Whether a resource is an alarm. */
export const isAlarm = ({ type }: Item): boolean =>
  [types.alarm, types.compositeAlarm].some((each) => each === canonical(type));
