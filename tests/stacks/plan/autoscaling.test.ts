import { expect } from "chai";
import fc from "fast-check";
import { connectionsAt, demandOf, measured, taskCapacity } from "../../../stacks/capacity";
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
        const { autoscaling, demand } = makePlan({ scale, ...load });
        const wanted = load.rooms >= 1_000 || demand.connections > measured.comfortable.sockets;
        expect(autoscaling.connections !== undefined).to.equal(wanted);
      }),
    );
  });

  it("adds tasks before those that run are overloaded by sockets or by messages (GAP-11, GAP-33)", () => {
    fc.assert(
      fc.property(loads, sizes, (load, [taskCpu, taskMemory]) => {
        const { autoscaling, demand } = makePlan({ scale: "large", ...load, taskCpu, taskMemory });
        if (!autoscaling.connections) return;
        const { target } = autoscaling.connections;
        const task = taskCapacity(taskCpu!, taskMemory!);
        expect(target).to.be.at.most(0.7 * task.sockets);
        const messages = (target * demand.messagesPerSecond) / demand.connections;
        expect(target === 1 || messages <= 0.7 * task.messagesPerSecond).to.be.true;
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
  it("is what was measured, at the measured size", () => {
    const { sockets, messagesPerSecond } = measured.full;
    expect(taskCapacity(512, 1_024)).to.deep.include({ sockets, messagesPerSecond, edge: measured.edge });
  });

  it("does not grow beyond one vCPU, and with memory only as far as the processor follows", () => {
    expect(taskCapacity(4_096, 8_192).messagesPerSecond).to.equal(
      taskCapacity(1_024, 2_048).messagesPerSecond,
    );
    expect(taskCapacity(512, 4_096).sockets).to.equal(taskCapacity(512, 1_024).sockets);
    expect(taskCapacity(256, 512).sockets).to.equal(taskCapacity(512, 1_024).sockets / 2);
  });

  it("is reached by sockets in quiet rooms and by messages in busy ones", () => {
    const task = taskCapacity(512, 1_024);
    expect(connectionsAt(100, demandOf(5_000, 50), task)).to.equal(5_000);
    expect(connectionsAt(100, demandOf(1_000, 20), task)).to.equal(2_500);
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
