import { expect } from "chai";
import fc from "fast-check";
import { type Outcome, outcomes } from "../../policy/results";
import { summary } from "../../policy/summary";

/** Without the engine's names for colours, which it takes out or turns into colours. */
const plain = (text: string) => text.replaceAll(/<\{%[^%]*%\}>/g, "");

const concerns = { Scale: ["one", "two"], "Secrets and identity": ["three"] };

const of = (given: Readonly<Record<string, Outcome>>, all = true) =>
  plain(summary(concerns, (rule) => given[rule]!, all ? () => [] : undefined)).split("\n");

describe("the result of every rule", () => {
  it("is a line of totals, and a line for each outcome of a concern, the worst first", () => {
    expect(of({ one: "holds", two: "violated", three: "deferred" })).to.deep.equal([
      "3 policy rules: ✗ 1 violated, ~ 1 wait for the update, ✓ 1 hold",
      "Scale                 ✗ two",
      "                      ✓ one",
      "Secrets and identity  ~ three",
    ]);
  });

  it("names what is advised, accepted, not applicable and disabled apart from what holds", () => {
    expect(of({ one: "advised", two: "accepted", three: "notApplicable" })[0]).to.equal(
      "3 policy rules: ! 1 advisory, = 1 accepted with a reason, – 1 not applicable",
    );
    expect(of({ one: "disabled", two: "disabled", three: "holds" })[0]).to.equal(
      "3 policy rules: ✓ 1 hold, × 2 disabled",
    );
  });

  it("counts what holds or does not apply without its name, unless somebody asks", () => {
    const given: Readonly<Record<string, Outcome>> = { one: "holds", two: "advised", three: "notApplicable" };
    expect(of(given, false)).to.deep.equal([
      "3 policy rules: ! 1 advisory, ✓ 1 hold, – 1 not applicable",
      "Scale                 ! two",
    ]);
    expect(of(given, true)).to.have.length(4);
  });

  it("says of what does not apply what it has not found, once for all rules of a concern that miss the same", () => {
    const reasons: Readonly<Record<string, readonly string[]>> = {
      one: ["no aws.rds.Proxy"],
      two: ["no aws.rds.Proxy"],
      three: ["no aws.iam.User", "no aws.iam.AccessKey"],
    };
    const text = summary(
      concerns,
      () => "notApplicable",
      (rule) => reasons[rule]!,
    );
    expect(plain(text).split("\n").slice(1)).to.deep.equal([
      "Scale                 – one, two (no aws.rds.Proxy)",
      "Secrets and identity  – three (no aws.iam.User, no aws.iam.AccessKey)",
    ]);
  });

  it("shows every rule once, in lines of limited width, and counts as many as it shows", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/);
    const rules = fc.dictionary(name, fc.constantFrom(...outcomes), { maxKeys: 60 });
    fc.assert(
      fc.property(rules, (given) => {
        const names = Object.keys(given);
        const half = Math.floor(names.length / 2);
        const split = { First: names.slice(0, half), Second: names.slice(half) };
        const [total, ...lines] = plain(
          summary(
            split,
            (rule) => given[rule]!,
            () => [],
          ),
        ).split("\n");
        const shown = lines.flatMap((line) => line.match(/[a-z][a-z0-9-]*(?=,|$)/g) ?? []);
        expect(shown.sort()).to.deep.equal([...names].sort());
        expect(Math.max(0, ...lines.map((line) => line.length))).to.be.at.most(112);
        const counts = [...total!.matchAll(/ (\d+) /g)].map(([, count]) => Number(count));
        expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(names.length);
      }),
    );
  });
});
