// The provider plugins of the embedded AWS, where the engine finds installed ones.
import { join } from "node:path";

import { version as aws } from "@pulumi/aws/package.json";
import { version as random } from "@pulumi/random/package.json";

import { writeLauncher } from "./files";

/** The packages that the embedded AWS stands in for, in the versions that the program asks for. */
export const PACKAGES: Readonly<Record<string, string>> = { aws, random };

/** Installs the embedded AWS's plugins into the engine's home folder `pulumiHome`. */
export function installPlugins(pulumiHome: string): void {
  for (const [name, version] of Object.entries(PACKAGES)) {
    const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    writeLauncher(join(folder, `pulumi-resource-${name}`), "offline/provider/main.ts", name);
  }
}
