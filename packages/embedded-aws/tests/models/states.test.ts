import { expect } from "chai";
import { models } from "../../models/registry";
import { machines } from "../../states/machines";
import { phaseOf } from "../../states/phases";
import { defaults } from "../../settings";
import type { Resource } from "../../account";
import { primary, subnets } from "./database";
import { selfSigned } from "./selfSigned";
import { World } from "./world";

const cacheType = "aws:elasticache/replicationGroup:ReplicationGroup";

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

  // One wrong order for each machine that no test of its service has: it fails in the state, and passes after it.
  describe("a program that does not wait", () => {
    const cache = (world: World) =>
      world.create("elasticache/replicationGroup", {
        ...{ replicationGroupId: "chat", description: "chat", engineVersion: "7.1" },
        ...{ nodeType: "cache.t3.micro", numCacheClusters: 1 },
      });
    const certificate = (world: World) => world.create("acm/certificate", selfSigned("chat.example.com"));
    const listen = (world: World, certificateArn: string) => {
      const balancer = { name: "lb", subnets, securityGroups: ["sg-00000001"] };
      const loadBalancerArn = world.create("lb/loadBalancer", balancer).id;
      const fixedResponse = { contentType: "text/plain", statusCode: "404" };
      world.create("lb/listener", {
        ...{ loadBalancerArn, port: 443, protocol: "HTTPS", certificateArn },
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultActions: [{ type: "fixed-response", fixedResponse }],
      });
    };
    const mistakes: readonly (readonly [
      name: string,
      make: (world: World) => Resource,
      state: string,
      act: (world: World, id: string) => void,
      refused: RegExp,
    ])[] = [
      [
        "a change of a cache that is being changed",
        cache,
        "modifying",
        (world, id) =>
          void world.update(world.context.account.get(cacheType, id)!, { nodeType: "cache.t3.small" }),
        /InvalidReplicationGroupState: .*must be in available state to modify\. .* is modifying/,
      ],
      [
        "the end of a cache whose snapshot is being taken",
        cache,
        "snapshotting",
        (world, id) => world.remove(world.context.account.get(cacheType, id)!),
        /InvalidReplicationGroupState: .*snapshotting which is not valid for deletion/,
      ],
      [
        "a copy of an instance that restarts",
        (world) => world.create("rds/instance", primary(world)),
        "rebooting",
        (world, id) => {
          const { identifier } = world.context.account.get("aws:rds/instance:Instance", id)!.outputs;
          const copy = { instanceClass: "db.t3.small", skipFinalSnapshot: true };
          world.create("rds/instance", { ...copy, identifier: "copy", replicateSourceDb: identifier });
        },
        /InvalidDBInstanceState: The source instance .* isn't in a valid state: rebooting/,
      ],
      [
        "a listener with a certificate that has expired",
        certificate,
        "EXPIRED",
        listen,
        /UnsupportedCertificate: .*it is EXPIRED/,
      ],
    ];
    for (const [name, make, state, act, refused] of mistakes) {
      it(`is refused ${name}`, () => {
        const [early, late] = [new World(), new World()];
        for (const world of [early, late]) {
          const resource = make(world);
          world.enter(resource, state, 10);
          if (world === late) world.minutes += 11;
          const attempt = () => act(world, resource.id);
          if (world === early) expect(attempt).to.throw(refused);
          else attempt();
        }
      });
    }
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
