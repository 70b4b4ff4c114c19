import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of the test's own, removed when the suite ends. To be called inside `describe`. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  return () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "chatpop-")));
    folders.push(folder);
    return folder;
  };
}
