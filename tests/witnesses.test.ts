import { expect } from "chai";
import fc from "fast-check";
import * as program from "../aws/schedules";
import * as judge from "../packages/embedded-aws/models/schedules";
import { leastMaxStorage } from "../aws/databaseStorage";
import { fargateCpu, fargateOffers } from "../aws/fargate";
import {
  cacheNodeTypes as allCacheNodeTypes,
  databaseClasses as allDatabaseClasses,
  sizeOf,
} from "../aws/instanceClasses";
import { regions } from "../aws/regions";
import { staticParameters } from "../aws/staticParameters";
import { canonical, types } from "../aws/types";
import { lengthOf, overlap } from "../aws/windows";
import cacheNodeTypes from "../packages/embedded-aws/data/cache-node-types.json";
import postgresParameters from "../packages/embedded-aws/data/postgres-parameters.json";
import databaseClasses from "../packages/embedded-aws/data/db-instance-classes.json";
import { canonical as judgedCanonical } from "../packages/embedded-aws/models/aliases";
import { namespaces } from "../packages/embedded-aws/models/metricTable";
import { checkStorage } from "../packages/embedded-aws/models/rdsStorage";
import { families } from "../packages/embedded-aws/models/rdsParameters";
import { regions as judgedRegions } from "../packages/embedded-aws/models/regions";
import { models } from "../packages/embedded-aws/models/registry";
import { memoryFor } from "../packages/embedded-aws/models/taskDefinition";
import { guideMetrics } from "../stacks/guideMetrics";
import * as judgedWindows from "../packages/embedded-aws/models/windows";

