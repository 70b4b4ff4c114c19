import { expect } from "chai";
import fc from "fast-check";
import { billOf, type Bill, type BilledResource } from "../../aws/billing";
import { priceList, pricedRegions, pricesOf, UnpricedRegion } from "../../aws/prices";
import { types } from "../../aws/types";
import { costOf, type CostQuestion, UnknownDemand } from "../../forecast/cost/estimate";
import { FailedPreview, readResources } from "../../forecast/cost/resources";
import { claimOf, costCsv, costMarkdown, costText, differenceText, groups } from "../../forecast/cost/text";
import { demandOf } from "../../stacks/capacity";
import { guide, type Scale, scales } from "../../stacks/guide";
import { makePlan } from "../../stacks/plan";
import { constantly, paidResources, priceOf, usageOf, usualHabits } from "../../stacks/plan/price";
import { parseSettings } from "../../stacks/settings";
import { record } from "../recording/recording";

const region = "us-east-1";
const ofPrice = ({ lines }: Bill, start: string) =>
  lines.filter(({ price }) => price.startsWith(start)).reduce((total, { usd }) => total + usd, 0);

async function question(scale: Scale, config: Readonly<Record<string, string>> = {}): Promise<CostQuestion> {
  const { registrations, run } = await record(scale, "preview", config);
  const { demand } = run.outputs["plan"] as { demand: CostQuestion["demand"] };
  return { resources: registrations, demand, habits: usualHabits, region, curve: "constant" };
}

/** Dollars a month by AWS's list (docs/cost.md): x86, Redis, sockets all day, logs of 5, 20 and 100 GB. */
const known: Readonly<Record<string, readonly [string, ...number[]]>> = {
  "tasks (G-25)": ["fargate.x86", ...scales.map((scale) => 18.02 * guide[scale].tasks.desired)],
  "load balancer, hours (G-26)": ["alb.hour", 16.43, 16.43, 16.43],
  "load balancer, units": ["alb.lcu", 1.95, 38.93, 486.67],
  "cache (G-27)": ["elasticache", 12.41, 24.82, 113.88],
  "RDS Proxy (G-30)": ["rds.proxy", 0, 21.9, 21.9],
  logs: ["cloudwatch.logs", 2.65, 10.6, 53],
};

describe("the guide's three scales, priced line by line", () => {
  scales.forEach((scale, index) => {
    const bill = async (habits = usualHabits) => {
      // The relay is this project's own, so that only what the guide counts is compared.
      const asked = await question(scale, { outbox: "false", egress: "public-ip" });
      return costOf({ ...asked, habits }).desired;
    };

    for (const [what, [price, ...usd]] of Object.entries(known)) {
      it(`${what} at ${scale}: $${usd[index]!.toFixed(2)}`, async () => {
        expect(ofPrice(await bill(), price)).to.be.closeTo(usd[index]!, 0.01 * Math.max(usd[index]!, 1e-9));
      });
    }

    it(`database with storage, and replica at ${scale} (G-28, G-29)`, async () => {
      const found = await bill();
      const each = [32.03, 64.06, 152.94][index]!;
      const instances = scale === "large" ? 2 : 1;
      expect(ofPrice(found, "rds.postgres") + ofPrice(found, "rds.gp3")).to.be.closeTo(
        instances * each,
        0.01 * each,
      );
    });

    it(`public addresses of tasks and load balancer at ${scale}`, async () => {
      expect(ofPrice(await bill(), "ipv4")).to.be.closeTo(3.65 * guide[scale].tasks.desired + 7.3, 0.1);
    });

    it(`egress at ${scale}, with people who talk a quarter of the time and all of it`, async () => {
      const [quarter, always] = [[0, 123, 1_606][index]!, [17, 521, 5_961][index]!];
      expect(ofPrice(await bill(), "egress")).to.be.closeTo(quarter, 1);
      expect(ofPrice(await bill({ ...usualHabits, talking: 1 }), "egress")).to.be.closeTo(always, 1);
    });
  });
});

