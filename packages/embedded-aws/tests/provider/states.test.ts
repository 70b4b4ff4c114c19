import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clockOf } from "../../provider/clock";
import { file, parseSettings } from "../../settings";
import { asyncHandler, openAccount, type Account } from "../lambda/cloud";
import { openCloud, refusalOf, type Cloud } from "./harness";

const [hour, day] = [3600, 86_400];

describe("an account in time", () => {
  let cloud: Cloud;
  beforeEach(async () => (cloud = await openCloud()));
  afterEach(() => cloud.close());

  it("has one clock for all processes, which goes ahead and never back", () => {
    const [one, other] = [clockOf(cloud.home), clockOf(cloud.home)];
    const before = other.now().getTime();
    one.pass(6 * hour);
    expect(other.now().getTime() - before).to.be.at.least(6 * hour * 1000);
  });

  it("makes again what an update that was cut off has made, where AWS's call is the same", async () => {
    const bucket = await cloud.create("aws:s3/bucket:Bucket", "media", { bucket: "chat-media-1a2b3c4" });
    const parts = {
      "aws:s3/bucketVersioning:BucketVersioning": { versioningConfiguration: { status: "Enabled" } },
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        rule: { objectOwnership: "BucketOwnerPreferred" },
      },
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": { blockPublicAcls: true },
    };
    for (const [type, inputs] of Object.entries(parts)) {
      const given = { bucket: bucket.id, ...inputs };
      await cloud.create(type, "media", given);
      const again = await cloud.create(type, "media", given);
      expect(await refusalOf(cloud.create(type, "other", given)), type).to.match(
        /the embedded AWS refuses it, because urn:pulumi:test::chatpop::.*::media manages it/,
      );
      await cloud.delete(type, "media", again);
      expect(await cloud.read(type, "media", again.id)).to.equal(undefined);
    }
  });

  it("does not make again what AWS would make twice", async () => {
    const type = "aws:cloudwatch/logGroup:LogGroup";
    await cloud.create(type, "group", { name: "/ecs/chat" });
    expect(await refusalOf(cloud.create(type, "group", { name: "/ecs/chat" }))).to.match(
      /ResourceAlreadyExistsException/,
    );
  });

  describe("that is new", () => {
    beforeEach(() =>
      writeFileSync(
        join(cloud.home, file),
        JSON.stringify({ serviceLinkedRoles: "late", quotas: { vpcs: 2 } }),
      ),
    );

    it("cannot assume a role that AWS has just made, and can a minute later", async () => {
      const attach = () =>
        cloud.create("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "c", {
          clusterName: "chat",
          capacityProviders: ["FARGATE"],
        });
      await cloud.create("aws:ecs/cluster:Cluster", "c", { name: "chat" });
      expect(await refusalOf(attach())).to.match(/Unable to assume the service linked role/);
      clockOf(cloud.home).pass(60);
      await attach();
    });

    it("has the quotas that it is given", async () => {
      await cloud.create("aws:ec2/vpc:Vpc", "one", { cidrBlock: "10.0.0.0/16" });
      expect(await refusalOf(cloud.create("aws:ec2/vpc:Vpc", "two", { cidrBlock: "10.1.0.0/16" }))).to.match(
        /VpcLimitExceeded: The maximum number of VPCs has been reached: 2/,
      );
    });
  });

  for (const [text, reason] of [
    ['{"plan": "gold"}', /an account: plan is none of paid, free\. Allowed: /],
    [
      '{"plan": 1, "quotas": {"vpc": 3}}',
      /plan is none of paid, free; .*\bvpc\b.*\. Allowed: .* quotas fargateOnDemandVcpu, /,
    ],
    ['{"quotas": {"vpcs": -1}}', /quotas\.vpcs: /],
    ["{", /does not describe an account: it is no JSON/],
  ] as const) {
    it(`refuses settings such as ${text}`, () =>
      expect(() => parseSettings(text, "settings.json")).to.throw(reason));
  }
});

describe("a function that nobody calls", () => {
  let account: Account;
  before(async () => (account = await openAccount()));
  after(() => account.close());

  it("goes to sleep after weeks, fails the call that wakes it, and answers a minute later", async () => {
    const clock = clockOf(account.cloud.home);
    const fn = await account.fn("sleeper", asyncHandler("return 'awake';"));
    clock.pass(10 * day);
    expect(await account.invoke(fn, 1)).to.equal("awake");
    clock.pass(10 * day);
    expect(await account.invoke(fn, 2)).to.equal("awake");
    clock.pass(15 * day);
    expect(await refusalOf(account.invoke(fn, 3))).to.match(
      /CodeArtifactUserPendingException: Lambda is initializing your function/,
    );
    expect(await refusalOf(account.invoke(fn, 4))).to.match(
      /ResourceConflictException.*following state: Pending/,
    );
    clock.pass(90);
    expect(await account.invoke(fn, 5)).to.equal("awake");
  });

  it("is woken by a change of its configuration", async () => {
    const fn = await account.fn("woken", asyncHandler("return process.env.IMAGE;"), {
      environment: { variables: { IMAGE: "one" } },
    });
    clockOf(account.cloud.home).pass(30 * day);
    const changed = { ...fn.inputs, environment: { variables: { IMAGE: "two" } } };
    const awake = await account.cloud.update("aws:lambda/function:Function", "woken", fn, changed);
    expect(await account.invoke(awake, 1)).to.equal("two");
  });
});
