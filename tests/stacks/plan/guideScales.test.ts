import { expect } from "chai";
import { proxyFromRooms, replicaFromRooms, type Scale, scales } from "../../../stacks/guide";
import { makePlan, type Plan } from "../../../stacks/plan";

/** The guide's table of the three scales, row by row: requirement, what it is in the Plan, small, medium, large. */
const table: readonly (readonly [string, (plan: Plan) => unknown, unknown, unknown, unknown])[] = [
  ["G-10 rooms", (plan) => plan.demand.rooms, 100, 1_000, 5_000],
  ["G-10 users a room", (plan) => plan.demand.usersPerRoom, 10, 20, 50],
  ["G-10 connections", (plan) => plan.demand.connections, 1_000, 20_000, 250_000],
  ["G-11 tasks", (plan) => plan.service.desiredTasks, 1, 4, 25],
  ["G-12, G-57 CPU units", (plan) => plan.task.cpu, 512, 512, 512],
  ["G-12, G-57 MiB of memory", (plan) => plan.task.memory, 1024, 1024, 1024],
  [
    "G-14, G-47, G-153, G-162, G-169 cache node",
    (plan) => plan.cache.nodeType,
    "cache.t3.micro",
    "cache.t3.small",
    "cache.m5.large",
  ],
  ["G-14, G-47 cache nodes", (plan) => plan.cache.nodes, 1, 1, 1],
  [
    "G-15, G-43, G-150, G-161, G-168 database class",
    (plan) => plan.database.instanceClass,
    "db.t3.small",
    "db.t3.medium",
    "db.m5.large",
  ],
  ["G-16 database storage", (plan) => plan.database.storage, 50, 100, 200],
  ["G-17, G-186 RDS Proxy", (plan) => plan.databaseProxy !== undefined, false, true, true],
  ["G-18, G-186 read replicas", (plan) => plan.database.readReplicas, 0, 0, 1],
  ["G-23, G-171 outbox", (plan) => plan.outbox, false, false, true],
  ["G-19 messages a second", (plan) => plan.demand.messagesPerSecond, 20, 200, 1_000],
  ["G-20, G-74 fewest tasks", (plan) => plan.autoscaling.minimum, 1, 2, 10],
  ["G-20, G-74 most tasks", (plan) => plan.autoscaling.maximum, 2, 6, 40],
  ["G-21, G-75 CPU target", (plan) => plan.autoscaling.cpu.target, 70, 70, 70],
  ["G-75 scale-in cooldown", (plan) => plan.autoscaling.cpu.scaleInCooldown, 300, 300, 300],
  ["G-75 scale-out cooldown", (plan) => plan.autoscaling.cpu.scaleOutCooldown, 60, 60, 60],
  [
    "G-21, G-192 connections a task",
    (plan) => plan.autoscaling.connections?.target,
    undefined,
    4_215,
    10_256,
  ],
  ["G-76 request-count scaling", (plan) => plan.autoscaling.requests, undefined, undefined, undefined],
  ["G-42, G-88 database version", (plan) => plan.database.version, "15", "15", "15"],
  ["G-88 parameter group family", (plan) => plan.database.family, "postgres15", "postgres15", "postgres15"],
  [
    "G-54 health check path",
    (plan) => plan.loadBalancer.healthCheck.path,
    "/admin/login/",
    "/admin/login/",
    "/admin/login/",
  ],
  ["G-54 health check interval", (plan) => plan.loadBalancer.healthCheck.interval, 30, 30, 30],
  ["G-55 stickiness", (plan) => plan.loadBalancer.stickiness.type, "app_cookie", "app_cookie", "app_cookie"],
  ["G-55 stickiness duration", (plan) => plan.loadBalancer.stickiness.duration, 86_400, 86_400, 86_400],
  ["G-178, G-196 log retention", (plan) => plan.logRetentionDays, 7, 14, 30],
  ["GAP-42 backups", (plan) => plan.database.backupDays, 7, 7, 14],
  ["GAP-46 NAT gateways", (plan) => plan.network.natGateways, 0, 1, 2],
  ["deletion protection", (plan) => plan.deletionProtection, false, true, true],
  ["final snapshot", (plan) => plan.database.finalSnapshot, true, true, true],
];

/** For somebody who has changed a preset, and meets this table, which is the only one with its figures written in by hand. */
const changed =
  "you changed a preset of a scale (stacks/guide.ts, stacks/plan/habits.ts). For one stack a setting in its file is enough. " +
  "If it is meant, change this table too, and renew the outputs that follow, reading the difference: " +
  "UPDATE_GOLDEN=1 npx mocha tests/program/golden.test.ts tests/forecast/golden.test.ts tests/documentation.test.ts && npm run docs";

describe("the guide's three scales (G-187)", () => {
  const plans: Readonly<Record<Scale, Plan>> = {
    small: makePlan({ scale: "small" }),
    medium: makePlan({ scale: "medium" }),
    large: makePlan({ scale: "large" }),
  };

  for (const [what, read, ...expected] of table) {
    it(`${what}: ${expected.map(String).join(", ")}`, () => {
      expect(
        scales.map((scale) => read(plans[scale])),
        changed,
      ).to.deep.equal(expected);
    });
  }

  it("G-6, G-7: the proxy is required from 1,000 rooms, the replica from 5,000", () => {
    expect([proxyFromRooms, replicaFromRooms]).to.deep.equal([1_000, 5_000]);
  });

  it("G-101, G-102, GAP-36: connections are logged at the small scale only", () => {
    const logged = scales.map(
      (scale) => plans[scale].database.parameters.find(({ name }) => name === "log_connections")?.value,
    );
    expect(logged).to.deep.equal(["1", "0", "0"]);
  });

  it("storage may grow to the same limit everywhere, or a smaller scale would be refused", () => {
    expect(new Set(scales.map((scale) => plans[scale].database.maxStorage)).size).to.equal(1);
  });
});
