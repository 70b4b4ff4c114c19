import { expect } from "chai";
import { modelOf, refuses, World } from "./world";

const subnets = ["subnet-0000000a", "subnet-0000000b"];

describe("ElastiCache groups", () => {
  refuses("elasticache/subnetGroup", () => ({ name: "cache", subnetIds: subnets }), [
    ["two VPCs", { subnetIds: ["subnet-0000000a", "subnet-0000000c"] }, /InvalidSubnet.*several VPCs/],
    ["a subnet that does not exist", { subnetIds: ["subnet-0000dead"] }, /InvalidSubnet/],
    ["upper case", { name: "Cache" }, /lower-case/],
  ]);
  refuses(
    "elasticache/parameterGroup",
    () => ({
      name: "cache",
      family: "redis7",
      parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
    }),
    [
      ["a family that does not exist", { family: "redis8" }, /not a valid parameter group family/],
      [
        "an eviction policy that does not exist (GAP-37)",
        { parameters: [{ name: "maxmemory-policy", value: "never" }] },
        /invalid value never: volatile-lru/,
      ],
    ],
  );
});

describe("ElastiCache replication group (GAP-9)", () => {
  const accepted = (world: World) => {
    world.create("elasticache/subnetGroup", { name: "cache", subnetIds: subnets });
    world.create("elasticache/parameterGroup", { name: "redis", family: "redis7" });
    world.create("elasticache/parameterGroup", { name: "valkey", family: "valkey8" });
    return {
      ...{
        replicationGroupId: "chatpop-redis",
        description: "ChatPop",
        engine: "redis",
        engineVersion: "7.1",
        nodeType: "cache.t3.small",
      },
      ...{
        numCacheClusters: 2,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        parameterGroupName: "redis",
        port: 6379,
      },
      ...{
        subnetGroupName: "cache",
        securityGroupIds: ["sg-00000001"],
        maintenanceWindow: "sun:05:00-sun:06:00",
        snapshotWindow: "03:00-04:00",
      },
      ...{
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "preferred",
        snapshotRetentionLimit: 7,
      },
    };
  };
  const plain = { transitEncryptionEnabled: false, transitEncryptionMode: undefined };
  refuses("elasticache/replicationGroup", accepted, [
    ["an unknown node type", { nodeType: "cache.t3.tiny" }, /not a valid CacheNodeType/],
    ["a database's class", { nodeType: "db.t3.small" }, /not a valid CacheNodeType/],
    ["failover with one node", { numCacheClusters: 1, multiAzEnabled: false }, /at least 2 nodes/],
    [
      "Multi-AZ without failover",
      { automaticFailoverEnabled: false },
      /multiAzEnabled needs automaticFailoverEnabled/,
    ],
    [
      "AUTH without TLS",
      { ...plain, authToken: "0123456789abcdef" },
      /authToken needs transitEncryptionEnabled/,
    ],
    [
      "AUTH while plain clients are let in",
      { authToken: "0123456789abcdef" },
      /AUTH token needs transitEncryptionMode required/,
    ],
    ["a short token", { authToken: "short", transitEncryptionMode: "required" }, /16 to 128/],
    ["@ in a token", { authToken: "0123456789abcde@", transitEncryptionMode: "required" }, /authToken/],
    [
      "a mode without TLS",
      { transitEncryptionEnabled: false },
      /transitEncryptionMode needs transitEncryptionEnabled/,
    ],
    ["a mode on an old version", { engineVersion: "6.2", parameterGroupName: undefined }, /7\.0\.5 or newer/],
    [
      "a parameter group of another family",
      { parameterGroupName: "valkey" },
      /Expected a parameter group of family redis7.*valkey8/,
    ],
    [
      "AWS's own group of another family",
      { parameterGroupName: "default.redis6.x" },
      /family redis7.*redis6.x/,
    ],
    ["a parameter group that does not exist", { parameterGroupName: "none" }, /CacheParameterGroupNotFound/],
    ["a subnet group that does not exist", { subnetGroupName: "none" }, /CacheSubnetGroupNotFoundFault/],
    [
      "a security group of another VPC",
      { securityGroupIds: ["sg-00000002"] },
      /not in the VPC of the subnet group/,
    ],
    ["41 characters", { replicationGroupId: "a".repeat(41) }, /at most 40/],
    ["upper case", { replicationGroupId: "ChatPop" }, /lower-case/],
    ["both ways to count nodes", { numNodeGroups: 2 }, /not both/],
    [
      "cluster mode without failover",
      {
        numCacheClusters: undefined,
        numNodeGroups: 2,
        multiAzEnabled: false,
        automaticFailoverEnabled: false,
      },
      /cluster mode enabled/,
    ],
    [
      "cluster mode with a group that has it off",
      { numCacheClusters: undefined, numNodeGroups: 2, replicasPerNodeGroup: 1 },
      /cluster mode off/,
    ],
    [
      "zones for another number of nodes",
      { preferredCacheClusterAzs: ["us-east-1a"] },
      /1 zones are given for 2 nodes/,
    ],
    ["36 days of snapshots", { snapshotRetentionLimit: 36 }, /snapshotRetentionLimit/],
    ["a short window", { snapshotWindow: "03:00-03:30" }, /at least 60 minutes/],
    ["windows that overlap", { snapshotWindow: "05:30-06:30" }, /must not overlap/],
    ["no description", { description: undefined }, /description/],
  ]);

  it("names its endpoints with and without TLS, and its members", () => {
    const world = new World();
    const inputs = accepted(world);
    const tls = world.create("elasticache/replicationGroup", inputs).outputs;
    expect(tls.primaryEndpointAddress).to.match(
      /^master\.chatpop-redis\.[a-z]{6}\.use1\.cache\.amazonaws\.com$/,
    );
    expect(tls.memberClusters).to.deep.equal(["chatpop-redis-001", "chatpop-redis-002"]);
    const open = world.create("elasticache/replicationGroup", {
      ...inputs,
      ...plain,
      replicationGroupId: "open",
    }).outputs;
    expect(open.primaryEndpointAddress).to.match(/^open\.[a-z]{6}\.ng\.0001\.use1\.cache\.amazonaws\.com$/);
  });

  it("turns TLS on only through preferred", () => {
    const world = new World();
    const group = world.create("elasticache/replicationGroup", { ...accepted(world), ...plain });
    expect(() =>
      world.update(group, { transitEncryptionEnabled: true, transitEncryptionMode: "required" }),
    ).to.throw(/preferred first/);
    const preferred = world.update(group, {
      transitEncryptionEnabled: true,
      transitEncryptionMode: "preferred",
    });
    world.update(preferred, { transitEncryptionMode: "required" });
    expect(() => world.update(preferred, plain)).not.to.throw();
  });

  it("is replaced only where the provider replaces", () => {
    const { engine, engineVersion, transitEncryptionEnabled } =
      modelOf("elasticache/replicationGroup").replaces ?? {};
    const redis = (version: string) => ({ engine: "redis", engineVersion: version });
    expect(engine?.({ engine: "redis" }, { engine: "valkey" })).to.equal(false);
    expect(engine?.({ engine: "valkey" }, { engine: "redis" })).to.equal(true);
    expect(engineVersion?.(redis("7.0"), redis("7.1"))).to.equal(false);
    expect(engineVersion?.(redis("7.1"), redis("7.0"))).to.equal(true);
    expect(engineVersion?.(redis("7.1"), redis("6.2"))).to.equal(true);
    expect(transitEncryptionEnabled?.(redis("7.1"), redis("7.1"))).to.equal(false);
    expect(transitEncryptionEnabled?.(redis("6.2"), redis("6.2"))).to.equal(true);
  });
});
