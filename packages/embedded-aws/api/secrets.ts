// Removes secrets from logs and errors of any origin.

const confidential = /password|secret|token|credential/i;
/** Shortest secret that is removed (characters); a shorter one would also remove ordinary text. */
const shortest = 4;

/** The secret values within a value: those under names such as `password`, also inside JSON text. */
export function secretsIn(value: unknown, within = false): string[] {
  if (typeof value === "string") {
    const inner = parsed(value);
    if (inner !== undefined) return [...secretsIn(inner, false), ...(within ? [value] : [])];
    return within && value.length >= shortest ? [value] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => secretsIn(item, confidential.test(name)));
}

/** The text with all secrets masked. */
export function masked(text: string, secrets: readonly string[]): string {
  const longestFirst = [...new Set(secrets)].sort((one, other) => other.length - one.length);
  return longestFirst.reduce((rest, secret) => rest.split(secret).join("***"), text);
}

function parsed(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
