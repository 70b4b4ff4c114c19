import type { CompleteSettings } from "./complete";

/** The image of every task, and the repository that it comes from. */
export interface ImagePlan {
  /** Image reference; one that begins with `:` or `@` is in the stack's own repository. */
  readonly reference: string;
  /** Folder of a checkout to build the image from; undefined takes `reference` as it is. */
  readonly context?: string;
  /** Processor that the image is built for. */
  readonly architecture: "x86_64" | "arm64";
  /** Days after which an image without a tag goes. */
  readonly untaggedDays: number;
  /** Images that stay to roll back to; older ones go. */
  readonly keptImages: number;
}

/** Where the image comes from, and how long the repository keeps images. */
export function imagePlan(s: CompleteSettings): ImagePlan {
  return {
    reference: s.image,
    context: s.imageContext,
    architecture: s.architecture,
    untaggedDays: 7, // no tag leads to it, but a task definition of this week may name its digest
    keptImages: 100, // a release every day for three months
  };
}
