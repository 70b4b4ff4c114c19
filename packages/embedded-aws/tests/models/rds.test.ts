import { expect } from "chai";
import { primary } from "./database";
import { modelOf, refuses, World } from "./world";

describe("RDS instance", () => {
  refuses("rds/instance", primary, [
    ["an unknown class", { instanceClass: "db.t3.tiny" }, /Invalid DB Instance class: db.t3.tiny/],
    ["a class without db.", { instanceClass: "t3.small" }, /Invalid DB Instance class/],
    ["an unknown version", { engineVersion: "15.99" }, /Cannot find version 15.99 for postgres/],
    ["another engine", { engine: "oracle" }, /engine: .*expected one of/],
    ["too little gp3 storage", { allocatedStorage: 10 }, /Invalid storage size.*gp3: 10/],
    ["iops below 400 GiB", { iops: 4000 }, /storage size less than 400/],
    ["throughput below 400 GiB", { storageThroughput: 250 }, /storage size less than 400/],
    [
      "io2 without iops",
      { storageType: "io2", allocatedStorage: 100, maxAllocatedStorage: 0 },
      /io2 needs iops/,
    ],
    ["little head room for autoscaling", { maxAllocatedStorage: 54 }, /at least 10 % greater.*55 GiB/],
    ["@ in the password", { password: "correct@horse" }, /Only printable ASCII/],
    ["a blank in the password", { password: "correct horse" }, /Only printable ASCII/],
    ["a short password", { password: "short" }, /at least 8/],
    ["no password", { password: undefined }, /MasterUserPassword must be provided/],
    ["two kinds of password", { manageMasterUserPassword: true }, /give one of password/],
    ["no user name", { username: undefined }, /MasterUsername must be provided/],
    ["a reserved user name", { username: "admin" }, /reserved word/],
    ["no engine", { engine: undefined }, /Engine must be provided/],
    [
      "no storage",
      { allocatedStorage: undefined, maxAllocatedStorage: 0 },
      /AllocatedStorage must be provided/,
    ],
    ["a hyphen in dbName", { dbName: "chat-pop" }, /"chat-pop" is not a database name/],
    ["a reserved dbName", { dbName: "db" }, /reserved word for this engine/],
    ["upper case in the identifier", { identifier: "ChatPop" }, /identifier/],
    ["a double hyphen in the identifier", { identifier: "chat--pop" }, /identifier/],
    ["a hyphen at the end of the identifier", { identifier: "chatpop-" }, /end with a hyphen/],
    ["64 characters in the identifier", { identifier: "a".repeat(64) }, /at most 63/],
    ["36 days of backups", { backupRetentionPeriod: 36 }, /backupRetentionPeriod/],
    ["a malformed backup window", { backupWindow: "3-4" }, /daily window/],
    ["a short backup window", { backupWindow: "03:00-03:20" }, /at least 30 minutes/],
    ["a malformed maintenance window", { maintenanceWindow: "sunday 5" }, /weekly window/],
    ["windows that overlap", { backupWindow: "05:30-06:30" }, /must not overlap/],
    [
      "windows that overlap over the end of the week",
      { backupWindow: "00:10-00:40", maintenanceWindow: "sat:23:30-sun:00:30" },
      /must not overlap/,
    ],
    ["a zone for Multi-AZ", { multiAz: true, availabilityZone: "us-east-1a" }, /not valid for Multi-AZ/],
    ["monitoring without a role", { monitoringInterval: 60 }, /MonitoringRoleARN value is required/],
    ["an interval that does not exist", { monitoringInterval: 7 }, /monitoringInterval/],
    ["a subnet group that does not exist", { dbSubnetGroupName: "none" }, /DBSubnetGroupNotFoundFault/],
    ["a parameter group that does not exist", { parameterGroupName: "none" }, /DBParameterGroupNotFound/],
    [
      "a parameter group of another family",
      { parameterGroupName: "chatpop-pg16" },
      /InvalidParameterCombination.*DBParameterGroupFamily postgres15/,
    ],
    [
      "shared_buffers of 8 GiB in 2 GiB (G-103, GAP-2)",
      { parameterGroupName: "eight-gib" },
      /incompatible-parameters.*8 GiB.*2 GiB/,
    ],
    [
      "a security group of another VPC",
      { vpcSecurityGroupIds: ["sg-00000002"] },
      /InvalidParameterCombination.*different VPCs/,
    ],
    [
      "the ARN of a security group",
      { vpcSecurityGroupIds: ["arn:aws:ec2:us-east-1:123456789012:security-group/sg-00000001"] },
      /is not the id of a security group/,
    ],
    ["an unknown field", { storageAutoscaling: true }, /storageAutoscaling/],
  ]);

  it("describes itself in AWS's formats", () => {
    const world = new World();
    const { id, outputs } = world.create("rds/instance", primary(world));
    expect(outputs.address).to.match(/^chatpop-db-1a2b3c4\.c[a-z0-9]{11}\.us-east-1\.rds\.amazonaws\.com$/);
    expect(outputs.endpoint).to.equal(`${String(outputs.address)}:5432`);
    expect(outputs.arn).to.equal("arn:aws:rds:us-east-1:123456789012:db:chatpop-db-1a2b3c4");
    expect(id).to.match(/^db-[0-9A-F]{26}$/);
    expect(outputs).to.include({
      resourceId: id,
      hostedZoneId: "Z2R2ITUGPM61AM",
      status: "available",
      multiAz: false,
    });
    expect(outputs.engineVersionActual).to.match(/^15\.\d+$/);
  });

  it("takes an identifier once", () => {
    const world = new World();
    const inputs = primary(world);
    world.create("rds/instance", inputs);
    expect(() => world.create("rds/instance", inputs)).to.throw(/DBInstanceAlreadyExists/);
  });

  it("grows storage, never shrinks it, and plans nothing while autoscaling may have grown it", () => {
    const world = new World();
    const grown = world.update(world.create("rds/instance", primary(world)), { allocatedStorage: 80 });
    expect(() => world.update(grown, { allocatedStorage: 60, maxAllocatedStorage: 0 })).to.throw(
      /InvalidParameterCombination.*shrink from 80 to 60/,
    );
    expect(world.update(grown, { allocatedStorage: 60 }).outputs.allocatedStorage).to.equal(80);
    const suppressed = modelOf("rds/instance").suppresses!.allocatedStorage!;
    expect(suppressed({ allocatedStorage: 80 }, { allocatedStorage: 60, maxAllocatedStorage: 100 })).to.equal(
      true,
    );
    expect(suppressed({ allocatedStorage: 80 }, { allocatedStorage: 60 })).to.equal(false);
    expect(suppressed({ allocatedStorage: 60 }, { allocatedStorage: 80, maxAllocatedStorage: 100 })).to.equal(
      false,
    );
  });

  it("upgrades a major version only when allowed, and never downgrades", () => {
    const world = new World();
    const instance = world.create("rds/instance", primary(world, { parameterGroupName: undefined }));
    expect(() => world.update(instance, { engineVersion: "16" })).to.throw(/AllowMajorVersionUpgrade/);
    const upgraded = world.update(instance, { engineVersion: "16", allowMajorVersionUpgrade: true });
    expect(upgraded.outputs.engineVersionActual).to.match(/^16\./);
    expect(() => world.update(upgraded, { engineVersion: "15" })).to.throw(/Cannot upgrade postgres from 16/);
  });

  it("refuses to go while it is protected, and then keeps its final snapshot's name", () => {
    const world = new World();
    const protectedInputs = primary(world, { deletionProtection: true, skipFinalSnapshot: false });
    const guarded = world.create("rds/instance", protectedInputs);
    expect(() => world.remove(guarded)).to.throw(
      /InvalidParameterCombination: Cannot delete protected DB Instance/,
    );
    const free = world.update(guarded, { deletionProtection: false });
    expect(() => world.remove(free)).to.throw(/FinalDBSnapshotIdentifier is required/);
    const named = { deletionProtection: false, finalSnapshotIdentifier: "chatpop-last" };
    world.remove(world.update(free, named));
    expect(world.traces.map(({ kind, name }) => ({ kind, name }))).to.deep.include({
      kind: "DB snapshot",
      name: "chatpop-last",
    });
    const second = world.create("rds/instance", { ...protectedInputs, ...named });
    expect(() => world.remove(second)).to.throw(/DBSnapshotAlreadyExists.*chatpop-last/);
  });
});

