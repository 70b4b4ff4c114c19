// The plugin process for awsx: answers the construction of `awsx.ecr.Image`, the one component that the program takes
// from there. No container engine is asked: the digest is drawn from the platform and the content of the build context.
import * as pulumi from "@pulumi/pulumi";
import { main, type ConstructResult } from "@pulumi/pulumi/provider";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { version } from "@pulumi/awsx/package.json";
import { contentHash } from "../../components/imageBuild";

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
        const content = contentHash(context as string);
        const digest = createHash("sha256")
          .update(`${String(platform)} ${content}`)
          .digest("hex");
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
      `The embedded AWS has no ${type}; of awsx it knows awsx:ecr:Image. Others belong into offline/awsx/main.ts.`,
    );
  }
  const image = new Image(name, inputs, options);
  return Promise.resolve({ urn: image.urn, state: { imageUri: image.imageUri } });
}

void main({ version, construct }, process.argv.slice(3));
