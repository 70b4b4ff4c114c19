import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../offline/files";

/** A section of a page with the blocks in it that run offline, marked with `sh offline`. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly blocks: readonly string[];
}

/** The blocks of a text that run offline. */
export const blocksIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh offline\n(.*?)^```$/gms)].map(([, block]) => block!);

/** The sections of a page in `docs/` that have something to run, in its order. */
export function sections(page: string): readonly Section[] {
  return readFileSync(join(projectFolder, "docs", page), "utf8")
    .split(/^##+ /m)
    .slice(1)
    .map((text) => ({
      title: text.split("\n", 1)[0]!,
      text,
      blocks: blocksIn(text),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}

/** The same without the preview that `up` and `destroy` begin with: it changes nothing, and costs as much as an update. */
const atOnce = (block: string) =>
  block.replaceAll(/^offline\/pulumi (?:up|destroy) --yes\b/gm, "$& --skip-preview");

/**
 * Runs blocks as one shell would that has `home` for its offline environment: the variables of one are there for the next.
 *
 * @returns what a block printed; one that fails rejects with it.
 */
export function shell(home: string): (block: string) => Promise<string> {
  const variables = join(home, "variables");
  const { STACK: _, ...inherited } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...inherited,
    CHATPOP_OFFLINE_HOME: home,
    CHATPOP_RULES: "all",
    NO_COLOR: "1",
  };
  return (block) =>
    new Promise((resolve, reject) => {
      const earlier = existsSync(variables) ? `. ${variables}\n` : "";
      const script = `set -euo pipefail\n${earlier}set -a\n${atOnce(block)}\nexport -p > ${variables}\n`;
      execFile(
        "bash",
        ["-c", script],
        { cwd: projectFolder, env, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) =>
          error
            ? reject(new Error(`${block}\n${stdout.slice(-4_000)}\n${stderr.slice(-2_000)}`))
            : resolve(stdout),
      );
    });
}