describe("RDS read replica (G-111, GAP-51)", () => {
  const replica = {
    identifier: "chatpop-replica",
    replicateSourceDb: "chatpop-db-1a2b3c4",
    instanceClass: "db.t3.small",
    skipFinalSnapshot: true,
  };
  const withSource = (world: World) => {
    world.create("rds/instance", primary(world));
    return replica;
  };
  refuses("rds/instance", withSource, [
    ["a source that does not exist", { replicateSourceDb: "none" }, /DBInstanceNotFound.*none/],
    [
      "its own password",
      { password: "correct-horse" },
      /password: a read replica takes this from its source/,
    ],
    ["its own user", { username: "chatpop" }, /username: a read replica/],
    ["its own engine", { engine: "postgres" }, /engine: a read replica/],
    ["its own database", { dbName: "chatpop" }, /dbName: a read replica/],
    ["its own subnet group", { dbSubnetGroupName: "chatpop-db" }, /dbSubnetGroupName: a read replica/],
    ["its own storage", { allocatedStorage: 50 }, /allocatedStorage: a read replica/],
    [
      "a parameter group at creation",
      { parameterGroupName: "chatpop-pg15" },
      /InvalidParameterCombination.*Read Replica creation/,
    ],
    ["a security group of another VPC", { vpcSecurityGroupIds: ["sg-00000002"] }, /different VPCs/],
  ]);

  it("refuses a source without backups", () => {
    const world = new World();
    world.create("rds/instance", primary(world, { backupRetentionPeriod: 0 }));
    expect(() => world.create("rds/instance", replica)).to.throw(
      /InvalidDBInstanceState.*backups are not enabled/,
    );
  });

  it("refuses a source whose password RDS manages (GAP-50)", () => {
    const world = new World();
    world.create("rds/instance", primary(world, { password: undefined, manageMasterUserPassword: true }));
    expect(() => world.create("rds/instance", replica)).to.throw(/InvalidDBInstanceState.*managed by RDS/);
  });

  it("takes a smaller class, inherits, and may outlive its source", () => {
    const world = new World();
    const source = world.create("rds/instance", primary(world));
    const copy = world.create("rds/instance", { ...replica, instanceClass: "db.t3.micro" });
    expect(copy.outputs).to.include({
      username: "chatpop",
      dbName: "chatpop",
      allocatedStorage: 50,
      dbSubnetGroupName: "chatpop-db",
    });
    world.remove(source);
  });

  it("keeps its source", () => {
    const world = new World();
    const source = world.create("rds/instance", primary(world));
    world.create("rds/instance", { ...source.inputs, identifier: "restored" });
    const copy = world.create("rds/instance", replica);
    expect(() => world.update(copy, { replicateSourceDb: "restored" })).to.throw(/cannot elect new source/);
  });

  it("comes before its source when a minor version is raised", () => {
    const world = new World();
    const source = world.create("rds/instance", primary(world, { engineVersion: "15.7" }));
    const copy = world.create("rds/instance", replica);
    expect(() => world.update(source, { engineVersion: "15.8" })).to.throw(
      /DBUpgradeDependencyFailure.*replicas need to be upgraded: chatpop-replica/,
    );
    world.update(copy, { engineVersion: "15.8" });
    expect(world.update(source, { engineVersion: "15.8" }).outputs.engineVersionActual).to.equal("15.8");
  });

  it("cannot leave a final snapshot", () => {
    const world = new World();
    world.create("rds/instance", primary(world));
    const copy = world.create("rds/instance", {
      ...replica,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "last",
    });
    expect(() => world.remove(copy)).to.throw(/replica instance/);
  });
});

