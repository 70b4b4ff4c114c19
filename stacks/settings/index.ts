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

/** A mistake in the stack's settings; its message is complete and meant for the operator. */
export class SettingsError extends Error {}

const environmentName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/);
// A secret's ARN ends in a hyphen and six characters that AWS draws; without them IAM and ECS find nothing.
const secretReference =
  /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}(:[\w.-]+::)?$/;

/** Every setting of a stack: `pulumi config set chatpop:<key> <value>`. Only `scale` is required. */
export const settingsSchema = z.strictObject({
  scale: choice(
    scales,
    "The guide's scale that gives rooms, users per room and every other setting its default.",
  ),
  rooms: wholeNumber(1, 100_000, "Chat rooms that are open at the same time.").optional(),
  usersPerRoom: wholeNumber(1, 10_000, "Users that are connected to one room.").optional(),
  messagesPerSecond: wholeNumber(
    1,
    1_000_000,
    "Messages a second over all rooms; left out, they follow the connections as in the guide.",
  ).optional(),
  sizing: choice(
    ["guide", "measured"],
    "Task counts as the guide gives them, or from the capacity that was measured.",
  ).optional(),

  availability: choice(
    ["standard", "high"],
    "Whether the chat outlives a zone: high has a standby of the database, a second cache node that takes over, two tasks " +
      "or more, and a NAT gateway in every zone.",
  ).optional(),

  ...networkSettings,

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
  server: choice(
    ["daphne", "uvicorn"],
    "Server of the sockets; left out, Daphne as far as it carries the full load, and uvicorn beyond.",
  ).optional(),
  channelLayer: choice(
    ["pubsub", "core"],
    "Way of a message to the tasks: sent once by Redis's PUBLISH, or written for each task; a change loses messages while tasks of both kinds run.",
  ).optional(),
  frameLimit: wholeNumber(
    1_024,
    16_777_216,
    "Bytes of a client's WebSocket frame, beyond which its socket is closed.",
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
    "Adds scaling on HTTP requests per task and minute; it does not see open WebSockets.",
  ).optional(),
  ...scalingSettings,
  environment: structured(z.record(environmentName, z.string()), {
    description: "Further environment variables of the application; no secrets.",
    allowed: "a JSON object of upper-case names and texts",
    example: `'{"MESSAGE_CACHE_MAX_COUNT":"200"}'`,
  }).optional(),
  secrets: structured(z.record(environmentName, z.string().regex(secretReference)), {
    description:
      "Further environment variables whose values come from Secrets Manager when a task starts. Tasks may not use a KMS key of your own, so leave these secrets under AWS's (aws/secretsmanager).",
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

  ...dataSettings,

  ...mediaSettings,

  logRetentionDays: oneOf(logRetentionDays, "Days that logs are kept.").optional(),
  containerInsights: onOff("Turns on CloudWatch Container Insights, which is charged by metric.").optional(),
  ...alarmSettings,
  deletionProtection: onOff(
    "Refuses to delete the database, the cache, the media, the load balancer, the images and the secrets.",
  ).optional(),

  adopted: structured(z.array(z.enum(adoptedKinds)), {
    description:
      "Resources that were there before the stack and were imported: what only a replacement could change of them stays as it is. Written by make adopt.",
    allowed: `a JSON list of ${adoptedKinds.join(", ")}`,
    example: `'["database","repository"]'`,
  }).optional(),
  disposable: onOff(
    "Lets everything go with the stack, for tests and demonstrations: no last snapshot, and backups, media, images and secrets are deleted with it.",
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
  const unknown = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys.map(unknownKey) : [],
  );
  const wrong = settingKeys.flatMap((key) => {
    const issues = result.error.issues.filter(({ path }) => path[0] === key);
    if (issues.length === 0) return [];
    const reasons = secretKeys.has(key) ? [] : issues.map((issue) => reasonOf(key, raw[key], issue));
    return [wrongValue(key, raw, secretKeys, [...new Set(reasons)].filter(Boolean).join(" "))];
  });
  throw new SettingsError([...wrong, ...unknown].join("\n"));
}

/** Settings with another value for a key, as a command writes it; with none, the key is left to the Plan. */
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
  // What was meant to stay secret stays out of the command as well.
  const near = value === undefined || secretKeys.has(key) ? undefined : nearest?.(value);
  return `chatpop:${key} ${found}. ${reason ? `${reason} ` : ""}Allowed: ${allowed}. Set it with: ${set(key, near ?? example)}`;
}
