// Command line of `make report`: preview=<JSON of a preview> events=<its event log> out=<file>.
import { readFileSync, writeFileSync } from "node:fs";
import { UnpricedRegion } from "../../aws/prices";
import { UnknownDemand } from "../cost/estimate";
import { FailedPreview } from "../cost/resources";
import { materialOf } from "./material";
import { page } from "./page";

const usage = "report preview=<file> events=<file> out=<file>";

async function main(args: readonly string[]): Promise<void> {
  const given = new Map(args.map((arg) => [arg.split("=")[0], arg.slice(arg.indexOf("=") + 1)]));
  const [preview, events, out] = ["preview", "events", "out"].map((key) => given.get(key));
  if (!preview || !events || !out) throw new SyntaxError(usage);
  const read = (path: string) => readFileSync(path, "utf8");
  const today = new Date().toISOString().slice(0, 10);
  const text = await page(materialOf(read(preview), read(events), today));
  writeFileSync(out, text);
  console.log(`${out}: ${Math.round(Buffer.byteLength(text) / 1_000)} kB; open it in a browser`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  const expected = [FailedPreview, UnpricedRegion, UnknownDemand, SyntaxError];
  if (!expected.some((kind) => error instanceof kind)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
