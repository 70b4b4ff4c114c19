// Properties on the wire: google.protobuf.Struct with Pulumi's signatures for values outside JSON.
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../models/model";

/** Stands for a value that is not known yet, in inputs and in outputs. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// The engine has a signature for each type; here the type of the missing value does not matter.
const unknowns = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);
const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";

/** Properties as the engine sent them: secrets unwrapped, every kind of unknown as `UNKNOWN`. */
export function decode(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (decodeValue(struct.toJavaScript()) as Properties);
}

function decodeValue(value: unknown): unknown {
  if (typeof value === "string") return unknowns.has(value) ? unknownValue : value;
  if (Array.isArray(value)) return value.map(decodeValue);
  if (typeof value !== "object" || value === null) return value;
  const given = value as Properties;
  if (given[signature] === secret) return decodeValue(given["value"]);
  return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, decodeValue(item)]));
}

/** Properties in the engine's form, without undefined ones. */
export function encode(properties: Properties): Struct {
  return Struct.fromJavaScript(defined(properties) as Record<string, JavaScriptValue>);
}

function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => defined(item ?? null));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, defined(item)]),
  );
}

/** Whether the value, or any part of it, is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === unknownValue;
  return Object.values(value).some(hasUnknown);
}

/** Whether the value itself is known; parts of it may be unknown. */
export function isKnown(value: unknown): boolean {
  return value !== unknownValue;
}
