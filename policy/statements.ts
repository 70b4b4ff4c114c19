/** A statement of a policy document, as far as rules read it. */
export interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy document, given as JSON text or as an object. */
export function statements(document: unknown): readonly Statement[] {
  const policy = (typeof document === "string" ? JSON.parse(document) : document) as
    { Statement?: Statement | readonly Statement[] } | undefined;
  return [policy?.Statement ?? []].flat() as readonly Statement[];
}
