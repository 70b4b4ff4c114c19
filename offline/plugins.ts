// The provider plugins of the embedded AWS, where the engine finds installed ones.
import { join } from "node:path";

import { version as aws } from "@pulumi/aws/package.json";
import { version as awsx } from "@pulumi/awsx/package.json";
import { version as random } from "@pulumi/random/package.json";

import { writeLauncher } from "./files";

/** The packages that the embedded AWS stands in for, in the versions that the program asks for. */
export const standIns: Readonly<Record<string, string>> = { aws, awsx, random };

/** awsx is components, which register resources of their own; the others are resources of the account. */
const scriptOf = (name: string) =>
  name === "awsx" ? "packages/embedded-aws/awsx/main.ts" : "packages/embedded-aws/provider/main.ts";

/** Installs the embedded AWS's plugins into the engine's home folder `pulumiHome`. */
export function installPlugins(pulumiHome: string): void {
  for (const [name, version] of Object.entries(standIns)) {
    const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    writeLauncher(join(folder, `pulumi-resource-${name}`), scriptOf(name), name);
  }
}
