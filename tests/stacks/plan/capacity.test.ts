import { expect } from "chai";
import fc from "fast-check";
import {
  channelLayerLoad,
  demandOf,
  guideScaleOf,
  guideTasks,
  interpolate,
  measured,
  measuredTasks,
} from "../../../stacks/capacity";
import { guide, scales } from "../../../stacks/guide";

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
    expect(counts).to.deep.equal([
      { minimum: 1, desired: 1, maximum: 2 },
      { minimum: 2, desired: 4, maximum: 6 },
      { minimum: 10, desired: 25, maximum: 40 },
    ]);
  });

  it("never fall below the row that the rooms have reached (G-163, G-170)", () => {
    expect(guideTasks(demandOf(1_000, 1))).to.deep.equal({ minimum: 2, desired: 4, maximum: 6 });
    expect(guideTasks(demandOf(5_000, 1))).to.deep.equal({ minimum: 10, desired: 25, maximum: 40 });
  });

  it("follow connections where there are few rooms with many users", () => {
    expect(guideTasks(demandOf(25, 10_000))).to.deep.equal({ minimum: 10, desired: 25, maximum: 40 });
  });
});

describe("task counts from measured capacity", () => {
  it("are the documented ones at the guide's three points (GAP-11)", () => {
    const counts = scales.map((scale) =>
      measuredTasks(demandOf(guide[scale].rooms, guide[scale].usersPerRoom)),
    );
    expect(counts).to.deep.equal([
      { minimum: 2, desired: 2, maximum: 4 },
      { minimum: 8, desired: 10, maximum: 20 },
      { minimum: 50, desired: 63, maximum: 126 },
    ]);
  });

  it("carry every load, in sockets and in messages", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (rooms, users) => {
          const demand = demandOf(rooms, users);
          const { minimum, desired } = measuredTasks(demand);
          expect(minimum * measured.full.sockets).to.be.at.least(demand.connections);
          expect(minimum * measured.full.messagesPerSecond).to.be.at.least(demand.messagesPerSecond);
          expect(desired * measured.comfortable.sockets).to.be.at.least(demand.connections);
        },
      ),
    );
  });
});

describe("the channel layer's load", () => {
  const large = demandOf(5_000, 50);

  // docs/guide-gaps.md GAP-39: 114 % with 25 tasks, 158 % with 50; the guide's point is 1,000 messages a second.
  it("is beyond Redis's one thread at the large scale (GAP-39)", () => {
    expect(channelLayerLoad(large, 1)).to.be.closeTo(0.224, 0.001);
    expect(channelLayerLoad(large, 25)).to.be.closeTo(1.14, 0.02);
    expect(channelLayerLoad(large, 50)).to.be.closeTo(1.58, 0.02);
  });

  it("grows with every task", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (tasks) => {
        expect(channelLayerLoad(large, tasks + 1)).to.be.above(channelLayerLoad(large, tasks));
      }),
    );
  });
});
