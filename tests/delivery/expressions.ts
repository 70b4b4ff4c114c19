/** Contexts of a workflow's expressions: `github`, `inputs`, `vars`, `steps` … */
export type Contexts = Readonly<Record<string, unknown>>;

/**
 * The value of a workflow's expression. Those in use here mean the same in JavaScript, but for a property that is
 * missing, which is empty text.
 */
export function evaluate(expression: string, contexts: Contexts, green: boolean): unknown {
  const inner = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(expression)?.[1] ?? expression;
  const status = /\b(success|failure|always|cancelled)\(\)/.test(inner) ? inner : `success() && (${inner})`;
  const script = status.replace(
    /\b(github|inputs|vars|steps|needs)((?:\.[\w-]+)+)/g,
    (path) => `at("${path}")`,
  );
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Contexts | undefined)?.[key], contexts) ?? "";

  const run = new Function("at", "success", "failure", "always", `return (${script});`) as (
    ...args: unknown[]
  ) => unknown;
  return run(
    at,
    () => green,
    () => !green,
    () => true,
  );
}

/** Variables with the values of their expressions. */
export function filled(
  variables: Readonly<Record<string, string>>,
  contexts: Contexts,
  green: boolean,
): Record<string, string> {
  const value = (text: string) =>
    String(text).replace(/\$\{\{(.*?)\}\}/g, (_, inner: string) =>
      String(evaluate(`always() && (${inner})`, contexts, green) || ""),
    );
  return Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, value(text)]));
}
