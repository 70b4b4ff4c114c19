import { Image } from "@pulumi/awsx/ecr";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** Source, processor, and target repository of the build. */
export interface ImageBuildArgs {
  /** Folder of an unmodified ChatPop checkout. */
  readonly context: string;
  /** Processor of the tasks; the builder needs an emulator if its own differs. */
  readonly architecture: "x86_64" | "arm64";
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`. */
  readonly repositoryUrl: pulumi.Input<string>;
}

const project = join(__dirname, "..");
/** Folder that joins the checkout and the overlay, because awsx accepts one build context only. */
const staging = ".image-context";
const leftOut = new Set([".git", "node_modules", "__pycache__", ".env", "tests"]);

/**
 * Builds the image of a ChatPop checkout with this project's overlay and pushes it. Each build has a tag that was never
 * used, because a repository with immutable tags accepts a tag once, even if the source returns to an earlier state.
 *
 * @returns The image's reference with its digest.
 */
export function buildImage(
  name: string,
  args: ImageBuildArgs,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  // Each stack has its own folder: the preview of another stack must not empty it during a build.
  const buildContext = join(staging, pulumi.getStack());
  stage(args.context, join(project, buildContext));
  const content = contentHash(join(project, buildContext)).slice(0, 16);
  const keepers = { content, architecture: args.architecture };
  const draw = new random.RandomId(`${name}-tag`, { byteLength: 4, keepers }, opts);
  return new Image(
    name,
    {
      repositoryUrl: args.repositoryUrl,
      context: buildContext,
      dockerfile: join(buildContext, "image", "Dockerfile"),
      platform: args.architecture === "arm64" ? "linux/arm64" : "linux/amd64",
      imageTag: pulumi.interpolate`${content}-${draw.hex}`,
    },
    // Images stay when a newer one is pushed: tasks, former revisions and chatpop:image name them by digest. The
    // repository's lifecycle rules remove them.
    { ...opts, retainOnDelete: true },
  ).imageUri;
}

function stage(checkout: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const copy = (from: string, to: string) =>
    cpSync(from, join(folder, to), { recursive: true, filter: (path) => !leftOut.has(basename(path)) });
  copy(join(checkout, "backend"), "backend");
  copy(join(project, "image"), "image");
}

/** SHA-256 over the names and contents of all files of a folder. */
export function contentHash(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  for (const path of paths) {
    const content = readFileSync(path);
    hash.update(`${relative(folder, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
