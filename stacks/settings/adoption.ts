/** What a stack can take over from an environment that was there before, in the order in which it is named. */
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
