import { chatRule } from "../chatRule";
import { containers } from "../containers";
import { change } from "../mends";
import { resourceRule } from "../rule";
import { number, texts } from "../settings";
import { types } from "../../aws/types";
import { asNumber, type Entries, findingIn, inDays, parsed, type Properties } from "../values";

/** Fault of an image reference: `repository:tag` or `repository@sha256:…`. */
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
    mends: [change("image", (image) => image.replace(/(:[^:/]*)?$/, ":1.0.0"))],
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
        return complaint !== undefined && `image ${image} of container ${name} ${complaint}`;
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

export const revisionsStay = chatRule(
  {
    name: "revisions-stay",
    of: "chatTasks",
    description: "A revision stays when its successor comes: a rollback names it",
    severity: "medium",
    requirements: ["GAP-24", "GAP-30"],
    remedy: "skipDestroy: true",
  },
  [({ skipDestroy }) => skipDestroy !== true && "goes with its successor (skipDestroy)"],
);

interface Selection {
  readonly tagStatus?: string;
  /** Tags that a rule is about; with them it is about some images only, previews for instance. */
  readonly tagPrefixList?: Entries<string>;
  readonly tagPatternList?: Entries<string>;
  readonly countType?: string;
  readonly countNumber?: number;
}
interface ImageRule extends Properties {
  readonly selection?: Selection;
}

const imageRules = (properties: Properties) =>
  (parsed(properties["policy"]) as { rules?: Entries<ImageRule> } | undefined)?.rules;

/** Whether a rule deletes images that were released: not those without a tag, nor those of previews and branches. */
const isAboutReleases = ({ tagStatus, tagPrefixList, tagPatternList }: Selection): boolean =>
  tagStatus !== "untagged" &&
  ![tagPrefixList, tagPatternList]
    .flat()
    .some(
      (each) =>
        each &&
        /^\*?(pr|preview|dev|test|branch|feature|tmp|temp|cache|buildcache|ci|sandbox|nightly)\b/i.test(each),
    );

export const imagesStayForRollback = resourceRule(
  {
    name: "images-stay-for-rollback",
    type: types.lifecyclePolicy,
    description: "A repository keeps the images of the last releases, to which a deployment goes back",
    subject: "rule about released images",
    severity: "high",
    requirements: ["G-40", "GAP-24"],
    remedy: "countType imageCountMoreThan with countNumber 10 or more; by age only untagged images",
    settings: { fewest: number(10, "Fewest tagged images that stay.", 1) },
  },
  [
    (properties) =>
      findingIn(imageRules(properties), ({ selection: given }) => {
        const selection = given ?? {};
        const countType = selection.countType;
        const countNumber = asNumber(selection.countNumber ?? 0);
        if (!isAboutReleases(selection)) return undefined;
        if (countType === "sinceImagePushed")
          return `deletes images by age (${inDays(countNumber)}), also the one that runs`;
        // With two the image that ran before is still there.
        return countNumber < 2 && `keeps ${countNumber} images only: a rollback finds none`;
      }),
    {
      of: "chatpop",
      judge: (properties, { fewest }) =>
        findingIn(imageRules(properties), ({ selection: given }) => {
          const selection = given ?? {};
          const countNumber = asNumber(selection.countNumber ?? 0);
          return (
            isAboutReleases(selection) &&
            selection.countType !== "sinceImagePushed" &&
            countNumber >= 2 &&
            countNumber < fewest &&
            `keeps ${countNumber} images only: a rollback over more releases finds none`
          );
        }),
    },
  ],
);
