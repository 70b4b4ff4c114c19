import { expect } from "chai";
import { pricesOf, type Price } from "../../aws/prices";
import list from "../../aws/priceList.json";
import { addressOf, placeOf, refresh } from "../../forecast/cost/priceList";

/** Columns of AWS's files that count here, in their order; each file has others between them. */
const columns = [
  "SKU",
  "TermType",
  "PriceDescription",
  "StartingRange",
  "Unit",
  "PricePerUnit",
  "Currency",
  "Product Family",
  "Database Engine",
  "Deployment Option",
  "Cache Engine",
  "usageType",
];
type Row = Readonly<Partial<Record<string, string>>>;
const usual: Row = { SKU: "X", TermType: "OnDemand", StartingRange: "0", Unit: "Hrs", Currency: "USD" };
const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
const file = (rows: readonly Row[]): readonly string[] => [
  '"FormatVersion","v1.0"',
  '"Publication Date","2026-11-20T00:00:00Z"',
  quoted(columns),
  ...rows.map((row) => quoted(columns.map((name) => ({ ...usual, ...row })[name] ?? ""))),
];

const postgres = { "Database Engine": "PostgreSQL", "Deployment Option": "Single-AZ" };
const out = { usageType: "EUC1-DataTransfer-Out-Bytes" };
const files: Readonly<Record<string, readonly Row[]>> = {
  AmazonECS: [
    { usageType: "EUC1-Fargate-vCPU-Hours:perCPU", PricePerUnit: "0.04656" },
    { usageType: "EUC1-Fargate-ARM-vCPU-Hours:perCPU", PricePerUnit: "0.03725" },
    { usageType: "EUC1-Fargate-Windows-vCPU-Hours:perCPU", PricePerUnit: "9" },
  ],
  AmazonRDS: [
    {
      ...postgres,
      usageType: "EUC1-InstanceUsage:db.t3.medium",
      PricePerUnit: "0.083",
      PriceDescription: 'a "db.t3"',
    },
    {
      ...postgres,
      "Database Engine": "MySQL",
      usageType: "EUC1-InstanceUsage:db.t3.medium",
      PricePerUnit: "9",
    },
    {
      ...postgres,
      "Deployment Option": "Multi-AZ",
      usageType: "EUC1-InstanceUsage:db.t3.medium",
      PricePerUnit: "9",
    },
    { ...postgres, TermType: "Reserved", usageType: "EUC1-InstanceUsage:db.t3.medium", PricePerUnit: "9" },
  ],
  AmazonElastiCache: [
    { "Cache Engine": "Valkey", usageType: "EUC1-NodeUsage:cache.t4g.small", PricePerUnit: "0.0304" },
    { "Cache Engine": "Redis", usageType: "EUC1-NodeUsage:cache.t4g.small", PricePerUnit: "0.038" },
  ],
  awskms: [{ usageType: "eu-central-1-KMS-Keys", PricePerUnit: "1" }],
  AWSDataTransfer: [
    { ...out, PricePerUnit: "0" },
    { ...out, PricePerUnit: "0.09" },
    { ...out, StartingRange: "10240", PricePerUnit: "0.085" },
    { usageType: "EUC1-USE1-AWS-Out-Bytes", PricePerUnit: "0.02" },
  ],
};

async function* read(address: string): AsyncGenerator<string> {
  const offer = /aws\/(\w+)\/current\/eu-central-1\/index\.csv$/.exec(address)?.[1] ?? "";
  yield* file(files[offer] ?? []);
}
const known = list.regions["eu-central-1"] as Readonly<Record<string, Price>>;

describe("AWS's bulk price list", () => {
  it("gives a region the prices of the same services, classes, engines and tiers, with its day", async () => {
    const { prices, missing } = await refresh("eu-central-1", known, read, "2026-11-30");
    const usd = (key: string) => prices[key]?.usd;
    expect(usd("fargate.x86.vcpuHour")).to.equal(0.04656);
    expect(usd("fargate.arm.vcpuHour")).to.equal(0.03725);
    expect(usd("rds.postgres.db.t3.medium.hour")).to.equal(0.083);
    expect(usd("elasticache.redis.cache.t4g.small.hour")).to.equal(0.038);
    expect(usd("elasticache.valkey.cache.t4g.small.hour")).to.equal(0.0304);
    expect(usd("kms.key.month")).to.equal(1);
    expect(usd("egress.internet.tier1.gb")).to.equal(0.09);
    expect(usd("egress.internet.tier2.gb")).to.equal(0.085);
    expect(prices["fargate.arm.vcpuHour"]).to.deep.include({ asOf: "2026-11-30", unit: "vCPU-hour" });
    expect(missing).to.include("nat.hour").and.not.include("fargate.arm.vcpuHour");
    expect(Object.keys(prices).length + missing.length).to.equal(Object.keys(known).length);
  });

  it("is refused when it has no columns", async () => {
    const nothing = async function* () {
      yield "<html>";
    };
    const failure = await refresh("eu-central-1", known, nothing, "2026-11-30").catch(
      (error: Error) => error,
    );
    expect(failure).to.be.instanceOf(SyntaxError).and.have.property("message").that.includes("SKU");
  });

  it("has a place for every price that the three scales take, but for those named here", () => {
    const without = ["cloudwatch.dashboard.month", "cloudwatch.compositeAlarm.month"];
    const first = Object.keys(list.regions["us-east-1"]);
    for (const key of first.filter((each) =>
      /^(fargate\.(x86|arm)|alb|nat|rds\.postgres|elasticache|ecr|kms\.key)/.test(each),
    )) {
      expect(placeOf(key), key).to.not.equal(undefined);
    }
    for (const key of without) expect(placeOf(key)).to.equal(undefined);
    expect(addressOf("AmazonRDS", "eu-west-1")).to.match(
      /^https:.*AmazonRDS\/current\/eu-west-1\/index\.csv$/,
    );
  });

  it("is what the refusal of a region points to", () => {
    expect(() => pricesOf("eu-west-1")).to.throw(/make prices REGION=eu-west-1$/);
  });
});
