import { healthOf } from "../../models/rdsProxyTargets";
import type { Resource } from "../../account";
import { expect } from "chai";
import type { Properties } from "../../models/model";
import { putRole, refuses, World } from "./world";

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
    ...{ dbSubnetGroupName: "db", backupRetentionPeriod: 7, vpcSecurityGroupIds: ["sg-00000001"] },
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

  /** Rules that let the proxy reach the instance, both in the same security group. */
  const open = (world: World) => {
    const rule = {
      securityGroupId: "sg-00000001",
      referencedSecurityGroupId: "sg-00000001",
      ipProtocol: "-1",
    };
    world.put("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "sgr-1", rule);
    world.put("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "sgr-2", rule);
  };
  const health = (world: World, registered: Resource) => healthOf(registered, world.context);

  it("is registering, then unavailable, and available minutes later", () => {
    const world = new World();
    const registered = world.create("rds/proxyTarget", accepted(world));
    open(world);
    const seen: unknown[] = [];
    for (const minutes of [0, 2, 4]) {
      world.minutes += minutes;
      seen.push(health(world, registered));
    }
    expect(seen).to.deep.equal([
      { state: "REGISTERING" },
      {
        state: "UNAVAILABLE",
        reason: "PENDING_PROXY_CAPACITY",
        description: "DBProxy Target unavailable due to pending proxy capacity",
      },
      { state: "AVAILABLE" },
    ]);
  });

  it("stays unavailable when no rule lets the proxy reach the instance", () => {
    const world = new World();
    const registered = world.create("rds/proxyTarget", accepted(world));
    world.minutes += 60;
    expect(health(world, registered)).to.include({ state: "UNAVAILABLE", reason: "UNREACHABLE" });
  });

  const unreachable: [string, string | undefined, string | undefined, RegExp][] = [
    ["the secret has no value", "none", undefined, /no value yet/],
    [
      "the password is another",
      JSON.stringify({ username: "chatpop", password: "something-else" }),
      undefined,
      /not the instance's/,
    ],
    [
      "the role may not read the secret",
      undefined,
      "secretsmanager:ListSecrets",
      /may not secretsmanager:GetSecretValue/,
    ],
  ];
  for (const [name, value, action, words] of unreachable) {
    it(`registers a target that it cannot log in to, which never gets available: ${name}`, () => {
      const world = new World();
      world.create("rds/proxy", proxyInputs(world, value, action));
      putInstance(world);
      open(world);
      const registered = world.create("rds/proxyTarget", target);
      world.minutes += 24 * 60;
      const { description, ...found } = health(world, registered);
      expect(found).to.deep.equal({ state: "UNAVAILABLE", reason: "AUTH_FAILURE" });
      expect(description).to.match(words);
    });
  }

  for (const state of ["storage-optimization", "rebooting", "stopped"]) {
    it(`is refused while the instance is in ${state}`, () => {
      const world = new World();
      const inputs = accepted(world);
      const instance = world.resources.findIndex(({ outputs }) => outputs.identifier === "db");
      world.resources[instance] = { ...world.resources[instance]!, phases: [{ state }] };
      expect(() => world.create("rds/proxyTarget", inputs)).to.throw(
        /InvalidDBInstanceStateFault: DB Instance db is in an unsupported state - [A-Z_]+, needs to be in \[AVAILABLE, MODIFYING, BACKING_UP\]/,
      );
    });
  }

  it("is alone: a proxy has one at a time", () => {
    const world = new World();
    const inputs = accepted(world);
    world.create("rds/proxyTarget", inputs);
    expect(() => world.create("rds/proxyTarget", inputs)).to.throw(/DBProxyTargetAlreadyRegisteredFault/);
  });
});
