import { expect } from "chai";
import fc from "fast-check";
import { connectionsAt, cpuShare, demandOf, taskCapacity, type TaskKind } from "../../../stacks/capacity";
import measured from "../../../stacks/measured.json";
import { scales } from "../../../stacks/guide";
import { makePlan } from "../../../stacks/plan";

const sizes = fc.constantFrom([256, 512], [512, 1_024], [512, 4_096], [1_024, 2_048], [4_096, 8_192]);
const loads = fc.record({
  rooms: fc.integer({ min: 1, max: 20_000 }),
  usersPerRoom: fc.integer({ min: 1, max: 500 }),
});

describe("scaling on connections", () => {
  it("is planned from the guide's second scale on, and wherever one task cannot carry everybody (G-21, G-192)", () => {
    fc.assert(
      fc.property(fc.constantFrom(...scales), loads, (scale, load) => {
        const { autoscaling, capacity, demand } = makePlan({ scale, ...load });
        const wanted = load.rooms >= 1_000 || demand.connections > connectionsAt(70, demand, capacity);
        expect(autoscaling.connections !== undefined).to.equal(wanted);
      }),
    );
  });

  it("adds tasks before those that run are overloaded by sockets or by messages (GAP-11, GAP-33)", () => {
    fc.assert(
      fc.property(loads, sizes, (load, [taskCpu, taskMemory]) => {
        const { autoscaling, capacity, demand } = makePlan({ scale: "large", ...load, taskCpu, taskMemory });
        if (!autoscaling.connections) return;
        const { target } = autoscaling.connections;
        expect(target === 1 || target <= 0.7 * capacity.sockets).to.be.true;
        const messages = (target * demand.messagesPerSecond) / demand.connections;
        expect(target === 1 || cpuShare(capacity, target, messages) <= 0.7 + 1e-9).to.be.true;
      }),
    );
  });

  it("leaves a stack of measured size room above its planned load", () => {
    fc.assert(
      fc.property(loads, (load) => {
        const { autoscaling, demand } = makePlan({ scale: "large", sizing: "measured", ...load });
        if (!autoscaling.connections || autoscaling.maximum === 5_000) return;
        const held = Math.ceil(demand.connections / autoscaling.connections.target);
        expect(held).to.be.below(autoscaling.maximum);
      }),
    );
  });

  it("is slower inwards than on CPU, and waits outwards until new tasks count (GAP-33)", () => {
    const { cpu, connections } = makePlan({ scale: "medium" }).autoscaling;
    expect(connections?.scaleInCooldown).to.be.within(600, 900).and.above(cpu.scaleInCooldown);
    expect(connections?.scaleOutCooldown).to.be.above(cpu.scaleOutCooldown);
  });

  it("waits as long on CPU where the guide's maximum does not cut steps off, and as the guide says elsewhere (G-75, GAP-53)", () => {
    for (const scale of scales) {
      expect(makePlan({ scale }).autoscaling.cpu.scaleOutCooldown).to.equal(60);
      expect(makePlan({ scale, sizing: "measured" }).autoscaling.cpu.scaleOutCooldown).to.equal(180);
    }
  });

  it("takes the operator's target at every scale", () => {
    const { autoscaling } = makePlan({ scale: "small", connectionsPerTask: 600 });
    expect(autoscaling.connections?.target).to.equal(600);
  });
});

describe("what a task can do", () => {
  const kind: TaskKind = { cpu: 512, memory: 1_024, server: "daphne", outbox: false, usersPerRoom: 50 };
  const task = (change: Partial<TaskKind>) => taskCapacity({ ...kind, ...change });

  for (const run of measured.runs) {
    const { server, outbox, sockets, messagesPerSecond, usersPerRoom, lost } = run;
    const load = `${sockets} sockets and ${messagesPerSecond} messages a second × ${usersPerRoom}`;
    it(`is what ${server} needed for ${load}${outbox ? " with the outbox" : ""} (docs/capacity.md)`, () => {
      const one = taskCapacity({ ...kind, server: server as TaskKind["server"], outbox, usersPerRoom });
      const needed = (cpuShare(one, sockets, messagesPerSecond) * 500) / messagesPerSecond;
      // Lost messages are not sent either, so that an overloaded task took less than the load asked for.
      if (lost > 0) expect(needed * messagesPerSecond).to.be.above(500);
      else expect(needed).to.be.within(0.85 * run.cpuPerMessage, 1.15 * run.cpuPerMessage);
      expect(one.edge).to.be.above(sockets);
      const memory = measured.memory.process + sockets * measured.memory.socket;
      expect(memory).to.be.within(0.85 * run.memory, 1.15 * run.memory);
    });
  }

  it("does not grow beyond one vCPU, in sockets with memory and in messages with CPU", () => {
    expect(task({ cpu: 4_096, memory: 8_192 }).messagesPerSecond).to.equal(
      task({ cpu: 1_024 }).messagesPerSecond,
    );
    expect(task({ cpu: 1_024 }).messagesPerSecond).to.be.closeTo(2 * task({}).messagesPerSecond, 1e-9);
    expect(task({ cpu: 1_024 }).socketShare).to.be.closeTo(task({}).socketShare / 2, 1e-12);
    expect(task({ memory: 2_048 }).sockets).to.be.above(2 * task({}).sockets);
  });

  it("is more with uvicorn than with Daphne, no more with the outbox, and less in fuller rooms", () => {
    expect(task({ server: "uvicorn" }).messagesPerSecond).to.be.above(task({}).messagesPerSecond);
    expect(task({ outbox: true }).messagesPerSecond).to.be.at.most(task({}).messagesPerSecond);
    expect(task({ usersPerRoom: 51 }).messagesPerSecond).to.be.below(task({}).messagesPerSecond);
  });

  it("is reached by memory in silent rooms and by CPU in busy ones", () => {
    const silent = demandOf(5_000, 50, 1);
    expect(connectionsAt(100, silent, task({ cpu: 1_024 }))).to.equal(task({}).sockets);
    expect(connectionsAt(100, demandOf(1_000, 20), task({ usersPerRoom: 20 }))).to.be.below(task({}).sockets);
  });
});

describe("scheduled limits (G-176)", () => {
  const planned = (scheduledScaling: object) =>
    makePlan({ scale: "large", scheduledScaling: scheduledScaling as never });

  it("are in UTC and keep the maximum unless they say otherwise", () => {
    const night = { schedule: "cron(0 23 * * ? *)", minTasks: 2 };
    const morning = { schedule: "cron(0 7 * * ? *)", timezone: "Europe/Berlin", minTasks: 10, maxTasks: 30 };
    expect(planned({ night, morning }).autoscaling.schedule).to.deep.equal([
      { name: "night", schedule: night.schedule, timezone: "UTC", minimum: 2, maximum: 40 },
      { name: "morning", schedule: morning.schedule, timezone: "Europe/Berlin", minimum: 10, maximum: 30 },
    ]);
  });

  it("leave a deployment at night room for one more task", () => {
    const night = (minTasks: number) =>
      planned({
        night: { schedule: "cron(0 23 * * ? *)", minTasks },
        morning: { schedule: "cron(0 7 * * ? *)", minTasks: 10 },
      }).service.maximumPercent;
    expect(night(2)).to.equal(150);
    expect(night(1)).to.equal(200);
  });
});
