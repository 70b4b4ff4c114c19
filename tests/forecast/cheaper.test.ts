import { expect } from "chai";
import { cheaper, settingsText } from "../../forecast/cost/cheaper";
import { scales } from "../../stacks/guide";
import { makePlan } from "../../stacks/plan";
import { priceOf } from "../../stacks/plan/price";
import { parseSettings } from "../../stacks/settings";

const region = "us-east-1";
const named = (raw: Readonly<Record<string, string>>, what: RegExp) =>
  cheaper(raw, region).find((saving) => what.test(saving.what));

describe("ways to pay less", () => {
  for (const scale of scales) {
    it(`at ${scale} each save what the bill of a Plan with their settings saves, the largest first`, () => {
      const raw = { scale };
      const savings = cheaper(raw, region);
      expect(savings.map(({ usd }) => usd)).to.deep.equal(
        savings.map(({ usd }) => usd).sort((one, other) => other - one),
      );
      const before = makePlan(parseSettings(raw));
      for (const { what, settings, usd, risk, holds } of savings) {
        expect(risk, what).to.not.equal("");
        expect(holds, what).to.equal(true);
        expect(usd, what).to.be.at.least(0.5);
        // Over a day's curve, which the bill of a constant load does not show.
        if (!settings || what.startsWith("fewer tasks")) continue;
        const after = makePlan(parseSettings({ ...raw, ...settings }));
        const tasks = before.service.desiredTasks;
        expect(usd, what).to.be.closeTo(
          priceOf(before, region).total - priceOf(after, region, { tasks }).total,
          1e-6,
        );
      }
    });
  }

  it("are all of the kinds that a bill of large has", () => {
    const kinds = [
      /tasks on Graviton/,
      /database on Graviton/,
      /Valkey/,
      /workers on Spot/,
      /one NAT gateway/,
      /only the guide's alarms/,
      /fewer tasks from midnight/,
      /Savings Plan/,
      /reserved/,
      /CloudFront/,
    ];
    for (const kind of kinds) expect(named({ scale: "large" }, kind), String(kind)).to.not.equal(undefined);
  });

  it("are offered once only: not to a stack that has them already", () => {
    const has: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
      [/tasks on Graviton/, { architecture: "arm64" }],
      [/Valkey/, { cacheEngine: "valkey" }],
      [/one NAT gateway/, { egress: "nat" }],
      [/workers on Spot/, { workers: '{"outbox-relay":{"onDemandTasks":0}}' }],
      [
        /fewer tasks/,
        {
          scheduledScaling:
            '{"night":{"schedule":"cron(0 0 * * ? *)","minTasks":2},"day":{"schedule":"cron(0 7 * * ? *)","minTasks":10}}',
        },
      ],
    ];
    for (const [what, settings] of has) {
      expect(named({ scale: "large", ...settings }, what), String(what)).to.equal(undefined);
    }
  });

  it("name commands that a shell takes: settings as they are, JSON in quotes", () => {
    const texts = cheaper({ scale: "large" }, region).map(settingsText);
    expect(texts).to.include("pulumi config set chatpop:architecture arm64");
    expect(texts).to.include(`pulumi config set chatpop:workers '{"outbox-relay":{"onDemandTasks":0}}'`);
    for (const text of texts) expect(text).to.not.equal("");
  });
});
