import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** The output of `pulumi up`, beside the home that it made. */
const PRINTED = "printed.txt";

/** With owners and times: the database's files belong to the server's user. */
const copy = (from: string, to: string) => execFileSync("cp", ["-a", "--reflink=auto", `${from}/.`, to]);

/**
 * Fills an offline home with a stack that this run of the tests brings up once, whichever file asks first; others wait.
 *
 * @param name What tells the stack apart from others that are kept.
 * @param bringUp Brings the stack up in `home`; returns what that printed.
 * @returns what bringing it up printed.
 */
export async function shareHome(name: string, home: string, bringUp: () => Promise<string>): Promise<string> {
  const homes = process.env["CHATPOP_TEST_HOMES"];
  if (homes === undefined) return bringUp();
  const kept = join(homes, name);
  while (!existsSync(kept)) {
    if (!claim(`${kept}.claim`)) {
      await delay(100);
      continue;
    }
    try {
      // Another process may have finished just before the claim.
      if (existsSync(kept)) continue;
      const printed = await bringUp();
      rmSync(`${kept}.new`, { recursive: true, force: true });
      mkdirSync(`${kept}.new`);
      copy(home, `${kept}.new`);
      writeFileSync(join(`${kept}.new`, PRINTED), printed);
      renameSync(`${kept}.new`, kept);
      return printed;
    } finally {
      rmSync(`${kept}.claim`, { recursive: true, force: true });
    }
  }
  copy(kept, home);
  const printed = readFileSync(join(home, PRINTED), "utf8");
  rmSync(join(home, PRINTED));
  return printed;
}

/** Whether this process is the one that makes it; a failed one leaves the claim to the next. */
function claim(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
