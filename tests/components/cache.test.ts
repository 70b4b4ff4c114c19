import { expect } from "chai";
import { complete } from "../../stacks/plan/complete";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

describe("cache", () => {
  it("is one Redis node of the scale's type (G-14, G-47, G-48, G-187)", () =>
    everywhere((recording, scale) => {
      expect(recording.one(types.cache).inputs).to.include({
        engine: "redis",
        engineVersion: "7.1",
        nodeType: complete({ scale }).cacheNodeType,
        numCacheClusters: 1,
        automaticFailoverEnabled: false,
        multiAzEnabled: false,
        port: 6379,
      });
    }));

  it("keeps the version that it names: the provider would replace one that AWS has moved on", () =>
    everywhere((recording) => {
      const { engineVersion, autoMinorVersionUpgrade } = recording.one(types.cache).inputs;
      expect(engineVersion).to.match(/^\d+\.\d+$/);
      expect(autoMinorVersionUpgrade).to.be.false;
    }));

  it("has cluster mode off (G-47, G-197)", () =>
    everywhere((recording) => {
      expect(recording.one(types.cache).inputs).not.to.have.any.keys(
        "numNodeGroups",
        "replicasPerNodeGroup",
        "clusterMode",
      );
      const parameters = recording.one(types.cacheParameterGroup).inputs["parameters"] as { name: string }[];
      expect(parameters.map(({ name }) => name)).not.to.include("cluster-enabled");
    }));

  it("takes plain connections and TLS, and is encrypted at rest (GAP-9)", () =>
    everywhere((recording) => {
      expect(recording.one(types.cache).inputs).to.include({
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "preferred",
      });
    }));

  it("never evicts a busy room's channel group (GAP-37)", () =>
    everywhere((recording) => {
      const group = recording.one(types.cacheParameterGroup);
      expect(group.inputs).to.deep.include({
        family: "redis7",
        parameters: [{ name: "maxmemory-policy", value: "volatile-ttl" }],
      });
      expect(recording.namesOf(recording.one(types.cache), "parameterGroupName")).to.deep.equal([group.name]);
    }));

  it("fails over to a second zone when it has replicas", async () => {
    const recording = await record("medium", "update", { cacheReplicas: "2" });
    expect(recording.one(types.cache).inputs).to.include({
      numCacheClusters: 3,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
    });
  });

  it("is one of several that are alike and share the rooms when one is not enough (GAP-39)", async () => {
    const recording = await record("medium", "update", { cacheShards: "3" });
    const [first, ...further] = recording.ofType(types.cache);
    expect([first!, ...further].map(({ name }) => name)).to.deep.equal([
      "chatpop-redis",
      "chatpop-redis-2",
      "chatpop-redis-3",
    ]);
    for (const each of further) {
      expect({ ...each.inputs, description: "" }).to.deep.equal({ ...first!.inputs, description: "" });
    }
  });

  it("keeps the first when it is protected; further ones hold nothing", async () => {
    const recording = await record("medium", "update", { cacheShards: "2" });
    const protections = recording.ofType(types.cache).map(({ protect }) => protect ?? false);
    expect(protections).to.deep.equal([true, false]);
  });

  it("can be Valkey, with Valkey's parameter family", async () => {
    const recording = await record("small", "update", { cacheEngine: "valkey" });
    expect(recording.one(types.cache).inputs).to.include({ engine: "valkey", engineVersion: "8.0" });
    expect(recording.one(types.cacheParameterGroup).inputs["family"]).to.equal("valkey8");
  });
});
