import { Image } from "@pulumi/awsx/ecr";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** What is built, for which processor, and where it is pushed. */
export interface ImageBuildArgs {
  /** Folder of an unmodified ChatPop checkout. */
  readonly context: string;
  /** Processor of the tasks; another one than the builder's needs an emulator. */
  readonly architecture: "x86_64" | "arm64";
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`. */
  readonly repositoryUrl: pulumi.Input<string>;
}

const project = join(__dirname, "..");
/** Where the checkout and the overlay are put together, because awsx knows only one build context. */
const staging = ".image-context";
const leftOut = new Set([".git", "node_modules", "__pycache__", ".env", "tests"]);

/**
 * Builds the image of a ChatPop checkout with this project's overlay and pushes it. The tag changes with what is built and
 * never comes back: a repository with immutable tags takes each one once, also when the source goes back to what it was.
 *
 * @returns The image's reference with its digest.
 */
export function buildImage(
  name: string,
  args: ImageBuildArgs,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  // Of the stack alone: the preview of another one must not empty it under a build.
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
    // Tasks, former revisions and chatpop:image name images by their digest; the repository's own rules let them go.
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
