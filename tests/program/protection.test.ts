import { expect } from "chai";
import { everywhere, label, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";

/** Types that hold data that cannot be had again. */
const keepers = [
  "aws:rds/instance:Instance chatpop-db",
  "aws:elasticache/replicationGroup:ReplicationGroup chatpop-redis",
  "aws:ecr/repository:Repository chatpop-backend",
  "aws:s3/bucket:Bucket chatpop-media",
  "aws:secretsmanager/secret:Secret chatpop-db-password",
  "aws:secretsmanager/secret:Secret chatpop-django-secret-key",
];

const protectedResources = (recording: Recording) =>
  recording.registrations.filter(({ protect }) => protect).map(label);

/** Arguments by which AWS refuses a deletion, or deletes without asking. */
const atAws = (recording: Recording) => ({
  database: recording.one(types.database, "chatpop-db").inputs["deletionProtection"],
  loadBalancer: recording.one(types.loadBalancer).inputs["enableDeletionProtection"],
  images: recording.one(types.repository).inputs["forceDelete"],
  media: recording.one(types.bucket).inputs["forceDestroy"],
});

describe("deletion protection", () => {
  it("keeps whatever holds data, from medium up", () =>
    everywhere((recording, scale) => {
      expect(protectedResources(recording)).to.include.members(scale === "small" ? [] : keepers);
      if (scale === "small") expect(protectedResources(recording)).to.be.empty;
    }));

  it("holds at AWS as well, from medium up", () =>
    everywhere((recording, scale) => {
      const on = scale !== "small";
      expect(atAws(recording)).to.deep.equal({
        database: on,
        loadBalancer: on,
        images: false,
        media: false,
      });
    }));

  it("can be turned off, so that a stack can be destroyed", async () => {
    const recording = await record("large", "update", { deletionProtection: "false" });
    expect(protectedResources(recording)).to.be.empty;
    expect(atAws(recording)).to.deep.equal({
      database: false,
      loadBalancer: false,
      images: false,
      media: false,
    });
  });

  it("can be turned on at the small scale", async () => {
    const recording = await record("small", "update", { deletionProtection: "true" });
    expect(protectedResources(recording)).to.include.members(keepers);
    expect(atAws(recording)).to.deep.equal({
      database: true,
      loadBalancer: true,
      images: false,
      media: false,
    });
  });

  it("does not keep replicas, which can always be made again", async () => {
    const recording = await record("large", "update");
    const replica = recording.one(types.database, "chatpop-db-replica");
    expect(replica.protect).to.be.false;
    expect(replica.inputs).not.to.have.property("deletionProtection", true);
  });

  it("lets media and images go with a disposable stack only", async () => {
    for (const disposable of ["false", "true"]) {
      const recording = await record("small", "update", { disposable });
      expect(String(recording.one(types.bucket).inputs["forceDestroy"])).to.equal(disposable);
      expect(String(recording.one(types.repository).inputs["forceDelete"])).to.equal(disposable);
    }
  });
});
