import offers from "../../aws/priceOffers.json";
import type { Price } from "../../aws/prices";

/** Place of a price in AWS's bulk price list. */
export interface PlaceInList {
  /** Service's file: `AmazonRDS`. */
  readonly offer: string;
  /** Usage type without the region before it: `NatGateway-Hours`. */
  readonly usage: string;
  /** Values of further columns. @default none */
  readonly columns?: Readonly<Record<string, string>>;
  /** Beginning of its tier. @default the first tier */
  readonly from?: string;
}

/** Place of a price by its key in `priceList.json`; undefined if unknown. */
export function placeOf(key: string): PlaceInList | undefined {
  const [, database] = /^rds\.postgres\.(db\..+)\.hour$/.exec(key) ?? [];
  if (database !== undefined) {
    const columns = { "Database Engine": "PostgreSQL", "Deployment Option": "Single-AZ" };
    return { offer: "AmazonRDS", usage: `InstanceUsage:${database}`, columns };
  }
  const [, engine, node] = /^elasticache\.(redis|valkey)\.(cache\..+)\.hour$/.exec(key) ?? [];
  if (node !== undefined) {
    const columns = { "Cache Engine": engine === "redis" ? "Redis" : "Valkey" };
    return { offer: "AmazonElastiCache", usage: `NodeUsage:${node}`, columns };
  }
  return (offers as unknown as Readonly<Record<string, PlaceInList>>)[key];
}

/** Address of a service's prices in a region. */
export const addressOf = (offer: string, region: string): string =>
  `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/${offer}/current/${region}/index.csv`;

/** Cells of a line, each in quotes. */
const cellsOf = (line: string): readonly string[] =>
  line
    .replace(/^"|"\s*$/g, "")
    .split('","')
    .map((cell) => cell.replaceAll('""', '"'));

/** Rows of a file by column. Its first lines are about the file itself. */
async function* rowsOf(lines: AsyncIterable<string>): AsyncGenerator<Readonly<Record<string, string>>> {
  let head: readonly string[] | undefined;
  for await (const line of lines) {
    const cells = cellsOf(line);
    if (head) yield Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ""]));
    else if (cells[0] === "SKU") head = cells;
  }
  if (!head) throw new SyntaxError("The price list has no line of column names that begins with SKU.");
}

/** Whether a row is the price of a place. Most regions stand before the usage type: `EUC1-`, or `eu-central-1-`. */
function isAt(
  row: Readonly<Record<string, string>>,
  { usage, columns = {}, from = "0" }: PlaceInList,
  region: string,
): boolean {
  const type = (row["usageType"] ?? "").replace(`${region}-`, "").replace(/^(?:[A-Z]{2,4}\d|EU)-/, "");
  return (
    row["TermType"] === "OnDemand" &&
    row["Currency"] === "USD" &&
    type === usage &&
    (row["StartingRange"] || "0") === from &&
    Object.entries(columns).every(([name, value]) => row[name] === value)
  );
}

/** Prices that were found, and the keys of the others. */
export interface Refreshed {
  /** By key. */
  readonly prices: Readonly<Record<string, Price>>;
  /** Keys that are not in the list, or have no place here. */
  readonly missing: readonly string[];
}

/**
 * Reads a region's prices from AWS's bulk price list, one file a service; that of EC2 has several hundred MB.
 *
 * @param known Prices by key, whose units, notes and free units stay.
 * @param read Lines of a file at an address.
 * @param day Date of the prices: `2026-11-30`.
 */
export async function refresh(
  region: string,
  known: Readonly<Record<string, Price>>,
  read: (address: string) => AsyncIterable<string>,
  day: string,
): Promise<Refreshed> {
  const places = Object.keys(known).flatMap((key) => {
    const place = placeOf(key);
    return place ? [{ key, place }] : [];
  });
  const prices: Record<string, Price> = {};
  for (const offer of new Set(places.map(({ place }) => place.offer))) {
    const wanted = places.filter(({ place }) => place.offer === offer);
    for await (const row of rowsOf(read(addressOf(offer, region)))) {
      for (const { key, place } of wanted) {
        const usd = Number(row["PricePerUnit"]);
        // A free tier with the same range comes before the price.
        if (!isAt(row, place, region) || !(usd > 0)) continue;
        prices[key] = { ...known[key]!, usd, asOf: day, confidence: "high" };
      }
    }
  }
  return { prices, missing: Object.keys(known).filter((key) => !prices[key]) };
}
