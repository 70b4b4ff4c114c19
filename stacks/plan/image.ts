import type { CompleteSettings } from "./complete";

/** The image of every task, and its repository. */
export interface ImagePlan {
  /** Image reference; one that begins with `:` or `@` is in the stack's own repository. */
  readonly reference: string;
  /** Folder of a checkout to build the image from; undefined uses `reference`. */
  readonly context?: string;
  /** Processor that the image is built for. */
  readonly architecture: "x86_64" | "arm64";
  /** Retention of an image without a tag (days). */
  readonly untaggedDays: number;
  /** Number of images that stay for a rollback; older ones are deleted. */
  readonly keptImages: number;
}

/** Source of the image, and retention in the repository. */
export function imagePlan(s: CompleteSettings): ImagePlan {
  return {
    reference: s.image,
    context: s.imageContext,
    architecture: s.architecture,
    untaggedDays: 7, // a task definition of this week may name its digest
    keptImages: 100, // a release every day for three months
  };
}