// The program and the embedded AWS state AWS's facts independently: a mistake in one of them shows as a difference here.
describe("two witnesses", () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([hours, minutes]) => `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`);
  const day = fc.constantFrom("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  const daily = fc.tuple(time, time).map(([from, to]) => `${from}-${to}`);
  const weekly = fc
    .tuple(day, time, day, time)
    .map(([first, from, last, to]) => `${first}:${from}-${last}:${to}`);

  it("agree on how long a window is", () =>
    fc.assert(
      fc.property(fc.oneof(daily, weekly), (window) => {
        expect(judgedWindows.lengthOf(window)).to.equal(lengthOf(window));
      }),
    ));

  it("agree on whether windows overlap", () =>
    fc.assert(
      fc.property(daily, weekly, (backup, maintenance) => {
        expect(judgedWindows.overlap(backup, maintenance)).to.equal(overlap(backup, maintenance));
      }),
      { numRuns: 300 },
    ));

  it("agree on schedule expressions; the program's are good for every service", () => {
    const number = fc.integer({ min: 0, max: 70 }).map(String);
    const word = fc.constantFrom(
      "*",
      "?",
      "L",
      "LW",
      "15W",
      "MON",
      "FEB",
      "2#1",
      "MON-FRI",
      "*/5",
      "1,2",
      "XYZ",
      "2030",
    );
    const field = fc.oneof(number, word, word);
    const cron = fc.array(field, { minLength: 5, maxLength: 7 }).map((fields) => `cron(${fields.join(" ")})`);
    const plausible = fc
      .tuple(field, field, field, field, fc.constantFrom("?", "MON", "*", "9"), fc.constantFrom("*", "2030"))
      .map((fields) => `cron(${fields.join(" ")})`);
    const rate = fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom("minute", "minutes", "hours", "day", "weeks"))
      .map(([count, unit]) => `rate(${count} ${unit})`);
    fc.assert(
      fc.property(fc.oneof(cron, plausible, rate), (expression) => {
        const fault = program.scheduleFault(expression);
        expect(judge.scheduleFault(expression, judge.recurring) === undefined, expression).to.equal(
          fault === undefined,
        );
        if (fault === undefined) expect(judge.scheduleFault(expression, judge.scheduler)).to.equal(undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const zone of ["UTC", "Europe/Berlin", "Mars/Olympus", "+02:00", ""]) {
    it(`agree on the time zone ${JSON.stringify(zone)}`, () =>
      expect(judge.isTimezone(zone)).to.equal(program.isTimezone(zone)));
  }

  it("agree on the sizes that Fargate offers", () => {
    for (const cpu of [...fargateCpu, 128, 1536, 32768]) {
      const judged = memoryFor(String(cpu)) ?? [];
      const offered = Array.from({ length: 240 }, (_, index) => 512 * (index + 1)).filter((memory) =>
        fargateOffers(cpu, memory),
      );
      expect(offered, `${cpu} CPU units`).to.deep.equal(judged);
    }
  });

  it("agree on the memory of database classes whose name tells it", () => {
    const listed = Object.entries(databaseClasses).filter(([family]) => family.startsWith("db."));
    // 30.5 GiB where the name would say 32.
    const others = /^db\.r4$/;
    for (const [family, sizes] of listed.filter(([name]) => !others.test(name))) {
      for (const [size, memory] of Object.entries(sizes as object)) {
        expect(sizeOf(`${family}.${size}`)?.memory, `${family}.${size}`).to.equal(memory);
      }
    }
  });

  /** Every name that either of the two could mean: all families by all sizes. */
  const named = (service: string, listed: readonly string[], known: readonly string[]) => {
    const parts = listed.map((name) => name.split("."));
    const families = new Set([
      ...parts.map(([, family]) => family),
      "m9g",
      "z1d",
      "c6gd",
      "r4",
      "m4",
      "t2",
      "x1",
    ]);
    const sizes = new Set([...parts.map(([, , size]) => size), "nano", "10xlarge", "48xlarge"]);
    return [...families]
      .flatMap((family) => [...sizes].map((size) => `${service}.${family}.${size}`))
      .filter((name) => known.includes(name))
      .sort();
  };

  it("agree on which database classes there are for PostgreSQL 15 and later", () => {
    // AWS keeps these for older versions (DB instance class support, PostgreSQL).
    const withdrawn = /^db\.(m4|r4|t2)\./;
    const judged = Object.entries(databaseClasses)
      .filter(([family]) => family.startsWith("db."))
      .flatMap(([family, sizes]) => Object.keys(sizes as object).map((size) => `${family}.${size}`))
      .filter((name) => !withdrawn.test(name));
    expect(named("db", judged, allDatabaseClasses)).to.deep.equal([...judged].sort());
  });

  it("agree on which cache nodes there are", () => {
    const judged = Object.entries(cacheNodeTypes)
      .filter(([family]) => family.startsWith("cache."))
      .flatMap(([family, sizes]) => (sizes as string[]).map((size) => `${family}.${size}`));
    expect(named("cache", judged, allCacheNodeTypes)).to.deep.equal([...judged].sort());
    for (const name of judged) expect(sizeOf(name), name).not.to.equal(undefined);
  });

  it("agree on which regions there are", () => {
    expect(Object.keys(judgedRegions).sort()).to.deep.equal([...regions].sort());
  });

  it("agree on which parameters of PostgreSQL wait for a restart", () => {
    const judged = Object.entries(postgresParameters as Record<string, { apply?: string } | string>)
      .filter(([, row]) => typeof row === "object" && row.apply === "static")
      .map(([name]) => name);
    expect([...staticParameters].sort()).to.deep.equal(judged.sort());
  });

  it("agree on PostgreSQL's versions", () => {
    for (const major of ["15", "16", "17"]) expect(families).to.include(`postgres${major}`);
  });

  it("agree on how far storage may grow by itself", () =>
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 60_000 }), (storage) => {
        const refused = (maxAllocatedStorage: number) => {
          const faults: string[] = [];
          checkStorage({ storageType: "gp3", maxAllocatedStorage }, storage, (path) => faults.push(path));
          return faults.includes("maxAllocatedStorage");
        };
        expect(refused(leastMaxStorage(storage))).to.equal(false);
        expect(refused(leastMaxStorage(storage) - 1)).to.equal(true);
      }),
    ));

  it("agree on the metrics that the guide asks for", () => {
    for (const { namespace, metric } of Object.values(guideMetrics)) {
      const written = namespaces[namespace]?.families.flatMap((family) => Object.keys(family.metrics)) ?? [];
      expect(written, namespace).to.include(metric);
    }
  });

  it("agree on the names of types, also on those that are the same", () => {
    for (const type of Object.values(types)) {
      const model = models.get(type);
      if (model) expect(model.type).to.equal(type);
    }
    for (const alias of [
      "aws:alb/listener:Listener",
      "aws:applicationloadbalancing/loadBalancer:LoadBalancer",
      "aws:elasticloadbalancingv2/targetGroup:TargetGroup",
      "aws:s3/bucketV2:BucketV2",
      "aws:s3/bucketAclV2:BucketAclV2",
      "aws:s3/bucketObjectv2:BucketObjectv2",
      ...Object.values(types),
    ]) {
      expect(judgedCanonical(alias), alias).to.equal(canonical(alias));
    }
  });
});
