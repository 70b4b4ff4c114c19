// Command line of `make prices REGION=eu-central-1`: writes a region's prices from AWS's list into aws/priceList.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Price } from "../../aws/prices";
import { refresh } from "./priceList";

type Region = Record<string, Price>;

async function* read(address: string): AsyncGenerator<string> {
  const answer = await fetch(address);
  if (!answer.ok || !answer.body)
    throw new Error(`${address} answers ${answer.status}. Is the region's name right?`);
  yield* createInterface({ input: Readable.fromWeb(answer.body as ReadableStream), crlfDelay: Infinity });
}

async function main(region: string | undefined): Promise<void> {
  if (!region) throw new Error("The region is missing. Example: make prices REGION=eu-central-1");
  const path = join(__dirname, "../../aws/priceList.json");
  const list = JSON.parse(readFileSync(path, "utf8")) as { asOf: string; regions: Record<string, Region> };
  const first = Object.values(list.regions)[0]!;
  // A new region has the same keys, all of them unknown at first.
  const unknown = Object.fromEntries(
    Object.entries(first).map(([key, { unit, freePerMonth }]) => [
      key,
      { usd: null, unit, ...(freePerMonth !== undefined && { freePerMonth }) },
    ]),
  );
  const known = list.regions[region] ?? unknown;
  const day = new Date().toISOString().slice(0, 10);
  const { prices, missing } = await refresh(region, known, read, day);
  list.regions[region] = { ...known, ...prices };
  list.asOf = day;
  writeFileSync(path, `${JSON.stringify(list, undefined, 2)}\n`);
  console.log(
    `${Object.keys(prices).length} prices of ${region} are of ${day}. Unchanged: ${missing.join(", ") || "none"}.`,
  );
}

main(process.argv[2]).catch((error: Error) => {
  const { cause } = error;
  console.error(
    cause instanceof Error ? `AWS's price list cannot be reached: ${cause.message}` : error.message,
  );
  process.exitCode = 1;
});
