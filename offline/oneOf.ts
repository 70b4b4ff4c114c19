// `oneOf.ts "make example" NAME shpo shop live [-- <remark>]`: ends when a word of make's is none of those allowed.
import { nearest } from "../stacks/settings/nearest";

/** The refusal of a value, or undefined when it is allowed. */
export function refusal(
  command: string,
  word: string,
  value: string,
  allowed: readonly string[],
  remark = "",
): string | undefined {
  if (allowed.includes(value)) return undefined;
  const [meant = allowed[0]!] = nearest(value, allowed);
  return (
    `${word} is ${value === "" ? "not given" : JSON.stringify(value)}. Allowed: ${allowed.join(", ")}. ` +
    `Type: ${command} ${word}=${meant}${remark && ` (${remark})`}`
  );
}

if (require.main === module) {
  const [command = "", word = "", value = "", ...rest] = process.argv.slice(2);
  const end = rest.includes("--") ? rest.indexOf("--") : rest.length;
  const said = refusal(command, word, value, rest.slice(0, end), rest.slice(end + 1).join(" "));
  if (said !== undefined) {
    console.error(said);
    process.exitCode = 2;
  }
}
