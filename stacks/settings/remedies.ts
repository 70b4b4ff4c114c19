/**
 * The command that gives a setting a value.
 *
 * A JSON setting is always given as a whole: `--path` would put the one part in the place of what was written as JSON.
 */
export function set(key: string, value: unknown): string {
  // Pulumi asks whether a key of this name is meant to be readable; its values are ARNs.
  const plaintext = key === "secrets" ? " --plaintext" : "";
  const text = typeof value === "object" ? `'${JSON.stringify(value)}'` : String(value);
  return `pulumi config set chatpop:${key}${plaintext} ${text}`;
}

/**
 * A message with its commands as they have to be typed: for this stack, and offline by `offline/pulumi`.
 *
 * The option stands before the key, because what follows the key may be quoted JSON or come from a file.
 */
export function typed(message: string, stack: string, command = "pulumi"): string {
  return message.replaceAll(/\bpulumi config (set|rm) /g, `${command} config $1 --stack ${stack} `);
}

/** A JSON setting without some of its names. */
export function without<Value>(
  setting: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(setting).filter(([name]) => !names.includes(name)));
}
