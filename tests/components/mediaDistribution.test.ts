import { expect } from "chai";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { mediaDistribution, otherPublicKey, publicKey } from "../signingKey";
import { environment, secrets } from "./container";

const statements = (policy: unknown) => (JSON.parse(policy as string) as { Statement: object[] }).Statement;

describe("a distribution for media", () => {
  it("is there only where it is asked for", () =>
    everywhere((recording) => {
      expect(recording.ofType(types.distribution)).to.be.empty;
    }));

  it("reads the bucket by an identity of its own, and answers HTTPS alone (G-177)", () =>
    everywhere((recording) => {
      const distribution = recording.one(types.distribution);
      expect(recording.namesOf(distribution, "origins", types.bucket)).to.deep.equal(["chatpop-media"]);
      expect(recording.namesOf(distribution, "origins", types.originAccessControl)).to.deep.equal([
        "chatpop-media",
      ]);
      expect(recording.one(types.originAccessControl).inputs).to.include({
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
      });
      expect(distribution.inputs["defaultCacheBehavior"]).to.deep.include({
        targetOriginId: "media",
        viewerProtocolPolicy: "https-only",
        allowedMethods: ["GET", "HEAD"],
      });
    }, mediaDistribution));

  it("hands out what the operator's key has signed, and nothing else", () =>
    everywhere((recording) => {
      expect(recording.one(types.distributionKey).inputs["encodedKey"]).to.equal(publicKey);
      const group = recording.one(types.distributionKeyGroup);
      expect(recording.namesOf(group, "items")).to.deep.equal([recording.one(types.distributionKey).name]);
      expect(recording.namesOf(recording.one(types.distribution), "defaultCacheBehavior")).to.deep.equal([
        group.name,
      ]);
    }, mediaDistribution));

  it("goes on with the former key, under its id, until no task signs with it any more", async () => {
    const at = (settings: object) => record("small", "update", { ...mediaDistribution, ...settings });
    const nameOf = (recording: Recording, key: string) =>
      recording.ofType(types.distributionKey).find(({ inputs }) => inputs["encodedKey"] === key)?.name;
    const before = await at({});
    const during = await at({ mediaPublicKey: otherPublicKey, mediaFormerPublicKey: publicKey });
    const after = await at({ mediaPublicKey: otherPublicKey });
    // The same name is the same resource: neither step replaces a key that somebody still names.
    expect(nameOf(during, publicKey)).to.equal(nameOf(before, publicKey));
    expect(nameOf(after, otherPublicKey)).to.equal(nameOf(during, otherPublicKey));
    const inService = (recording: Recording) =>
      recording.namesOf(recording.one(types.distributionKeyGroup), "items");
    expect(inService(during)).to.have.members([nameOf(during, otherPublicKey), nameOf(during, publicKey)]);
    expect(inService(after)).to.deep.equal([nameOf(after, otherPublicKey)]);
    // New tasks sign with the new one.
    const signsWith = (recording: Recording) =>
      recording.namesOf(
        recording.one(types.taskDefinition, "chatpop-backend"),
        "containerDefinitions",
        types.distributionKey,
      );
    expect(signsWith(during)).to.deep.equal([nameOf(during, otherPublicKey)]);
  });

  it("has the same key whether or not it was set with a line break at its end", async () => {
    const recording = await record("small", "update", {
      ...mediaDistribution,
      mediaPublicKey: publicKey.trim(),
    });
    expect(recording.one(types.distributionKey).inputs["encodedKey"]).to.equal(publicKey);
  });

  it("has the same key whatever its line breaks are", async () => {
    const recording = await record("small", "update", {
      ...mediaDistribution,
      mediaPublicKey: publicKey.replaceAll("\n", "\r\n"),
    });
    expect(recording.one(types.distributionKey).inputs["encodedKey"]).to.equal(publicKey);
  });

  it("is all that the bucket's policy lets in, and by TLS only", () =>
    everywhere((recording, _scale, mode) => {
      const policy = recording.one(types.bucketPolicy);
      expect(recording.namesOf(policy, "policy", types.distribution)).to.deep.equal(["chatpop-media"]);
      if (mode === "preview") return;
      const [tlsOnly, ...allowed] = statements(policy.inputs["policy"]);
      expect(tlsOnly).to.include({ Effect: "Deny", Sid: "TlsOnly" });
      expect(allowed).to.deep.equal([
        {
          Sid: "MediaDistribution",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::chatpop-media-1a2b3c4/*",
          Condition: {
            StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1A2B3C4" },
          },
        },
      ]);
    }, mediaDistribution));

  it("is known to the application, whose private key comes from Secrets Manager (G-69, G-188)", async () => {
    const recording = await record("medium", "update", mediaDistribution);
    expect(environment(recording)).to.include({
      AWS_S3_CUSTOM_DOMAIN: "d1a2b3c4.cloudfront.net",
      AWS_CLOUDFRONT_KEY_ID: `${recording.one(types.distributionKey).name}-id`,
    });
    expect(secrets(recording)["AWS_CLOUDFRONT_KEY_B64"]).to.match(/^arn:aws:secretsmanager:/);
  });

  it("goes by CloudFront's own name and certificate, unless it gets others", async () => {
    const own = (await record("small", "update", mediaDistribution)).one(types.distribution).inputs;
    expect(own).to.deep.include({
      aliases: [],
      viewerCertificate: { cloudfrontDefaultCertificate: true },
      priceClass: "PriceClass_100",
    });
    const mediaCertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
    const named = await record("small", "update", {
      ...mediaDistribution,
      mediaDomain: "media.example.com",
      mediaCertificateArn,
    });
    expect(named.one(types.distribution).inputs).to.deep.include({
      aliases: ["media.example.com"],
      viewerCertificate: {
        acmCertificateArn: mediaCertificateArn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
    });
    expect(environment(named)["AWS_S3_CUSTOM_DOMAIN"]).to.equal("media.example.com");
  });
});
