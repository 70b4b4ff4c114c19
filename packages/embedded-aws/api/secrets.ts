// Keeping secrets out of logs and errors, whoever would have printed them.

const confidential = /password|secret|token|credential/i;
/** Shorter values would blot out ordinary text. */
const shortest = 4;

/** The secret values within a value: what stands under a telling name, also inside JSON text. */
export function secretsIn(value: unknown, within = false): string[] {
  if (typeof value === "string") {
    const inner = parsed(value);
    if (inner !== undefined) return [...secretsIn(inner, false), ...(within ? [value] : [])];
    return within && value.length >= shortest ? [value] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => secretsIn(item, confidential.test(name)));
}

/** The text with every one of the secrets blotted out. */
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
