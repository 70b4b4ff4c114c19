// Zod's issues in the words of the real provider.
import type { z } from "zod";
import type { Model, Properties } from "../models/model";
import { declares } from "./declared";
import { printPath } from "./paths";
import { knows } from "./table";

type Issue = z.core.$ZodIssue;

/** One sentence that names the argument, its value, what is allowed and where to look. */
export function describeIssue(issue: Issue, model: Model, inputs: Properties, resource: string): string {
  const path = issue.path as (string | number)[];
  const place = printPath(path);
  const confidential = path[0] !== undefined && (model.sensitive ?? []).includes(String(path[0]));
  const value = path.reduce<unknown>((at, step) => (at as Properties | undefined)?.[step], inputs);
  const shown = confidential ? "[secret]" : JSON.stringify(value);
  const words = notModelled(issue, model) ?? explain(issue, place, shown);
  const reason = confidential ? hide(words, value) : words;
  return path.length === 0 ? reason : `${reason}. Examine values at '${resource}.${place}'.`;
}

/** Refusal of an argument that AWS has and the embedded AWS lacks; this is no mistake of the program. */
function notModelled(issue: Issue, { type }: Model): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const { path } = issue;
  const known = issue.keys.filter(
    (key) => (path.length === 0 && knows(type, key)) || declares(type, path, key),
  );
  const names = known.map((key) => printPath([...(path as (string | number)[]), key]));
  return known.length === 0
    ? undefined
    : `The embedded AWS does not model ${names.join(", ")} of ${type} yet: extend its model in packages/embedded-aws/models`;
}

function explain(issue: Issue, place: string, shown: string): string {
  switch (issue.code) {
    case "unrecognized_keys": {
      const where = place === "" ? "" : ` in ${place}`;
      return `Invalid or unknown key${where}: ${issue.keys.join(", ")}`;
    }
    case "invalid_type":
      if (shown === undefined) return `Missing required argument: ${place} is required, but was not set`;
      return custom(issue) ?? `expected ${place} to be ${article(issue.expected)}, got ${shown}`;
    case "invalid_value":
      if (custom(issue)?.startsWith("The embedded AWS")) return issue.message;
      return `expected ${place} to be one of ${JSON.stringify(issue.values)}, got ${shown}`;
    case "too_small":
      return `expected ${measure(issue, place)} to be at least ${issue.minimum}, got ${shown}`;
    case "too_big":
      return `expected ${measure(issue, place)} to be at most ${issue.maximum}, got ${shown}`;
    case "invalid_union": {
      // The alternative with the fewest issues describes the mistake best.
      const [closest] = [...issue.errors].sort((one, other) => one.length - other.length);
      return closest?.[0] ? explain(closest[0], place, shown) : `${place}: ${issue.message}`;
    }
    default:
      // Limits of the embedded AWS itself come first.
      return place === "" || issue.message.startsWith("The embedded AWS")
        ? issue.message
        : `${place}: ${issue.message}`;
  }
}

function custom(issue: Issue): string | undefined {
  return /^Invalid input/.test(issue.message) ? undefined : issue.message;
}

function article(expected: string): string {
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function measure(issue: { origin: string }, place: string): string {
  if (issue.origin === "string") return `the length of ${place}`;
  return issue.origin === "array" ? `the number of items in ${place}` : place;
}

/** A model's own message may quote the value. */
function hide(text: string, value: unknown): string {
  return typeof value === "string" && value !== "" ? text.split(value).join("[secret]") : text;
}