describe("a bill", () => {
  for (const scale of scales) {
    it(`leaves nothing of ${scale} unknown, and counts every resource once`, async () => {
      const { resources, demand, habits } = await question(scale);
      const bill = billOf(resources, usageOf(demand!, 1, habits, constantly(habits)), region);
      expect(bill.unknown).to.deep.equal([]);
      const own = resources.filter(({ type }) => !/^(chatpop:|pulumi:pulumi:)/.test(type));
      const { priced, free, usage, unknown } = bill.counts;
      expect(priced + free + usage + unknown).to.equal(own.length);
    });

    it(`of the Plan of ${scale} is that of what the program registers, whatever it is set to`, async () => {
      const configs: readonly Readonly<Record<string, string>>[] = [
        {},
        {
          webFirewall: "true",
          databaseMultiAz: "true",
          cacheReplicas: "1",
          cacheShards: "2",
          architecture: "arm64",
          egress: "nat",
        },
        {
          cacheEngine: "valkey",
          cacheNodeType: "cache.t4g.small",
          media: "false",
          rooms: "2000",
          outbox: "true",
        },
      ];
      for (const config of configs) {
        const { resources } = await question(scale, config);
        const plan = makePlan(parseSettings({ scale, ...config }), "test");
        const usage = usageOf(plan.demand, plan.service.desiredTasks, usualHabits, constantly(usualHabits));
        const [planned, registered] = [priceOf(plan, region), billOf(resources, usage, region)];
        for (const price of new Set([...planned.lines, ...registered.lines].map((line) => line.price))) {
          expect(ofPrice(planned, price), price).to.be.closeTo(ofPrice(registered, price), 0.001);
        }
      }
    });
  }

  it("counts a bucket, a node or an instance that was added by hand", async () => {
    const { resources } = await question("small");
    const usage = usageOf(demandOf(100, 10), 1, usualHabits, constantly(usualHabits));
    const added: BilledResource = {
      type: types.cacheCluster,
      name: "mine",
      inputs: { engine: "redis", nodeType: "cache.m5.large" },
    };
    const [before, after] = [billOf(resources, usage, region), billOf([...resources, added], usage, region)];
    expect(after.total - before.total).to.be.closeTo(113.88, 0.01);
    expect(after.counts.priced).to.equal(before.counts.priced + 1);
  });

  it("says of a type and of a price that it does not know them, and never counts them as nothing", () => {
    const usage = usageOf(demandOf(100, 10), 1, usualHabits, constantly(usualHabits));
    const strange: readonly BilledResource[] = [
      { type: "aws:msk/cluster:Cluster", name: "kafka", inputs: {} },
      { type: types.cache, name: "odd", inputs: { engine: "redis", nodeType: "cache.x9.large" } },
    ];
    const { counts, unknown } = billOf(strange, usage, region);
    expect(counts.unknown).to.equal(2);
    expect(unknown).to.deep.equal(["aws:msk/cluster:Cluster", "elasticache.redis.cache.x9.large.hour"]);
  });

  it("never falls with tasks, people, messages, frames or talk", () => {
    const loads = fc.record({
      rooms: fc.integer({ min: 1, max: 5_000 }),
      users: fc.integer({ min: 1, max: 100 }),
      tasks: fc.integer({ min: 1, max: 50 }),
      more: fc.constantFrom(
        "tasks",
        "rooms",
        "frameBytes",
        "talking",
        "mediaBytesPerMessage",
        "readsPerUserHour",
      ),
    });
    const resources = paidResources(makePlan({ scale: "large" }));
    fc.assert(
      fc.property(loads, ({ rooms, users, tasks, more }) => {
        const bill = (step: number) => {
          const habits = { ...usualHabits };
          if (more in habits)
            (habits as Record<string, number>)[more] = 2 * step + (habits as Record<string, number>)[more]!;
          const demand = demandOf(more === "rooms" ? rooms + 100 * step : rooms, users);
          return billOf(
            resources,
            usageOf(demand, more === "tasks" ? tasks + step : tasks, habits, constantly(habits)),
            region,
          ).total;
        };
        expect(bill(1)).to.be.at.least(bill(0) - 1e-6);
      }),
    );
  });
});

describe("the price list", () => {
  it("has a price, a unit and a day for everything in the first region, and the same keys in every other", () => {
    const [first, ...others] = pricedRegions;
    expect(first).to.equal(region);
    expect(others).to.include("eu-central-1");
    expect(priceList.asOf).to.match(/^\d{4}-\d\d-\d\d$/);
    for (const scale of scales) {
      for (const { price } of priceOf(makePlan({ scale }), region).lines) {
        expect(pricesOf(region)(price)?.usd, price).to.be.a("number");
        for (const other of others)
          expect(pricesOf(other)(price), `${price} in ${other}`).to.not.equal(undefined);
      }
    }
  });

  it("refuses another region, and says where its prices go", () => {
    expect(() => pricesOf("mars-1")).to.throw(
      UnpricedRegion,
      /mars-1.*us-east-1, eu-central-1.*aws\/priceList\.json/,
    );
  });
});

