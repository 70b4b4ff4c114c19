// Distributions and whose signatures they believe.
import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { drawPrivateKey, publicKey } from "../../../../tests/signingKey";
import { refuses, World } from "./world";

const originAccess = (world: World) =>
  world.create("cloudfront/originAccessControl", {
    name: "media",
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });
const key = (world: World) => world.create("cloudfront/publicKey", { name: "signer", encodedKey: publicKey });
const keyGroup = (world: World) =>
  world.create("cloudfront/keyGroup", { name: "signers", items: [key(world).id] });

const behavior = {
  targetOriginId: "media",
  viewerProtocolPolicy: "https-only",
  allowedMethods: ["GET", "HEAD"],
  cachedMethods: ["GET", "HEAD"],
  cachePolicyId: "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
};
const origin = { originId: "media", domainName: "chatpop-media.s3.us-east-1.amazonaws.com" };
const distribution = (world: World) => ({
  enabled: true,
  origins: [{ ...origin, originAccessControlId: originAccess(world).id }],
  defaultCacheBehavior: { ...behavior, trustedKeyGroups: [keyGroup(world).id] },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
});
const certificate = (region: string) => ({
  acmCertificateArn: `arn:aws:acm:${region}:123456789012:certificate/1`,
  sslSupportMethod: "sni-only",
});

describe("CloudFront public key", () => {
  const long = generateKeyPairSync("rsa", { modulusLength: 3072 }).publicKey;
  refuses("cloudfront/publicKey", () => ({ name: "signer", encodedKey: publicKey }), [
    ["text that is no key", { encodedKey: "key" }, /no public key in PEM/],
    ["a private key", { encodedKey: drawPrivateKey() }, /is a private one/],
    [
      "RSA of 3072 bits",
      { encodedKey: String(long.export({ type: "spki", format: "pem" })) },
      /neither RSA of 2048 bits nor/,
    ],
  ]);

  it("stays while a group names it", () => {
    const world = new World();
    const group = keyGroup(world);
    const [signer] = world.resources.filter(({ type }) => type === "aws:cloudfront/publicKey:PublicKey");
    expect(() => world.remove(signer!)).to.throw(/PublicKeyInUse/);
    world.remove(group);
    world.remove(signer!);
  });
});

describe("CloudFront key group", () => {
  refuses("cloudfront/keyGroup", (world) => ({ name: "signers", items: [key(world).id] }), [
    ["a key that does not exist", { items: ["K0000000000000"] }, /NoSuchPublicKey/],
    ["no key", { items: [] }, /items/],
  ]);
});

describe("CloudFront distribution", () => {
  refuses("cloudfront/distribution", distribution, [
    [
      "an origin that it does not have",
      { defaultCacheBehavior: { ...behavior, targetOriginId: "other" } },
      /NoSuchOrigin.*other is none of media/,
    ],
    ["two origins of one name", { origins: [origin, origin] }, /two origins have one originId/],
    [
      "an access control that does not exist",
      { origins: [{ ...origin, originAccessControlId: "E0" }] },
      /NoSuchOriginAccessControl/,
    ],
    [
      "a key group that does not exist",
      { defaultCacheBehavior: { ...behavior, trustedKeyGroups: ["none"] } },
      /TrustedKeyGroupDoesNotExist/,
    ],
    [
      "a cached method that is not allowed",
      { defaultCacheBehavior: { ...behavior, cachedMethods: ["GET", "HEAD", "OPTIONS"] } },
      /cached that is not allowed/,
    ],
    ["a certificate of another region", { viewerCertificate: certificate("eu-central-1") }, /us-east-1/],
    ["a certificate that does not exist", { viewerCertificate: certificate("us-east-1") }, /does not exist/],
    [
      "a certificate for nobody's clients",
      { viewerCertificate: { ...certificate("us-east-1"), sslSupportMethod: undefined } },
      /needs sslSupportMethod/,
    ],
    ["a host name without a certificate", { aliases: ["media.example.com"] }, /InvalidViewerCertificate/],
    ["no certificate at all", { viewerCertificate: {} }, /give acmCertificateArn/],
  ]);

  it("keeps its access control and its key group, and its host name from others", () => {
    const world = new World();
    world.put("aws:acm/certificate:Certificate", certificate("us-east-1").acmCertificateArn, {
      arn: certificate("us-east-1").acmCertificateArn,
      status: "ISSUED",
    });
    const named = { viewerCertificate: certificate("us-east-1"), aliases: ["media.example.com"] };
    const inputs = { ...distribution(world), ...named };
    const created = world.create("cloudfront/distribution", inputs);
    expect(created.outputs.domainName).to.match(/^d[0-9a-f]{13}\.cloudfront\.net$/);
    expect(() => world.create("cloudfront/distribution", inputs)).to.throw(/CNAMEAlreadyExists/);
    for (const [type, refusal] of [
      ["aws:cloudfront/originAccessControl:OriginAccessControl", /OriginAccessControlInUse/],
      ["aws:cloudfront/keyGroup:KeyGroup", /ResourceInUse/],
    ] as const) {
      const [used] = world.resources.filter((each) => each.type === type);
      expect(() => world.remove(used!)).to.throw(refusal);
    }
    world.update(created, { comment: "the same host name is its own" });
  });
});
