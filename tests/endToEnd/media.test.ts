import { expect } from "chai";
import { describeInAll, itInAll } from "../exhaustive";
import { accountResources } from "./account";
import { otherPublicKey, publicKey } from "../signingKey";
import { withoutPreview, OfflineStack } from "./offlineStack";

const buckets = (stack: OfflineStack) =>
  accountResources(stack.home)
    .filter(({ type }) => type === "aws:s3/bucket:Bucket")
    .map(({ id }) => id);

describe("media on the real engine", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  it("have their bucket in a small stack, whose name is an output (G-177)", async () => {
    await stack.upAsCommitted();
    expect((await stack.outputs())["mediaBucketName"]).to.match(/^chatpop-media-[0-9a-f]{7}$/);
    expect(buckets(stack)).to.deep.equal([(await stack.outputs())["mediaBucketName"]]);
  });

  itInAll("are not deleted silently where deletion protection is on", async () => {
    const before = buckets(stack);
    await stack.set("deletionProtection", "true");
    await stack.up();
    await stack.set("media", "false");
    const printed = await stack.fails("up", "--yes", "--non-interactive", "--policy-pack", "policy");
    expect(printed).to.match(/chatpop-media.*protected/s);
    expect(buckets(stack)).to.deep.equal(before);
  });

  itInAll("can be given up once protection is off", async () => {
    await stack.set("media", "auto");
    await stack.set("deletionProtection", "false");
    await stack.up();
    await stack.set("media", "false");
    expect(await stack.fails("preview", "--policy-pack", "policy")).to.contain("media-in-s3");
    await stack.succeeds("up", ...withoutPreview);
    expect(buckets(stack)).to.be.empty;
    expect(await stack.outputs()).not.to.have.property("mediaBucketName");
  });
});

describeInAll("media through CloudFront, on the real engine", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());
  // As an argument of its own a key would be taken for a flag, and an ARN for a secret.
  const setPlain = (key: string, value: string) =>
    stack.succeeds("config", "set-all", "--plaintext", `chatpop:${key}=${value}`);
  const distributions = async () =>
    stack.resources().filter(({ type }) => type === "aws:cloudfront/distribution:Distribution");

  it("come from a distribution in front of the same bucket (G-177)", async () => {
    await stack.up();
    const before = buckets(stack);
    await stack.set("mediaDistribution", "true");
    await setPlain("mediaPublicKey", publicKey);
    // Any secret of the account will do where no URL is signed.
    const { databaseSecretArn } = await stack.outputs();
    await setPlain("secrets", JSON.stringify({ AWS_CLOUDFRONT_KEY_B64: databaseSecretArn }));
    await stack.up();
    expect(await distributions()).to.have.length(1);
    expect(buckets(stack)).to.deep.equal(before);
    await stack.hasNoChanges();
  });

  it("take another key beside the old one, then in its place, and go back to S3", async () => {
    const before = buckets(stack);
    const [first] = await distributions();
    const keys = async () =>
      stack
        .resources()
        .filter(({ type }) => type === "aws:cloudfront/publicKey:PublicKey")
        .map(({ id }) => id);
    const [former] = await keys();
    await setPlain("mediaPublicKey", otherPublicKey);
    await setPlain("mediaFormerPublicKey", publicKey);
    // A release that fails leaves the old tasks, which sign with the former key.
    const migration = {
      type: "aws:lambda/invocation:Invocation",
      operation: "create",
      name: "chatpop-migrate",
    };
    const faults = JSON.stringify([{ ...migration, error: "AccessDenied" }]);
    await stack.set("image", ":2.0.0");
    await stack.failsWith({ EMBEDDED_AWS_FAULTS: faults }, "up", "--yes", "--non-interactive");
    expect(await keys())
      .to.include(former)
      .and.to.have.length(2);
    await stack.up();
    expect(await keys())
      .to.include(former)
      .and.to.have.length(2);
    await stack.succeeds("config", "rm", "chatpop:mediaFormerPublicKey");
    await stack.up();
    expect(await keys()).not.to.include(former);
    expect((await distributions()).map(({ id }) => id)).to.deep.equal([first!.id]);
    await stack.set("mediaDistribution", "false");
    await stack.up();
    expect(await distributions()).to.be.empty;
    expect(buckets(stack)).to.deep.equal(before);
  });
});
