/**
 * Runs rows of the table of faults, and keeps how each ended in results.json, from which docs/reliability.md is written.
 *
 * make faults [ONLY="kill"] [SAMPLE=10]
 *
 * ONLY is a regular expression on the row's name or group; SAMPLE takes every so-many-th of these.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { lifeOfCalls, livesOfKills, type Tell } from "./lives";
import { quota, scene } from "./scenes";
import { calls, callsOf, rows, type Scene } from "./table";

/** How a row ended when it was last run. */
export interface Result {
  /** Reason of its failure; absent after a success. */
  readonly problem?: string;
  /** False where no command came to it: nothing of the type changes, or too few resources were left. */
  readonly reached?: false;
  /** The day. */
  readonly on: string;
  readonly machine: string;
}

const file = join(__dirname, "results.json");

/** Runs the wanted rows; returns the number of failed ones. */
async function main(only: string, sample: number): Promise<number> {
  const pattern = new RegExp(only);
  const chosen = rows
    .filter(({ id, group }) => pattern.test(id) || pattern.test(group))
    .filter((_, index) => index % sample === 0);
  const wanted = (id: string) => chosen.some((row) => row.id === id);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  let failed = 0;
  const ran = new Set<string>();
  const tell: Tell = (id, end) => {
    const problem = "problem" in end ? end.problem : undefined;
    if (problem !== undefined) failed += 1;
    if (!("reached" in end)) ran.add(id);
    const word = "reached" in end ? "not reached" : problem === undefined ? "ok" : "FAILED";
    console.log(`${word.padEnd(11)} ${id}${problem ? `\n${problem.slice(0, 3_000)}` : ""}`);
    // Another run may have added to it meanwhile.
    const results = JSON.parse(readFileSync(file, "utf8")) as Record<string, Result>;
    results[id] = {
      ...end,
      ...(problem !== undefined && { problem: firstLine(problem) }),
      ...{ on: today(), machine },
    };
    writeFileSync(file, `${JSON.stringify(sorted(results), null, 2)}\n`);
  };
  const alone = async (id: string, work: () => Promise<void>) => {
    const end = await work().then(
      () => ({}),
      (error: Error) => ({ problem: error.message }),
    );
    tell(id, end);
  };
  const life = async (work: Promise<void>) => {
    await work.catch((error: Error) => {
      failed += 1;
      console.log(`FAILED a life\n${error.message.slice(0, 3_000)}`);
    });
  };

  const given = process.env["CHATPOP_TEST_HOMES"];
  const homes = given ?? mkdtempSync(join(tmpdir(), "chatpop-homes-"));
  process.env["CHATPOP_TEST_HOMES"] = homes;
  try {
    for (const { id, group } of chosen) {
      if (group === "scene") await alone(id, () => scene(id as Scene));
      if (group === "quota") await alone(id, () => quota(id.slice("quota ".length)));
    }
    if (chosen.some(({ group }) => group === "kill")) await life(livesOfKills(wanted, tell));
    for (let number = 0; number < Object.keys(calls).length; number++)
      if (callsOf(number).some(wanted)) await life(lifeOfCalls(number, wanted, tell));
  } finally {
    if (given === undefined) rmSync(homes, { recursive: true, force: true });
  }
  console.log(
    `${chosen.length} rows chosen: ${ran.size} run, ${failed} failed, ${chosen.length - ran.size} not reached`,
  );
  return failed;
}

const today = () => new Date().toISOString().slice(0, 10);
const firstLine = (text: string) => text.split("\n").find((line) => line.trim() !== "") ?? "";
const sorted = <T>(record: Readonly<Record<string, T>>) =>
  Object.fromEntries(rows.flatMap(({ id }) => (record[id] ? [[id, record[id]] as const] : [])));

if (require.main === module) {
  const given = Object.fromEntries(process.argv.slice(2).map((each) => each.split(/=(.*)/s).slice(0, 2)));
  void main(given["only"] ?? "", Number(given["sample"] ?? 1)).then(
    (failed) => (process.exitCode = failed === 0 ? 0 : 1),
  );
}
