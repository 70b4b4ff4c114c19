import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answer, planFor, type Question, roomsUntil } from "../../forecast/capacity/planner";
import { bindingOf, holds, partsOf } from "../../forecast/capacity/parts";
import { comparisonText, planText, sizesText } from "../../forecast/capacity/text";
import { types } from "../../aws/types";
import { guide, scales } from "../../stacks/guide";
import { makePlan } from "../../stacks/plan";
import { summary } from "../../stacks/plan/summary";
import { parseSettings } from "../../stacks/settings";
import { record } from "../recording/recording";
import { exhaustive } from "../exhaustive";

const root = join(__dirname, "..", "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const usedOf = (question: Question, key: string) =>
  answer(question).parts.find((part) => part.key === key)!.used!;
const sizes = fc.record({
  rooms: fc.integer({ min: 1, max: 8_000 }),
  users: fc.integer({ min: 2, max: 100 }),
});

describe("the planner", () => {
  for (const scale of scales) {
    const { rooms, usersPerRoom: users } = guide[scale];
    it(`says that ${scale} holds with the guide's sizes (G-187)`, () => {
      const found = answer({ rooms, users });
      expect(found.holds, JSON.stringify(found.parts)).to.equal(true);
      expect(found.tasks).to.deep.include({ ...guide[scale].tasks, guide: guide[scale].tasks });
    });
  }

  it("counts the outbox's table where there is an outbox, at the size of an event that was measured", () => {
    const { parts, plan } = answer({ rooms: 5_000, users: 50 });
    const [, bytes] = /a waiting event with all indexes \| (\d+) bytes/.exec(text("docs/image.md"))!;
    const table = parts.find(({ key }) => key === "outbox-table")!;
    expect(table.need * 1e9).to.be.closeTo(plan.demand.messagesPerSecond * 3_600 * Number(bytes), 1);
    expect(table.source).to.contain(`${bytes} bytes`);
    expect(answer({ rooms: 100, users: 10 }).parts.map(({ key }) => key)).to.not.include("outbox-table");
  });

  it("always has every part, with need, unit, certainty and source", () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { parts } = answer(size);
        const keys = parts.map(({ key }) => key);
        for (const key of [
          "task-cpu",
          "task-memory",
          "redis-thread",
          "cache-memory",
          "database-connections",
          "database-cpu",
          "database-storage",
          "load-balancer",
          "nat",
          "fargate-quota",
          "addresses",
        ]) {
          expect(keys).to.include(key);
        }
        for (const { need, source, unit, used, have } of parts) {
          expect(need).to.be.at.least(0);
          expect(source).to.not.equal("");
          expect(unit).to.not.equal("");
          expect(used === undefined).to.equal(have === undefined);
        }
      }),
      { numRuns: 20 },
    );
  });

  // Each size is a run of the program.
  const tried = exhaustive ? 200 : 10;
  it(`plans what the program registers, at ${tried} random sizes`, async function () {
    this.timeout(20_000 * tried);
    const drawn = fc.sample(fc.tuple(sizes, fc.boolean(), fc.boolean()), { numRuns: tried, seed: 16 });
    for (const [{ rooms, users }, measured, one] of drawn) {
      const settings = {
        ...(measured && { sizing: "measured" }),
        ...(one && { taskCpu: "1024", taskMemory: "2048" }),
      };
      const plan = planFor({ rooms, users, settings });
      const config = { ...settings, rooms: String(rooms), usersPerRoom: String(users) };
      const { run } = await record(plan.scale, "preview", config);
      const size = JSON.stringify(config);
      expect(run.outputs["plan"], size).to.deep.equal(summary(plan));
      const inputsOf = (
        type: string,
        has: (inputs: Readonly<Record<string, unknown>>) => boolean = () => true,
      ) =>
        run.registrations
          .filter((each) => each.type === type && has(each.inputs))
          .map(({ inputs }) => inputs);
      const found = answer({ rooms, users, settings });
      const [target] = inputsOf(types.scalingTarget);
      expect([target?.["minCapacity"], target?.["maxCapacity"]], size).to.deep.equal([
        found.tasks.minimum,
        found.tasks.maximum,
      ]);
      const [service] = inputsOf(types.service, ({ loadBalancers }) => loadBalancers !== undefined);
      expect(service?.["desiredCount"], size).to.equal(found.tasks.desired);
      const [primary] = inputsOf(types.database, ({ replicateSourceDb }) => replicateSourceDb === undefined);
      expect(primary?.["instanceClass"], size).to.equal(found.plan.database.instanceClass);
      expect(inputsOf(types.database).length - 1, size).to.equal(found.plan.database.readReplicas);
      expect(inputsOf(types.proxy).length > 0, size).to.equal(found.plan.database.proxy);
      expect(inputsOf(types.cache)[0]?.["nodeType"], size).to.equal(found.plan.cache.nodeType);
      expect(inputsOf(types.natGateway).length, size).to.equal(found.plan.natGateways);
    }
  });

  it("needs no less for more rooms, more users or more messages, with the same deployment", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 500 }), (size, more) => {
        const plan = planFor(size);
        const parts = partsOf(plan);
        const { demand } = plan;
        for (const grown of [
          { ...demand, rooms: demand.rooms + more, connections: (demand.rooms + more) * demand.usersPerRoom },
          { ...demand, messagesPerSecond: demand.messagesPerSecond + more },
        ]) {
          partsOf(plan, grown).forEach((part, index) =>
            expect(part.need).to.be.at.least(parts[index]!.need - 1e-9),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it("says at how many rooms each part is full", () => {
    for (const { key, roomsAtMost } of answer({ rooms: 1_000, users: 20 }).parts) {
      if (roomsAtMost === undefined) continue;
      const plan = planFor({ rooms: 1_000, users: 20 });
      const used = (rooms: number) =>
        partsOf(plan, makePlan({ scale: "medium", rooms, usersPerRoom: 20 }).demand).find(
          (part) => part.key === key,
        )!.used!;
      expect(used(roomsAtMost), key).to.be.at.most(1);
      expect(used(roomsAtMost + 1), key).to.be.above(1);
    }
  });

  it("offers only remedies that give the fullest part more room, as they were tried", () => {
    const questions: readonly Question[] = [
      { rooms: 2_500, users: 40 },
      { rooms: 1_000, users: 20, messages: 600 },
      { rooms: 5_000, users: 50, messages: 3_000 },
      { rooms: 100, users: 10, messages: 400 },
      { rooms: 20_000, users: 10 },
    ];
    for (const question of questions) {
      const found = answer(question);
      expect(found.remedies, JSON.stringify(question)).to.not.be.empty;
      for (const remedy of found.remedies) {
        const tried = { ...question, settings: remedy.settings };
        expect(usedOf(tried, found.binding)).to.be.below(1 - found.headRoom);
        expect(holds(answer(tried).parts)).to.equal(remedy.holds);
        const then = answer(tried);
        const known = then.unpriced.length === 0 && found.unpriced.length === 0;
        expect(remedy.usdMore === undefined).to.equal(!known);
        if (known) expect(then.usdPerMonth - found.usdPerMonth).to.be.closeTo(remedy.usdMore!, 1e-6);
      }
    }
  });

  it("never counts a class without a price as one that costs nothing", () => {
    const question = { rooms: 5_000, users: 50, messages: 3_000 };
    expect(planText(question)).to.match(
      /databaseClass db\.m5\.xlarge: CPU of the database \d+ %, price unknown/,
    );
    const settings = { databaseClass: "db.m5.xlarge" };
    expect(answer({ ...question, settings }).unpriced).to.deep.equal(["rds.postgres.db.m5.xlarge.hour"]);
    expect(planText({ ...question, settings })).to.match(
      /at least \$[\d,]+, without rds\.postgres\.db\.m5\.xlarge/,
    );
  });

  it("counts a task of one vCPU as two of half a one", () => {
    const question = { rooms: 1_000, users: 20 };
    const whole = usedOf({ ...question, settings: { taskCpu: "1024", taskMemory: "2048" } }, "task-cpu");
    expect(whole).to.be.closeTo(usedOf(question, "task-cpu") / 2, 1e-9);
  });

  it("plans a chat that talks three times as much, and reads its history", () => {
    const quiet = usedOf({ rooms: 1_000, users: 20 }, "task-cpu");
    expect(usedOf({ rooms: 1_000, users: 20, messages: 600 }, "task-cpu")).to.be.above(
      1.5 * quiet, // not 3 times: the other server takes over
    );
    const habits = {
      frameBytes: 560,
      talking: 0.25,
      readsPerUserHour: 6,
      readBytes: 27_000,
      mediaBytesPerMessage: 0,
    };
    expect(usedOf({ rooms: 1_000, users: 20, habits }, "task-cpu")).to.be.above(quiet);
  });

  it("finds the most rooms that hold", () => {
    const question = { rooms: 1, users: 20 };
    const most = roomsUntil(question);
    const fits = (rooms: number) => holds(partsOf(planFor({ ...question, rooms })));
    expect(fits(most)).to.equal(true);
    expect(fits(most + 1)).to.equal(false);
  });

  it("names the next row of the guide", () => {
    expect(answer({ rooms: 100, users: 10 }).next).to.deep.include({ rooms: 1_000 });
    expect(answer({ rooms: 2_500, users: 40 }).next?.changes.join()).to.include(
      "read replica becomes required (G-7)",
    );
    expect(answer({ rooms: 5_000, users: 50 }).next).to.equal(undefined);
  });

  it("prints answer, table and comparison", () => {
    const text = planText({ rooms: 2_500, users: 40 });
    expect(text).to.match(
      /^2,500 rooms × 40 users = 100,000 connections, 479 messages\/s \(the guide's line/,
    );
    expect(text).to.match(
      /Does not hold: CPU of the database needs \d+ % of what there is\.\n {2}✓ databaseClass db\.m5\.large: CPU of the database \d+ %, \+\$\d+ a month/,
    );
    expect(sizesText({ rooms: 100, users: 10 }, [100, 1_000]).split("\n")).to.have.length(3);
    expect(comparisonText({ rooms: 1_000, users: 20 }, { taskCpu: "1024", taskMemory: "2048" })).to.match(
      /CPU of the tasks +\d+ % +\d+ %/,
    );
  });

  it("answers on the command line without stack, engine or account, and refuses what it does not understand", () => {
    const forecast = (...args: string[]) =>
      spawnSync("node", ["--require", "./typescript.cjs", "forecast/main.ts", ...args], {
        cwd: root,
        encoding: "utf8",
        env: { PATH: process.env["PATH"] },
      });
    const { stdout } = forecast("plan", "rooms=2500", "users=40", "json=yes");
    expect(JSON.parse(stdout)).to.have.nested.property("demand.connections", 100_000);
    for (const [args, message] of [
      [["plan", "rooms=lots", "users=40"], /rooms is lots\. Allowed: a number/],
      [
        ["plan", "rooms=10", "users=40", "settings=taskCpus=1"],
        /chatpop:taskCpus is not a setting\. Did you mean chatpop:taskCpu/,
      ],
      [["plan", "rooms=10", "users=40", "region=mars-1"], /mars-1, for which there are no prices/],
      [["fly"], /forecast <command>/],
    ] as const) {
      const { status, stderr } = forecast(...args);
      expect(status).to.equal(1);
      expect(stderr).to.match(message).and.not.include("    at ");
    }
    expect(
      execFileSync("make", ["--silent", "--dry-run", "plan", "ROOMS=5", "USERS=2"], {
        cwd: root,
        encoding: "utf8",
      }),
    ).to.include("plan rooms=5 users=2");
  });
});

/** Settings that a sentence's last command names, after it. */
const commandIn = (sentence: string): Readonly<Record<string, string>> => {
  const [, verb, key = "", value = ""] = /pulumi config (set|rm) chatpop:(\w+) ?(\S*)$/.exec(sentence)!;
  return { [key]: verb === "rm" ? "auto" : value };
};

describe("every remedy of an advisory about capacity", () => {
  for (const settings of [
    { scale: "medium", messagesPerSecond: "600" },
    { scale: "medium", maxTasks: "2", minTasks: "1" },
    { scale: "medium", connectionsPerTask: "9000" },
    { scale: "large", messagesPerSecond: "5000", cacheShards: "1" },
    { scale: "large", messagesPerSecond: "200000" },
    { scale: "large", channelLayer: "core", cacheShards: "1" },
    { scale: "medium", databaseProxy: "false" },
    { scale: "large", readReplicas: "0" },
    { scale: "large", outbox: "false" },
  ] as readonly Readonly<Record<string, string>>[]) {
    it(`takes back what ${JSON.stringify(settings)} was told, or betters it`, () => {
      const advised = (all: Readonly<Record<string, string>>) =>
        makePlan(parseSettings(all)).advisories.filter(
          (each) => !/^(No domain|Alarms reach nobody|One zone|Nothing keeps)/.test(each),
        );
      const before = advised(settings);
      expect(before).to.not.be.empty;
      for (const sentence of before) {
        const tried = { ...settings, ...commandIn(sentence) };
        const start = sentence.slice(0, 12);
        const fullest = (all: Readonly<Record<string, string>>) =>
          bindingOf(partsOf(makePlan(parseSettings(all)))).used!;
        const gone = !advised(tried).some((each) => each.startsWith(start));
        expect(gone || fullest(tried) < fullest(settings), sentence).to.equal(true);
      }
    });
  }
});
