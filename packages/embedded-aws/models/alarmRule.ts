// The rule of a composite alarm: ALARM("one") OR (ALARM("two") AND NOT OK("three")).

const token =
  /\s*(?:(AND|OR|NOT|TRUE|FALSE|\(|\))|(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^"()\s]+))\s*\))/y;

/** Names of the alarms in a rule, or the fault of its text. */
export function readRule(rule: string): { readonly names: readonly string[] } | { readonly fault: string } {
  const names: string[] = [];
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < rule.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(rule);
    if (!match) return { fault: `cannot be read from ${JSON.stringify(rule.slice(at, at + 20).trim())} on` };
    const [, word, , quoted, bare] = match;
    tokens.push(word ?? "state");
    const name = quoted ?? bare;
    if (name !== undefined) names.push(name);
  }
  const rest = expression(tokens);
  if (rest === undefined) return { fault: "lacks an operand" };
  return rest.length > 0
    ? { fault: `goes on with ${rest[0]} where AND, OR or the end is expected` }
    : { names };
}

/** Tokens after an expression; undefined if there is no expression. */
function expression(tokens: readonly string[]): readonly string[] | undefined {
  const rest = operand(tokens);
  if (rest === undefined || (rest[0] !== "AND" && rest[0] !== "OR")) return rest;
  return expression(rest.slice(1));
}

function operand([first, ...rest]: readonly string[]): readonly string[] | undefined {
  if (first === "NOT") return operand(rest);
  if (first === "state" || first === "TRUE" || first === "FALSE") return rest;
  if (first !== "(") return undefined;
  const inner = expression(rest);
  return inner?.[0] === ")" ? inner.slice(1) : undefined;
}
