import { expect } from "chai";
import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { policies, rules } from "../../policy/pack";
import type { Scale } from "../../stacks/guide";
import type { SettingKey } from "../../stacks/settings";
import { record } from "../recording/recording";
import type { Raw } from "../stacks/settings/randomSettings";
import { analyze, type Diagnostic } from "./analysis";

/** Settings that break a rule, and those that its remedy puts in their place; without a value the plan decides. */
interface Remedy {
  readonly rule: string;
  /** @default medium */
  readonly scale?: Scale;
  readonly broken: Raw;
  readonly mended: Readonly<Partial<Record<SettingKey, string | undefined>>>;
  /** What the pack's configuration asks for beyond what the settings can break. */
  readonly config?: Readonly<Record<string, object>>;
}

/** A remedy that leaves settings to the plan. */
const left = (rule: string, broken: Raw, scale?: Scale): Remedy => ({
  rule,
  broken,
  mended: Object.fromEntries(Object.keys(broken).map((key) => [key, undefined])),
  ...(scale && { scale }),
});

const large = "large";
const narrow: Raw = { maxTasks: "6", taskCpu: "256", taskMemory: "512", server: "daphne" };
const undersized = "tasks-for-demand";
const relay = (onDemandTasks: number) => JSON.stringify({ "outbox-relay": { tasks: 2, onDemandTasks } });
const night = (schedule: Readonly<Record<string, object>>) => JSON.stringify(schedule);
const limits = (schedule: string, minTasks: number, maxTasks?: number) => ({ schedule, minTasks, maxTasks });
const [evening, morning] = ["cron(0 23 * * ? *)", "cron(0 7 * * ? *)"];
const busy: Raw = { channelLayer: "core", cacheShards: "1" };

const remedies: readonly Remedy[] = [
  left("database-proxy-from-1000-rooms", { databaseProxy: "false" }),
  left("read-replica-from-5000-rooms", { readReplicas: "0" }, large),
  left("outbox-from-5000-rooms", { outbox: "false" }, large),
  { rule: "outbox-advised", broken: {}, mended: { outbox: "true" } },
  { rule: "relay-outlives-spot", scale: large, broken: { workers: relay(0) }, mended: { workers: relay(1) } },
  left("outbox-has-relay", { workers: '{"outbox-relay":{"command":"./mail","tasks":2}}' }, large),
  left("task-range-for-scale", { minTasks: "1" }),
  left("task-range-for-scale", { desiredTasks: "1" }),
  left("task-range-for-scale", { maxTasks: "4" }),
  left("task-limit", { maxTasks: "50" }, "small"),
  left("media-in-s3", { media: "false" }),
  left("media-survive-mistakes", { disposable: "true" }),
  left("database-survives-mistakes", { disposable: "true" }),
  left("database-survives-mistakes", { deletionProtection: "false" }),
  left("database-survives-mistakes", { finalSnapshot: "false" }),
  left("cache-snapshots-from-5000-rooms", { disposable: "true" }, large),
  left("cache-snapshots-from-5000-rooms", { deletionProtection: "false" }, large),
  left("database-backups", { databaseBackupDays: "1" }),
  {
    rule: "backup-copies-elsewhere",
    broken: { databaseBackupDays: "1", backupCopyRegion: "us-west-2" },
    mended: { databaseBackupDays: undefined },
  },
  {
    rule: "database-version",
    config: { "database-version": { oldest: 16 } },
    broken: { databaseVersion: "15" },
    mended: { databaseVersion: "16" },
  },
  {
    rule: "log-retention",
    config: { "log-retention": { longest: 14 } },
    broken: { logRetentionDays: "30" },
    mended: { logRetentionDays: "14" },
  },
  {
    rule: "image-by-version",
    broken: { image: "registry.example.com/chatpop:main" },
    mended: { image: "registry.example.com/chatpop:1.4.2" },
  },
  {
    rule: "no-secret-in-environment",
    broken: { environment: '{"SALT":"hunter2-hunter2"}' },
    mended: {
      environment: undefined,
      secrets: '{"SALT":"arn:aws:secretsmanager:us-east-1:123456789012:secret:salt-a1B2c3"}',
    },
  },
  { rule: "https-offered", broken: {}, mended: { domain: "chat.example.com" } },
  left("nat-gateways-for-scale", { egress: "nat-per-zone" }, "small"),
  { rule: undersized, broken: narrow, mended: { maxTasks: "200" } },
  { rule: undersized, broken: narrow, mended: { taskCpu: "4096", taskMemory: "8192" } },
  { rule: "channel-layer-for-demand", scale: large, broken: busy, mended: { channelLayer: "pubsub" } },
  { rule: "channel-layer-for-demand", scale: large, broken: busy, mended: { cacheShards: undefined } },
  left("database-size-for-scale", { databaseClass: "db.t4g.micro" }, large),
  left("database-connections-for-tasks", { databaseClass: "db.t4g.micro" }, large),
  left("database-connections-for-tasks", { databaseProxy: "false" }, large),
  {
    rule: "database-connections-for-tasks",
    scale: "small",
    broken: { maxTasks: "200", databaseClass: "db.t3.small", databaseProxy: "false" },
    mended: { maxTasks: undefined },
  },
  {
    rule: "database-size-for-scale",
    scale: large,
    broken: { databaseStorage: "20", databaseMaxStorage: "22" },
    mended: { databaseMaxStorage: undefined },
  },
  // What no database and no cache of the class ever reaches. Of the others the settings know what fits.
  ...[
    ["database-connections", 1_000],
    ["database-free-memory", 4 * 1024 ** 3],
    ["cache-cpu", 85],
  ].map(([key, threshold]): Remedy => ({
    rule: `alarm-${key}`,
    scale: "small",
    broken: { alarms: JSON.stringify({ [key!]: { threshold }, "service-cpu": { threshold: 60 } }) },
    mended: { alarms: JSON.stringify({ "service-cpu": { threshold: 60 } }) },
  })),
  left("cache-size-for-connections", { cacheNodeType: "cache.t4g.micro" }, large),
  left("cache-size-for-scale", { cacheNodeType: "cache.t4g.micro" }, large),
  left("task-size", { taskCpu: "256" }),
  left("task-size", { taskCpu: "256", taskMemory: "512" }),
  {
    rule: "scheduled-limits",
    broken: { scheduledScaling: night({ night: limits(evening, 1), morning: limits(morning, 2) }) },
    mended: { scheduledScaling: night({ night: limits(evening, 2), morning: limits(morning, 3) }) },
  },
  left("monthly-budget", { monthlyBudget: "1" }, "small"),
  left("connection-scaling-from-1000-rooms", { connectionsPerTask: "100000" }),
];

