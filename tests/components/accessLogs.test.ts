import { expect } from "chai";
import { habits } from "../../stacks/plan/habits";
import { everywhere, type Recording } from "../recording/recording";
import { types } from "../recording/types";

const name = "chatpop-access-logs";
const on = { accessLogs: "true" };

interface Policy {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: string;
    readonly Resource: unknown;
  }[];
}

describe("access logs", () => {
  it("are kept only when it is asked for", () =>
    everywhere((recording) => {
      expect(recording.one(types.loadBalancer).inputs).not.to.have.property("accessLogs");
      expect(recording.registrations.filter((each) => each.name === name)).to.be.empty;
    }));

  it("go to a bucket that the load balancer may write to by then", () =>
    everywhere((recording, _scale, mode) => {
      const loadBalancer = recording.one(types.loadBalancer);
      expect(recording.sourcesOf(loadBalancer, "accessLogs")).to.deep.equal([
        recording.one(types.bucketPolicy, name),
      ]);
      if (mode === "preview") return;
      const bucket = recording.one(types.bucket, name).wireOutputs["bucket"];
      expect(loadBalancer.inputs["accessLogs"]).to.deep.equal({ bucket, enabled: true });
    }, on));

  it("are written by Elastic Load Balancing below this account's folder, over TLS, and by nobody else", () =>
    everywhere((recording, _scale, mode) => {
      if (mode === "preview") return;
      const text = recording.one(types.bucketPolicy, name).inputs["policy"] as string;
      const { Statement } = JSON.parse(text) as Policy;
      expect(Statement.map(({ Effect, Sid }) => `${Effect} ${Sid}`)).to.deep.equal([
        "Deny TlsOnly",
        "Allow AccessLogs",
      ]);
      expect(Statement[1]).to.deep.include({
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${recording.one(types.bucket, name).wireOutputs["arn"] as string}/AWSLogs/123456789012/*`,
      });
    }, on));

  it("are private, and encrypted with S3's own keys: the load balancer can use no others", () =>
    everywhere((recording) => {
      const { bucket: _, ...blocks } = recording.one(types.bucketPublicAccess, name).inputs;
      expect(Object.values(blocks)).to.deep.equal([true, true, true, true]);
      expect(recording.one(types.bucketEncryption, name).inputs["rules"]).to.deep.equal([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ]);
      expect(recording.one(types.bucketOwnership, name).inputs["rule"]).to.deep.equal({
        objectOwnership: "BucketOwnerEnforced",
      });
    }, on));

  const expiry = (recording: Recording) =>
    (recording.one(types.bucketLifecycle, name).inputs["rules"] as { expiration: object }[])[0]?.expiration;

  it("are kept as long as other logs (G-178)", () =>
    everywhere((recording, scale) => {
      expect(expiry(recording)).to.deep.equal({ days: habits[scale].logRetentionDays });
    }, on));
});
