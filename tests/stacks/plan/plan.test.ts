import { expect } from "chai";
import fc from "fast-check";
import { fargateOffers } from "../../../aws/fargate";
import { guide, type Scale, scales } from "../../../stacks/guide";
import { sizeOf } from "../../../aws/instanceClasses";
import { makePlan, type Plan } from "../../../stacks/plan";
import { exhaustive } from "../../exhaustive";

/** Sizes that the settings allow, as far as one ECS service can carry them (5,000 tasks). */
const loads = fc
  .record({ rooms: fc.integer({ min: 1, max: 100_000 }), usersPerRoom: fc.integer({ min: 1, max: 500 }) })
  .filter(({ rooms, usersPerRoom }) => rooms * usersPerRoom <= 1_000_000);
const settings = fc
  .record({
    scale: fc.constantFrom(...scales),
    sizing: fc.constantFrom("guide" as const, "measured" as const),
    load: loads,
  })
  .map(({ load, ...rest }) => ({ ...rest, ...load }));

/** Everything that must not shrink when a chat grows. */
const sizes = (plan: Plan): Readonly<Record<string, number>> => {
  const database = sizeOf(plan.database.instanceClass)!;
  const cache = sizeOf(plan.cache.nodeType)!;
  return {
    minimum: plan.autoscaling.minimum,
    desired: plan.service.desiredTasks,
    maximum: plan.autoscaling.maximum,
    databaseProcessors: database.vcpu,
    databaseMemory: database.memory,
    storage: plan.database.storage,
    proxy: Number(plan.databaseProxy !== undefined),
    replicas: plan.database.readReplicas,
    cacheProcessors: cache.vcpu,
    cacheMemory: cache.memory,
    cacheNodes: plan.cache.nodes,
    messages: plan.demand.messagesPerSecond,
  };
};

const expectNoneSmaller = (before: Plan, after: Plan) => {
  const [small, big] = [sizes(before), sizes(after)];
  for (const [what, size] of Object.entries(small)) expect(big[what], what).to.be.at.least(size);
};

