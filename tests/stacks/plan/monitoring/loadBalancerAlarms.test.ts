import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { watched } from "../../../../stacks/plan/monitoring/watched";
import { makePlan } from "../../../../stacks/plan";

/** The load balancer's counts of a minute's answers, by its own metrics (`docs/aws.md`). */
function counted(answers: Readonly<Partial<Record<"ok" | "500" | "502" | "503" | "504", number>>>) {
  const { ok = 0, "500": failed = 0, "502": hungUp = 0, "503": unrouted = 0, "504": late = 0 } = answers;
  return {
    RequestCount: ok + failed + hungUp + late,
    HTTPCode_Target_5XX_Count: failed,
    HTTPCode_ELB_503_Count: unrouted,
    HTTPCode_ELB_5XX_Count: hungUp + unrouted + late,
  };
}

/** CloudWatch's metric math, as far as these alarms use it: what counted nothing is not there, and SUM passes over it. */
function value(key: string, answers: Parameters<typeof counted>[0]): number {
  const { expression, metric } = watched[key]!;
  const counts: Readonly<Record<string, number>> = counted(answers);
  const members = Object.entries(metric as Readonly<Record<string, string>>).map(([id, name]) => {
    expect(counts, name).to.have.property(name);
    return [id, counts[name] || undefined] as const;
  });
  return Number(
    runInNewContext(expression!, {
      ...Object.fromEntries(members),
      SUM: (series: readonly (number | undefined)[]) =>
        series.reduce<number>((sum, each = 0) => sum + each, 0),
      IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    }),
  );
}

describe("requests that fail", () => {
  const { threshold } = makePlan({ scale: "large" }).monitoring.alarms["failing-requests"]!;
  const share = (answers: Parameters<typeof counted>[0]) => value("failing-requests", answers);

  for (const code of ["500", "502", "503", "504"] as const) {
    it(`are all of them when every answer is ${code}, so that the chat is down (G-158, GAP-35)`, () => {
      expect(share({ [code]: 1_000 }))
        .to.equal(100)
        .and.to.be.above(threshold);
    });
  }

  it("are counted once each in a mixture", () => {
    expect(share({ ok: 40, "500": 20, "502": 10, "503": 20, "504": 10 })).to.equal(60);
    expect(share({ ok: 900, "503": 100 })).to.equal(10);
    expect(share({ ok: 1_000 })).to.equal(0);
  });

  it("are no share of hardly any requests", () => {
    expect(share({ "500": 19 })).to.equal(0);
  });
});

describe("answers of the load balancer's own", () => {
  const { threshold } = makePlan({ scale: "large" }).monitoring.alarms["load-balancer-errors"]!;
  const share = (answers: Parameters<typeof counted>[0]) => value("load-balancer-errors", answers);

  it("call somebody by their share of the requests, at every scale", () => {
    expect(share({ ok: 89, "502": 11 })).to.equal(11);
    expect(share({ ok: 500_000, "502": 11 })).to.be.below(threshold);
    expect(share({ "504": 100 })).to.equal(100);
  });

  it("do not call for a handful", () => {
    expect(share({ ok: 10, "502": 10 })).to.equal(0);
  });
});
