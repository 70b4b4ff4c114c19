import { z } from "zod";
import { maximumZones, parseCidr } from "./addresses";
import { alarmSettings } from "./alarmSettings";
import { fargateCpu } from "./fargate";
import { logRetentionDays, scales } from "./guide";
import { mediaSettings } from "./mediaSettings";
import { nearest } from "./nearest";
import { set } from "./remedies";
import { scalingSettings } from "./scalingSettings";
import {
  type About,
  choice,
  hostName,
  matching,
  oneOf,
  onOff,
  structured,
  wholeNumber,
} from "./settingTypes";
import { commandPattern, workerSettings } from "./workerSettings";
import { dailyWindow, weeklyWindow } from "./windows";

/** A mistake in the stack's settings; its message is complete and meant for the operator. */
export class SettingsError extends Error {}

/** Ids that Route 53 draws for its zones. */
export const zoneId = /^Z[A-Z0-9]{1,31}$/;
const environmentName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/);
// A secret's ARN ends in a hyphen and six characters that AWS draws; without them IAM and ECS find nothing.
const secretReference =
  /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}(:[\w.-]+::)?$/;

/**
 * The value of a setting that is left to the scale and the Plan. `Pulumi.yaml` gives it to every key but `scale`, because
 * Pulumi takes a declared key without a default for one that must be set.
 */
export const automatic = "auto";

