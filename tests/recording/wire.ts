import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime";

/** A value as Pulumi sends it to the engine: JSON with marks for what is unknown or secret. */
export type Wire = null | boolean | number | string | readonly Wire[] | { readonly [key: string]: Wire };

/** Takes the place of a value that a preview does not know. */
export const unknown = Symbol("unknown");

/** A value that Pulumi encrypts in its state and hides in its output. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** Makes a value for the wire that only the cloud can tell. */
export const unknownWire: Wire = unknownValue;

/** Makes a secret value for the wire. */
export const secretWire = (value: Wire): Wire => ({ [specialSigKey]: specialSecretSig, value });

const isObject = (wire: Wire): wire is { readonly [key: string]: Wire } =>
  typeof wire === "object" && wire !== null && !Array.isArray(wire);

/** Reads a value from the wire; what is unknown or secret says so. */
export function fromWire(wire: Wire): unknown {
  if (wire === unknownValue) return unknown;
  if (Array.isArray(wire)) return wire.map(fromWire);
  if (!isObject(wire)) return wire;
  if (wire[specialSigKey] === specialSecretSig) return new Secret(fromWire(wire["value"] ?? null));
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, fromWire(value)]));
}

/** Every text in a value, wherever it is nested; what is secret is left out. */
export function* openTexts(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null || value instanceof Secret) return;
  for (const each of Object.values(value)) yield* openTexts(each);
}
