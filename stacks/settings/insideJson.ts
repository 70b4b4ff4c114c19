import type { z } from "zod";
import { nearest } from "./nearest";

/** The parts of zod's schemas that are looked into. */
type Definition =
  | { readonly type: "optional"; readonly innerType: z.ZodType }
  | { readonly type: "pipe"; readonly out: z.ZodType }
  | { readonly type: "record"; readonly keyType: z.ZodType; readonly valueType: z.ZodType }
  | { readonly type: "array"; readonly element: z.ZodType }
  | { readonly type: "union"; readonly options: readonly z.ZodType[] }
  | { readonly type: "object"; readonly shape: Readonly<Record<string, z.ZodType>> }
  | { readonly type: "string" };

const definition = (schema: z.ZodType) => schema.def as unknown as Definition;

/** The schemas that a value at a path of a setting may have: several where there is a choice. */
function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly z.ZodType[] {
  const def = definition(schema);
  if (def.type === "optional") return schemasAt(def.innerType, path);
  if (def.type === "pipe") return schemasAt(def.out, path);
  if (def.type === "union") return def.options.flatMap((option) => schemasAt(option, path));
  const [first, ...rest] = path;
  if (first === undefined) return [schema];
  if (def.type === "record") return schemasAt(def.valueType, rest);
  if (def.type === "array") return schemasAt(def.element, rest);
  const part = def.type === "object" ? def.shape[String(first)] : undefined;
  return part ? schemasAt(part, rest) : [];
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((inner: unknown, name) => (inner as Readonly<Record<PropertyKey, unknown>>)[name], value);

const place = (path: readonly PropertyKey[]) =>
  path.map((name) => (typeof name === "number" ? `entry ${name + 1}` : String(name))).join(".");

const list = (names: readonly string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;

const shown = (value: unknown) => {
  const text = JSON.stringify(value);
  if (text.includes("PRIVATE KEY")) return "a private key";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** The fault of an object's names; undefined when all of them are allowed. */
function wrongNames(value: unknown, schemas: readonly z.ZodType[], at: string): string | undefined {
  const shapes = schemas.flatMap((schema) => {
    const def = definition(schema);
    return def.type === "object" ? [def.shape] : [];
  });
  if (shapes.length === 0 || typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  const known = [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
  const given = Object.keys(value);
  const unknown = given.filter((name) => !known.includes(name));
  const free = known.filter((name) => !given.includes(name));
  if (unknown.length > 0) {
    return unknown
      .map((name) => {
        const [meant] = nearest(name, free);
        const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
        return `${at} has no "${name}", only ${list(known)}.${hint}`;
      })
      .join(" ");
  }
  const lacks = shapes
    .filter((shape) => given.every((name) => name in shape))
    .map((shape) => Object.keys(shape).filter((name) => !given.includes(name) && !shape[name]!.isOptional()));
  return lacks.length > 0 && lacks.every((names) => names.length > 0)
    ? `${at} lacks ${lacks.map(list).join(", or else ")}.`
    : undefined;
}

const kinds: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a text",
};

/** Allowed values, as far as the issue names them. */
function instead(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `: allowed are ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `, not ${kinds[issue.expected] ?? issue.expected}`;
  const unit = "origin" in issue && issue.origin === "string" ? " characters" : "";
  if (issue.code === "too_big") return `: at most ${issue.maximum}${unit}`;
  if (issue.code === "too_small") return `: at least ${issue.minimum}${unit}`;
  return "";
}

/**
 * The fault inside a setting's JSON: `mailer has no "comand", only command, tasks … Did you mean "command"?`.
 *
 * @param text The setting as it was written, which is JSON.
 * @returns undefined when the whole is wrong, not a part of it.
 */
export function wrongInside(schema: z.ZodType, text: string, issue: z.core.$ZodIssue): string | undefined {
  const path = issue.path.slice(1);
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (issue.code === "invalid_key") return `The name ${shown(path.at(-1))} is not allowed.`;
  const inner =
    issue.code === "invalid_type" && valueAt(whole, path) === undefined ? path.slice(0, -1) : path;
  if (inner.length === 0) return undefined;
  const names = wrongNames(valueAt(whole, inner), schemasAt(schema, inner), place(inner));
  return names ?? `${place(path)} is ${shown(valueAt(whole, path))}${instead(issue)}.`;
}
