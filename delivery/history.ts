import { byDigest } from "../stacks/imageReference";
import { automatic } from "../stacks/settings/automatic";

/** An update in a stack's history, newest first in `pulumi stack history --json`. */
export interface Update {
  /** `update`, `preview`, `refresh`, `destroy` … */
  readonly kind: string;
  /** `succeeded`, `failed` or `in-progress`. */
  readonly result: string;
  /** Text of `--message`. */
  readonly message?: string;
  /** Configuration of the update, by project and key: `chatpop:image`; a secret has no value here. */
  readonly config: Readonly<Record<string, { readonly value?: string } | undefined>>;
  /** Pulumi's facts about the machine: `ci.build.id` is the run of GitHub Actions. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The image to deploy, and the image for a rollback. */
export interface Images {
  /** Value for `chatpop:image`. */
  readonly image: string;
  /** Image in service; undefined before the first deployment. */
  readonly serving?: string;
}

/** Further facts for the choice, beside the history. */
export interface Choice {
  /** The image that ECS runs, as `chatpop:image` names it. */
  readonly serving?: string;
  /** The image to deploy. @default the one that was in service before today's */
  readonly wanted?: string;
  /** Id of the run of GitHub Actions that asks. @default somebody else asks */
  readonly run?: string;
}

/** Message of the update that takes an image back, in environment.yml. */
const takenBack = (image: string) => `Back from ${image}`;

/**
 * The image to deploy: `wanted`, or the image before the present one. Only updates count that succeeded, named an image
 * and were not rolled back, since the stack was last destroyed.
 *
 * @throws Error when there is no former image, or when a younger run has deployed since.
 */
export function chooseImage(history: Iterable<Update>, { serving, wanted, run }: Choice): Images {
  const image = wanted && byDigest(wanted);
  const messages = new Set<string | undefined>();
  for (const { kind, result, message, config, environment } of history) {
    messages.add(message);
    if (result !== "succeeded") continue;
    if (kind === "destroy") break;
    if (kind !== "update") continue;
    const other = environment?.["ci.build.id"];
    if (run !== undefined && Number(other) > Number(run)) throw overtaken(run, other);
    const former = config["chatpop:image"]?.value;
    const usable = former !== undefined && former !== automatic && former !== serving;
    if (image === undefined && usable && !messages.has(takenBack(former))) return { image: former, serving };
    // Ids of runs increase, so a comparison with the last run that deployed is enough.
    if (image !== undefined && (run === undefined || other !== undefined)) break;
  }
  if (image !== undefined) return { image, serving };
  throw new Error(
    `There is no former image to go back to: the stack has only run ${serving ?? "nothing"}. Name one by its digest, ` +
      "sha256:…; the repository keeps the last hundred.",
  );
}

/** The error for a run that waited for approval, or is repeated: it would undo the deployment of a newer run. */
const overtaken = (run: string, other: string | undefined) =>
  new Error(
    `Run ${run} is older than run ${other}, which has deployed since. To deploy its image all the same, name the digest ` +
      "in a run of rollback.yml.",
  );
