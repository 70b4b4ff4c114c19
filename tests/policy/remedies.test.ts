import { expect } from "chai";
import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { takeStack } from "../../policy/engine";
import { policies, rules } from "../../policy/pack";
import type { Scale } from "../../stacks/guide";
import { type SettingKey, settingKeys } from "../../stacks/settings";
import { automatic } from "../../stacks/settings/automatic";
import { commandsIn } from "../../stacks/settings/remedies";
import { record } from "../recording/recording";
import type { Raw } from "../stacks/settings/randomSettings";
import { analyze, type Diagnostic } from "./analysis";

/** Settings that break a rule, whose finding names the commands that mend it. */
interface Broken {
  readonly rule: string;
  readonly settings: Raw;
  /** What the pack's configuration asks for beyond what the settings can break. */
  readonly config?: Readonly<Record<string, object>>;
  readonly scale: Scale;
}

const broken = (rule: string, settings: Raw, scale: Scale = "medium", config?: Broken["config"]): Broken => ({
  ...{ rule, settings, scale },
  ...(config && { config }),
});

const large = "large";
const narrow: Raw = { maxTasks: "6", taskCpu: "256", taskMemory: "512", server: "daphne" };
const night = (schedule: Readonly<Record<string, object>>) => JSON.stringify(schedule);
const limits = (schedule: string, minTasks: number, maxTasks?: number) => ({ schedule, minTasks, maxTasks });
const [evening, morning] = ["cron(0 23 * * ? *)", "cron(0 7 * * ? *)"];
const busy: Raw = { channelLayer: "core", cacheShards: "1" };
const mailer = { command: "python manage.py mail", tasks: 1 };

