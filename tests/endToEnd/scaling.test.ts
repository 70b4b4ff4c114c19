import { expect } from "chai";
import { fingerprint } from "../../components/fingerprint";
import type { Scale } from "../../stacks/guide";
import { makePlan } from "../../stacks/plan";
import { describeInAll, exhaustive } from "../exhaustive";
import { publicKey } from "../signingKey";
import { OfflineStack, shortName } from "./offlineStack";

/** Types with data, an address that users know or a history of alarms: they survive every change of scale. */
const stateful = new Set([
  "aws:rds/instance:Instance chatpop-db",
  "aws:elasticache/replicationGroup:ReplicationGroup chatpop-redis",
  "aws:ecr/repository:Repository chatpop-backend",
  "aws:s3/bucket:Bucket chatpop-media",
  "aws:secretsmanager/secret:Secret chatpop-db-password",
  "aws:secretsmanager/secret:Secret chatpop-django-secret-key",
  "random:index/randomPassword:RandomPassword chatpop-db-password",
  "random:index/randomPassword:RandomPassword chatpop-django-secret-key",
  "aws:ec2/vpc:Vpc chatpop",
  "aws:lb/loadBalancer:LoadBalancer chatpop-alb",
  "aws:lb/targetGroup:TargetGroup chatpop-tg",
  "aws:ecs/cluster:Cluster chatpop-cluster",
  "aws:ecs/service:Service chatpop-backend-service",
  "aws:sns/topic:Topic chatpop-alerts",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm chatpop-chat-is-down",
  "aws:cloudwatch/dashboard:Dashboard chatpop",
  ...Object.keys(makePlan({ scale: "small" }).monitoring.alarms)
    .filter((key) => !key.endsWith("burst-credits"))
    .map((key) => `aws:cloudwatch/metricAlarm:MetricAlarm chatpop-small-${key}`),
]);

/** Types that may go when a stack gets smaller: they hold nothing that is not elsewhere too. */
const removable = new RegExp(
  `^(${[
    "aws:rds/instance:Instance chatpop-db-replica",
    "aws:cloudwatch/logGroup:LogGroup chatpop-db-replica-log",
    "aws:ec2/(natGateway:NatGateway|eip:Eip) chatpop-nat-\\d",
    "aws:ec2/route:Route chatpop-private-\\d-internet",
    "\\S+ chatpop-worker-outbox-relay",
    "\\S+ chatpop-(small-)?(outbox-(backlog|given-up|stuck)|replica-fallbacks)",
    "aws:cloudwatch/queryDefinition:QueryDefinition chatpop-[a-z-]+",
    // Alarms of replicas, and on credits of burstable classes.
    "aws:cloudwatch/metricAlarm:MetricAlarm chatpop-small-(database-\\S+-2|replica-lag|worker-(not-running|below-count)-outbox-relay|\\S+-burst-credits)",
  ].join("|")})$`,
);

/** A release: a new revision of the task definition, and its invocations. */
const released =
  /^(aws:ecs\/taskDefinition:TaskDefinition chatpop-backend|aws:lambda\/invocation:Invocation chatpop-.*)$/;

describe("one stack from scale to scale", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  const identities = async () =>
    new Map(
      stack
        .resources()
        .filter(({ urn }) => stateful.has(shortName(urn)))
        .map(({ urn, id }) => [shortName(urn), id]),
    );
  let before = new Map<string, string | undefined>();

  it("starts small", async () => {
    await stack.upAsCommitted();
    before = await identities();
    expect([...before.keys()]).to.have.members([...stateful]);
  });

  const moves: readonly {
    readonly to: Scale;
    readonly instanceClass: string;
    readonly proxy: boolean;
    readonly replicas: number;
    readonly workers: readonly string[];
  }[] = [
    { to: "medium", instanceClass: "db.t3.medium", proxy: true, replicas: 0, workers: [] },
    { to: "large", instanceClass: "db.m5.large", proxy: true, replicas: 1, workers: ["outbox-relay"] },
    { to: "medium", instanceClass: "db.t3.medium", proxy: true, replicas: 0, workers: [] },
  ];
  const tried = exhaustive ? moves : moves.slice(0, 2);
  tried.forEach(({ to, instanceClass, proxy, replicas, workers }, index) => {
    const move = `move ${index + 1}, to ${to}`;

    it(`${move}: replaces and deletes nothing that holds data, and ends at the scale's sizes (G-171, G-186, G-187)`, async () => {
      await stack.set("scale", to);
      const destructive = (await stack.upSteps()).filter(({ op }) => /delete|replace/.test(op));
      const touched = destructive.map(({ urn }) => shortName(urn));
      expect(touched.filter((name) => stateful.has(name))).to.be.empty;
      expect(touched.filter((name) => !removable.test(name) && !released.test(name))).to.deep.equal([]);
      expect(await identities()).to.deep.equal(before);
      const resources = stack.resources();
      const databases = resources.filter(({ type }) => type === "aws:rds/instance:Instance");
      expect(databases.map(({ outputs }) => outputs?.["instanceClass"])).to.deep.equal(
        Array.from({ length: 1 + replicas }, () => instanceClass),
      );
      expect(resources.some(({ type }) => type === "aws:rds/proxy:Proxy")).to.equal(proxy);
      const services = resources.filter(({ type }) => type === "aws:ecs/service:Service");
      expect(services.map(({ urn }) => shortName(urn).split(" ")[1])).to.have.members([
        "chatpop-backend-service",
        ...workers.map((worker) => `chatpop-worker-${worker}`),
      ]);
    });
  });

  it("has nothing left to change, and the storage that it began with: no move grows it", async () => {
    await stack.hasNoChanges();
    const database = stack
      .resources()
      .find(({ urn }) => shortName(urn) === "aws:rds/instance:Instance chatpop-db");
    expect(database?.outputs?.["allocatedStorage"]).to.equal(50);
  });
});

