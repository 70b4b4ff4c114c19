/**
 * The command that gives a setting a value.
 *
 * A JSON setting is always given whole: `--path` with one part would replace all of the JSON.
 */
export function set(key: string, value: unknown): string {
  // Pulumi asks for confirmation before it stores a key of this name in plain text; the values here are ARNs.
  const plaintext = key === "secrets" ? " --plaintext" : "";
  const text = typeof value === "object" ? quoted(JSON.stringify(value)) : String(value);
  return `pulumi config set chatpop:${key}${plaintext} ${text}`;
}

/** A text as one word of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const commands =
  /pulumi config (?:rm chatpop:(\w+)|set chatpop:(\w+) (?:--plaintext )?(?:<|'((?:[^']|'\\'')*)'|([^\s',]*[^\s',.])))/g;

/**
 * Changes that the commands of a message make, in their order. The text undefined removes the key; a file's text is
 * `fromFile`.
 */
export const commandsIn = (message: string): readonly (readonly [key: string, text: string | undefined])[] =>
  [...message.matchAll(commands)].map(([, removed, key, json, text]) =>
    removed ? [removed, undefined] : [key!, json?.replaceAll("'\\''", "'") ?? text ?? fromFile],
  );

/** Stands for the text of a file that a command reads. */
export const fromFile = "<";

/**
 * A message whose commands can be typed as they stand: with the stack, and with `command` for `pulumi` (offline:
 * `offline/pulumi`).
 *
 * The option `--stack` stands before the key, because quoted JSON or a file may follow the key.
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
