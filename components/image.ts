import * as ecr from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { isShort } from "../stacks/imageReference";
import type { ImagePlan } from "../stacks/plan/image";

/** The image of the tasks, and its repository. */
export interface ImageArgs {
  /** Source of the image, and the repository's retention. */
  readonly plan: ImagePlan;
  /** Keeps Pulumi from deleting the repository. */
  readonly deletionProtection: boolean;
  /** Deletes the images with the repository; otherwise ECR refuses to delete a repository that holds any. */
  readonly disposable: boolean;
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
        // Tags are immutable: with a movable tag, a rollback may start another image (GAP-30).
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: args.disposable,
      },
      { parent: this, protect: args.deletionProtection },
    );
    new ecr.LifecyclePolicy(
      `${name}-backend`,
      { repository: repository.name, policy: lifecyclePolicy(args.plan) },
      { parent: this },
    );

    this.repositoryUrl = repository.repositoryUrl;
    this.reference = this.referenceOf(name, args.plan);
    this.registerOutputs({ reference: this.reference, repositoryUrl: this.repositoryUrl });
  }

  private referenceOf(name: string, { reference, context, architecture }: ImagePlan): pulumi.Output<string> {
    if (context !== undefined) {
      // awsx takes a second to load and needs a plugin of its own, so it is loaded only for a build.
      const { buildImage } = require("./imageBuild") as typeof import("./imageBuild");
      const args = { context, architecture, repositoryUrl: this.repositoryUrl };
      return buildImage(`${name}-backend`, args, { parent: this });
    }
    return isShort(reference)
      ? pulumi.interpolate`${this.repositoryUrl}${reference}`
      : pulumi.output(reference);
  }
}

const lifecyclePolicy = ({ untaggedDays, keptImages }: ImagePlan) =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Untagged images go after ${untaggedDays} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: untaggedDays,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: `The last ${keptImages} images stay`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptImages },
        action: { type: "expire" },
      },
    ],
  });
