import { expect } from "chai";
import fc from "fast-check";
import {
  channelLayerLoad,
  demandOf,
  guideScaleOf,
  guideTasks,
  interpolate,
  measuredTasks,
  mostShards,
  serverFor,
  shardsFor,
  taskCapacity,
  tasksFor,
} from "../../../stacks/capacity";
import { guide, scales } from "../../../stacks/guide";
import measured from "../../../stacks/measured.json";
import { makePlan } from "../../../stacks/plan";

/** Points of a function that never falls and lies above zero. */
const risingPoints = fc
  .array(fc.record({ dx: fc.integer({ min: 1, max: 1000 }), dy: fc.nat(1000) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((steps) => {
    let [x, y] = [0, 1];
    return steps.map(({ dx, dy }) => ({ x: (x += dx), y: (y += dy) }));
  });

describe("interpolate", () => {
  it("goes through every point", () => {
    fc.assert(
      fc.property(risingPoints, (points) => {
        for (const { x, y } of points) expect(interpolate(points, x)).to.be.closeTo(y, 1e-9 * y);
      }),
    );
  });

  it("never falls when the points never fall", () => {
    fc.assert(
      fc.property(risingPoints, fc.nat(10_000), fc.nat(1_000), (points, x, more) => {
        const [low, high] = [interpolate(points, x), interpolate(points, x + more)];
        expect(high).to.be.at.least(low - 1e-9 * low);
      }),
    );
  });

  it("stays between its neighbours, is constant before the first point and proportional after the last", () => {
    const points = [
      { x: 10, y: 2 },
      { x: 20, y: 4 },
    ];
    expect(interpolate(points, 15)).to.equal(3);
    expect(interpolate(points, 1)).to.equal(2);
    expect(interpolate(points, 40)).to.equal(8);
  });
});

describe("demand", () => {
  for (const [scale, connections, messages] of [
    ["small", 1_000, 20],
    ["medium", 20_000, 200],
    ["large", 250_000, 1_000],
  ] as const) {
    it(`of the ${scale} scale is the guide's (G-10, G-19)`, () => {
      const { rooms, usersPerRoom } = guide[scale];
      expect(demandOf(rooms, usersPerRoom)).to.deep.equal({
        rooms,
        usersPerRoom,
        connections,
        messagesPerSecond: messages,
      });
    });
  }
});

describe("messages a second", () => {
  it("are the operator's where they are given, and change what the load takes", () => {
    const plan = makePlan({ scale: "medium", messagesPerSecond: 600, sizing: "measured" });
    expect(plan.demand.messagesPerSecond).to.equal(600);
    expect(plan.service.desiredTasks).to.be.above(
      makePlan({ scale: "medium", sizing: "measured" }).service.desiredTasks,
    );
  });
});

describe("the scale that rooms have reached", () => {
  for (const [rooms, scale] of [
    [1, "small"],
    [100, "small"],
    [999, "small"],
    [1_000, "medium"],
    [4_999, "medium"],
    [5_000, "large"],
    [100_000, "large"],
  ] as const) {
    it(`is ${scale} at ${rooms} rooms (G-6, G-7)`, () => expect(guideScaleOf(rooms)).to.equal(scale));
  }
});

describe("the guide's task counts", () => {
  it("are the guide's own at its three points (G-11, G-20)", () => {
    const counts = scales.map((scale) => guideTasks(demandOf(guide[scale].rooms, guide[scale].usersPerRoom)));
    expect(counts).to.deep.equal(scales.map((scale) => guide[scale].tasks));
  });

  it("never fall below the row that the rooms have reached (G-163, G-170)", () => {
    for (const { rooms, tasks } of Object.values(guide))
      expect(guideTasks(demandOf(rooms, 1))).to.deep.equal(tasks);
  });

  it("follow connections where there are few rooms with many users", () => {
    expect(guideTasks(demandOf(25, 10_000))).to.deep.equal(guide.large.tasks);
  });
});

describe("the guide's task counts, by measured capacity", () => {
  for (const scale of scales) {
    it(`carry ${scale} at autoscaling's CPU target with the most tasks, and say nothing of capacity (GAP-11)`, () => {
      const { advisories, autoscaling, capacity, demand } = makePlan({ scale });
      expect(tasksFor(demand, capacity, autoscaling.cpu.target)).to.be.at.most(autoscaling.maximum);
      expect(advisories.filter((each) => /full load/i.test(each))).to.deep.equal([]);
    });
  }

  it("are Daphne's at small and medium, and uvicorn's at large", () => {
    const servers = scales.map((scale) => {
      const { demand, autoscaling, outbox, task } = makePlan({ scale });
      return serverFor(demand, { ...task, outbox }, autoscaling.maximum);
    });
    expect(servers).to.deep.equal(["daphne", "daphne", "uvicorn"]);
  });
});

describe("task counts from measured capacity", () => {
  const kinds = fc.record({
    cpu: fc.constantFrom(256, 512, 1_024),
    memory: fc.constantFrom(1_024, 2_048),
    server: fc.constantFrom("daphne" as const, "uvicorn" as const),
    outbox: fc.boolean(),
  });
  const loads = fc.record({
    rooms: fc.integer({ min: 1, max: 100_000 }),
    usersPerRoom: fc.integer({ min: 1, max: 500 }),
    messages: fc.integer({ min: 1, max: 10_000 }),
  });

  it("carry every load with tasks of any size, at the CPU target when they are as many as desired", () => {
    fc.assert(
      fc.property(loads, kinds, ({ rooms, usersPerRoom, messages }, kind) => {
        const demand = demandOf(rooms, usersPerRoom, messages);
        const task = taskCapacity({ ...kind, usersPerRoom });
        const { minimum, desired, maximum } = measuredTasks(demand, task);
        expect(minimum).to.be.at.least(tasksFor(demand, task)).and.at.least(2);
        expect(desired).to.be.at.least(tasksFor(demand, task, 70));
        expect(maximum).to.equal(2 * desired);
      }),
    );
  });

  it("never fall with the load, and are fewer with bigger tasks (a vCPU counts as two halves)", () => {
    fc.assert(
      fc.property(loads, kinds, fc.nat(5_000), ({ rooms, usersPerRoom, messages }, kind, more) => {
        const demand = demandOf(rooms, usersPerRoom, messages);
        const task = taskCapacity({ ...kind, usersPerRoom });
        const louder = { ...demand, messagesPerSecond: messages + more };
        expect(measuredTasks(louder, task).desired).to.be.at.least(measuredTasks(demand, task).desired);
        const [half, whole] = [512, 1_024].map((cpu) =>
          taskCapacity({ ...kind, cpu, memory: 2_048, usersPerRoom }),
        );
        expect(measuredTasks(demand, whole!).desired).to.be.at.most(measuredTasks(demand, half!).desired);
      }),
    );
  });
});

describe("the channel layer's load", () => {
  const large = demandOf(5_000, 50);

  for (const { layer, tasks, usersPerRoom, cpuPerMessage } of measured.redisRuns) {
    it(`is Redis's own with the ${layer} layer and ${tasks} tasks (GAP-39)`, () => {
      const load = channelLayerLoad(demandOf(5_000, usersPerRoom, 1_000), tasks, layer as "pubsub" | "core");
      expect(load).to.be.closeTo(cpuPerMessage, 0.03 * cpuPerMessage);
    });
  }

  it("is at most 30 % at large with the most tasks", () => {
    expect(channelLayerLoad(large, makePlan({ scale: "large" }).autoscaling.maximum)).to.be.at.most(0.3);
  });

  it("takes as few caches as keep each at 60 % or less, and one at the guide's scales (G-14, GAP-39)", () => {
    for (const scale of scales) expect(makePlan({ scale }).cache.shards).to.equal(1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom("pubsub" as const, "core" as const),
        (messages, tasks, layer) => {
          const demand = demandOf(5_000, 50, messages);
          const shards = shardsFor(demand, tasks, layer);
          const load = (caches: number) => channelLayerLoad(demand, tasks, layer, caches);
          if (shards < mostShards) expect(load(shards)).to.be.at.most(0.6);
          if (shards > 1) expect(load(shards - 1)).to.be.above(0.6);
        },
      ),
    );
  });

  it("grows with every task", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (tasks) => {
        expect(channelLayerLoad(large, tasks + 1)).to.be.above(channelLayerLoad(large, tasks));
      }),
    );
  });
});
