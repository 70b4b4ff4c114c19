import { expect } from "chai";
import { cacheNodeByConnections, databaseClassByTasks } from "../../../stacks/guide";
import { sizeOf } from "../../../aws/instanceClasses";

describe("sizes of instance classes", () => {
  for (const [name, vcpu, memory] of [
    ["db.t3.small", 2, 2],
    ["db.t3.medium", 2, 4],
    ["db.t4g.micro", 2, 1],
    ["db.t3.2xlarge", 8, 32],
    ["db.m5.large", 2, 8],
    ["db.m6gd.xlarge", 4, 16],
    ["db.m5.2xlarge", 8, 32],
    ["db.r6g.16xlarge", 64, 512],
    ["db.m7g.medium", 1, 4],
    ["db.c6gd.large", 2, 4],
    ["cache.r7g.large", 2, 16],
  ] as const) {
    it(`${name} has ${vcpu} vCPU and ${memory} GiB`, () => {
      expect(sizeOf(name)).to.deep.equal({ vcpu, memory });
    });
  }

  for (const name of [
    "db.serverless",
    "db.z1d.large",
    "db.m5.huge",
    "db.t3.24xlarge",
    "t3.small",
    "db.m5",
    "",
  ]) {
    it(`${JSON.stringify(name)} says nothing of its size`, () => expect(sizeOf(name)).to.be.undefined);
  }
});

describe("the guide's ladders", () => {
  for (const [what, ladder] of [
    ["database classes", databaseClassByTasks],
    ["cache nodes", cacheNodeByConnections],
  ] as const) {
    it(`of ${what} climb: every row reaches further and has more memory (G-138 … G-146)`, () => {
      ladder.slice(1).forEach((row, index) => {
        const previous = ladder[index]!;
        expect(row.upTo).to.be.above(previous.upTo);
        expect(sizeOf(row.class)!.memory).to.be.above(sizeOf(previous.class)!.memory);
        expect(sizeOf(row.class)!.vcpu).to.be.at.least(sizeOf(previous.class)!.vcpu);
      });
      expect(ladder.at(-1)!.upTo).to.equal(Infinity);
    });
  }

  it("of database classes are the guide's (G-138 … G-141)", () => {
    expect(databaseClassByTasks.slice(0, 4)).to.deep.equal([
      { upTo: 9, class: "db.t3.small" },
      { upTo: 50, class: "db.t3.medium" },
      { upTo: 200, class: "db.m5.large" },
      { upTo: 500, class: "db.m5.xlarge" },
    ]);
  });

  it("of cache nodes are the guide's, with its third scale at its word (G-14, G-143 … G-146)", () => {
    expect(cacheNodeByConnections).to.deep.equal([
      { upTo: 5_000, class: "cache.t3.micro" },
      { upTo: 20_000, class: "cache.t3.small" },
      { upTo: 250_000, class: "cache.m5.large" },
      { upTo: Infinity, class: "cache.m5.4xlarge" },
    ]);
  });
});
