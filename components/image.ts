import * as ecr from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";

/** Which image tasks run, and where it comes from. */
export interface ImageArgs {
  /** Image reference; one that begins with `:` or `@` is in the repository of this component. */
  readonly image: string;
  /** Folder of a ChatPop checkout to build the image from. @default `image`, as it is */
  readonly context?: string;
  /** Processor that an image from `context` is built for. */
  readonly architecture: "x86_64" | "arm64";
  /** False deletes the images together with the repository. */
  readonly deletionProtection: boolean;
}

/** The image repository of a stack, and the image that its tasks run (G-40, G-149). */
export class Image extends pulumi.ComponentResource {
  /** Complete reference of the image that the tasks run. */
  readonly reference: pulumi.Output<string>;
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`, to push to. */
  readonly repositoryUrl: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Image", name, {}, opts);

    const repository = new ecr.Repository(
      `${name}-backend`,
      {
        // A tag that can move makes a rollback a matter of luck (GAP-30).
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: !args.deletionProtection,
      },
      { parent: this, protect: args.deletionProtection },
    );
    new ecr.LifecyclePolicy(
      `${name}-backend`,
      { repository: repository.name, policy: lifecyclePolicy },
      { parent: this },
    );

    this.repositoryUrl = repository.repositoryUrl;
    this.reference = this.referenceOf(name, args);
    this.registerOutputs({ reference: this.reference, repositoryUrl: this.repositoryUrl });
  }

  private referenceOf(name: string, { image, context, architecture }: ImageArgs): pulumi.Output<string> {
    if (context !== undefined) {
      // awsx takes a second to load, and brings its own plugin.
      const { buildImage } = require("./imageBuild") as typeof import("./imageBuild");
      const args = { context, architecture, repositoryUrl: this.repositoryUrl };
      return buildImage(`${name}-backend`, args, { parent: this });
    }
    return /^[:@]/.test(image) ? pulumi.interpolate`${this.repositoryUrl}${image}` : pulumi.output(image);
  }
}

/** Layers that lost their tag go after a week; a hundred releases stay to roll back to. */
const lifecyclePolicy = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "Untagged images go after a week",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "The last hundred images stay",
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 100 },
      action: { type: "expire" },
    },
  ],
});
