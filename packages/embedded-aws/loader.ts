// Starts TypeScript files of the embedded AWS in processes of their own.
import { join } from "node:path";

/** Arguments of Node with which it runs `file`, a path below this package. */
export const script = (file: string): readonly string[] => [
  "--require",
  join(__dirname, "..", "..", "typescript.cjs"),
  join(__dirname, file),
];
