// Saved queries of CloudWatch Logs Insights: the query has a grammar of its own.
import { z } from "zod";
import type { Model } from "./model";
import { regional, text } from "./schema";

/** Commands of Logs Insights' language. */
const commands = [
  ...["addtotals", "anomaly", "dedup", "diff", "display", "fields", "filter", "filterIndex", "join", "limit"],
  ...["lookup", "parse", "pattern", "sort", "SOURCE", "stats", "unmask", "unnest"],
];

/** A text in quotation marks, a regular expression or a field in backticks: marks inside them mean nothing. */
const quoted =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|(?<=(?:like|=~|parse [@\w.]*) *)\/(?:\\.|[^/\\])+\//g;

function regularExpressionFault(expression: string): string | undefined {
  try {
    new RegExp(expression);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Form of a command's arguments, by its name; other commands are not judged. */
const operands: Readonly<Record<string, { readonly form: RegExp; readonly needs: string }>> = {
  parse: { form: /(\bas\s+\w+|\(\?<\w+>)/, needs: "a name for what it finds: `as <name>` or (?<name>…)" },
  limit: { form: /^\d+$/, needs: "a number" },
  sort: { form: /^\S/, needs: "a field" },
  stats: { form: /\w+\s*\(/, needs: "a function: count(*)" },
  filter: { form: /\S/, needs: "a condition" },
  fields: { form: /\S/, needs: "a field" },
  display: { form: /\S/, needs: "a field" },
};

/** The fault of a query; undefined if Logs Insights can carry it out. */
export function queryFault(query: string): string | undefined {
  const expressions = [...query.matchAll(quoted)].map(([each]) => each);
  // Of the same length, so that a place in one is the same place in the other.
  const bare = query
    .replace(quoted, (each) => "_".repeat(each.length))
    .replace(/#.*$/gm, (comment) => " ".repeat(comment.length));
  if (/["'`]/.test(bare)) return "a quotation mark has no other";
  for (const [open, close] of ["()", "[]"] as const)
    if (bare.split(open!).length !== bare.split(close!).length) return `${open} and ${close} do not pair`;
  for (const each of expressions.filter((expression) => expression.startsWith("/"))) {
    const fault = regularExpressionFault(each.slice(1, -1));
    if (fault !== undefined) return fault;
  }
  let start = 0;
  for (const part of bare.split("|")) {
    const [, command, rest = ""] = /^\s*(\w+)\s*(.*)$/s.exec(part) ?? [];
    if (command === undefined) return "a command is empty";
    if (!commands.includes(command)) return `${command} is no command: ${commands.join(", ")}`;
    const whole = query.slice(start + part.length - rest.length, start + part.length).trim();
    const operand = operands[command];
    if (operand && !operand.form.test(whole)) return `${command} needs ${operand.needs}`;
    start += part.length + 1;
  }
  return undefined;
}

const inputs = regional({
  name: text(/^([^:*/]+\/?)*[^:*/]+$/, "a query's name, its folders before slashes")
    .max(255)
    .optional(),
  queryString: z
    .string()
    .min(1)
    .max(10_000)
    .superRefine((query, context) => {
      const fault = queryFault(query);
      if (fault !== undefined)
        context.addIssue({ code: "custom", message: `MalformedQueryException: ${fault}` });
    }),
  logGroupNames: z
    .array(text(/^[A-Za-z0-9._\-/#]{1,512}$/, "a log group's name"))
    .max(50)
    .optional(),
});
type Inputs = z.infer<typeof inputs>;

const queryDefinition: Model = {
  type: "aws:cloudwatch/queryDefinition:QueryDefinition",
  inputs,
  autoName: { property: "name", maxLength: 255 },
  computed: ["arn", "queryDefinitionId"],
  identify: (_given: Inputs, { hex }) => [8, 4, 4, 4, 12].map(hex).join("-"),
  describe: (_given, id, { region, accountId }) => ({
    arn: `arn:aws:logs:${region}:${accountId}:query-definition:${id}`,
    queryDefinitionId: id,
  }),
  replace: [],
};

export const models: readonly Model[] = [queryDefinition];
