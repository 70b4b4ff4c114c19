/** Pull request of a comment, and the access to it. */
export interface Place {
  /** Address of GitHub's API. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Number of the pull request. */
  readonly pullRequest: string;
  /** GitHub token that may write to pull requests. */
  readonly token: string;
}

/** Hidden mark that identifies this pipeline's comment; GitHub does not show it. */
const mark = "<!-- chatpop preview -->";
/** GitHub refuses a longer comment. */
const longest = 65_536;

/**
 * Writes a comment under a pull request, or replaces its former comment.
 *
 * @returns the comment's address.
 * @throws Error with GitHub's answer.
 */
export async function commentOnPullRequest(markdown: string, place: Place): Promise<string> {
  const issues = `/repos/${place.repository}/issues`;
  const body = `${mark}\n${markdown}`.slice(0, longest);
  const before = await find(place, `${issues}/${place.pullRequest}/comments`);
  const written = before
    ? await call<Comment>(place, "PATCH", `${issues}/comments/${before.id}`, { body })
    : await call<Comment>(place, "POST", `${issues}/${place.pullRequest}/comments`, { body });
  return written.html_url;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly html_url: string;
}

async function find(place: Place, path: string): Promise<Comment | undefined> {
  const size = 100;
  for (let page = 1; ; page++) {
    const comments = await call<Comment[]>(place, "GET", `${path}?per_page=${size}&page=${page}`);
    const found = comments.find(({ body }) => body?.startsWith(mark));
    if (found || comments.length < size) return found;
  }
}

async function call<T>({ api, token }: Place, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(api + path, {
    method,
    headers: { accept: "application/vnd.github+json", authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`GitHub answers ${response.status} to ${method} ${path}: ${await response.text()}`);
  return (await response.json()) as T;
}
