import { expect } from "chai";
import { guide } from "../../stacks/guide";
import { complete } from "../../stacks/plan/complete";
import { drawnPassword } from "../recording/computedOutputs";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";
import { Secret, unknown } from "../recording/wire";

const primaryName = "chatpop-db";

describe("database", () => {
  it("is PostgreSQL 15 with the class and storage of the scale (G-42, G-43, G-45, G-187)", () =>
    everywhere((recording, scale) => {
      const settings = complete({ scale });
      expect(recording.one(types.database, primaryName).inputs).to.include({
        engine: "postgres",
        engineVersion: "15",
        instanceClass: settings.databaseClass,
        allocatedStorage: settings.databaseStorage,
        maxAllocatedStorage: settings.databaseMaxStorage,
        storageType: "gp3",
        username: "chatpop_admin",
        port: 5432,
        multiAz: false,
        backupRetentionPeriod: settings.databaseBackupDays,
      });
    }));

  it("is private and encrypted, with every replica (G-45, G-111, GAP-13)", () =>
    everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.database)) {
        expect(inputs).to.include({ publiclyAccessible: false, storageEncrypted: true });
      }
    }));

  it("gets the password that is drawn for it, as a secret (G-45, G-68)", () =>
    everywhere((recording, _scale, mode) => {
      const primary = recording.one(types.database, primaryName);
      expect(recording.namesOf(primary, "password", types.password)).to.deep.equal(["chatpop-db-password"]);
      expect(primary.inputs["password"]).to.deep.equal(
        mode === "preview" ? unknown : new Secret(drawnPassword("chatpop-db-password")),
      );
    }));

  it("is not managed by RDS's own password, which forbids replicas (GAP-50)", () =>
    everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.database)) {
        expect(inputs).not.to.have.property("manageMasterUserPassword");
      }
    }));

  it("uses a parameter group of its own, with RDS's family and apply methods (G-88, G-103, GAP-41)", () =>
    everywhere((recording) => {
      const group = recording.one(types.databaseParameterGroup);
      expect(group.inputs).to.include({ family: "postgres15", description: "ChatPop optimized settings" });
      expect(
        recording.namesOf(recording.one(types.database, primaryName), "parameterGroupName"),
      ).to.deep.equal([group.name]);
      const methods = (group.inputs["parameters"] as { name: string; applyMethod: string }[]).map(
        ({ name, applyMethod }) => [name, applyMethod] as const,
      );
      const waiting = methods.filter(([, method]) => method === "pending-reboot").map(([name]) => name);
      expect(waiting).to.include.members(["shared_buffers", "wal_buffers"]);
      expect(waiting).not.to.include.members(["effective_cache_size", "work_mem"]);
    }));

  it("changes the family together with the major version", async () => {
    const recording = await record("small", "update", { databaseVersion: "16.4" });
    expect(recording.one(types.databaseParameterGroup).inputs["family"]).to.equal("postgres16");
    expect(recording.one(types.database).inputs["engineVersion"]).to.equal("16.4");
  });

  it("has one replica at the large scale only, of the primary's class (G-7, G-18, G-111, G-165, G-168, G-186)", () =>
    everywhere((recording, scale) => {
      const replicas = recording.ofType(types.database).filter(({ inputs }) => "replicateSourceDb" in inputs);
      expect(replicas.map(({ name }) => name)).to.deep.equal(scale === "large" ? ["chatpop-db-replica"] : []);
      for (const replica of replicas) {
        expect(recording.namesOf(replica, "replicateSourceDb")).to.deep.equal([primaryName]);
        expect(replica.inputs["instanceClass"]).to.equal(guide.large.databaseClass);
      }
    }));

  it("gives a replica nothing that RDS takes from the source (GAP-51)", async () => {
    const replica = (await record("large", "update")).one(types.database, "chatpop-db-replica");
    expect(replica.inputs).not.to.have.any.keys(
      "engine",
      "engineVersion",
      "username",
      "password",
      "allocatedStorage",
      "dbSubnetGroupName",
      "parameterGroupName",
      "backupRetentionPeriod",
    );
    expect(replica.inputs["skipFinalSnapshot"]).to.be.true;
  });

  it("creates several replicas one after another", async () => {
    const recording = await record("large", "update", { readReplicas: "3" });
    const [first, second, third] = ["", "-2", "-3"].map((suffix) =>
      recording.one(types.database, `chatpop-db-replica${suffix}`),
    );
    expect(second!.dependencies).to.include(first!.urn);
    expect(third!.dependencies).to.include(second!.urn);
  });

  it("leaves a last snapshot with a name of its own, and its automated backups, at every scale", () =>
    everywhere((recording, _scale, mode) => {
      const { inputs } = recording.one(types.database, primaryName);
      expect(inputs).to.include({ skipFinalSnapshot: false, deleteAutomatedBackups: false });
      expect(inputs["finalSnapshotIdentifier"]).to.equal(
        mode === "preview" ? unknown : "chatpop-db-final-0a1b2c3d",
      );
    }));

  it("leaves nothing where the stack is disposable", () =>
    everywhere(
      (recording) => {
        const { inputs } = recording.one(types.database, primaryName);
        expect(inputs).to.include({ skipFinalSnapshot: true, deleteAutomatedBackups: true });
        expect(inputs).not.to.have.property("finalSnapshotIdentifier");
        for (const { protect } of recording.registrations) expect(protect).to.be.false;
      },
      { disposable: "true" },
    ));

  it("is backed up and maintained when it is told to, at different times (GAP-42)", async () => {
    await everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.database)) {
        expect(inputs["maintenanceWindow"]).to.equal("sun:10:30-sun:11:30");
      }
      expect(recording.one(types.database, primaryName).inputs["backupWindow"]).to.equal("09:00-10:00");
    });
    const recording = await record("large", "update", {
      databaseBackupWindow: "01:00-02:00",
      databaseMaintenanceWindow: "sat:02:00-sat:03:00",
    });
    expect(recording.one(types.database, primaryName).inputs["backupWindow"]).to.equal("01:00-02:00");
    for (const { inputs } of recording.ofType(types.database)) {
      expect(inputs["maintenanceWindow"]).to.equal("sat:02:00-sat:03:00");
    }
  });

  it("exports PostgreSQL's log to a group that ends, made before each instance (G-178)", () =>
    everywhere((recording, scale) => {
      for (const { inputs, name, dependencies } of recording.ofType(types.database)) {
        expect(inputs["enabledCloudwatchLogsExports"]).to.deep.equal(["postgresql"]);
        const group = recording.one(types.logGroup, `${name}-log`);
        expect(dependencies).to.include(group.urn);
        expect(group.inputs["retentionInDays"]).to.equal(complete({ scale }).logRetentionDays);
        expect(recording.namesOf(group, "name")).to.include.members(
          recording.namesOf(recording.one(types.database, name), "identifier"),
        );
      }
    }));

  it("names the group as RDS does, after the instance", async () => {
    const recording = await record("large", "update", { readReplicas: "2" });
    const named = recording
      .ofType(types.database)
      .map(({ inputs, name }) => [
        `/aws/rds/instance/${String(inputs["identifier"])}/postgresql`,
        recording.one(types.logGroup, `${name}-log`).inputs["name"],
      ]);
    expect(named.map(([expected]) => expected)).to.deep.equal(named.map(([, actual]) => actual));
    expect(new Set(named.map(([expected]) => expected)).size).to.equal(3);
  });

  it("leaves an adopted instance its name, and the log on it", async () => {
    const recording = await record("small", "update", { adopted: '["database"]' });
    const { inputs } = recording.one(types.database, primaryName);
    expect(inputs).not.to.have.any.keys("identifier", "enabledCloudwatchLogsExports");
    expect(recording.registrations.map(({ name }) => name)).not.to.include("chatpop-db-log");
  });

  it("has a week of Database Insights, which is free", () =>
    everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.database)) {
        expect(inputs).to.include({
          performanceInsightsEnabled: true,
          performanceInsightsRetentionPeriod: 7,
        });
      }
    }));

  it("keeps the storage of a running database when the scale changes, unless the operator names a size", async () => {
    const ignored = async (config: Record<string, string>) =>
      (await record("medium", "update", config)).one(types.database, primaryName).ignoreChanges;
    expect(await ignored({})).to.include("allocatedStorage");
    expect(await ignored({ databaseStorage: "100" })).not.to.include("allocatedStorage");
  });

  it("names the speed of volumes from 400 GiB on, the replica's too, and of no smaller ones", async () => {
    for (const [databaseStorage, speed] of [
      ["399", [undefined, undefined]],
      ["400", [12_000, 500]],
    ] as const) {
      const recording = await record("large", "update", { databaseStorage });
      for (const { inputs } of recording.ofType(types.database)) {
        expect([inputs["iops"], inputs["storageThroughput"]]).to.deep.equal(speed);
      }
    }
  });

  it("starts from a snapshot when it is created, and is never replaced by naming one", async () => {
    const recording = await record("large", "update", { snapshotIdentifier: "before-the-fire" });
    const primary = recording.one(types.database, primaryName);
    expect(primary.inputs["snapshotIdentifier"]).to.equal("before-the-fire");
    expect(primary.ignoreChanges).to.include("snapshotIdentifier");
    expect((await record("large", "update")).one(types.database, primaryName).inputs).not.to.have.property(
      "snapshotIdentifier",
    );
  });

  it("leaves a last snapshot under another name when it was restored", async () => {
    const keepers = async (config: Record<string, string>) =>
      (await record("large", "update", config)).one("random:index/randomId:RandomId", "chatpop-db-final")
        .inputs["keepers"];
    expect(await keepers({})).to.equal(undefined);
    expect(await keepers({ snapshotIdentifier: "before-the-fire" })).to.deep.equal({
      restoredFrom: "before-the-fire",
    });
  });
});
