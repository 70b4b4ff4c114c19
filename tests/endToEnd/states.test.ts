import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { describeInAll } from "../exhaustive";
import { OfflineStack, withoutPreview } from "./offlineStack";

const inProgram = JSON.stringify(join(projectFolder, "tests/endToEnd/mutants/inProgram.cjs"));

// Their order is a stack's life: each mistake is mended by an update of the real program, or taken back.
describeInAll("a program that waits for nothing", function () {
  this.timeout(1_800_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  /** Updates with a mistake in the program. */
  const mistaken = (mistake: string) => ({
    CHATPOP_MISTAKE: mistake,
    NODE_OPTIONS: `--require ${inProgram} --require ${JSON.stringify(join(projectFolder, "lazyModules.cjs"))}`,
  });
  const refused = (mistake: string) => stack.failsWith(mistaken(mistake), "up", ...withoutPreview);
  const account = (...args: string[]) =>
    execFileSync(process.execPath, [join(projectFolder, "packages/embedded-aws/embedded-aws.cjs"), ...args], {
      env: { ...process.env, EMBEDDED_AWS_HOME: stack.home },
      stdio: "pipe",
    });

  before(() => stack.upAsCommitted());

  it("meets a deployment that cannot begin: 134 % of one task", async () => {
    await stack.set("image", ":2.0.0");
    expect(await refused("the deployment has no room")).to.contain("unable to stop or start tasks");
    await stack.up();
  });

  it("meets a certificate that is not issued yet", async () => {
    await stack.set("domain", "chat.example.com");
    expect(await refused("the listener takes the certificate that is asked for")).to.contain(
      "UnsupportedCertificate",
    );
    await stack.set("domain", "auto");
    await stack.up();
  });

  it("meets functions that sleep after quiet weeks", async () => {
    const mistake = "nothing wakes the functions";
    await stack.succeedsWith(mistaken(mistake), "up", ...withoutPreview);
    account("advance", "3w");
    await stack.set("image", ":3.0.0");
    // The call that finds a function asleep wakes it, and fails.
    expect(await refused(mistake)).to.contain(
      "CodeArtifactUserPendingException: Lambda is initializing your function",
    );
    await stack.up();
  });

  it("meets a cache whose snapshot is being taken", async () => {
    account(
      "state",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "chatpop-redis",
      "snapshotting",
      "20",
    );
    await stack.set("cacheNodeType", "cache.t3.small");
    expect(await stack.fails("up", ...withoutPreview)).to.match(
      /InvalidReplicationGroupState.* is snapshotting/,
    );
    account("advance", "1h");
    await stack.up();
    await stack.set("cacheNodeType", "auto");
  });

  it("meets a cache that has begun its change in the maintenance window", async () => {
    const mistake = "the cache changes in its maintenance window";
    await stack.set("cacheNodeType", "cache.t3.medium");
    await stack.succeedsWith(mistaken(mistake), "up", ...withoutPreview);
    account("advance", "7d");
    await stack.set("cacheNodeType", "auto");
    expect(await refused(mistake)).to.match(/InvalidReplicationGroupState.* is modifying/);
    account("advance", "1h");
    await stack.up();
  });

  it("meets a database whose grown storage is optimized", async () => {
    await stack.set("scale", "medium");
    expect(await refused("the storage grows with the scale")).to.contain(
      "unsupported state - STORAGE_OPTIMIZATION",
    );
    account("advance", "7h");
  });

  it("meets a proxy that does not reach its database, before any task is sent there", async () => {
    expect(await refused("the database does not let the proxy in")).to.match(
      /UNREACHABLE|Network unreachable/,
    );
    await stack.up();
  });

  it("meets a NAT gateway that is made before the internet gateway", async () => {
    const fresh = new OfflineStack("medium");
    const mistake = "the NAT gateway does not wait for the internet gateway";
    try {
      expect(await fresh.failsWith(mistaken(mistake), "up", ...withoutPreview)).to.contain(
        "Gateway.NotAttached: unexpected state 'failed'",
      );
    } finally {
      await fresh.remove();
    }
  });

  it("meets a NAT gateway that has failed", async () => {
    account("state", "aws:ec2/natGateway:NatGateway", "chatpop-nat-1", "failed");
    await stack.set("image", ":4.0.0");
    expect(await stack.fails("up", ...withoutPreview)).to.match(/NAT gateway \S+ is failed/);
  });
});