describe("RDS instance from a snapshot", () => {
  /** An account in which an instance has left a snapshot. */
  const withSnapshot = (change: object = {}) => {
    const world = new World();
    const inputs = primary(world, { skipFinalSnapshot: false, finalSnapshotIdentifier: "before" });
    world.remove(world.create("rds/instance", { ...inputs, ...change }));
    const next = {
      ...inputs,
      identifier: "next",
      finalSnapshotIdentifier: "after",
      snapshotIdentifier: "before",
    };
    return { world, next };
  };

  it("has the snapshot's master user and database", () => {
    const { world, next } = withSnapshot();
    const given = { ...next, username: undefined, dbName: undefined, engineVersion: undefined };
    const { outputs } = world.create("rds/instance", given);
    expect(outputs).to.include({ username: "chatpop", dbName: "chatpop" });
    expect(outputs.engineVersionActual).to.match(/^15\./);
  });

  it("may be named by ARN, larger and newer", () => {
    const { world, next } = withSnapshot();
    const given = {
      ...{ snapshotIdentifier: "arn:aws:rds:us-east-1:123456789012:snapshot:before", allocatedStorage: 80 },
      ...{ engineVersion: "16", allowMajorVersionUpgrade: true, parameterGroupName: "chatpop-pg16" },
    };
    const { outputs } = world.create("rds/instance", { ...next, ...given });
    expect(outputs).to.include({ allocatedStorage: 80, username: "chatpop" });
    expect(outputs.engineVersionActual).to.match(/^16\./);
  });

  const newer = { engineVersion: "16", parameterGroupName: "chatpop-pg16" };
  const refusals: [string, object, object, RegExp][] = [
    [
      "one that does not exist",
      {},
      { snapshotIdentifier: "none" },
      /DBSnapshotNotFound: DBSnapshot none not found/,
    ],
    ["another master user", {}, { username: "somebody" }, /master user chatpop, .* not somebody/],
    [
      "encryption that it lacks",
      { storageEncrypted: false },
      {},
      /not encrypted.*copy-db-snapshot --kms-key-id/,
    ],
    ["less storage", { allocatedStorage: 80 }, {}, /holds 80 GiB; .*\(50 GiB\) cannot be less/],
    ["an older engine", newer, {}, /Cannot upgrade postgres from 16\.\d+ to 15/],
    ["a newer engine that nobody allowed", {}, newer, /AllowMajorVersionUpgrade/],
  ];
  for (const [what, before, change, answer] of refusals) {
    it(`refuses ${what}`, () => {
      const { world, next } = withSnapshot(before);
      expect(() => world.create("rds/instance", { ...next, ...change })).to.throw(answer);
    });
  }
});
