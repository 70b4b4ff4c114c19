import * as ecr from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";

export interface ImageArgs {
  /** Image reference; one that begins with `:` or `@` is in the repository of this component. */
  readonly image: string;
  /** False deletes the images together with the repository. */
  readonly deletionProtection: boolean;
}

/** The image repository of a stack. */
export class Image extends pulumi.ComponentResource {
  /** Complete reference of the image that the tasks run. */
  readonly reference: pulumi.Output<string>;
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
    this.reference = /^[:@]/.test(args.image)
      ? pulumi.interpolate`${repository.repositoryUrl}${args.image}`
      : pulumi.output(args.image);
    this.registerOutputs({ reference: this.reference, repositoryUrl: this.repositoryUrl });
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
