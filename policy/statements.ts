import { type Entries, parsed } from "./values";

/** A statement of a policy document, as far as rules read it. */
export interface Statement {
  readonly Effect?: string;
  readonly Principal?: { readonly Federated?: Entries<string>; readonly AWS?: Entries<string> } | string;
  readonly NotPrincipal?: unknown;
  readonly Action?: Entries<string>;
  readonly NotAction?: Entries<string>;
  readonly Resource?: Entries<string>;
  readonly NotResource?: Entries<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Entries<string>>>>>;
}

/** The statements of a policy document, given as JSON text or as an object. */
export const statements = (document: unknown): Entries<Statement> =>
  (parsed(document) as { readonly Statement?: Entries<Statement> } | null | undefined)?.Statement;
