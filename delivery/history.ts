/** An update in a stack's history, newest first in `pulumi stack history --json`. */
export interface Update {
  /** `update`, `preview`, `refresh`, `destroy` … */
  readonly kind: string;
  /** `succeeded`, `failed` or `in-progress`. */
  readonly result: string;
  /** What it ran with, by project and key: `chatpop:image`; a secret has no value here. */
  readonly config: Readonly<Record<string, { readonly value?: string } | undefined>>;
}

/** What to deploy, and what to come back to. */
export interface Images {
  /** Value for `chatpop:image`. */
  readonly image: string;
  /** Value of the last update that succeeded; undefined before the first one. */
  readonly serving?: string;
}

/**
 * The image to deploy: `wanted`, or the one that was in service before today's. A failed update does not count, and
 * neither does anything before the stack was last destroyed.
 *
 * @throws Error when there is no former image.
 */
export function chooseImage(history: readonly Update[], wanted?: string): Images {
  const destroyed = history.findIndex(({ kind, result }) => kind === "destroy" && result === "succeeded");
  const images = (destroyed < 0 ? history : history.slice(0, destroyed))
    .filter(({ kind, result }) => kind === "update" && result === "succeeded")
    .map(({ config }) => config["chatpop:image"]?.value ?? "auto");
  const [serving] = images;
  if (wanted) return { image: wanted.startsWith("sha256:") ? `@${wanted}` : wanted, serving };
  const former = images.find((image) => image !== serving);
  if (former !== undefined) return { image: former, serving };
  throw new Error(
    `There is no former image to go back to: the stack has only run ${serving ?? "nothing"}. Name one by its digest, ` +
      "sha256:…; the repository keeps the last hundred.",
  );
}
