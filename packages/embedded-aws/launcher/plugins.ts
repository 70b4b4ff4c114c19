// Installs the provider plugins of the embedded AWS into the engine's folder of plugins.
import { createRequire } from "node:module";
import { join } from "node:path";

import { version as aws } from "@pulumi/aws/package.json";
import { version as awsx } from "@pulumi/awsx/package.json";
import { version as random } from "@pulumi/random/package.json";

import { writeLauncher } from "./files";

/** Packages that the embedded AWS replaces, with the versions that it models. */
export const standIns: Readonly<Record<string, string>> = { aws, awsx, random };

/** awsx has components, which register resources of their own; the other packages have resources of the account. */
const scriptOf = (name: string) => (name === "awsx" ? "awsx/main.ts" : "provider/main.ts");

/**
 * Installs the embedded AWS's plugins into the engine's home folder `pulumiHome`. Each plugin gets the version that it
 * models and the version that `project` has installed, because the engine demands a plugin of the program's version.
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
