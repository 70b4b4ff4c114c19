// aws.iam.getPolicyDocument: writes a policy document as the real provider does, character for character.
import type { Properties } from "./model";

/** The document in `json`, indented, and in `minifiedJson`. */
export function policyDocumentOf(args: Properties): Properties {
  const sources = parse(args["sourcePolicyDocuments"]);
  const overrides = parse(args["overridePolicyDocuments"]);
  const version = args["version"] ?? [...overrides, ...sources][0]?.Version ?? "2012-10-17";
  const own = ((args["statements"] ?? []) as Properties[]).map(statementOf);
  const document = {
    Version: version,
    ...(args["policyId"] === undefined ? {} : { Id: args["policyId"] }),
    Statement: merge(
      [...sources.flatMap(({ Statement }) => Statement), ...own],
      overrides.flatMap(({ Statement }) => Statement),
    ),
  };
  const json = JSON.stringify(document, null, 2);
  return { ...args, id: String(hash(json)), version, json, minifiedJson: JSON.stringify(document) };
}

interface Document {
  readonly Version?: string;
  readonly Statement: readonly Properties[];
}

function parse(texts: unknown): Document[] {
  return ((texts ?? []) as string[]).map((text) => {
    const document = JSON.parse(text) as { Version?: string; Statement: Properties | Properties[] };
    return { ...document, Statement: [document.Statement].flat() };
  });
}

/** Joins statements; a later one replaces an earlier one with the same Sid. */
function merge(statements: readonly Properties[], overrides: readonly Properties[]): Properties[] {
  return overrides.reduce<Properties[]>(
    (merged, override) => {
      const place = merged.findIndex(({ Sid }) => Sid !== undefined && Sid === override["Sid"]);
      return place < 0 ? [...merged, override] : merged.with(place, override);
    },
    [...statements],
  );
}

function statementOf(statement: Properties): Properties {
  const parts: [string, unknown][] = [
    ["Sid", statement["sid"]],
    ["Effect", statement["effect"] ?? "Allow"],
    ["Action", oneOrMany(statement["actions"])],
    ["NotAction", oneOrMany(statement["notActions"])],
    ["Resource", oneOrMany(statement["resources"])],
    ["NotResource", oneOrMany(statement["notResources"])],
    ["Principal", principals(statement["principals"])],
    ["NotPrincipal", principals(statement["notPrincipals"])],
    ["Condition", conditions(statement["conditions"])],
  ];
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined && value !== ""));
}

/** The real provider writes a set of one as a string, and larger sets sorted in reverse. */
function oneOrMany(values: unknown): unknown {
  const list = (values ?? []) as string[];
  if (list.length < 2) return list[0];
  return [...new Set(list)].sort().reverse();
}

function principals(given: unknown): unknown {
  const list = (given ?? []) as { type: string; identifiers: string[] }[];
  if (list.length === 0) return undefined;
  if (list.some(({ type, identifiers }) => type === "*" && identifiers.includes("*"))) return "*";
  const byType = new Map<string, string[]>();
  for (const { type, identifiers } of list) byType.set(type, [...(byType.get(type) ?? []), ...identifiers]);
  return Object.fromEntries([...byType].map(([type, identifiers]) => [type, oneOrMany(identifiers)]));
}

function conditions(given: unknown): unknown {
  const list = (given ?? []) as { test: string; variable: string; values: string[] }[];
  if (list.length === 0) return undefined;
  const byTest: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of list) {
    byTest[test] = { ...byTest[test], [variable]: values.length === 1 ? values[0] : values };
  }
  return byTest;
}

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
}
