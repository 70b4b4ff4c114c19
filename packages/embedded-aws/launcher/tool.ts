// `embedded-aws -- <command line>`: runs any Pulumi command, or a program that runs Pulumi, on the embedded AWS.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

import { readCommandLine } from "./commandLine";
import { embeddedEnvironment, layout } from "./environment";
import { readIfPresent, writeAtomically, writeLauncher } from "./files";
import { findProject, projectName, stackNames, UsageError } from "./projectCopy";
import { execute, refuseMissingFolder, run } from "./run";

const ownCommand = "embedded-aws -- pulumi";

/** The home of a command: EMBEDDED_AWS_HOME, or else `.embedded-aws` of the project that `folder` lies in. */
export function homeOf(folder: string, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env["EMBEDDED_AWS_HOME"] || join(findProject(folder) ?? folder, ".embedded-aws"));
}

/** Runs a command line on the embedded AWS, at the terminal, and returns its exit code. */
export async function onEmbeddedAws([program, ...args]: readonly string[]): Promise<number> {
  if (program === undefined) throw new UsageError(`No command is given: ${ownCommand} up`);
  const folder = process.cwd();
  const cwd = program === "pulumi" ? readCommandLine(args, folder, ownCommand).cwd : undefined;
  refuseMissingFolder(cwd);
  const home = homeOf(cwd ?? folder);
  mkdirSync(home, { recursive: true });
  // The home belongs to this machine, not to the repository.
  writeAtomically(join(home, ".gitignore"), "*\n");
  if (program !== "pulumi") return throughPath(program, args, home);
  const { code, stderr } = await run(args, {
    ...{ home, folder, tool: ownCommand, terminal: true },
    say: (line) => console.error(line),
    environment: (stack) => embeddedEnvironment(home, stack, process.env),
    defaultStack: (place) => process.env["PULUMI_STACK"] || defaultStack(home, place),
  });
  process.stderr.write(stderr);
  return code;
}

/** Runs a program that finds this command as `pulumi` on its PATH. */
async function throughPath(program: string, args: readonly string[], home: string): Promise<number> {
  const bin = join(home, "bin");
  writeLauncher(join(bin, "pulumi"), "command.ts", "--", "pulumi");
  const env = {
    ...embeddedEnvironment(home, process.env["PULUMI_STACK"] ?? "", process.env),
    PATH: [bin, process.env["PATH"]].join(delimiter),
  };
  return (await execute(program, args, process.cwd(), env, true)).code;
}

/** The selected stack (`stack select`, `stack init`), else the only one with a file, else `dev`. */
function defaultStack(
  home: string,
  { project, config }: { readonly project: string; readonly config: string },
): string {
  const digest = createHash("sha1").update(join(config, "Pulumi.yaml")).digest("hex");
  const file = join(
    layout(home).pulumiHome,
    "workspaces",
    `${projectName(project)}-${digest}-workspace.json`,
  );
  const { stack } = JSON.parse(readIfPresent(file) ?? "{}") as { stack?: string };
  const names = stackNames(project);
  return stack?.split("/").pop() ?? (names.length === 1 ? names[0]! : "dev");
}
