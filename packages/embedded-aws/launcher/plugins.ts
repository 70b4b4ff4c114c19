// The provider plugins of the embedded AWS, where the engine finds installed ones.
import { createRequire } from "node:module";
import { join } from "node:path";

import { version as aws } from "@pulumi/aws/package.json";
import { version as awsx } from "@pulumi/awsx/package.json";
import { version as random } from "@pulumi/random/package.json";

import { writeLauncher } from "./files";

/** The packages that the embedded AWS stands in for, in the versions that it was written for. */
export const standIns: Readonly<Record<string, string>> = { aws, awsx, random };

/** awsx is components, which register resources of their own; the others are resources of the account. */
const scriptOf = (name: string) => (name === "awsx" ? "awsx/main.ts" : "provider/main.ts");

/**
 * Installs the embedded AWS's plugins into the engine's home folder `pulumiHome`, in the versions that it was written for
 * and in those that the program in `project` has installed: the engine takes a plugin of the version that is asked for.
 */
export function installPlugins(pulumiHome: string, project?: string): void {
  for (const [name, written] of Object.entries(standIns)) {
    for (const version of new Set([written, ...installed(name, project)])) {
      const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
      writeLauncher(join(folder, `pulumi-resource-${name}`), scriptOf(name), name);
    }
  }
}

function installed(name: string, project: string | undefined): readonly string[] {
  if (project === undefined) return [];
  const load = createRequire(join(project, "package.json"));
  try {
    return [(load(`@pulumi/${name}/package.json`) as { version: string }).version];
  } catch {
    return [];
  }
}
