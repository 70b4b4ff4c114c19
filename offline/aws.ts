// `offline/aws <command>`: any command, with the embedded AWS as its AWS.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { offlineHome } from "./environment";
import { projectFolder } from "./files";

/** Lines that the API prints once it listens: variables for its callers. */
const variables = 4;

async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === undefined) throw new Error("usage: offline/aws <command> [<argument> …]");
  const api = spawn(
    process.execPath,
    [
      "--require",
      join(projectFolder, "typescript.cjs"),
      join(projectFolder, "packages/embedded-aws/command.ts"),
      "serve",
    ],
    { env: { ...process.env, EMBEDDED_AWS_HOME: offlineHome() }, stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const env = { ...process.env };
    let count = 0;
    for await (const line of createInterface(api.stdout)) {
      const [name = "", value] = line.split(/=(.*)/);
      env[name] = value;
      if (++count === variables) break;
    }
    if (count < variables) return 1;
    const child = spawn(command, args, { env, stdio: "inherit" });
    return await new Promise<number>((resolve, reject) => {
      child.on("error", reject).on("close", (code) => resolve(code ?? 1));
    });
  } finally {
    api.kill();
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