describe("a plan, whatever the load", () => {
  it("has minimum ≤ desired ≤ maximum, within what one ECS service runs", () => {
    fc.assert(
      fc.property(settings, (each) => {
        const { autoscaling, service } = makePlan(each);
        expect(autoscaling.minimum).to.be.at.least(1);
        expect(service.desiredTasks).to.be.within(autoscaling.minimum, autoscaling.maximum);
        expect(autoscaling.maximum).to.be.at.most(5_000);
      }),
    );
  });

  it("stays within AWS's limits", () => {
    fc.assert(
      fc.property(settings, (each) => {
        const { task, loadBalancer, database, cache } = makePlan(each);
        expect(fargateOffers(task.cpu, task.memory)).to.be.true;
        expect(task.stopTimeout).to.be.within(2, 120);
        expect(loadBalancer.idleTimeout).to.be.within(1, 4_000);
        expect(loadBalancer.deregistrationDelay).to.be.within(0, 3_600);
        expect(loadBalancer.slowStart === 0 || loadBalancer.slowStart >= 30).to.be.true;
        expect(loadBalancer.slowStart).to.be.at.most(900);
        expect(loadBalancer.healthCheck.timeout).to.be.below(loadBalancer.healthCheck.interval);
        expect(database.maxStorage).to.be.within(1.1 * database.storage, 65_536);
        expect(cache.snapshotDays).to.be.within(0, 35);
      }),
    );
  });

  it("lets tasks leave no faster than the others can take their sockets in (GAP-24)", () => {
    for (const scale of scales) {
      const { service, autoscaling, task, loadBalancer } = makePlan({ scale });
      const drain = Number(task.environment["CHATPOP_DRAIN_SECONDS"]);
      // All of these are closed, one after another, before Fargate kills the task.
      expect(drain + 10).to.be.below(task.stopTimeout);
      expect(loadBalancer.deregistrationDelay).to.be.at.most(20);
      const tasks = autoscaling.minimum;
      const leaving = Math.floor((tasks * (service.maximumPercent - 100)) / 100);
      const remaining = Math.max(tasks, leaving);
      const sockets = (leaving * guide[scale].rooms * guide[scale].usersPerRoom) / tasks;
      // docs/capacity.md: 180 to 200 sockets a second connect to a task of half a core.
      expect(sockets / drain, scale).to.be.below(180 * remaining);
    }
  });

  for (const scale of scales) {
    it(`${scale}: outlives a zone where its availability is high, and not where it is standard`, () => {
      const high = makePlan({ scale, availability: "high" });
      // ECS spreads the tasks over the zones.
      expect(high.service.desiredTasks).to.be.at.least(2);
      expect(high.autoscaling.minimum).to.be.at.least(2);
      expect(high.database.multiAz).to.be.true;
      expect(high.cache.nodes).to.equal(2);
      if (high.network.natGateways > 0) expect(high.network.natGateways).to.equal(high.network.zones.length);
      const standard = makePlan({ scale });
      expect(standard.database.multiAz).to.be.false;
      expect(standard.cache.nodes).to.equal(1);
      // A setting of its own still decides.
      const mixed = makePlan({ scale, availability: "high", databaseMultiAz: false, minTasks: 1 });
      expect(mixed.database.multiAz).to.be.false;
      expect(mixed.autoscaling.minimum).to.equal(1);
    });
  }

  it("lets Daphne's ping keep sockets open, and the load balancer close first (GAP-23)", () => {
    fc.assert(
      fc.property(settings, (each) => {
        expect(makePlan(each).loadBalancer.idleTimeout).to.be.within(21, 59);
      }),
    );
  });

  it("never stops a deployment for want of room: there is always a place for one more task", () => {
    fc.assert(
      fc.property(
        settings,
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        (each, minTasks) => {
          const { autoscaling, service } = makePlan({
            ...each,
            minTasks,
            maxTasks: minTasks && 40,
            desiredTasks: minTasks,
          });
          for (const running of [autoscaling.minimum, service.desiredTasks, autoscaling.maximum]) {
            expect(Math.floor((running * service.maximumPercent) / 100)).to.be.above(running);
          }
        },
      ),
    );
  });

  it("has what the guide requires: a proxy from 1,000 rooms or 10 tasks, a replica from 5,000 rooms (G-6, G-7, G-139)", () => {
    fc.assert(
      fc.property(settings, (each) => {
        const { databaseProxy, database, autoscaling } = makePlan(each);
        expect(databaseProxy !== undefined).to.equal(each.rooms >= 1_000 || autoscaling.maximum >= 10);
        expect(database.readReplicas).to.equal(each.rooms >= 5_000 ? 1 : 0);
      }),
    );
  });

  for (const key of ["rooms", "usersPerRoom"] as const) {
    it(`shrinks nothing when ${key} grows`, () => {
      fc.assert(
        fc.property(settings, fc.integer({ min: 1, max: 1_000 }), (each, more) => {
          const bigger = { ...each, [key]: each[key] + more };
          fc.pre(bigger.rooms * bigger.usersPerRoom <= 2_000_000);
          const [before, after] = [makePlan(each), makePlan(bigger)];
          // The other server carries more with the same tasks, so that measured counts may fall where it takes over.
          fc.pre(before.capacity.connectsPerSecond === after.capacity.connectsPerSecond);
          expectNoneSmaller(before, after);
        }),
        { numRuns: exhaustive ? 300 : 100 },
      );
    });
  }

  it("shrinks nothing across the guide's own three points", () => {
    const [small, medium, large] = scales.map((scale) => makePlan({ scale })) as [Plan, Plan, Plan];
    expectNoneSmaller(small, medium);
    expectNoneSmaller(medium, large);
  });

  it("takes its sizes from the load and never from the name of the scale", () => {
    fc.assert(
      fc.property(settings, (each) => {
        const [small, ...others] = scales.map((scale: Scale) => sizes(makePlan({ ...each, scale })));
        for (const other of others) expect(other).to.deep.equal(small);
      }),
    );
  });

  it("is the same for the same settings", () => {
    fc.assert(
      fc.property(settings, (each) => {
        expect(makePlan(each)).to.deep.equal(makePlan({ ...each }));
      }),
    );
  });

  it("moves the counts that were left out along with those that were given", () => {
    const counts = (given: { minTasks?: number; desiredTasks?: number; maxTasks?: number }) => {
      const { autoscaling, service } = makePlan({ scale: "medium", ...given });
      return [autoscaling.minimum, service.desiredTasks, autoscaling.maximum];
    };
    const { minimum, desired, maximum } = guide.medium.tasks;
    const more = maximum + 2;
    expect(counts({ minTasks: more })).to.deep.equal([more, more, more]);
    expect(counts({ desiredTasks: 1 })).to.deep.equal([1, 1, maximum]);
    expect(counts({ desiredTasks: more })).to.deep.equal([minimum, more, more]);
    expect(counts({ maxTasks: 1 })).to.deep.equal([1, 1, 1]);
    expect(counts({ minTasks: 1, maxTasks: 50 })).to.deep.equal([1, desired, 50]);
  });
});
