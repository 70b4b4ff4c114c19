import { containers } from "../containers";
import { resourceRule } from "../rule";
import { texts } from "../settings";
import { types } from "../../aws/types";

/** What is wrong with an image reference: `repository:tag` or `repository@sha256:…`. */
function movable(image: string, moving: readonly string[]): string | undefined {
  if (image.includes("@sha256:")) return undefined;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return "has no tag, which means latest";
  return moving.includes(tag) ? `is tagged ${tag}, which moves from image to image` : undefined;
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
        ["latest", "stable", "main", "master", "edge", "nightly", "dev", "staging", "prod", "production"],
        "Tags that are given to one image after another.",
      ),
    },
  },
  [
    (properties, { moving }) => {
      for (const { name, image = "" } of containers(properties)) {
        const complaint = movable(image, moving);
        if (complaint) return `image ${image} of container ${name} ${complaint}`;
      }
      return undefined;
    },
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
    publicChecks: ["CKV_AWS_51", "CKV_AWS_163", "AWS-0031", "AWS-0030"],
  },
  [
    (properties) => properties["imageTagMutability"] !== "IMMUTABLE" && "tags can be moved to another image",
    (properties) =>
      !(properties["imageScanningConfiguration"] as { scanOnPush?: boolean } | undefined)?.scanOnPush &&
      "images are not scanned when they are pushed",
  ],
);
