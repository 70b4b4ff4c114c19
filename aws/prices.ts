import data from "./priceList.json";

/** AWS's price for one unit. */
export interface Price {
  /** USD for one unit; null where the list price is not known here. */
  readonly usd: number | null;
  /** `vCPU-hour`, `GB-month`. */
  readonly unit: string;
  /** Day of the list. */
  readonly asOf?: string;
  /** high: two sources agree; medium: one; low: unverified. */
  readonly confidence?: string;
  /** Free units of an account each month. */
  readonly freePerMonth?: number;
}

/** Regions with prices in `priceList.json`. */
export const pricedRegions = Object.keys(data.regions);

/** Hours that AWS's own calculator counts in a month. */
export const hoursPerMonth = data.hoursPerMonth;

/** Source of the prices, and their date. */
export const priceList = { source: data.source, asOf: data.asOf } as const;

/** A region without prices. */
export class UnpricedRegion extends Error {
  constructor(region: string) {
    super(
      `aws:region is ${region}, for which there are no prices. Allowed: ${pricedRegions.join(", ")}. ` +
        `Fetch its prices from AWS's list into aws/priceList.json with: make prices REGION=${region}`,
    );
  }
}

/** The prices of a region. @throws UnpricedRegion */
export function pricesOf(region: string): (key: string) => Price | undefined {
  const prices = (data.regions as Readonly<Record<string, Readonly<Record<string, Price>>>>)[region];
  if (!prices) throw new UnpricedRegion(region);
  return (key) => prices[key];
}

/** Share of the list price that a Spot task saves at most; AWS may take it back with two minutes' notice. */
export const spotDiscount = data.discounts["fargate.spot"].max;

/** Discounts for those who bind themselves for a year, as shares of the list price; AWS publishes ranges. */
export const yearly = {
  /** Of Fargate, by a Compute Savings Plan without upfront payment. */
  savingsPlan: data.discounts["savingsPlan.compute.fargate.1yrNoUpfront"],
  /** Of RDS instances, reserved without upfront payment. */
  reservedDatabase: data.discounts["reserved.rds.1yrNoUpfront"],
} as const;