const all: readonly Broken[] = [
  broken("database-proxy-from-1000-rooms", { databaseProxy: "false" }),
  broken("read-replica-from-5000-rooms", { readReplicas: "0" }, large),
  broken("outbox-from-5000-rooms", { outbox: "false" }, large),
  broken("outbox-advised", {}),
  broken(
    "relay-outlives-spot",
    { workers: JSON.stringify({ "outbox-relay": { tasks: 2, onDemandTasks: 0 }, mailer }) },
    large,
  ),
  broken("outbox-has-relay", { workers: '{"outbox-relay":{"command":"./mail","tasks":2}}' }, large),
  broken("task-range-for-scale", { minTasks: "1" }),
  broken("task-range-for-scale", { desiredTasks: "1" }),
  broken("task-range-for-scale", { maxTasks: "4" }),
  broken("task-limit", { maxTasks: "50" }, "small"),
  broken("media-in-s3", { media: "false" }),
  broken("media-survive-mistakes", { disposable: "true" }),
  broken("database-survives-mistakes", { disposable: "true" }),
  broken("database-survives-mistakes", { deletionProtection: "false" }),
  broken("database-survives-mistakes", { finalSnapshot: "false" }),
  broken("cache-snapshots-from-5000-rooms", { disposable: "true" }, large),
  broken("cache-snapshots-from-5000-rooms", { deletionProtection: "false" }, large),
  broken("database-backups", { databaseBackupDays: "1" }),
  broken("backup-copies-elsewhere", { databaseBackupDays: "1", backupCopyRegion: "us-west-2" }),
  broken("database-version", { databaseVersion: "15" }, "medium", { "database-version": { oldest: 16 } }),
  broken("log-retention", { logRetentionDays: "30" }, "medium", { "log-retention": { longest: 14 } }),
  broken("image-by-version", { image: "registry.example.com/chatpop:main" }),
  broken("no-secret-in-environment", { environment: '{"SALT":"hunter2-hunter2","LANGUAGE":"de"}' }),
  broken("https-offered", {}),
  broken("nat-gateways-for-scale", { egress: "nat-per-zone" }, "small"),
  broken("tasks-for-demand", narrow),
  broken("channel-layer-for-demand", busy, large),
  broken("database-size-for-scale", { databaseClass: "db.t4g.micro" }, large),
  broken("database-size-for-scale", { databaseStorage: "20", databaseMaxStorage: "22" }, large),
  broken("database-connections-for-tasks", { databaseClass: "db.t4g.micro" }, large),
  broken("database-connections-for-tasks", { databaseProxy: "false" }, large),
  broken(
    "database-connections-for-tasks",
    { maxTasks: "200", databaseClass: "db.t3.small", databaseProxy: "false" },
    "small",
  ),
  // What no database and no cache of the class ever reaches. Of the others the settings know what fits.
  ...Object.entries({
    "database-connections": 1_000,
    "database-free-memory": 4 * 1024 ** 3,
    "cache-cpu": 85,
  }).map(([key, threshold]) =>
    broken(
      `alarm-${key}`,
      { alarms: JSON.stringify({ [key]: { threshold }, "service-cpu": { threshold: 60 } }) },
      "small",
    ),
  ),
  broken("cache-size-for-connections", { cacheNodeType: "cache.t4g.micro" }, large),
  broken("cache-size-for-scale", { cacheNodeType: "cache.t4g.micro" }, large),
  broken("task-size", { taskCpu: "256" }),
  broken("task-size", { taskCpu: "256", taskMemory: "512" }),
  broken("scheduled-limits", {
    scheduledScaling: night({ night: limits(evening, 1), morning: limits(morning, 2) }),
  }),
  broken("monthly-budget", { monthlyBudget: "1" }, "small"),
  broken("connection-scaling-from-1000-rooms", { connectionsPerTask: "100000" }),
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

/** What the pack says of a stack with settings, which the engine has told it before. */
async function judged(scale: Scale, raw: Raw, config: Readonly<Record<string, object>> = {}) {
  const request = new AnalyzerStackConfigureRequest().setStack("tried");
  const given = { ...Object.fromEntries(settingKeys.map((key) => [key, automatic])), ...raw };
  for (const [key, text] of Object.entries(given)) request.getConfigMap().set(`chatpop:${key}`, text);
  takeStack(request);
  const { registrations } = await record(scale, "preview", raw as Record<string, string>);
  return analyze(registrations, undefined, configured(config));
}

/** Settings after the commands of a message. */
const after = (raw: Raw, message: string): Raw =>
  commandsIn(message.replaceAll(" --stack tried", "")).reduce<Raw>((settings, [key, text]) => {
    const { [key as SettingKey]: _, ...others } = settings;
    return (text === undefined ? others : { ...others, [key]: text }) as Raw;
  }, raw);

describe("the command that ends a finding", () => {
  afterEach(() => takeStack(new AnalyzerStackConfigureRequest()));

  const met = new Set<string>();
  for (const { rule, scale, settings, config } of all) {
    it(`mends ${rule}, and breaks nothing else: ${JSON.stringify(settings)}`, async () => {
      const before = await judged(scale, settings, config);
      const { message } = before.find(({ policy }) => policy === rule)!;
      expect(message).to.match(/ In code: \S.*\. Remedy: pulumi config (set|rm) --stack tried chatpop:\S/);
      for (const [key] of commandsIn(message.replaceAll(" --stack tried", ""))) met.add(`${rule}: ${key}`);
      const mended = await judged(scale, after(settings, message), config);
      expect(named(mended)).to.not.include(rule);
      const others = named(before.filter(isMandatory));
      expect(named(mended.filter(isMandatory)).filter((each) => !others.includes(each))).to.deep.equal([]);
    });
  }

  it("keeps the names of a JSON setting that are not to blame", async () => {
    const [finding] = (
      await judged("medium", { environment: '{"SALT":"hunter2-hunter2","LANGUAGE":"de"}' })
    ).filter(({ policy }) => policy === "no-secret-in-environment");
    expect(finding!.message).to.match(/ chatpop:environment '\{"LANGUAGE":"de"\}'$/);
  });

  it("is left out where a setting is not to blame: the argument is the remedy", async () => {
    const { registrations } = await record("medium", "preview", { databaseBackupDays: "1" });
    const [finding] = (await analyze(registrations)).filter(({ policy }) => policy === "database-backups");
    expect(finding!.message).to.match(/\. Remedy: backupRetentionPeriod 7 or more$/);
  });

  it("was tried for every setting that a rule names", () => {
    const pairs = rules.flatMap(({ name, about: { mends = [] } }) =>
      mends.map(({ key }) => `${name}: ${key}`),
    );
    expect(pairs.filter((pair) => !met.has(pair) && !pair.startsWith("alarm-"))).to.deep.equal([]);
  });
});
