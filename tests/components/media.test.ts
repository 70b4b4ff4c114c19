import { expect } from "chai";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { environment } from "./container";

const https = {
  domain: "chat.example.com",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
};
const bucketArn = "arn:aws:s3:::chatpop-media-1a2b3c4";
const statements = (policy: unknown) => (JSON.parse(policy as string) as { Statement: object[] }).Statement;

/** The rules of the bucket's lifecycle, by their ids. */
const lifecycle = (recording: Recording) => {
  const rules = recording.one(types.bucketLifecycle).inputs["rules"] as { id: string }[];
  return Object.fromEntries(rules.map((rule) => [rule.id, rule]));
};

/** Everything that is configured of the bucket. */
const parts = [
  types.bucketPublicAccess,
  types.bucketOwnership,
  types.bucketEncryption,
  types.bucketPolicy,
  types.bucketVersioning,
  types.bucketLifecycle,
];

describe("media", () => {
  it("have a bucket of their own at every scale (G-177, GAP-16)", () =>
    everywhere((recording) => {
      for (const type of parts) {
        expect(recording.namesOf(recording.one(type), "bucket"), type).to.deep.equal(["chatpop-media"]);
      }
    }));

  it("are closed to the public in all four ways (G-177)", () =>
    everywhere((recording) => {
      expect(recording.one(types.bucketPublicAccess).inputs).to.include({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    }));

  it("may come with the ACL that the application sends (GAP-19)", () =>
    everywhere((recording) => {
      expect(recording.one(types.bucketOwnership).inputs["rule"]).to.deep.equal({
        objectOwnership: "BucketOwnerPreferred",
      });
    }));

  it("are encrypted by S3's own key, and travel by TLS only", () =>
    everywhere((recording, _scale, mode) => {
      expect(recording.one(types.bucketEncryption).inputs["rules"]).to.deep.equal([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ]);
      if (mode === "preview") return;
      expect(statements(recording.one(types.bucketPolicy).inputs["policy"])).to.deep.equal([
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucketArn, `${bucketArn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
    }));

  it("get cheaper with age, unless S3 would charge a small one as if it were bigger", () =>
    everywhere((recording) => {
      expect(lifecycle(recording)["infrequent-access"]).to.deep.include({
        status: "Enabled",
        filter: { objectSizeGreaterThan: 131_072 },
        transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
      });
    }));

  it("can be brought back after their deletion for as long as the database can, and then go", () =>
    everywhere((recording) => {
      expect(recording.one(types.bucketVersioning).inputs["versioningConfiguration"]).to.deep.equal({
        status: "Enabled",
      });
      const { backupRetentionPeriod } = recording.one(types.database, "chatpop-db").inputs;
      expect(lifecycle(recording)["clean-up"]).to.deep.include({
        status: "Enabled",
        noncurrentVersionExpiration: { noncurrentDays: backupRetentionPeriod },
        expiration: { expiredObjectDeleteMarker: true },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      });
    }));

  it("go after a day where the database keeps no backups: S3 knows no shorter time", async () => {
    const recording = await record("small", "update", { databaseBackupDays: "0" });
    expect(lifecycle(recording)["clean-up"]).to.deep.include({
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
  });

  it("are read by scripts of the application's own pages only", async () => {
    const [rule] = (await record("small", "update", https)).one(types.bucketCors).inputs[
      "corsRules"
    ] as object[];
    expect(rule).to.deep.include({
      allowedMethods: ["GET", "HEAD"],
      allowedOrigins: ["https://chat.example.com"],
    });
    // Without a domain pages come from the load balancer's own name.
    const plain = await record("small", "update");
    expect(plain.one(types.bucketCors).inputs["corsRules"])
      .to.have.nested.property("0.allowedOrigins")
      .that.deep.equals([plain.run.outputs["url"]]);
    expect(plain.run.outputs["url"]).to.match(/^http:\/\/\S+$/);
  });

  it("are configured one after the other: S3 refuses two changes of a bucket at a time", () =>
    everywhere((recording) => {
      const chain = [...parts, types.bucketCors].map((type) => recording.one(type));
      chain.slice(1).forEach((part, index) => {
        expect(part.dependencies, part.type).to.include(chain[index]!.urn);
      });
    }, https));

  it("can be left on the tasks' disks", async () => {
    const recording = await record("medium", "update", { media: "false" });
    expect(recording.registrations.filter(({ type }) => type.startsWith("aws:s3/"))).to.be.empty;
    expect(environment(recording)).not.to.have.any.keys("AWS_STORAGE_BUCKET_NAME", "AWS_S3_REGION_NAME");
    expect(recording.ofType(types.rolePolicy).map(({ name }) => name)).not.to.include("chatpop-task-media");
  });
});

describe("the application's role", () => {
  it("may use the media, and nothing else (GAP-16, GAP-19)", () =>
    everywhere((recording, _scale, mode) => {
      const policy = recording.one(types.rolePolicy, "chatpop-task-media");
      expect(recording.namesOf(policy, "role")).to.deep.equal(["chatpop-task"]);
      expect(recording.namesOf(policy, "policy")).to.deep.equal(["chatpop-media"]);
      if (mode === "preview") return;
      expect(statements(policy.inputs["policy"])).to.deep.equal([
        {
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject"],
          Resource: [`${bucketArn}/*`],
        },
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucketArn] },
      ]);
    }));

  it("has this permission before a task can start, and the task is told the bucket (G-177)", () =>
    everywhere((recording, _scale, mode) => {
      const task = recording.one(types.taskDefinition, "chatpop-backend");
      expect(task.dependencies).to.include(recording.one(types.rolePolicy, "chatpop-task-media").urn);
      expect(recording.namesOf(task, "containerDefinitions", types.bucket)).to.deep.equal(["chatpop-media"]);
      if (mode === "preview") return;
      expect(environment(recording)).to.include({
        AWS_STORAGE_BUCKET_NAME: "chatpop-media-1a2b3c4",
        AWS_S3_REGION_NAME: "us-east-1",
      });
    }));
});
