// Check: fills in the defaults of missing inputs, then lists what AWS and the real provider would refuse.
import { createHash } from "node:crypto";
import type { AutoName, Model, Properties } from "../models/model";
import { isUnread } from "../models/imports";
import { logicalName, takes } from "./context";
import { describeIssue } from "./issues";
import { hasUnknown, isKnown, unknownValue } from "./wire";

/** Key under which the bridged provider notes the inputs that it filled in itself. */
export const filledInKey = "__defaults";

/**
 * Result of a check. The reasons name their argument in the text, not as a property: for a property the engine prints
 * the value, even a password.
 */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly string[];
}

/** The inputs with defaults, generated names and default tags, and the faults in them. */
export function check(
  model: Model,
  urn: string,
  news: Properties,
  olds: Properties,
  randomSeed: Uint8Array,
  defaultTags: Readonly<Record<string, string>>,
): Checked {
  const inputs = Object.fromEntries(Object.entries(withoutNotes(news)).filter(([, value]) => value !== null));
  for (const name of model.documents ?? []) inputs[name] = asText(inputs[name]);

  const filledIn = Object.entries(model.defaults ?? {}).filter(([name]) => inputs[name] === undefined);
  Object.assign(inputs, Object.fromEntries(filledIn));

  const names = model.autoName ? nameFor(model.autoName, inputs, olds, urn, randomSeed) : {};
  if ("failure" in names) return { inputs, failures: [String(names.failure)] };
  Object.assign(inputs, names);

  const failures = validate(model, inputs, logicalName(urn), Object.keys(olds).length > 0);
  inputs[filledInKey] = [...filledIn.map(([name]) => name), ...Object.keys(names)].sort();
  if (takes(model, "tags")) Object.assign(inputs, allTags(inputs["tags"], defaultTags));
  return { inputs, failures };
}

/** The inputs that the provider filled in itself at that check. */
export function filledIn(inputs: Properties): readonly unknown[] {
  const list = inputs[filledInKey];
  return Array.isArray(list) ? list : [];
}

/** The inputs without the provider's own notes, as models know them. */
export function withoutNotes(inputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => name !== filledInKey && name !== "tagsAll"),
  );
}

function asText(document: unknown): unknown {
  if (typeof document !== "object") return document;
  return hasUnknown(document) ? unknownValue : JSON.stringify(document);
}

function nameFor(
  rule: AutoName,
  inputs: Properties,
  olds: Properties,
  urn: string,
  randomSeed: Uint8Array,
): Properties | { failure: string } {
  const prefix = rule.prefixProperty && inputs[rule.prefixProperty];
  if (inputs[rule.property] !== undefined && prefix !== undefined)
    return { failure: `${rule.property}: conflicts with ${rule.prefixProperty}: give one of them` };
  if (inputs[rule.property] !== undefined || prefix !== undefined) return {};
  if (filledIn(olds).includes(rule.property)) return { [rule.property]: olds[rule.property] };

  const logical = logicalName(urn);
  const digits = createHash("sha256").update(randomSeed).update(urn).digest("hex").slice(0, 7);
  const name = `${rule.lowerCase ? logical.toLowerCase() : logical}-${digits}`;
  if (name.length > rule.maxLength) {
    return {
      failure:
        `failed to compute auto-name for ${rule.property}: '${logical}' plus 8 generated characters is longer than ` +
        `the ${rule.maxLength} that AWS allows. Shorten the resource's name or set ${rule.property} yourself.`,
    };
  }
  return { [rule.property]: name };
}

function allTags(tags: unknown, defaultTags: Readonly<Record<string, string>>): Properties {
  if (!isKnown(tags)) return { tagsAll: unknownValue };
  const merged = { ...defaultTags, ...(tags as Properties | undefined) };
  return Object.keys(merged).length > 0 ? { tagsAll: merged } : {};
}

function validate(model: Model, inputs: Properties, name: string, exists: boolean): string[] {
  // An imported resource has no password: AWS demands it at the creation only.
  const mayLack = (property: string) =>
    exists && inputs[property] === undefined && isUnread(model.type, property);
  const result = model.inputs.safeParse(inputs);
  return result.success
    ? []
    : result.error.issues
        .filter((issue) => !meetsUnknown(inputs, issue.path) && !mayLack(String(issue.path[0])))
        .map((issue) => describeIssue(issue, model, inputs, name));
}

/** Whether a value along the path is not known yet. */
function meetsUnknown(inputs: Properties, path: readonly PropertyKey[]): boolean {
  let value: unknown = inputs;
  for (const step of path) {
    if (typeof value !== "object" || value === null) break;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return !isKnown(value);
}