describe("the cost of registered resources", () => {
  it("lies between the fewest and the most tasks, and on a day below a load that stays", async () => {
    for (const scale of scales) {
      const asked = await question(scale);
      const [constant, day] = [costOf(asked), costOf({ ...asked, curve: "day" })];
      expect(constant.minimum.total).to.be.at.most(constant.desired.total);
      expect(constant.desired.total).to.be.at.most(constant.maximum.total);
      expect(day.tasks.expected).to.be.within(day.tasks.minimum - 1e-9, day.tasks.maximum + 1e-9);
      const units = (bill: Bill) => ofPrice(bill, "alb.lcu");
      expect(units(day.expected)).to.be.below(units(constant.expected));
    }
  });

  it("counts as many tasks as autoscaling allows, whatever the count of the first deployment was", async () => {
    const asked = await question("medium");
    const { minimum, maximum } = makePlan({ scale: "medium" }).autoscaling;
    const started = (desiredCount: number) =>
      costOf({
        ...asked,
        resources: asked.resources.map((each) =>
          each.type === types.service && each.inputs["loadBalancers"] !== undefined
            ? { ...each, inputs: { ...each.inputs, desiredCount } }
            : each,
        ),
      }).tasks.desired;
    expect([started(1), started(100)]).to.deep.equal([minimum, maximum]);
  });

  it("is read from a preview and from an export, and a replaced resource counts once", async () => {
    const { registrations } = await record("small", "preview");
    const state = registrations.map(({ type, urn, inputs, propertyDependencies }) => ({
      type,
      urn,
      inputs,
      propertyDependencies,
    }));
    const steps = state.flatMap((newState) => [
      { op: "create-replacement", newState },
      { op: "replace", newState },
    ]);
    const texts = [
      `Previewing\n${JSON.stringify({ steps: [...steps, { op: "delete", oldState: state[0] }] })}`,
      JSON.stringify({ deployment: { resources: state } }),
    ];
    const usage = usageOf(demandOf(100, 10), 1, usualHabits, constantly(usualHabits));
    const direct = billOf(registrations, usage, region).total;
    for (const text of texts)
      expect(billOf(readResources(text).resources, usage, region).total).to.be.closeTo(direct, 1e-6);
    const config = {
      "chatpop:scale": "medium",
      "chatpop:rooms": "1500",
      "chatpop:image": ":1",
      "aws:region": "eu-central-1",
    };
    const previewed = readResources(JSON.stringify({ config, steps }));
    expect(previewed.demand).to.deep.equal(demandOf(1_500, 20));
    expect(previewed.region).to.equal("eu-central-1");
    expect(() => readResources("{}")).to.throw(SyntaxError, /Neither/);
    expect(() => readResources(`{"steps":[]}`)).to.throw(SyntaxError, /--show-sames/);
    // The words of a wrong setting are the remedy; without them nobody knows why there is no bill.
    const diagnostics = [
      {
        severity: "error",
        message: "<{%fg 1%}>error: chatpop:rooms is lots.\nchatpop:domian is not.<{%reset%}>\n",
      },
      { severity: "error", message: "preview failed" },
    ];
    expect(() => readResources(JSON.stringify({ steps: [], diagnostics }))).to.throw(
      FailedPreview,
      /^✗ chatpop:rooms is lots\.\n✗ chatpop:domian is not\.$/,
    );
    const asked = { ...previewed, demand: undefined, habits: usualHabits, region, curve: "constant" };
    expect(() => costOf(asked)).to.throw(UnknownDemand, /rooms=1000 users=20/);
  });

  for (const scale of scales) {
    it(`shows the guide's claim beside the computed figure at ${scale} (G-199)`, async () => {
      const asked = await question(scale);
      const text = costText(asked);
      for (const group of groups) {
        const claim = claimOf(scale, group);
        const heading = text.split("\n").find((line) => line.startsWith(group.toUpperCase()))!;
        expect(heading.includes("guide: $"), group).to.equal(claim !== undefined);
        if (claim !== undefined) expect(heading).to.match(new RegExp(`\\$[\\d,.]+ +guide: \\$${claim}$`));
      }
      expect(text).to.include(`Guide: $${claimOf(scale, "total")!.toLocaleString("en")} at ${scale}`);
    });
  }

  it("is printed for people, for comments, for spreadsheets, and as a difference", async () => {
    const [medium, large] = [await question("medium"), await question("large")];
    expect(costText(medium)).to.match(/\$\d+\.\d\d a month: \$\d+ fixed \+ \$\d+ with use/);
    expect(costText(medium)).to.match(/DATABASE +\$85\.96 +guide: \$85/);
    expect(costText(medium)).to.include("Guide: $220 at medium");
    expect(costMarkdown(medium)).to.match(
      /\| cache \| chatpop-redis, 1 × cache\.t3\.small \(redis\) \| 730 node-hour \| \$0\.034 \| \$24\.82 \|/,
    );
    expect(costCsv(medium).split("\n")[0]).to.equal(
      "group,what,type,kind,quantity,unit,unitPrice,usd,price,assumption",
    );
    const [from, to] = [costOf(medium).expected.total, costOf(large).expected.total];
    const difference = `$${Math.round(to - from).toLocaleString("en")}`;
    const share = (before: number, after: number) => Math.round((100 * (after - before)) / before);
    const first = (text: string) => text.split("\n")[0];
    const up = `Monthly cost will increase by ${difference} (+${share(from, to)} %)`;
    const down = `Monthly cost will decrease by ${difference} (${share(to, from)} %)`;
    expect(first(differenceText(medium, large))).to.equal(up);
    expect(first(differenceText(large, medium))).to.equal(down);
    expect(() => costOf({ ...medium, curve: "moon" })).to.throw(RangeError, /constant, growth, surge/);
  });
});
