/** A request as IAM judges it. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const like = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(text);

function applies(statement: Statement, { action, resource, context = {} }: Request): boolean {
  const tests = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => {
      const [, set, plain] =
        /^(ForAllValues:|ForAnyValue:)?(StringEquals|StringLike|Bool)$/.exec(operator) ?? [];
      if (plain === undefined) throw new Error(`unknown operator ${operator}`);
      const found = context[key];
      // Of no value at all, all are equal.
      if (found === undefined) return set === "ForAllValues:";
      return [values].flat().some((value) => like(value as string, found));
    }),
  );
  return (
    statement.Action.some((pattern) => like(pattern, action)) &&
    statement.Resource.some((pattern) => like(pattern, resource)) &&
    tests.every(Boolean)
  );
}

/** Whether policies allow a request: one statement has to, and none may deny it. */
export function allows(documents: readonly string[], request: Request): boolean {
  const statements = documents.flatMap((text) => (JSON.parse(text) as { Statement: Statement[] }).Statement);
  const effects = statements.filter((each) => applies(each, request)).map(({ Effect }) => Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}
