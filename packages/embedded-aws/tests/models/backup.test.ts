// AWS Backup: vaults, plans and selections.
import { expect } from "chai";
import { putRole, refuses, World } from "./world";

const rule = { ruleName: "daily", targetVaultName: "here", schedule: "cron(0 13 * * ? *)" };
const rules = (change: object) => ({ rules: [{ ...rule, ...change }] });

describe("backup vault", () => {
  refuses("backup/vault", () => ({ name: "chatpop-backup" }), [
    ["a dot in the name", { name: "chat.pop" }, /vault's name/],
    ["51 characters", { name: "a".repeat(51) }, /vault's name/],
    ["a region that does not exist", { region: "mars-east-1" }, /invalid AWS Region: mars-east-1/],
    ["an unknown field", { lockDays: 7 }, /lockDays/],
  ]);
});

describe("backup plan", () => {
  const prepare = (world: World) => {
    const { outputs } = world.create("backup/vault", { name: "here" });
    return { name: "chatpop", ...rules({ copyActions: [{ destinationVaultArn: outputs.arn }] }) };
  };
  const elsewhere = "arn:aws:backup:us-west-2:123456789012:backup-vault:none";
  refuses("backup/plan", prepare, [
    ["no rule", { rules: [] }, /rules/],
    [
      "a vault that does not exist",
      rules({ targetVaultName: "none" }),
      /InvalidParameterValueException.*none/,
    ],
    [
      "a copy into a vault that does not exist",
      rules({ copyActions: [{ destinationVaultArn: elsewhere }] }),
      /InvalidParameterValueException.*us-west-2/,
    ],
    ["a schedule of five fields", rules({ schedule: "cron(0 13 * * ?)" }), /five|5 fields/],
    ["a start window of half an hour", rules({ startWindow: 30 }), /at least 60 minutes/],
    [
      "a completion window that ends too soon",
      rules({ startWindow: 60, completionWindow: 90 }),
      /120 or more/,
    ],
    [
      "cold storage for less than 90 days",
      rules({ lifecycle: { coldStorageAfter: 30, deleteAfter: 100 } }),
      /at least 90 days more.*120 or more, not 100/,
    ],
    [
      "a copy in cold storage for less than 90 days",
      rules({
        copyActions: [{ destinationVaultArn: elsewhere, lifecycle: { coldStorageAfter: 1, deleteAfter: 7 } }],
      }),
      /91 or more, not 7/,
    ],
  ]);

  it("accepts cold storage for 90 days", () => {
    const world = new World();
    world.create("backup/vault", { name: "here" });
    const lifecycle = { coldStorageAfter: 30, deleteAfter: 120 };
    expect(world.create("backup/plan", { name: "chatpop", ...rules({ lifecycle }) }).id).to.match(
      /^[0-9a-f-]{36}$/,
    );
  });
});

describe("backup selection", () => {
  const database = "arn:aws:rds:us-east-1:123456789012:db:chatpop-db";
  const prepare = (world: World) => {
    world.create("backup/vault", { name: "here" });
    return {
      name: "chatpop",
      planId: world.create("backup/plan", { name: "chatpop", ...rules({}) }).id,
      iamRoleArn: putRole(world, "backup", "backup.amazonaws.com"),
      resources: [database],
    };
  };
  refuses("backup/selection", prepare, [
    ["a plan that does not exist", { planId: "none" }, /ResourceNotFoundException.*none/],
    ["nothing to back up", { resources: [] }, /resources/],
    ["a role that does not exist", { iamRoleArn: "arn:aws:iam::123456789012:role/none" }, /role\/none/],
  ]);

  it("refuses a role that AWS Backup cannot assume", () => {
    const world = new World();
    const inputs = { ...prepare(world), iamRoleArn: putRole(world, "other", "rds.amazonaws.com") };
    expect(() => world.create("backup/selection", inputs)).to.throw(/cannot be assumed by AWS Backup/);
  });

  it("keeps its plan", () => {
    const world = new World();
    const { inputs } = world.create("backup/selection", prepare(world));
    const plan = world.resources.find(({ id }) => id === inputs.planId);
    expect(() => world.remove(plan!)).to.throw(/InvalidRequestException/);
  });
});
