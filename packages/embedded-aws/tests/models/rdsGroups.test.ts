import { expect } from "chai";
import { evaluate } from "../../models/rdsParameters";
import { primary, subnets } from "./database";
import { refuses, World } from "./world";

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

  it("registers another apply method only with another value, and RDS's own value for a restart, as RDS does", () => {
    const world = new World();
    const [byDefault, berlin] = ["UTC", "Europe/Berlin"].map((zone) => one("timezone", zone, "immediate"));
    const waiting = one("timezone", "Europe/Berlin", "pending-reboot");
    const created = world.create("rds/parameterGroup", { ...accepted, ...byDefault });
    expect(created.outputs.parameters).to.deep.equal(one("timezone", "UTC", "pending-reboot").parameters);
    const changed = world.update(created, berlin!);
    expect(changed.outputs.parameters).to.deep.equal(berlin!.parameters);
    expect(world.update(changed, waiting).outputs.parameters).to.deep.equal(berlin!.parameters);
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
