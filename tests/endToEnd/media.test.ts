import { expect } from "chai";
import { accountResources } from "./account";
import { OfflineStack } from "./offlineStack";

const buckets = (stack: OfflineStack) =>
  accountResources(stack.home)
    .filter(({ type }) => type === "aws:s3/bucket:Bucket")
    .map(({ id }) => id);

describe("media on the real engine", function () {
  this.timeout(300_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  it("have their bucket in a small stack, whose name is an output (G-177)", async () => {
    await stack.up();
    expect((await stack.outputs())["mediaBucketName"]).to.match(/^chatpop-media-[0-9a-f]{7}$/);
    expect(buckets(stack)).to.deep.equal([(await stack.outputs())["mediaBucketName"]]);
  });

  it("are not deleted silently where deletion protection is on", async () => {
    const before = buckets(stack);
    await stack.set("deletionProtection", "true");
    await stack.up();
    await stack.set("media", "false");
    const printed = await stack.fails("up", "--yes", "--non-interactive", "--policy-pack", "policy");
    expect(printed).to.match(/chatpop-media.*protected/s);
    expect(buckets(stack)).to.deep.equal(before);
  });

  it("can be given up once protection is off", async () => {
    await stack.set("media", "auto");
    await stack.set("deletionProtection", "false");
    await stack.up();
    await stack.set("media", "false");
    expect(await stack.fails("preview", "--policy-pack", "policy")).to.contain("media-in-s3");
    await stack.succeeds("up", "--yes", "--non-interactive");
    expect(buckets(stack)).to.be.empty;
    expect(await stack.outputs()).not.to.have.property("mediaBucketName");
  });
});
