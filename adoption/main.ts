// `make adopt`: reads an environment that was built by hand, writes the file for `pulumi import`, and prints the next
// steps.
import { writeFileSync } from "node:fs";
import { adoptedKinds, type AdoptedKind } from "../stacks/settings/adoption";
import { awsAccount, fileAccount } from "./account";
import { readEnvironment } from "./environment";
import { importFile } from "./importFile";
import { report } from "./report";

/** A mistake in the command line. */
class UsageError extends Error {}

const options = ["stack", "file", "from"] as const;
const given = Object.fromEntries(
  process.argv.slice(2).map((word) => {
    const equals = word.indexOf("=");
    return [word.slice(0, equals), word.slice(equals + 1)];
  }),
) as Partial<Record<(typeof options)[number] | AdoptedKind, string>>;

async function adopt(): Promise<string> {
  const known: readonly string[] = [...options, ...adoptedKinds];
  const wrong = Object.keys(given).find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new UsageError(
      `NAMES knows no ${JSON.stringify(wrong)}. It takes ${adoptedKinds.join(", ")}, each as <kind>=<name>.`,
    );
  const { stack = "small", from } = given;
  // Offline it is another word.
  const pulumi = process.env["CHATPOP_COMMAND"];
  const file = given.file ?? `adopt-${stack}.json`;
  const environment = await readEnvironment(from ? fileAccount(from) : await awsAccount(), given);
  if (Object.keys(environment.found).length > 0) {
    writeFileSync(file, `${JSON.stringify(importFile(environment), null, 2)}\n`);
  }
  return report(environment, { stack, file, ...(pulumi && { pulumi }) });
}

adopt().then(
  (text) => console.log(text),
  (error: Error) => {
    const { name, message } = error;
    console.error(
      error instanceof UsageError
        ? message
        : `The account cannot be read (${name}: ${message}). Give credentials and AWS_REGION of the account, or FROM=<file>.`,
    );
    process.exitCode = 1;
  },
);
