// `offline/aws <command>`: a command whose AWS is the embedded one, and whose Pulumi is the offline one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { renewCopy } from "../packages/embedded-aws/launcher/projectCopy";
import { prepareHome } from "../packages/embedded-aws/launcher/run";
import { layout, offlineEnvironment, offlineHome, suggestions } from "./environment";
import { projectFolder } from "./files";

const api = join(projectFolder, "packages", "embedded-aws", "command.ts");

/** Starts the embedded AWS's API and returns the variables that lead to it. */
async function serve(env: NodeJS.ProcessEnv): Promise<{ variables: NodeJS.ProcessEnv; end: () => void }> {
  const server = spawn(process.execPath, ["--require", join(projectFolder, "typescript.cjs"), api, "serve"], {
    ...{ env, stdio: ["ignore", "pipe", "inherit"] },
  });
  const variables: NodeJS.ProcessEnv = {};
  const lines = createInterface({ input: server.stdout! });
  for await (const line of lines) {
    const [name = "", ...value] = line.split("=");
    variables[name] = value.join("=");
    // The last of them.
    if (name === "AWS_SECRET_ACCESS_KEY") return { variables, end: () => server.kill() };
  }
  throw new Error("the embedded AWS did not start");
}

async function main([command = "", ...args]: readonly string[]): Promise<number> {
  if (command === "") {
    console.error("usage: offline/aws <command>, for instance: offline/aws aws sts get-caller-identity");
    return 2;
  }
  const home = offlineHome();
  const stack = process.env["STACK"] ?? "small";
  const { config } = layout(home);
  const say = (line: string) => console.error(line);
  const executable = await prepareHome(home, projectFolder, say);
  renewCopy(stack, config, say, projectFolder, { tool: "offline/pulumi", suggestions });
  const env = offlineEnvironment(home, stack);
  const { variables, end } = await serve(env);
  const child = spawn(command, args, {
    stdio: "inherit",
    env: {
      ...env,
      ...variables,
      PATH: [dirname(executable), env["PATH"]].join(delimiter),
      CHATPOP_CONFIG_FOLDER: config,
      // package.json says which Node runs the commands.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
  });
  const [code] = (await once(child, "close")) as [number | null];
  end();
  return code ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(2);
  },
);
