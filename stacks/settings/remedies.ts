/**
 * The command that gives a setting a value.
 *
 * A JSON setting is always given as a whole: `--path` would put the one part in the place of what was written as JSON.
 */
export function set(key: string, value: unknown): string {
  // Pulumi asks whether a key of this name is meant to be readable; its values are ARNs.
  const plaintext = key === "secrets" ? " --plaintext" : "";
  const text = typeof value === "object" ? quoted(JSON.stringify(value)) : String(value);
  return `pulumi config set chatpop:${key}${plaintext} ${text}`;
}

/** A text as one word of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const commands =
  /pulumi config (?:rm chatpop:(\w+)|set chatpop:(\w+) (?:--plaintext )?(?:<|'((?:[^']|'\\'')*)'|([^\s',]*[^\s',.])))/g;

/** What the commands of a message do, in their order; undefined takes a key out, and a file's text is not known. */
export const commandsIn = (message: string): readonly (readonly [key: string, text: string | undefined])[] =>
  [...message.matchAll(commands)].map(([, removed, key, json, text]) =>
    removed ? [removed, undefined] : [key!, json?.replaceAll("'\\''", "'") ?? text ?? fromFile],
  );

/** Stands for the text of a file that a command reads. */
export const fromFile = "<";

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
