import { specialSigKey } from "@pulumi/pulumi/runtime";
import type { Wire } from "./wire";

/** The way to a value within a value: names of fields, and places in lists. */
export type Path = readonly (string | number)[];

const isNested = (wire: Wire | undefined): wire is readonly Wire[] | { readonly [key: string]: Wire } =>
  typeof wire === "object" && wire !== null && !(specialSigKey in wire);

/** The ways to everything within a value, the value itself left out. */
export function* pathsIn(wire: Wire): Generator<Path> {
  if (!isNested(wire)) return;
  for (const [key, value] of Object.entries(wire) as readonly (readonly [string, Wire])[]) {
    const step = Array.isArray(wire) ? Number(key) : key;
    yield [step];
    for (const path of pathsIn(value)) yield [step, ...path];
  }
}

/** The value at the end of a way; undefined where it leads nowhere. */
export const valueAt = (wire: Wire | undefined, path: Path): Wire | undefined =>
  path.reduce<Wire | undefined>(
    (value, step) => (isNested(value) ? (value as Readonly<Record<string | number, Wire>>)[step] : undefined),
    wire,
  );

/** A value with another one at the end of a way, or with none; unchanged where the way leads nowhere. */
export function replaceAt(wire: Wire, [step, ...rest]: Path, value: Wire | undefined): Wire {
  if (step === undefined) return value ?? null;
  if (!isNested(wire) || !(step in wire)) return wire;
  const within = valueAt(wire, [step])!;
  const next = rest.length > 0 ? replaceAt(within, rest, value) : value;
  if (Array.isArray(wire)) {
    return (wire as readonly Wire[]).flatMap((each, index) =>
      index !== step ? [each] : next === undefined ? [] : [next],
    );
  }
  const others = Object.entries(wire).filter(([key]) => key !== step);
  return Object.fromEntries(next === undefined ? others : [...others, [step, next] as const]);
}

/** A list or an object with one more entry, the first of all. */
export const withEntry = (wire: Wire | undefined, value: Wire): Wire | undefined => {
  if (!isNested(wire)) return undefined;
  return Array.isArray(wire) ? [value, ...(wire as readonly Wire[])] : { anything: value, ...wire };
};