/** Every setting of a stack: `pulumi config set chatpop:<key> <value>`. Only `scale` is required. */
export const settingsSchema = z.strictObject({
  scale: choice(
    scales,
    "The guide's scale that gives rooms, users per room and every other setting its default.",
  ),
  rooms: wholeNumber(1, 100_000, "Chat rooms that are open at the same time.").optional(),
  usersPerRoom: wholeNumber(1, 10_000, "Users that are connected to one room.").optional(),
  sizing: choice(
    ["guide", "measured"],
    "Task counts as the guide gives them, or from the capacity that was measured.",
  ).optional(),

  vpcCidr: z
    .string()
    .refine((text) => {
      const cidr = parseCidr(text);
      return cidr !== undefined && cidr.prefix >= 16 && cidr.prefix <= 21;
    })
    .meta({
      description: "Address range of the VPC; it cannot be changed later without replacing everything.",
      allowed: "an IPv4 network from /16 to /21 without host bits",
      example: "10.0.0.0/16",
    })
    .optional(),
  zones: wholeNumber(2, maximumZones, "Availability zones in use.").optional(),
  egress: choice(
    ["public-ip", "nat", "nat-per-zone"],
    "How tasks reach the internet: public addresses of their own, one NAT gateway, or one in every zone.",
  ).optional(),
  allowedCidrs: structured(
    z
      .array(z.string().refine((text) => parseCidr(text) !== undefined))
      .min(1)
      .refine((networks) => new Set(networks).size === networks.length),
    {
      description: "IPv4 networks that may reach the load balancer.",
      allowed: "a JSON list of different IPv4 networks",
      example: `'["0.0.0.0/0"]'`,
    },
  ).optional(),

  flowLogs: choice(
    ["reject", "all", "none"],
    "Connections that the VPC records: those that were refused, all (four records a message), or none.",
  ).optional(),

  domain: matching(hostName, {
    description: "Host name that users open over HTTPS; it lies in a public Route 53 zone of the account.",
    allowed: "a lower-case host name",
    example: "chat.example.com",
  }).optional(),
  hostedZone: matching(new RegExp(`${zoneId.source}|${hostName.source}`), {
    description:
      "Public Route 53 zone of the domain; left out, the one named as the domain without its first label.",
    allowed: "the name or the id of a hosted zone",
    example: "example.com",
  }).optional(),
  certificateArn: matching(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, {
    description:
      "ACM certificate that covers the domain, in the stack's region; left out, one is requested and proved in the zone.",
    allowed: "the ARN of an ACM certificate",
    example: "arn:aws:acm:us-east-1:123456789012:certificate/…",
  }).optional(),
  webFirewall: onOff(
    "Puts AWS WAF before the load balancer: a limit of requests from one address, and AWS's own rules.",
  ).optional(),
  requestsPerAddress: wholeNumber(
    100,
    100_000_000,
    "HTTP requests that the web firewall lets one address send in five minutes; sockets do not count.",
  ).optional(),
  accessLogs: onOff(
    "Keeps a log of every request to the load balancer in S3, for as many days as other logs.",
  ).optional(),
  stickiness: choice(
    ["app_cookie", "lb_cookie"],
    "Cookie that keeps a client on its task: the application's own, or one of the load balancer.",
  ).optional(),
  healthCheckPath: matching(/^\/[\w\-./?=&%~+]{0,1023}$/, {
    description: "Path that the load balancer asks each task for.",
    allowed: "a path that starts with / and answers 200",
    example: "/admin/login/",
  }).optional(),

  image: matching(/^(?!.*:latest$)([a-z0-9][\w.\-/:]*)?(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/, {
    description:
      "Container image; with only a tag or digest, the image of that name in the stack's own repository.",
    allowed:
      "an image with a tag other than latest, or with a digest: :1.4.2, @sha256:…, registry/name:1.4.2",
    example: ":1.4.2",
  }).optional(),
  imageContext: matching(/^[^\0]+$/, {
    description:
      "Folder of a ChatPop checkout: the image is built from it and pushed, in place of chatpop:image.",
    allowed: "a folder that holds backend/requirements.txt",
    example: "../ChatPop",
  }).optional(),
  architecture: choice(["x86_64", "arm64"], "Processor that the image was built for.").optional(),
  taskCpu: oneOf(fargateCpu, "CPU units of a task; 1024 is one vCPU.").optional(),
  taskMemory: wholeNumber(512, 122_880, "Memory of a task in MiB.").optional(), // G-137: grow it when either is short
  minTasks: wholeNumber(1, 5_000, "Fewest tasks that autoscaling keeps.").optional(),
  desiredTasks: wholeNumber(
    1,
    5_000,
    "Tasks at the first deployment; autoscaling decides from then on.",
  ).optional(),
  maxTasks: wholeNumber(1, 5_000, "Most tasks that autoscaling starts.").optional(),
  requestsPerTarget: wholeNumber(
    1,
    1_000_000,
    "Adds scaling on HTTP requests per task and minute; it does not see open WebSockets.",
  ).optional(),
  ...scalingSettings,
  environment: structured(z.record(environmentName, z.string()), {
    description: "Further environment variables of the application; no secrets.",
    allowed: "a JSON object of upper-case names and texts",
    example: `'{"MESSAGE_CACHE_MAX_COUNT":"200"}'`,
  }).optional(),
  secrets: structured(z.record(environmentName, z.string().regex(secretReference)), {
    description: "Further environment variables whose values come from Secrets Manager when a task starts.",
    allowed:
      "a JSON object of upper-case names and complete secret ARNs (with the last six characters), a JSON key as <arn>:<key>::",
    example: `'{"STRIPE_SECRET_KEY":"arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-a1B2c3"}'`,
  }).optional(),
  djangoSecretKeyVersion: wholeNumber(
    1,
    1_000_000,
    "Raise it to draw another SECRET_KEY for Django; everybody has to log in again.",
  ).optional(),
  executeCommand: onOff("Lets operators open a shell in a running task (ECS Exec).").optional(),

  ...workerSettings,

  migrationCommand: matching(commandPattern, {
    description:
      "Command that migrates the database, run as a one-off task of the new image before its tasks start.",
    allowed: "words separated by single blanks, without quotes",
    example: "'python manage.py migrate --noinput'",
  }).optional(),
  skipEquivalentIndexes: onOff(
    "Builds no required index that the database already has under another name.",
  ).optional(),

  databaseVersion: matching(/^1[5-7](\.\d{1,2})?$/, {
    description: "PostgreSQL version; a major one alone takes minor upgrades by itself.",
    allowed: "15, 16, 17 or one of their minor versions",
    example: "15",
  }).optional(),
  databaseClass: matching(/^db\.[a-z][a-z0-9]*\.[0-9a-z]+$/, {
    description: "RDS instance class of the primary and its replicas.",
    allowed: "an RDS instance class",
    example: "db.t4g.medium",
  }).optional(),
  // RDS wants its upper limit, at most 65,536 GiB, to be 10 % above.
  databaseStorage: wholeNumber(
    20,
    59_578,
    "Storage of the database in GiB (gp3); it can only grow.",
  ).optional(),
  databaseMaxStorage: wholeNumber(22, 65_536, "Storage in GiB up to which RDS grows by itself.").optional(),
  databaseMultiAz: onOff("Keeps a standby of the database in a second zone.").optional(),
  databaseBackupDays: wholeNumber(
    0,
    35,
    "Days that automatic backups are kept; 0 turns them off.",
  ).optional(),
  databaseBackupWindow: matching(dailyWindow, {
    description: "Time of day (UTC) in which RDS backs the database up; 30 minutes or more.",
    allowed: "hh:mm-hh:mm",
    example: "03:00-04:00",
  }).optional(),
  databaseMaintenanceWindow: matching(weeklyWindow, {
    description: "Time of week (UTC) in which RDS installs minor versions; 30 minutes or more.",
    allowed: "ddd:hh:mm-ddd:hh:mm, with sun, mon, tue, wed, thu, fri or sat",
    example: "sun:05:00-sun:06:00",
  }).optional(),
  backupCopyRegion: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, {
    description: "Region to which AWS Backup copies the database every day.",
    allowed: "another region than the stack's",
    example: "us-west-2",
  }).optional(),
  snapshotIdentifier: matching(
    /^(((rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]{0,249}|arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:[\w:-]+)$/,
    {
      description:
        "DB snapshot that a new database starts from; a database that is there already keeps its data.",
      allowed: "the name of a DB snapshot of the stack's region, or its ARN",
      example: "chatpop-db-final-0a1b2c3d",
    },
  ).optional(),
  databasePasswordVersion: wholeNumber(
    1,
    1_000_000,
    "Raise it to draw another password for the database and to start tasks that know it.",
  ).optional(),
  databaseProxy: onOff(
    "Puts an RDS Proxy between tasks and database; the guide requires it from 1,000 rooms.",
  ).optional(),
  readReplicas: wholeNumber(
    0,
    5,
    "Read replicas of the database; the guide requires one from 5,000 rooms.",
  ).optional(),
  finalSnapshot: onOff("Takes a last snapshot when the database is deleted.").optional(),

  cacheEngine: choice(
    ["redis", "valkey"],
    "Engine of the cache; valkey to redis replaces the cache.",
  ).optional(),
  cacheNodeType: matching(/^cache\.[a-z][a-z0-9]*\.[0-9a-z]+$/, {
    description: "ElastiCache node type.",
    allowed: "an ElastiCache node type",
    example: "cache.t4g.small",
  }).optional(),
  cacheReplicas: wholeNumber(0, 5, "Further cache nodes that take over when the first one fails.").optional(),

  ...mediaSettings,

  logRetentionDays: oneOf(logRetentionDays, "Days that logs are kept.").optional(),
  containerInsights: onOff("Turns on CloudWatch Container Insights, which is charged by metric.").optional(),
  ...alarmSettings,
  deletionProtection: onOff(
    "Refuses to delete the database, the cache, the media, the load balancer, the images and the secrets.",
  ).optional(),

  // Repositories made since July 2026, or renamed since, carry the ids of owner and repository in GitHub's tokens.
  deployRepository: matching(/^([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+)$/, {
    description:
      "GitHub repository that may deploy this stack, as its tokens name it; makes the role for it.",
    allowed: "owner/name, or owner@id/name@id for a repository whose tokens carry ids",
    example: "octo-org@123456/octo-repo@456789",
  }).optional(),
  deployEnvironment: matching(/^[\w.-]{1,255}$/, {
    description: "GitHub environment whose jobs may deploy this stack.",
    allowed: "letters, digits, dot, underscore and hyphen",
    example: "production",
  }).optional(),
});

/** What the operator asked for; what is left out gets its default from `complete`. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;
export type SettingKey = keyof Settings;

/** All keys, in the order of the documentation. */
export const settingKeys = Object.keys(settingsSchema.shape) as readonly SettingKey[];

/** The documentation of a setting. */
export function about(key: SettingKey): About {
  const schema: z.ZodType = settingsSchema.shape[key];
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  return inner.meta() as unknown as About;
}

/** A value as one line, and never a private key that was meant to be the public one. */
function quoted(value: string): string {
  if (value.includes("PRIVATE KEY")) return "a private key";
  return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
}

/**
 * Reads a stack's settings.
 *
 * @param raw Configuration values as Pulumi gives them, without the project's prefix: `{ rooms: "100" }`.
 * @param secretKeys Keys whose values are encrypted in the stack file and stay out of messages.
 * @throws SettingsError that names every wrong key with its value, what is allowed and the command that mends it.
 */
export function parseSettings(
  raw: Readonly<Record<string, string>>,
  secretKeys: ReadonlySet<string> = new Set(),
): Settings {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== automatic));
  const result = settingsSchema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const complaints = result.error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys" && issue.path.length === 0) return issue.keys.map(unknownKey);
    return [wrongValue(issue.path[0] as SettingKey, raw, secretKeys)];
  });
  throw new SettingsError([...new Set(complaints)].join("\n"));
}

function unknownKey(key: string): string {
  const meant = nearest(key, settingKeys).map((name) => `chatpop:${name}`);
  const known =
    meant.length > 0
      ? `Did you mean ${meant.join(" or ")}?`
      : `The settings are ${settingKeys.join(", ")} (docs/settings.md).`;
  return `chatpop:${key} is not a setting. ${known} Remove it with: pulumi config rm chatpop:${key}`;
}

function wrongValue(
  key: SettingKey,
  raw: Readonly<Record<string, string>>,
  secretKeys: ReadonlySet<string>,
): string {
  const { allowed, example } = about(key);
  const value = raw[key];
  const found =
    value === undefined
      ? "is missing"
      : secretKeys.has(key)
        ? "has a secret value that is not allowed"
        : `is ${quoted(value)}`;
  return `chatpop:${key} ${found}. Allowed: ${allowed}. Set it with: ${set(key, example)}`;
}
