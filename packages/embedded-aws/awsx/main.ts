// The plugin process for awsx: constructs `awsx.ecr.Image`, the only component of awsx that programs use here. It uses
// no container engine: the digest is computed from the platform and the build context.
import * as pulumi from "@pulumi/pulumi";
import { main, type ConstructResult } from "@pulumi/pulumi/provider";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "@pulumi/awsx/package.json";

/** Changes with the platform and with the name or content of any file of the build context. */
function digestOf(context: string, platform: string): string {
  const hash = createHash("sha256").update(platform);
  const entries = readdirSync(context, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    hash.update(file.slice(context.length)).update(createHash("sha256").update(readFileSync(file)).digest());
  }
  return hash.digest("hex");
}

class Image extends pulumi.ComponentResource {
  readonly imageUri: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("awsx:ecr:Image", name, {}, opts);
    this.imageUri = pulumi
      .output(args)
      .apply(({ repositoryUrl, context, dockerfile, platform, imageTag }) => {
        if (!existsSync(dockerfile as string)) {
          throw new Error(`failed to read dockerfile: open ${String(dockerfile)}: no such file or directory`);
        }
        const digest = digestOf(context as string, String(platform));
        return `${String(repositoryUrl)}:${String(imageTag)}@sha256:${digest}`;
      });
    this.registerOutputs({ imageUri: this.imageUri });
  }
}

function construct(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<ConstructResult> {
  if (type !== "awsx:ecr:Image") {
    throw new Error(
      `The embedded AWS has no ${type}; of awsx it knows awsx:ecr:Image. Others belong into packages/embedded-aws/awsx/main.ts.`,
    );
  }
  const image = new Image(name, inputs, options);
  return Promise.resolve({ urn: image.urn, state: { imageUri: image.imageUri } });
}

void main({ version, construct }, process.argv.slice(3));
