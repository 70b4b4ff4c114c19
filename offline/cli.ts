// `offline/pulumi <command>`: any Pulumi command, in the offline environment.
import { EngineNotFound } from "../packages/embedded-aws/launcher/engine/search";
import { run } from "./environment";
import { UsageError } from "../packages/embedded-aws/launcher/projectCopy";

run(process.argv.slice(2), { terminal: true, say: (line) => console.error(line) }).then(
  ({ code, stderr }) => {
    process.stderr.write(stderr);
    process.exitCode = code;
  },
  (error: Error) => {
    const expected = error instanceof UsageError || error instanceof EngineNotFound;
    console.error(expected ? error.message : error.stack);
    process.exitCode = 1;
  },
);
