import { expect } from "chai";
import { evaluate } from "../../../offline/models/rdsParameters";
import type { Properties } from "../../../offline/models/model";
import { modelOf, refuses, World } from "./world";

const subnets = ["subnet-0000000a", "subnet-0000000b"];

function primary(world: World, change: Properties = {}): Properties {
  world.create("rds/subnetGroup", { name: "chatpop-db", subnetIds: subnets });
  world.create("rds/parameterGroup", { name: "chatpop-pg15", family: "postgres15" });
  world.create("rds/parameterGroup", { name: "chatpop-pg16", family: "postgres16" });
  world.create("rds/parameterGroup", {
    name: "eight-gib",
    family: "postgres15",
    parameters: [{ name: "shared_buffers", value: "1048576", applyMethod: "pending-reboot" }],
  });
  return {
    identifier: "chatpop-db-1a2b3c4",
    allocatedStorage: 50,
    backupRetentionPeriod: 7,
    backupWindow: "03:00-04:00",
    dbName: "chatpop",
    dbSubnetGroupName: "chatpop-db",
    engine: "postgres",
    engineVersion: "15",
    instanceClass: "db.t3.small",
    maintenanceWindow: "sun:05:00-sun:06:00",
    maxAllocatedStorage: 100,
    parameterGroupName: "chatpop-pg15",
    password: "correct-horse-battery",
    skipFinalSnapshot: true,
    storageEncrypted: true,
    storageType: "gp3",
    username: "chatpop",
    vpcSecurityGroupIds: ["sg-00000001"],
    ...change,
  };
}

describe("RDS subnet group", () => {
  refuses("rds/subnetGroup", () => ({ name: "chatpop-db", subnetIds: subnets }), [
    [
      "one zone",
      { subnetIds: ["subnet-0000000a", "subnet-000000a2"] },
      /DBSubnetGroupDoesNotCoverEnoughAZs.*us-east-1a/,
    ],
    ["two VPCs", { subnetIds: ["subnet-0000000a", "subnet-0000000c"] }, /InvalidSubnet.*same VPC/],
    [
      "a subnet that does not exist",
      { subnetIds: ["subnet-0000dead", "subnet-0000000b"] },
      /InvalidSubnet.*subnet-0000dead/,
    ],
    ["upper case in the name", { name: "ChatPop" }, /name: "ChatPop" is not lower-case/],
    ["a reserved name", { name: "default" }, /reserves/],
  ]);
});

describe("RDS parameter group (G-103, GAP-2, GAP-41)", () => {
  const one = (name: string, value: string, applyMethod?: string) => ({
    parameters: [{ name, value, ...(applyMethod ? { applyMethod } : {}) }],
  });
  const accepted = {
    name: "chatpop-pg15",
    family: "postgres15",
    parameters: [
      { name: "shared_buffers", value: "{DBInstanceClassMemory/32768}", applyMethod: "pending-reboot" },
      { name: "maintenance_work_mem", value: "GREATEST({DBInstanceClassMemory*1024/63963136},65536)" },
      {
        name: "max_connections",
        value: "LEAST({DBInstanceClassMemory/9531392},5000)",
        applyMethod: "pending-reboot",
      },
      { name: "random_page_cost", value: "1.1" },
      { name: "timezone", value: "UTC" },
      { name: "log_connections", value: "1" },
    ],
  };
  refuses("rds/parameterGroup", () => accepted, [
    [
      "a static parameter at once",
      one("shared_buffers", "131072", "immediate"),
      /cannot use immediate apply method for static parameter/,
    ],
    [
      "a static parameter without applyMethod, which is immediate",
      one("wal_buffers", "2048"),
      /static parameter wal_buffers.*pending-reboot/,
    ],
    ["an unknown parameter", one("shared_bufers", "1"), /Could not find parameter with name: shared_bufers/],
    [
      "a value below the range",
      one("work_mem", "1"),
      /Invalid parameter value: 1 for: work_mem allowed values are: 64-2147483647.*kB/,
    ],
    ["a unit in the value", one("work_mem", "4MB"), /4MB for: work_mem/],
    ["a broken formula", one("work_mem", "{DBInstanceClassMemory/}"), /or a formula/],
    ["on instead of 1", one("log_connections", "on"), /allowed values are: 0,1/],
    ["a word that is not in the list", one("log_statement", "some"), /none,ddl,mod,all/],
    ["a family that does not exist", { family: "postgres9" }, /not a valid parameter group family/],
    [
      "a parameter twice",
      { parameters: [one("work_mem", "64"), one("work_mem", "65")].flatMap((each) => each.parameters) },
      /set twice/,
    ],
    ["an unknown field", { parameters: [{ name: "work_mem", value: "64", apply: "now" }] }, /apply/],
  ]);

  it("evaluates formulas as RDS does", () => {
    expect(evaluate("{DBInstanceClassMemory/32768}", 2 * 1024 ** 3)).to.equal(65536);
    expect(evaluate("LEAST({DBInstanceClassMemory/9531392},5000)", 1024 ** 4)).to.equal(5000);
    expect(evaluate("SUM({DBInstanceClassMemory*3/4}, 1)", 8)).to.equal(7);
    expect(evaluate("LEAST(1", 8)).to.equal(undefined);
    expect(evaluate("DROP TABLE", 8)).to.equal(undefined);
  });

  it("refuses a change that an attached instance cannot start with", () => {
    const world = new World();
    world.create("rds/instance", primary(world));
    const group = world.context.account.get("aws:rds/parameterGroup:ParameterGroup", "chatpop-pg15")!;
    const parameters = [{ name: "shared_buffers", value: "1048576", applyMethod: "pending-reboot" }];
    expect(() => world.update(group, { parameters })).to.throw(/incompatible-parameters.*8 GiB.*2 GiB/);
  });

  it("keeps a group that an instance uses", () => {
    const world = new World();
    world.create("rds/instance", primary(world));
    const group = world.context.account.get("aws:rds/parameterGroup:ParameterGroup", "chatpop-pg15")!;
    expect(() => world.remove(group)).to.throw(/InvalidDBParameterGroupState/);
  });
});

describe("RDS instance", () => {
  refuses("rds/instance", primary, [
    ["an unknown class", { instanceClass: "db.t3.tiny" }, /Invalid DB Instance class: db.t3.tiny/],
    ["a class without db.", { instanceClass: "t3.small" }, /Invalid DB Instance class/],
    ["an unknown version", { engineVersion: "15.99" }, /Cannot find version 15.99 for postgres/],
    ["another engine", { engine: "oracle" }, /Invalid DB engine: oracle/],
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
    expect(world.traces).to.deep.include({ kind: "DB snapshot", name: "chatpop-last" });
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
