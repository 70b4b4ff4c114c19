/** Value of an expression of CloudWatch's metric math; undefined if it has more than numbers, names and + - * / ( ). */
export function valueOf(expression: string, metric: (id: string) => number | undefined): number | undefined {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|\.\d+|[-+*/()]|\S/g) ?? [];
  let next = 0;
  const take = (...wanted: readonly string[]) =>
    wanted.includes(tokens[next] ?? "") ? tokens[next++] : undefined;
  const factor = (): number => {
    if (take("-")) return -factor();
    if (take("(")) {
      const value = sum();
      return take(")") ? value : NaN;
    }
    const token = tokens[next++] ?? "";
    return /^[A-Za-z_]/.test(token) ? (metric(token) ?? NaN) : token === "" ? NaN : Number(token);
  };
  const product = (): number => {
    let value = factor();
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) {
      const other = factor();
      value = sign === "*" ? value * other : value / other;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) {
      const other = product();
      value = sign === "+" ? value + other : value - other;
    }
    return value;
  };
  const value = sum();
  return next === tokens.length && !Number.isNaN(value) ? value : undefined;
}
