/**
 * Measures how fast this project is, and keeps the figures in results.json, from which the tables of docs/performance.md are
 * written.
 *
 * make benchmark [ONLY="preview|up"] [ROUNDS=5] [ROWS=2000000,20000000]
 *
 * ONLY is a regular expression on the part's name; ROUNDS says how often each command runs; ROWS are the sizes of the table
 * whose indexes are built.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parts, type PartName, type Row } from "./parts";

/** Figures of a part. */
export interface Result {
  /** The day. */
  readonly on: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly machine: string;
  /** Processes that wanted to run, on average of a minute: before the part and at its end. */
  readonly load: readonly [number, number];
  readonly rows: readonly Row[];
}

export type Results = Readonly<Partial<Record<PartName, Result>>>;

const file = join(__dirname, "results.json");

async function main({ only = "", rounds = "3", rows = "2000000" }: Record<string, string>): Promise<number> {
  const names = (Object.keys(parts) as PartName[]).filter((name) => new RegExp(only).test(name));
  let failed = 0;
  for (const name of names) {
    console.log(`${name}: measuring`);
    const before = loadavg()[0]!;
    try {
      const measured = await parts[name]({ rounds: Number(rounds), rows: rows.split(",").map(Number) });
      const words = [`ONLY=^${name}$$`, `ROUNDS=${rounds}`, ...(name === "indexes" ? [`ROWS=${rows}`] : [])];
      const result: Result = {
        on: new Date().toISOString().slice(0, 10),
        command: `make benchmark ${words.join(" ")}`,
        machine: `${cpus().length} × ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version.slice(1)}`,
        load: [before, loadavg()[0]!],
        rows: measured,
      };
      const results = JSON.parse(readFileSync(file, "utf8")) as Results;
      writeFileSync(file, `${JSON.stringify({ ...results, [name]: result }, null, 2)}\n`);
      for (const row of measured) console.log(JSON.stringify(row));
    } catch (error) {
      failed += 1;
      console.log(`${name}: FAILED\n${(error as Error).message.slice(-3_000)}`);
    }
  }
  return failed;
}

if (require.main === module) {
  const given = process.argv.slice(2).map((each) => each.split(/=(.*)/s).slice(0, 2) as [string, string]);
  void main(Object.fromEntries(given)).then((failed) => (process.exitCode = failed === 0 ? 0 : 1));
}
