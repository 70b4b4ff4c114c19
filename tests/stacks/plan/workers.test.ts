import { expect } from "chai";
import fc from "fast-check";
import { fargateOffers } from "../../../aws/fargate";
import { scales } from "../../../stacks/guide";
import { makePlan } from "../../../stacks/plan";
import { isTimezone, scheduleFault } from "../../../aws/schedules";
import type { Settings } from "../../../stacks/settings";
import { relayCarries, relayName } from "../../../stacks/plan/workers";

const loads = fc.record({
  scale: fc.constantFrom(...scales),
  rooms: fc.integer({ min: 1, max: 100_000 }),
  usersPerRoom: fc.integer({ min: 1, max: 100 }),
});
const relayOf = (settings: Settings) => makePlan(settings).workers.find(({ name }) => name === relayName);

describe("the outbox relay", () => {
  it("is there exactly when chats write into the outbox, by default from 5,000 rooms (G-23, G-171, GAP-7)", () => {
    fc.assert(
      fc.property(loads, fc.constantFrom({}, { outbox: true }, { outbox: false }), (load, choice) => {
        const plan = makePlan({ ...load, ...choice });
        expect(plan.outbox).to.equal({ outbox: load.rooms >= 5_000, ...choice }.outbox);
        expect(plan.task.environment["OUTBOX_ENABLED"]).to.equal(plan.outbox ? "True" : undefined);
        expect(plan.workers.map(({ name }) => name)).to.deep.equal(plan.outbox ? [relayName] : []);
      }),
    );
  });

  it("carries every message a second, and would not with one task less", () => {
    fc.assert(
      fc.property(loads, (load) => {
        const { messagesPerSecond } = makePlan(load).demand;
        const { tasks, ...size } = relayOf({ ...load, outbox: true })!;
        expect(tasks * relayCarries(size)).to.be.at.least(messagesPerSecond);
        expect((tasks - 1) * relayCarries(size)).to.be.below(messagesPerSecond);
      }),
    );
  });

  it("never gets weaker when the chat grows", () => {
    const strength = (load: Settings) => {
      const { tasks, ...size } = relayOf({ ...load, outbox: true })!;
      return tasks * relayCarries(size);
    };
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 1_000 }), (load, more) => {
        fc.pre(load.rooms * (load.usersPerRoom + more) <= 20_000_000);
        expect(strength({ ...load, usersPerRoom: load.usersPerRoom + more })).to.be.at.least(strength(load));
      }),
    );
  });

  it("keeps one task On-Demand and the rest on Spot (G-175)", () => {
    fc.assert(
      fc.property(loads, (load) => {
        expect(relayOf({ ...load, outbox: true })!.onDemandTasks).to.equal(1);
      }),
    );
    expect(relayOf({ scale: "large" })!.tasks).to.be.above(1);
  });

  it("is changed under its name, one value at a time", () => {
    const planned = relayOf({ scale: "large" })!;
    const workers = { [relayName]: { tasks: 9, command: "python manage.py relay_outbox --batch-size=50" } };
    expect(relayOf({ scale: "large", workers })).to.deep.equal({
      ...planned,
      tasks: 9,
      command: ["python", "manage.py", "relay_outbox", "--batch-size=50"],
    });
  });
});

describe("a worker", () => {
  it("is one small task on Spot unless the operator says more (G-175)", () => {
    const { workers } = makePlan({ scale: "small", workers: { mailer: { command: "./mail now" } } });
    expect(workers).to.have.length(1);
    expect(workers[0]).to.include({ name: "mailer", tasks: 1, onDemandTasks: 0, cpu: 512, memory: 1024 });
    expect(workers[0]!.command).to.deep.equal(["./mail", "now"]);
  });

  it("always has a size that Fargate offers, and two minutes to stop, which is Spot's notice", () => {
    fc.assert(
      fc.property(loads, (load) => {
        const { workers } = makePlan({ ...load, outbox: true, workers: { mailer: { command: "./mail" } } });
        for (const { cpu, memory, stopTimeout } of workers) {
          expect(fargateOffers(cpu, memory)).to.be.true;
          expect(stopTimeout).to.equal(120);
        }
      }),
    );
  });

  it("has its place whatever the order in which workers are written", () => {
    const [a, b] = [{ command: "./a" }, { command: "./b" }];
    const [first, second] = [
      { a, b },
      { b, a },
    ].map((workers) => makePlan({ scale: "large", workers }).workers);
    expect(first).to.deep.equal(second);
    expect(first!.map(({ name }) => name)).to.deep.equal(["a", "b", relayName]);
  });
});

describe("scheduled commands", () => {
  it("clean up expired photos every night, at every scale", () => {
    for (const scale of scales) {
      const [cleanUp, ...others] = makePlan({ scale }).scheduledCommands.commands;
      expect(others).to.be.empty;
      expect(cleanUp!.command).to.deep.equal(["python", "manage.py", "cleanup_expired_photos"]);
      expect(cleanUp!.schedule).to.match(/^cron\(\d+ \d \* \* \? \*\)$/);
    }
  });

  it("run on Spot wherever tasks have no public addresses, which AWS gives On-Demand tasks only (G-175)", () => {
    for (const scale of scales) {
      const { network, scheduledCommands } = makePlan({ scale });
      expect(scheduledCommands.spot).to.equal(!network.tasksArePublic);
    }
  });

  it("run by UTC unless the operator says otherwise", () => {
    const tidy = { command: "./tidy", schedule: "rate(1 hour)" };
    const { commands } = makePlan({
      scale: "small",
      scheduledCommands: { tidy, "tidy-berlin": { ...tidy, timezone: "Europe/Berlin" } },
    }).scheduledCommands;
    expect(commands.map(({ timezone }) => timezone)).to.deep.equal(["UTC", "Europe/Berlin"]);
    for (const { schedule, timezone } of commands) {
      expect(scheduleFault(schedule)).to.be.undefined;
      expect(isTimezone(timezone)).to.be.true;
    }
  });
});
