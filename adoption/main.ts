// `make adopt`: reads an environment that was built by hand, writes the file for `pulumi import`, and prints the next
// steps.
import { writeFileSync } from "node:fs";
import { awsAccount, fileAccount, unreadable } from "./account";
import { readWords, UsageError } from "./commandLine";
import { readEnvironment } from "./environment";
import { importFile } from "./importFile";
import { report } from "./report";

async function adopt(words: readonly string[]): Promise<string> {
  const { stack = "small", from, file = `adopt-${stack}.json`, ...names } = readWords(words);
  // Offline it is another word.
  const pulumi = process.env["CHATPOP_COMMAND"];
  const environment = await readEnvironment(from ? fileAccount(from) : await awsAccount(), names);
  if (Object.keys(environment.found).length > 0) {
    writeFileSync(file, `${JSON.stringify(importFile(environment), null, 2)}\n`);
  }
  return report(environment, { stack, file, ...(pulumi && { pulumi }) });
}

adopt(process.argv.slice(2)).then(
  (text) => console.log(text),
  (error: Error) => {
    console.error(error instanceof UsageError ? error.message : unreadable(error.message));
    process.exitCode = 1;
  },
);