describeInAll(
  "a stack with everything that can be turned on, from small to large and back to medium",
  function () {
    this.timeout(900_000);
    const stack = new OfflineStack("small");
    after(() => stack.remove());

    /** Further types with data, keys or addresses. */
    const kept = [
      ...stateful,
      "aws:backup/vault:Vault chatpop-backup",
      "aws:backup/vault:Vault chatpop-backup-copy",
      "aws:backup/plan:Plan chatpop-backup",
      "aws:cloudfront/distribution:Distribution chatpop-media",
      `aws:cloudfront/publicKey:PublicKey chatpop-media-${fingerprint(publicKey).slice(0, 8)}`,
      "aws:kms/key:Key chatpop-alerts",
      "aws:sns/topicSubscription:TopicSubscription chatpop-email",
      "aws:appautoscaling/target:Target chatpop-backend",
    ];
    const identities = async () =>
      new Map(
        stack
          .resources()
          .filter(({ urn }) => kept.includes(shortName(urn)))
          .map(({ urn, id }) => [shortName(urn), id]),
      );
    let before = new Map<string, string | undefined>();

    /** Limits by the clock, within those of a scale. */
    const schedule = (night: number, morning: number, most: number) =>
      JSON.stringify({
        night: { schedule: "cron(0 23 * * ? *)", minTasks: night },
        morning: { schedule: "cron(0 7 * * ? *)", minTasks: morning, maxTasks: most },
      });
    const schedules = { large: schedule(2, 10, 40), medium: schedule(2, 2, 6) };

    it("starts small", async () => {
      await stack.upAsCommitted();
      const { databaseSecretArn } = await stack.outputs();
      const settings = {
        mediaDistribution: "true",
        mediaPublicKey: publicKey,
        // Any secret of the account will do where no URL is signed.
        secrets: JSON.stringify({ AWS_CLOUDFRONT_KEY_B64: databaseSecretArn }),
        backupCopyRegion: "us-west-2",
        alarmEmail: "on-call@example.com",
        cacheReplicas: "1",
        scheduledScaling: schedule(1, 1, 2),
      };
      // As an argument of its own a key would be taken for a flag, and an ARN for a secret.
      const given = Object.entries(settings).flatMap(([key, value]) => [
        "--plaintext",
        `chatpop:${key}=${value}`,
      ]);
      await stack.succeeds("config", "set-all", ...given);
      await stack.up();
      before = await identities();
      expect([...before.keys()]).to.have.members(kept);
    });

    for (const to of ["large", "medium"] as const) {
      // Large deploys in steps of half the tasks, which one task does not have.
      it(`replaces and deletes nothing of it on the way to ${to}, with one task at first`, async () => {
        await stack.set("scale", to);
        await stack.set("scheduledScaling", schedules[to]);
        const touched = (await stack.upSteps())
          .filter(({ op }) => /delete|replace/.test(op))
          .map(({ urn }) => shortName(urn));
        expect(touched.filter((name) => kept.includes(name))).to.be.empty;
        expect(await identities()).to.deep.equal(before);
      });
    }
  },
);

describeInAll("an address plan with another zone", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  it("adds the third zone without re-numbering the others", async () => {
    await stack.upAsCommitted();
    await stack.set("zones", "3");
    const steps = await stack.upSteps();
    // The migration task is told all subnets, so its invocations are new.
    const touched = steps.filter(({ op }) => /delete|replace/.test(op)).map(({ urn }) => shortName(urn));
    expect(touched.filter((name) => !released.test(name))).to.be.empty;
    const created = steps.filter(({ op }) => op === "create").map(({ urn }) => shortName(urn));
    expect(created).to.include.members([
      "aws:ec2/subnet:Subnet chatpop-public-3",
      "aws:ec2/subnet:Subnet chatpop-private-3",
    ]);
  });
});