const isMandatory = ({ level }: Diagnostic) => level === "mandatory";
const named = (found: readonly Diagnostic[]) => [...new Set(found.map(({ policy }) => policy))];

type Judge = Partial<ResourceValidationPolicy & StackValidationPolicy>;

/** The pack with a configuration, as the SDK hands it to each policy. */
const configured = (config: Readonly<Record<string, object>>): Policies =>
  policies.map((policy) => {
    const values = config[policy.name];
    if (!values) return policy;
    const { validateResource, validateStack } = policy as Judge;
    const given = <Args extends object>(args: Args) => ({ ...args, getConfig: () => values as never });
    return {
      ...policy,
      ...(validateResource && {
        validateResource: [validateResource].flat().map(
          (each): typeof each =>
            (args, report) =>
              each(given(args), report),
        ),
      }),
      ...(validateStack && {
        validateStack: ((args, report) => validateStack(given(args), report)) as typeof validateStack,
      }),
    };
  });

const judged = async (scale: Scale, raw: Raw, config: Readonly<Record<string, object>>) =>
  analyze(
    (await record(scale, "preview", raw as Record<string, string>)).registrations,
    undefined,
    configured(config),
  );

const replaced = (broken: Raw, mended: Remedy["mended"]): Raw =>
  Object.fromEntries(
    Object.entries({ ...broken, ...mended }).filter(([, value]) => value !== undefined),
  ) as Raw;

describe("a remedy that names settings", () => {
  for (const { rule, scale = "medium", broken, mended, config = {} } of remedies) {
    it(`mends ${rule}, and breaks nothing else: ${JSON.stringify(broken)} becomes ${JSON.stringify(mended)}`, async () => {
      const before = await judged(scale, broken, config);
      const after = await judged(scale, replaced(broken, mended), config);
      expect(named(before)).to.include(rule);
      expect(named(after)).to.not.include(rule);
      const others = named(before.filter(isMandatory));
      expect(named(after.filter(isMandatory)).filter((each) => !others.includes(each))).to.deep.equal([]);
    });
  }

  it("stands here for every setting that a rule names", () => {
    const pairs = rules.flatMap(({ name, about: { keys = [] } }) => keys.map((key) => `${name}: ${key}`));
    const mended = remedies.flatMap((each) => Object.keys(each.mended).map((key) => `${each.rule}: ${key}`));
    expect(pairs.filter((pair) => !mended.includes(pair) && !pair.startsWith("alarm-"))).to.deep.equal([]);
    expect(mended.filter((pair) => !pairs.includes(pair))).to.deep.equal([]);
  });
});
