import { z } from "zod";
import { adoptedKinds } from "./adoption";
import { alarmSettings } from "./alarms";
import { automatic } from "./automatic";
import { dataSettings } from "./data";
import { fargateCpu } from "../../aws/fargate";
import { logRetentionDays, scales } from "../guide";
import { mediaSettings } from "./media";
import { networkSettings } from "./network";
import { wrongInside } from "./insideJson";
import { nearest } from "./nearest";
import { fromFile, set } from "./remedies";
import { scalingSettings } from "./scaling";
import { type About, choice, matching, oneOf, onOff, structured, wholeNumber } from "./types";
import { commandPattern, workerSettings } from "./workers";

/** A mistake in the stack's settings. Pulumi shows its message to the operator as it stands. */
export class SettingsError extends Error {}

const environmentName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/);
// A secret's ARN ends in a hyphen and six random characters; without them IAM and ECS do not find the secret.
const secretReference =
  /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}(:[\w.-]+::)?$/;

/** Every setting of a stack: `pulumi config set chatpop:<key> <value>`. Only `scale` is required. */
export const settingsSchema = z.strictObject({
  scale: choice(
    scales,
    "Scale of the guide; it decides the defaults of rooms, users per room and all other settings.",
  ),
  rooms: wholeNumber(1, 100_000, "Chat rooms that are open at the same time.", 100).optional(),
  usersPerRoom: wholeNumber(1, 10_000, "Users that are connected to one room.").optional(),
  messagesPerSecond: wholeNumber(
    1,
    1_000_000,
    "Messages per second in all rooms together; if left out, the guide's rate for the number of connections.",
  ).optional(),
  sizing: choice(
    ["guide", "measured"],
    "Source of the task counts: the guide's table, or the measured capacity of a task.",
  ).optional(),

  availability: choice(
    ["standard", "high"],
    "Whether the chat survives the loss of a zone: high has a standby of the database, a second cache node, two tasks  " +
      "or more, and a NAT gateway in every zone.",
  ).optional(),

  ...networkSettings,

  image: matching(/^(?!.*:latest$)([a-z0-9][\w.\-/:]*)?(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/, {
    description: "Container image; a tag or digest alone names an image in the stack's own repository.",
    allowed:
      "an image with a tag other than latest, or with a digest: :1.4.2, @sha256:…, registry/name:1.4.2",
    example: ":1.4.2",
  }).optional(),
  imageContext: matching(/^[^\0]+$/, {
    description:
      "Folder of a ChatPop checkout; the program builds the image from it, pushes it and runs it instead of chatpop:image.",
    allowed: "a folder that holds backend/requirements.txt",
    example: "../ChatPop",
  }).optional(),
  architecture: choice(["x86_64", "arm64"], "Processor architecture of the image.").optional(),
  taskCpu: oneOf(fargateCpu, "CPU units of a task; 1024 is one vCPU.").optional(),
  taskMemory: wholeNumber(512, 122_880, "Memory of a task (MiB).").optional(), // G-137: raise it when 90 % is in use
  server: choice(
    ["daphne", "uvicorn"],
    "Server of the sockets; if left out, Daphne where it carries the full load, otherwise uvicorn.",
  ).optional(),
  channelLayer: choice(
    ["pubsub", "core"],
    "Transport of a message between tasks: pubsub sends it once by Redis's PUBLISH, core writes it for each task. A change loses messages while old and new tasks run.",
  ).optional(),
  frameLimit: wholeNumber(
    1_024,
    16_777_216,
    "Largest WebSocket frame of a client (bytes); a larger one closes its socket.",
  ).optional(),
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
    "Adds scaling on HTTP requests per task and minute, with this target; open WebSockets do not count.",
  ).optional(),
  ...scalingSettings,
  environment: structured(z.record(environmentName, z.string()), {
    description: "Further environment variables of the application; no secrets.",
    allowed: "a JSON object of upper-case names and texts",
    example: `'{"MESSAGE_CACHE_MAX_COUNT":"200"}'`,
  }).optional(),
  secrets: structured(z.record(environmentName, z.string().regex(secretReference)), {
    description:
      "Further environment variables of the application, with values from Secrets Manager at the start of a task. Tasks may not use a KMS key of your own: encrypt these secrets with AWS's key (aws/secretsmanager).",
    allowed:
      "a JSON object of upper-case names and complete secret ARNs (with the last six characters), a JSON key as <arn>:<key>::",
    example: `'{"STRIPE_SECRET_KEY":"arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-a1B2c3"}'`,
  }).optional(),
  djangoSecretKeyVersion: wholeNumber(
    1,
    1_000_000,
    "Version of Django's SECRET_KEY; a higher number generates a new key and logs all users out.",
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
    "Skips each required index that the database already has under another name.",
  ).optional(),

  ...dataSettings,

  ...mediaSettings,

  logRetentionDays: oneOf(logRetentionDays, "Retention of logs (days).").optional(),
  containerInsights: onOff("Turns on CloudWatch Container Insights, which is charged per metric.").optional(),
  ...alarmSettings,
  deletionProtection: onOff(
    "Refuses to delete the database, the cache, the media, the load balancer, the images and the secrets.",
  ).optional(),

  adopted: structured(z.array(z.enum(adoptedKinds)), {
    description:
      "Existing resources that the stack has imported; arguments that only a replacement could change keep their values. make adopt writes this setting.",
    allowed: `a JSON list of ${adoptedKinds.join(", ")}`,
    example: `'["database","repository"]'`,
  }).optional(),
  disposable: onOff(
    "Deletes everything together with the stack, for tests and demonstrations: also backups, media, images and secrets, without a final snapshot.",
  ).optional(),

  // Repositories made since July 2026, or renamed since, carry the ids of owner and repository in GitHub's tokens.
  deployRepository: matching(/^([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+)$/, {
    description:
      "GitHub repository that may deploy this stack, as its tokens name it; the stack creates a role for it.",
    allowed: "owner/name, or owner@id/name@id for a repository whose tokens carry ids",
    example: "octo-org@123456/octo-repo@456789",
  }).optional(),
  deployEnvironment: matching(/^[\w.-]{1,255}$/, {
    description: "GitHub environment whose jobs may deploy this stack.",
    allowed: "letters, digits, dot, underscore and hyphen",
    example: "production",
  }).optional(),
});

/** Settings as the operator gives them; `complete` adds the defaults. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;
/** A key of the stack file, without `chatpop:` in front. */
export type SettingKey = keyof Settings;

/** All keys, in the order of the documentation. */
export const settingKeys = Object.keys(settingsSchema.shape) as readonly SettingKey[];

/** The documentation of a setting. */
export function about(key: SettingKey): About {
  const schema: z.ZodType = settingsSchema.shape[key];
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  return inner.meta() as unknown as About;
}

/** A value on one line. A private key, given by mistake for the public one, is not shown. */
function quoted(value: string): string {
  if (value.includes("PRIVATE KEY")) return "a private key";
  return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
}

/** Settings as they were read, with what is wrong in them. */
export interface ReadSettings {
  /** The right ones; undefined where `scale` is none of them. */
  readonly settings: Settings | undefined;
  /** Keys with a wrong or missing value. */
  readonly wrong: readonly SettingKey[];
  /** A sentence on each wrong key, with its value, what is allowed and the command that mends it. */
  readonly complaints: readonly string[];
}

/**
 * Reads a stack's settings.
 *
 * @param raw Configuration values as Pulumi gives them, without the project's prefix: `{ rooms: "100" }`.
 * @param secretKeys Keys whose values are encrypted in the stack file and stay out of messages.
 */
export function readSettings(
  raw: Readonly<Record<string, string>>,
  secretKeys: ReadonlySet<string> = new Set(),
): ReadSettings {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== automatic));
  const result = settingsSchema.safeParse(given);
  if (result.success) return { settings: Object.freeze(result.data), wrong: [], complaints: [] };
  const { issues } = result.error;
  const unknown = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [],
  );
  const wrong = settingKeys.filter((key) => issues.some(({ path }) => path[0] === key));
  const aboutKey = (key: SettingKey) => {
    const own = issues.filter(({ path }) => path[0] === key);
    const reasons = secretKeys.has(key) ? [] : own.map((issue) => reasonOf(key, raw[key], issue));
    return wrongValue(key, raw, secretKeys, [...new Set(reasons)].filter(Boolean).join(" "));
  };
  const others = Object.entries(given).filter(([key]) => ![...wrong, ...unknown].includes(key));
  return {
    settings: settingsSchema.safeParse(Object.fromEntries(others)).data,
    wrong,
    complaints: [...wrong.map(aboutKey), ...unknown.map(unknownKey)],
  };
}

