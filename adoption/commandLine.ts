// Words of `make adopt`: options, and names that differ from the guide's.
import { adoptedKinds, type AdoptedKind } from "../stacks/settings/adoption";
import { nearest } from "../stacks/settings/nearest";

/** A mistake of whoever typed the command; shown without a stack trace. */
export class UsageError extends Error {}

const options = ["stack", "file", "from"] as const;

/** Names of resources by kind. */
export type Names = Readonly<Partial<Record<AdoptedKind, string>>>;

/** A command line, as read. */
export type CommandLine = Names & Readonly<Partial<Record<(typeof options)[number], string>>>;

/**
 * Reads `stack=small database=chat-db`.
 *
 * @throws UsageError at a word of another form or an unknown kind.
 */
export function readWords(words: readonly string[]): CommandLine {
  const known: readonly string[] = [...options, ...adoptedKinds];
  const pairs = words.map((word) => {
    const [, name = word, value = ""] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    if (!known.includes(name)) {
      const [meant] = nearest(name, adoptedKinds);
      throw new UsageError(
        `NAMES knows no ${JSON.stringify(name)}. ${meant ? `Did you mean ${meant}? ` : ""}` +
          `Allowed: ${adoptedKinds.join(", ")}, each as <kind>=<name>: NAMES="${meant ?? "database"}=${value || "chat-db"}"`,
      );
    }
    if (value === "" && (adoptedKinds as readonly string[]).includes(name))
      throw new UsageError(
        `NAMES has ${name} without a name. Allowed: <kind>=<name>, for instance NAMES="${name}=chat-1"`,
      );
    return [name, value];
  });
  return Object.fromEntries(pairs) as CommandLine;
}
