// The short form of an image: `:1.4.2` or `@sha256:…` is an image of the stack's own repository.

/** Whether a reference leaves out the repository, which is then the stack's own. */
export const isShort = (reference: string): boolean => /^[:@]/.test(reference);

/** The short form of a complete reference; one of another repository stays as it is. */
export function shorten(reference: string, repositoryUrl: string | undefined): string {
  const rest =
    repositoryUrl && reference.startsWith(repositoryUrl) ? reference.slice(repositoryUrl.length) : "";
  return isShort(rest) ? rest : reference;
}

/** The short form of an image that is named by its digest alone, as registries print it: `sha256:…`. */
export const byDigest = (wanted: string): string => (wanted.startsWith("sha256:") ? `@${wanted}` : wanted);