/**
 * Reads a stack's settings, as `readSettings`.
 *
 * @throws SettingsError with all complaints.
 */
export function parseSettings(...given: Parameters<typeof readSettings>): Settings {
  const { settings, complaints } = readSettings(...given);
  if (complaints.length > 0 || !settings) throw new SettingsError(complaints.join("\n"));
  return settings;
}

/** Settings after `pulumi config set` of a key; with the text undefined, after `pulumi config rm`. */
export function withText(settings: Settings, key: string, text: string | undefined): Settings {
  const { [key as SettingKey]: _, ...others } = settings;
  if (text === undefined) return others as Settings;
  const value = text === fromFile ? text : settingsSchema.shape[key as SettingKey].parse(text);
  return { ...others, [key]: value } as Settings;
}

function unknownKey(key: string): string {
  const meant = nearest(key, settingKeys).map((name) => `chatpop:${name}`);
  const known =
    meant.length > 0
      ? `Did you mean ${meant.join(" or ")}?`
      : `The settings are ${settingKeys.join(", ")} (docs/settings.md).`;
  return `chatpop:${key} is not a setting. ${known} Remove it with: pulumi config rm chatpop:${key}`;
}

/** Why a value is refused, where there is more to say than what is allowed. */
function reasonOf(key: SettingKey, text: string | undefined, issue: z.core.$ZodIssue): string | undefined {
  const { reason } = (issue as { params?: { reason?: string } }).params ?? {};
  return reason ?? (text === undefined ? undefined : wrongInside(settingsSchema.shape[key], text, issue));
}

function wrongValue(
  key: SettingKey,
  raw: Readonly<Record<string, string>>,
  secretKeys: ReadonlySet<string>,
  reason?: string,
): string {
  const { allowed, example, nearest } = about(key);
  const value = raw[key];
  const found =
    value === undefined
      ? "is missing"
      : secretKeys.has(key)
        ? "has a secret value that is not allowed"
        : `is ${quoted(value)}`;
  // The command in the message does not repeat a secret value either.
  const near = value === undefined || secretKeys.has(key) ? undefined : nearest?.(value);
  return `chatpop:${key} ${found}. ${reason ? `${reason} ` : ""}Allowed: ${allowed}. Set it with: ${set(key, near ?? example)}`;
}
