import { containers } from "../containers";
import { resourceRule } from "../rule";
import { texts } from "../settings";
import { types } from "../../aws/types";
import { findingIn } from "../values";

/** What is wrong with an image reference: `repository:tag` or `repository@sha256:…`. */
function movable(image: string, moving: readonly string[], fixed: readonly string[]): string | undefined {
  if (image.includes("@sha256:")) return undefined;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return "has no tag, which means latest";
  if (fixed.includes(tag)) return undefined;
  const words = tag.toLowerCase().split(/[-_.]/);
  if (words.some((word) => moving.includes(word))) return `is tagged ${tag}, which moves from image to image`;
  // A version has two numbers, a build four digits, a commit seven characters at least.
  const named = /\d+\.\d+|\d{4,}|\b[0-9a-f]{7,40}\b|^(build|release|sha|git|r|v)[-_]?\d{2,}$/i.test(tag);
  return named ? undefined : `is tagged ${tag}, which names no version, build or commit and can move`;
}

export const imageByVersion = resourceRule(
  {
    name: "image-by-version",
    type: types.taskDefinition,
    description: "A container's image is named by digest or by a tag of its own, never by one that moves",
    severity: "high",
    requirements: ["G-198", "GAP-30"],
    remedy: "image: the commit's tag, or a digest (…@sha256:…)",
    keys: ["image"],
    settings: {
      moving: texts(
        [
          ...["latest", "stable", "main", "master", "trunk", "edge", "nightly", "dev", "develop", "staging"],
          ...["prod", "production", "current", "head", "next", "release", "live", "test", "qa"],
        ],
        "Words in tags that are given to one image after another.",
      ),
      fixed: texts(["initial"], "Tags without a version that stay with their image nevertheless."),
    },
  },
  [
    (properties, { moving, fixed }) =>
      findingIn(containers(properties), ({ name, image }) => {
        const complaint = movable(image, moving, fixed);
        return complaint && `image ${image} of container ${name} ${complaint}`;
      }),
  ],
);

export const imageTagsStay = resourceRule(
  {
    name: "image-tags-stay",
    type: types.repository,
    description: "A tag, once pushed, always means the same image, and every image is scanned",
    severity: "medium",
    requirements: ["G-198", "GAP-30"],
    remedy: 'imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true }',
    publicChecks: ["CKV_AWS_51", "CKV_AWS_163", "AWS-0031", "AWS-0030", "ECR.1", "ECR.2"],
  },
  [
    (properties) => properties["imageTagMutability"] !== "IMMUTABLE" && "tags can be moved to another image",
    (properties) =>
      !(properties["imageScanningConfiguration"] as { scanOnPush?: boolean } | undefined)?.scanOnPush &&
      "images are not scanned when they are pushed",
  ],
);
