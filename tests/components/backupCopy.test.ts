import { expect } from "chai";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

const config = { backupCopyRegion: "us-west-2" };

describe("copies of the database in another region", () => {
  it("exist only where a region is named (GAP-42)", () =>
    everywhere((recording) => {
      for (const type of [types.backupVault, types.backupPlan, types.backupSelection]) {
        expect(recording.ofType(type), type).to.be.empty;
      }
    }));

  it("are taken of the primary alone, every day, and kept as long as its backups", () =>
    everywhere((recording, scale) => {
      const selection = recording.one(types.backupSelection);
      expect(recording.namesOf(selection, "resources", types.database)).to.deep.equal(["chatpop-db"]);
      const plan = recording.one(types.backupPlan);
      const [rule, ...others] = plan.inputs["rules"] as {
        schedule: string;
        lifecycle: object;
        copyActions: { lifecycle: object }[];
      }[];
      expect(others).to.be.empty;
      expect(rule!.schedule).to.equal("cron(0 13 * * ? *)");
      expect(rule!.lifecycle).to.deep.equal({ deleteAfter: 2 });
      expect(rule!.copyActions.map(({ lifecycle }) => lifecycle)).to.deep.equal([
        { deleteAfter: scale === "large" ? 14 : 7 },
      ]);
    }, config));

  it("go from a vault here to a vault there", () =>
    everywhere((recording) => {
      const regions = recording.ofType(types.backupVault).map(({ name, inputs }) => [name, inputs["region"]]);
      expect(regions).to.have.deep.members([
        ["chatpop-backup", undefined],
        ["chatpop-backup-copy", "us-west-2"],
      ]);
      expect(recording.namesOf(recording.one(types.backupPlan), "rules", types.backupVault)).to.deep.equal([
        "chatpop-backup",
        "chatpop-backup-copy",
      ]);
    }, config));

  it("outlive the stack, unless it is disposable", async () => {
    for (const disposable of ["false", "true"]) {
      const recording = await record("small", "update", { ...config, disposable });
      for (const { inputs } of recording.ofType(types.backupVault)) {
        expect(inputs["forceDestroy"]).to.equal(disposable === "true");
      }
    }
  });

  it("are taken by a role that AWS Backup assumes, once it may", async () => {
    const recording = await record("medium", "update", config);
    const role = recording.one(types.role, "chatpop-backup");
    const { Statement } = JSON.parse(role.inputs["assumeRolePolicy"] as string) as {
      Statement: { Principal: object }[];
    };
    expect(Statement[0]!.Principal).to.deep.equal({ Service: "backup.amazonaws.com" });
    const attachment = recording.one(types.rolePolicyAttachment, "chatpop-backup");
    expect(attachment.inputs["policyArn"]).to.equal(
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    );
    expect(recording.one(types.backupSelection).dependencies).to.include(attachment.urn);
  });

  it("are named in the outputs", async () => {
    const { outputs } = (await record("medium", "update", config)).run;
    expect(outputs["backups"]).to.deep.equal({
      database: "chatpop-db-1a2b3c4",
      lastSnapshot: "chatpop-db-final-0a1b2c3d",
      copies: { region: "us-west-2", vault: "chatpop-backup-copy-1a2b3c4" },
    });
  });
});
