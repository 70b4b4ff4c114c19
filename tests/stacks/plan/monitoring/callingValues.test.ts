import { expect } from "chai";
import { makePlan } from "../../../../stacks/plan";

const mebibyte = 1024 ** 2;
const { monitoring } = makePlan({
  scale: "large",
  backupCopyRegion: "us-west-2",
  domain: "chat.example.com",
});

/** Whether a value that stays calls somebody, and after how many seconds. */
function callsAt(key: string, value: number): number | undefined {
  const { comparison, threshold, period, periods } = monitoring.alarms[key]!;
  const bad = comparison === "GreaterThanThreshold" ? value > threshold : value < threshold;
  return bad ? period * periods : undefined;
}

/** Alarms beyond the guide: a good value, a bad one, and the minutes until somebody is called. */
const rows: readonly (readonly [key: string, well: number, bad: number, minutes: number])[] = [
  ["rejected-connections", 0, 1, 5],
  ["command-not-started", 0, 1, 5],
  ["lost-messages", 0, 1, 5],
  ["cache-evictions", 0, 1, 5],
  // PostgreSQL moves pages that nobody asks for: some swap is no sign of want.
  ["database-swap", 200 * mebibyte, 300 * mebibyte, 15],
  // In microseconds: a tenth of a second is what a user begins to notice.
  ["proxy-borrow-latency", 90_000, 110_000, 5],
  // ACM renews at 60 days: a certificate that is renewed never comes near.
  ["certificate-expiry", 30, 29, 24 * 60],
];

describe("alarms beyond the guide (GAP-35)", () => {
  for (const [key, well, bad, minutes] of rows) {
    it(`${key} calls at ${bad}, and not at ${well}`, () => {
      expect(callsAt(key, well)).to.equal(undefined);
      expect(callsAt(key, bad)! / 60).to.equal(minutes);
    });
  }

  it("certificate-expiry is there where there is a domain, and says nothing of a certificate without a value", () => {
    expect(monitoring.alarms["certificate-expiry"]).to.include({ missingData: "notBreaching" });
    expect(makePlan({ scale: "large" }).monitoring.alarms).not.to.have.property("certificate-expiry");
  });

  it("backup-failed is there where backups are copied, and nowhere else", () => {
    expect(monitoring.notices).to.have.property("backup-failed");
    expect(makePlan({ scale: "large" }).monitoring.notices).not.to.have.property("backup-failed");
  });
});
