import fc from "fast-check";
import { fargateCpu } from "../../../aws/fargate";
import { logRetentionDays, scales } from "../../../stacks/guide";
import { alarmKeys } from "../../../stacks/plan/monitoring/watched";
import type { SettingKey } from "../../../stacks/settings";
import { otherPublicKey, publicKey } from "../../signingKey";

/** Settings as text, as a stack file has them. */
export type Raw = Readonly<Partial<Record<SettingKey, string>>>;

const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-a1B2c3`;
const certificate = (name: string) => `arn:aws:acm:us-east-1:123456789012:certificate/${name}`;

const whole = (min: number, max: number) => fc.integer({ min, max }).map(String);
const oneOf = (...texts: readonly (string | number)[]) => fc.constantFrom(...texts.map(String));
const onOff = oneOf("true", "false");
const json = (value: fc.Arbitrary<unknown>) => value.map((each) => JSON.stringify(each));

/** Around the guide's scales, where decisions change, and anywhere between. */
const rooms = fc.oneof(
  oneOf(1, 99, 100, 999, 1_000, 1_001, 4_999, 5_000, 5_001),
  whole(1, 1_000),
  whole(1, 10_000),
);
const taskCount = fc.oneof(whole(1, 12), whole(1, 200));

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const day = fc.constantFrom("sun", "mon", "tue", "wed", "thu", "fri", "sat");
const dailyWindow = fc.oneof(
  fc.tuple(time, time).map((times) => times.join("-")),
  oneOf("10:15-10:45", "10:00-11:00", "23:45-00:30", "00:00-23:45"),
);
const weeklyWindow = fc.oneof(
  fc.tuple(day, time, time).map(([name, from, to]) => `${name}:${from}-${name}:${to}`),
  oneOf("sun:10:30-sun:11:30", "sun:09:30-sun:10:30", "sat:23:45-sun:00:15"),
);

const schedule = fc.constantFrom(
  "cron(0 23 * * ? *)",
  "cron(0 7 * * ? *)",
  "cron(0 7 * * * *)",
  "rate(1 day)",
);
const timezone = fc.option(fc.constantFrom("Europe/Berlin", "Entenhausen"), { nil: undefined });
const named = <T>(value: fc.Arbitrary<T>, ...names: readonly string[]) =>
  json(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 2 }));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const variables = ["LOG_LEVEL", "STRIPE", "OPENAI_API_KEY", "REDIS_HOST", "ALLOWED_HOSTS"] as const;

/** Random values that the schema accepts, for every setting; the build context is a checkout, which a test of its own has. */
export const values: Readonly<Record<Exclude<SettingKey, "imageContext">, fc.Arbitrary<string>>> = {
  scale: oneOf(...scales),
  rooms,
  usersPerRoom: fc.oneof(oneOf(1, 10, 20, 40), whole(1, 200)),
  messagesPerSecond: fc.oneof(whole(1, 100), whole(1, 3_000)),
  sizing: oneOf("guide", "measured"),
  availability: oneOf("standard", "high"),
  vpcCidr: oneOf("10.1.0.0/16", "172.16.8.0/21", "192.168.0.0/20"),
  zones: oneOf(2, 3),
  egress: oneOf("public-ip", "nat", "nat-per-zone"),
  allowedCidrs: oneOf('["0.0.0.0/0"]', '["10.0.0.0/8"]', '["192.0.2.0/24","198.51.100.0/24"]'),
  flowLogs: oneOf("reject", "all", "none"),
  domain: oneOf("chat.example.com", "example.com", "a.b.example.com"),
  hostedZone: oneOf("example.com", "Z0123456789ABC", "example.org"),
  certificateArn: oneOf(certificate("1")),
  frontendOrigins: oneOf(
    "[]",
    '["https://www.example.com"]',
    '["https://www.example.org","https://b.example.org"]',
  ),
  webFirewall: onOff,
  requestsPerAddress: oneOf(100, 10_000, 1_000_000),
  accessLogs: onOff,
  stickiness: oneOf("app_cookie", "lb_cookie"),
  smokeTestPath: oneOf("/healthz?deep", "/api/status", "/"),
  healthCheckPath: oneOf("/healthz", "/health/live", "/healthz?deep", "/admin/login/"),
  image: oneOf(":1.4.2", `@sha256:${"0123456789abcdef".repeat(4)}`, "registry.example.com/chatpop:1.4.2"),
  architecture: oneOf("x86_64", "arm64"),
  taskCpu: oneOf(...fargateCpu),
  taskMemory: oneOf(512, 1_024, 1_536, 2_048, 4_096, 8_192, 16_384, 30_720, 122_880),
  server: oneOf("daphne", "uvicorn"),
  channelLayer: oneOf("pubsub", "core"),
  frameLimit: oneOf(1_024, 65_536, 16_777_216),
  minTasks: taskCount,
  desiredTasks: taskCount,
  maxTasks: taskCount,
  requestsPerTarget: oneOf(1, 1_000, 100_000),
  connectionsPerTask: oneOf(1, 500, 1_750, 3_000, 100_000),
  scheduledScaling: named(
    fc.record({
      schedule: fc.constantFrom("cron(0 23 * * ? *)", "cron(0 7 * * ? *)", "cron(0 7 * *)"),
      timezone,
      minTasks: fc.integer({ min: 1, max: 12 }),
      maxTasks: optional(fc.integer({ min: 1, max: 20 })),
    }),
    ...["night", "morning", "weekend"],
  ),
  environment: named(fc.constantFrom("1", "hunter2"), ...variables),
  secrets: named(fc.constant(secret("stripe")), ...variables),
  djangoSecretKeyVersion: oneOf(1, 2),
  executeCommand: onOff,
  outbox: onOff,
  workers: named(
    fc.record({
      command: optional(fc.constantFrom("./mail", "python manage.py send_mail")),
      tasks: optional(fc.integer({ min: 1, max: 4 })),
      onDemandTasks: optional(fc.integer({ min: 0, max: 4 })),
      cpu: optional(fc.constantFrom(...fargateCpu.slice(0, 3))),
      memory: optional(fc.constantFrom(512, 1_024, 2_048, 4_096)),
    }),
    ...["mailer", "digest", "outbox-relay"],
  ),
  scheduledCommands: named(
    fc.record({ command: fc.constant("python manage.py clearsessions"), schedule, timezone }),
    ...["clearsessions", "cleanup-expired-photos"],
  ),
  migrationCommand: oneOf("./migrate now"),
  skipEquivalentIndexes: onOff,
  databaseVersion: oneOf("15", "16", "17", "15.7", "16.3"),
  databaseClass: oneOf("db.t4g.micro", "db.t4g.medium", "db.m5.large", "db.m6g.xlarge", "db.r6g.2xlarge"),
  databaseStorage: fc.oneof(oneOf(20, 399, 400, 59_578), whole(20, 2_000)),
  databaseMaxStorage: fc.oneof(oneOf(22, 1_000, 65_536), whole(22, 3_000)),
  databaseMultiAz: onOff,
  databaseBackupDays: oneOf(0, 1, 7, 14, 35),
  databaseBackupWindow: dailyWindow,
  databaseMaintenanceWindow: weeklyWindow,
  backupCopyRegion: oneOf("us-west-2", "eu-central-1"),
  snapshotIdentifier: oneOf("before-the-fire"),
  databasePasswordVersion: oneOf(1, 2),
  databaseProxy: onOff,
  readReplicas: whole(0, 3),
  finalSnapshot: onOff,
  cacheEngine: oneOf("redis", "valkey"),
  cacheNodeType: oneOf("cache.t4g.micro", "cache.t4g.small", "cache.m6g.large", "cache.r6g.xlarge"),
  cacheReplicas: whole(0, 3),
  cacheShards: whole(1, 4),
  media: onOff,
  mediaDistribution: onOff,
  mediaPublicKey: oneOf(publicKey, otherPublicKey),
  mediaFormerPublicKey: oneOf(otherPublicKey),
  mediaDomain: oneOf("media.example.com"),
  mediaCertificateArn: oneOf(certificate("2")),
  logRetentionDays: oneOf(...logRetentionDays),
  monthlyBudget: oneOf(1, 500, 20_000),
  containerInsights: onOff,
  alarmEmail: oneOf("on-call@example.com"),
  alarmWebhook: oneOf("https://example.com/sns"),
  runbookUrl: oneOf("https://wiki.example.com/chatpop"),
  alarms: named(
    fc.oneof(
      fc.record({ threshold: fc.constantFrom(0, 0.05, 1, 50, 85, 100, 1_000, 2_000_000) }),
      fc.constant({ enabled: false, reason: "it's told by the pipeline" }),
    ),
    ...[...alarmKeys, "database-cpus"],
  ),
  deletionProtection: onOff,
  adopted: oneOf("[]", '["database"]', '["repository","mediaBucket","logGroup"]'),
  disposable: onOff,
  deployRepository: oneOf("octo-org/octo-repo", "octo-org@1/octo-repo@2"),
  deployEnvironment: oneOf("live"),
};

const sometimes = (value: fc.Arbitrary<string>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 7 }, { arbitrary: value, weight: 1 });

/** Random settings: a scale, and about one in eight of the others. */
export const randomSettings: fc.Arbitrary<Raw> = fc
  .record(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, key === "scale" ? value : sometimes(value)]),
    ),
  )
  .map((raw) => Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined)) as Raw);

/** Texts that few settings or none accept. */
const nonsense = fc.constantFrom(
  ...["", " ", "-1", "0", "1.5", "1e9", "99999999", "99999999999999999999", "auto ", "ja", "null", "{", "[]"],
  ...['{"__proto__":{"threshold":1}}', '{"a":{"__proto__":"x"}}', '{"a":1}', '{"mailer":{"tasks":1000}}'],
  ...['["0.0.0.0/0","__proto__"]', "constructor", "http://example.com", "it's", "ü".repeat(300)],
);

/** Random settings of which one to three hold nonsense, or have names that no setting has. */
export const spoiltSettings: fc.Arbitrary<Raw> = fc
  .tuple(
    randomSettings,
    fc.dictionary(fc.constantFrom(...Object.keys(values), "room", "__proto__", "toString"), nonsense, {
      ...{ minKeys: 1, maxKeys: 3, noNullPrototype: true },
    }),
  )
  .map(([raw, spoilt]) => Object.fromEntries([...Object.entries(raw), ...Object.entries(spoilt)]) as Raw);
