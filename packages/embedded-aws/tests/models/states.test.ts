import { expect } from "chai";
import { models } from "../../models/registry";
import { machines } from "../../states/machines";
import { phaseOf } from "../../states/phases";
import { defaults } from "../../settings";
import { primary } from "./database";
import { World } from "./world";

describe("states in simulated time", () => {
  it("belong to types that have a model, and are named once", () => {
    for (const [type, machine] of Object.entries(machines)) {
      const { settled, states = [], gates = {}, created = [], updated = [] } = machine!;
      expect(models.get(type)?.type).to.equal(type);
      const known = [settled, ...states];
      expect(new Set(known).size, type).to.equal(known.length);
      const used = [...created, ...updated.flatMap(({ steps }) => steps)].map(({ state }) => state);
      for (const gate of Object.values(gates)) used.push(...gate.accepts);
      for (const state of used) expect(known, type).to.include(state);
      for (const call of [machine!.update, machine!.delete]) if (call) expect(gates).to.have.property(call);
    }
  });

  describe("an instance whose storage grows", () => {
    const grown = () => {
      const world = new World();
      const instance = world.update(
        world.create("rds/instance", primary(world, { maxAllocatedStorage: 1000 })),
        {
          allocatedStorage: 100,
        },
      );
      return { world, instance };
    };

    it("is optimized for hours", () => {
      const { world, instance } = grown();
      expect(phaseOf(instance, world.context.clock.now())?.state).to.equal("storage-optimization");
      world.minutes += 5 * 60;
      expect(phaseOf(instance, world.context.clock.now())?.state).to.equal("storage-optimization");
      world.minutes += 2 * 60;
      expect(phaseOf(instance, world.context.clock.now())?.state).to.equal("available");
    });

    it("cannot grow again before that, but can be changed otherwise", () => {
      const { world, instance } = grown();
      const larger = world.update(instance, { instanceClass: "db.m5.large" });
      expect(() => world.update(larger, { allocatedStorage: 200 })).to.throw(
        /InvalidParameterCombination: You can't currently modify the storage.*storage-optimization/,
      );
      world.minutes += 7 * 60;
      world.update(larger, { allocatedStorage: 200 });
    });

    it("is available at once when only its class changes", () => {
      const world = new World();
      const instance = world.update(world.create("rds/instance", primary(world)), {
        instanceClass: "db.m5.large",
      });
      expect(phaseOf(instance, world.context.clock.now())?.state).to.equal("available");
    });
  });

  describe("storage across 400 GiB", () => {
    const storage = { allocatedStorage: 500, maxAllocatedStorage: 1000 };
    const small = (world: World) => world.create("rds/instance", primary(world));

    it("is refused with the IOPS that the volume had below", () => {
      const world = new World();
      expect(() => world.update(small(world), storage)).to.throw(
        /InvalidParameterCombination: Invalid iops value for engine name postgres and storage type gp3: 3000/,
      );
    });

    it("needs both, and what gp3 has there without asking will do", () => {
      const world = new World();
      const before = small(world);
      expect(() => world.update(before, { ...storage, iops: 12_000 })).to.throw(
        /Invalid storageThroughput.*125/,
      );
      world.update(before, { ...storage, iops: 12_000, storageThroughput: 500 });
    });

    it("is no matter at creation, nor for growth above or below", () => {
      const world = new World();
      const large = world.create("rds/instance", { ...primary(world), ...storage });
      world.minutes += 24 * 60;
      world.update(large, { allocatedStorage: 600 });
    });
  });

  describe("an account on the Free plan", () => {
    const free = (change: object) => {
      const world = new World();
      world.settings = { ...defaults, plan: "free" };
      return () => world.create("rds/instance", primary(world, { backupRetentionPeriod: 1, ...change }));
    };

    it("has small instances and a day of backups only", () => {
      free({ instanceClass: "db.t3.micro" })();
      expect(free({})).to.throw(
        /FreeTierRestrictionError: This instance size isn't available with free plan accounts/,
      );
      expect(free({ instanceClass: "db.t3.micro", backupRetentionPeriod: 7 })).to.throw(
        /FreeTierRestrictionError: The specified backup retention period exceeds/,
      );
    });
  });
});
