// Diff: which changes AWS makes in place and which need a new resource. The table answers, argument by argument; models
// add conditions that do not fit into a table.
import { isDeepStrictEqual } from "node:util";
import type { Model, Properties } from "../models/model";
import { filledIn, withoutNotes } from "./check";
import { takes } from "./context";
import type { Path } from "./paths";
import { printPath } from "./paths";
import { rowOf } from "./table";

export type Kind = "add" | "delete" | "update";

export interface Difference {
  /** Top-level arguments that changed. */
  readonly changed: readonly string[];
  /** Those among them that need a new resource. */
  readonly replacing: readonly string[];
  /** Every changed place, however deep: `healthCheck.interval`. */
  readonly places: ReadonlyMap<string, { kind: Kind; replaces: boolean }>;
  readonly deleteBeforeReplace: boolean;
}

/** Compares the inputs of a resource with those of the last update. `region` is the provider's. */
export function diff(
  model: Model,
  before: Properties,
  after: Properties,
  region: { before: unknown; after: string },
  ignored: readonly string[] = [],
): Difference {
  const [old, next] = [withoutNotes(before), withoutNotes(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter(
    (name) => name !== "region" && !ignored.includes(name) && differs(model, name, old, next),
  );
  const replacing = names.filter((name) => replaces(model, name, old, next));
  const places = new Map(
    names.flatMap((name) =>
      [...compare([name], old[name], next[name])].map(
        ([place, kind]) => [place, { kind, replaces: replacing.includes(name) }] as const,
      ),
    ),
  );
  for (const [place, kind] of compare(["tagsAll"], before["tagsAll"], after["tagsAll"])) {
    places.set(place, { kind, replaces: false });
  }
  const tagged = [...places.keys()].some((place) => /^tagsAll\b/.test(place)) ? ["tagsAll"] : [];
  if (takes(model, "region") && typeof region.before === "string") {
    const moved = (after["region"] ?? region.after) !== region.before;
    if (moved) places.set("region", { kind: "update", replaces: true });
    if (moved) replacing.push("region");
  }
  return {
    changed: [...new Set([...names, ...tagged, ...replacing])],
    replacing,
    places,
    deleteBeforeReplace:
      replacing.length > 0 && (model.deleteBeforeReplace === true || keepsItsName(model, old, after)),
  };
}

function differs(model: Model, name: string, old: Properties, next: Properties): boolean {
  const row = rowOf(model.type);
  if (row.noDiff?.includes(name)) return false;
  if (next[name] === undefined && row.removalIgnored?.includes(name) && name !== model.autoName?.property) {
    return false;
  }
  const document = model.documents?.includes(name) ?? false;
  if (isDeepStrictEqual(comparable(old[name], document), comparable(next[name], document))) {
    return false;
  }
  return !model.suppresses?.[name]?.(old, next);
}

/** Documents are compared as JSON, so that spacing does not matter. */
function comparable(value: unknown, document: boolean): unknown {
  if (!document || typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function replaces(model: Model, name: string, old: Properties, next: Properties): boolean {
  const row = rowOf(model.type);
  if (row.conditional?.[name] !== undefined) {
    return model.replaces?.[name]?.(old, next) ?? true;
  }
  return Boolean(row.replace?.includes(name) || model.replace?.includes(name));
}

/** Whether the program gives a fixed name. The new resource cannot take it before the old one is deleted. */
function keepsItsName(model: Model, old: Properties, after: Properties): boolean {
  const name = model.autoName?.property;
  return (
    name !== undefined &&
    after[name] !== undefined &&
    after[name] === old[name] &&
    !filledIn(after).includes(name)
  );
}

function* compare(path: Path, before: unknown, after: unknown): Generator<[string, Kind]> {
  if (isDeepStrictEqual(before, after)) return;
  if (before === undefined) return yield [printPath(path), "add"];
  if (after === undefined) return yield [printPath(path), "delete"];
  const both =
    typeof before === "object" &&
    typeof after === "object" &&
    before !== null &&
    after !== null &&
    Array.isArray(before) === Array.isArray(after);
  if (!both) return yield [printPath(path), "update"];
  const keys = Array.isArray(before)
    ? [...Array(Math.max(before.length, (after as unknown[]).length)).keys()]
    : new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) {
    yield* compare(
      [...path, key],
      (before as Record<string | number, unknown>)[key],
      (after as Record<string | number, unknown>)[key],
    );
  }
}
