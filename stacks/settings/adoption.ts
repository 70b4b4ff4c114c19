/** Kinds of existing resources that a stack can adopt, in the order of messages and documentation. */
export const adoptedKinds = [
  "database",
  "databaseSecret",
  "djangoSecret",
  "repository",
  "mediaBucket",
  "logGroup",
] as const;

/** A kind of resource that can be adopted. */
export type AdoptedKind = (typeof adoptedKinds)[number];
