// RDS Proxy and ElastiCache.
import { expect } from "chai";
import type { Properties } from "../../../offline/models/model";
import { modelOf, putRole, refuses, World } from "./world";

const subnets = ["subnet-0000000a", "subnet-0000000b"];
const password = "correct-horse-battery";

/** A secret, a role and everything else that a proxy needs; returns the proxy's inputs. */
function proxyInputs(
  world: World,
  value: string | undefined = JSON.stringify({ username: "chatpop", password }),
  action = "secretsmanager:GetSecretValue",
): Properties {
  const secret = world.create("secretsmanager/secret", { name: "chatpop/db" });
  if (value !== "none")
    world.create("secretsmanager/secretVersion", { secretId: secret.id, secretString: value });
  putRole(world, "other", "ec2.amazonaws.com");
  return {
    name: "chatpop-proxy",
    auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn: secret.id }],
    engineFamily: "POSTGRESQL",
    requireTls: true,
    roleArn: putRole(world, "proxy", "rds.amazonaws.com", [action], secret.id),
    vpcSecurityGroupIds: ["sg-00000001"],
    vpcSubnetIds: subnets,
  };
}

function putInstance(world: World): void {
  world.create("rds/subnetGroup", { name: "db", subnetIds: subnets });
  const common = { instanceClass: "db.t3.medium", skipFinalSnapshot: true };
  world.create("rds/instance", {
    ...common,
    ...{
      identifier: "db",
      allocatedStorage: 50,
      engine: "postgres",
      engineVersion: "15",
      username: "chatpop",
      password,
    },
    ...{ dbSubnetGroupName: "db", backupRetentionPeriod: 7 },
  });
  world.create("rds/instance", { ...common, identifier: "copy", replicateSourceDb: "db" });
}

describe("RDS Proxy (G-105, G-106)", () => {
  refuses("rds/proxy", (world) => proxyInputs(world), [
    ["no engine family", { engineFamily: undefined }, /engineFamily/],
    ["one subnet", { vpcSubnetIds: ["subnet-0000000a"] }, /at least two availability zones/],
    [
      "one zone",
      { vpcSubnetIds: ["subnet-0000000a", "subnet-000000a2"] },
      /InvalidSubnet.*at least 2 availability zones/,
    ],
    ["two VPCs", { vpcSubnetIds: ["subnet-0000000a", "subnet-0000000c"] }, /InvalidSubnet.*one VPC/],
    ["a security group of another VPC", { vpcSecurityGroupIds: ["sg-00000002"] }, /not in the proxy's VPC/],
    [
      "a secret that does not exist",
      { auths: [{ secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:none-abcdef" }] },
      /InvalidParameterValue.*none-abcdef/,
    ],
    ["no secret", { auths: undefined }, /give auths/],
    ["a role that does not exist", { roleArn: "arn:aws:iam::123456789012:role/none" }, /role\/none/],
    [
      "a role that RDS may not assume",
      { roleArn: "arn:aws:iam::123456789012:role/other" },
      /must allow rds.amazonaws.com/,
    ],
    [
      "IAM authentication without TLS",
      {
        requireTls: false,
        auths: [{ secretArn: "arn:aws:secretsmanager:us-east-1:1:secret:x", iamAuth: "REQUIRED" }],
      },
      /needs requireTls/,
    ],
  ]);

  it("has the endpoint of its name", () => {
    const world = new World();
    const { outputs } = world.create("rds/proxy", proxyInputs(world));
    expect(outputs.endpoint).to.match(/^chatpop-proxy\.proxy-c[a-z0-9]{11}\.us-east-1\.rds\.amazonaws\.com$/);
    expect(outputs.arn).to.match(/^arn:aws:rds:us-east-1:123456789012:db-proxy:prx-[0-9a-f]{17}$/);
  });

  it("refuses a secret that is not JSON with a user and a password (GAP-6)", () => {
    for (const value of ["plain text", '{"user": "chatpop"}', '{"username": "chatpop"}']) {
      const world = new World();
      const inputs = proxyInputs(world, value);
      expect(() => world.create("rds/proxy", inputs)).to.throw(/must be JSON of the form/);
    }
  });
});

describe("RDS Proxy's target group", () => {
  const config = (connectionPoolConfig: Properties) => ({ connectionPoolConfig });
  const accepted = (world: World) => {
    world.create("rds/proxy", proxyInputs(world));
    return {
      dbProxyName: "chatpop-proxy",
      connectionPoolConfig: { maxConnectionsPercent: 70, connectionBorrowTimeout: 120 },
    };
  };
  refuses("rds/proxyDefaultTargetGroup", accepted, [
    ["a proxy that does not exist", { dbProxyName: "none" }, /DBProxyNotFoundFault.*none/],
    ["more than all connections", config({ maxConnectionsPercent: 101 }), /maxConnectionsPercent/],
    [
      "more idle than all",
      config({ maxConnectionsPercent: 40, maxIdleConnectionsPercent: 50 }),
      /50 is above maxConnectionsPercent/,
    ],
    ["a long borrow timeout", config({ connectionBorrowTimeout: 301 }), /connectionBorrowTimeout/],
    ["pinning filters", config({ sessionPinningFilters: ["EXCLUDE_VARIABLE_SETS"] }), /MySQL only/],
  ]);
});

describe("RDS Proxy's target", () => {
  const target = { dbProxyName: "chatpop-proxy", targetGroupName: "default", dbInstanceIdentifier: "db" };
  const accepted = (world: World) => {
    world.create("rds/proxy", proxyInputs(world));
    putInstance(world);
    return target;
  };
  refuses("rds/proxyTarget", accepted, [
    ["an instance that does not exist", { dbInstanceIdentifier: "none" }, /DBInstanceNotFound.*none/],
    ["a replica", { dbInstanceIdentifier: "copy" }, /InvalidDBInstanceStateFault.*read replica/],
    ["another target group", { targetGroupName: "mine" }, /has the target group "default"/],
    ["no instance", { dbInstanceIdentifier: undefined }, /give dbInstanceIdentifier/],
    ["a proxy that does not exist", { dbProxyName: "none" }, /DBProxyNotFoundFault/],
  ]);

  const unreachable: [string, string | undefined, string | undefined, RegExp][] = [
    ["the secret has no value", "none", undefined, /AUTH_FAILURE.*no value yet/],
    [
      "the password is another",
      JSON.stringify({ username: "chatpop", password: "something-else" }),
      undefined,
      /AUTH_FAILURE.*not the instance's/,
    ],
    [
      "the role may not read the secret",
      undefined,
      "secretsmanager:ListSecrets",
      /AUTH_FAILURE.*may not secretsmanager:GetSecretValue/,
    ],
  ];
  for (const [name, value, action, answer] of unreachable) {
    it(`refuses a target that it cannot log in to: ${name}`, () => {
      const world = new World();
      world.create("rds/proxy", proxyInputs(world, value, action));
      putInstance(world);
      expect(() => world.create("rds/proxyTarget", target)).to.throw(answer);
    });
  }
});

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
