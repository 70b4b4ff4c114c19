import { existsSync } from "node:fs";
import { join } from "node:path";

/** Whether a folder holds a checkout of the application, whose image can be built. */
export const isCheckout = (folder: string): boolean =>
  existsSync(join(folder, "backend", "requirements.txt"));

/** Command that makes such a checkout. */
export const makeCheckout = (folder: string): string =>
  `git clone https://github.com/robertddewey/ChatPop ${folder}`;
