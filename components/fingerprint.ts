import { createHash } from "node:crypto";

/** A short text that changes with any of the values. */
export const fingerprint = (...values: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16);
