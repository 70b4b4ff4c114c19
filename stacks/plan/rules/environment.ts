import type { Rule } from "./rule";
import { set, without } from "../../settings/remedies";
import { looksSecret } from "../../../aws/secretVariables";

/** Environment variables that the program itself gives the application. */
export const reservedEnvironment = [
  "ALLOWED_HOSTS",
  "AWS_CLOUDFRONT_KEY_ID",
  "AWS_S3_ADDRESSING_STYLE",
  "AWS_S3_CUSTOM_DOMAIN",
  "AWS_S3_REGION_NAME",
  "AWS_STORAGE_BUCKET_NAME",
  "CHANNEL_LAYER",
  "CHATPOP_DRAIN_SECONDS",
  "CHATPOP_FRAME_LIMIT",
  "CHATPOP_SERVER",
  "CORS_ALLOWED_ORIGINS",
  "CSRF_TRUSTED_ORIGINS",
  "DEBUG",
  "DJANGO_SECRET_KEY",
  "OUTBOX_ENABLED",
  "POSTGRES_DB",
  "POSTGRES_HOST",
  "POSTGRES_PASSWORD",
  "POSTGRES_PORT",
  "POSTGRES_REPLICA_HOST",
  "POSTGRES_SSLMODE",
  "POSTGRES_USER",
  "REDIS_HOST",
  "REDIS_PORT",
  "SECRET_VERSIONS",
] as const;

const exampleArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chatpop-a1B2c3";

const open = (environment: Readonly<Record<string, string>>) =>
  Object.keys(environment).filter((name) => looksSecret(name, environment[name]!));

/** What must hold of the application's further variables. No complaint repeats what may be a secret. */
export const environmentRules: readonly Rule[] = [
  ...(["environment", "secrets"] as const).map((key): Rule => {
    return (s) => {
      const taken = reservedEnvironment.filter((name) => name in s[key]);
      if (taken.length === 0) return undefined;
      return (
        `chatpop:${key} sets ${taken.join(", ")}, which this program gives the application itself. ` +
        (taken.includes("OUTBOX_ENABLED")
          ? "chatpop:outbox turns the outbox on, together with its relay. "
          : "") +
        `Leave it out with: ${set(key, without(s[key], [...taken, ...open(s.environment)]))}`
      );
    };
  }),

  (s) => {
    const names = open(s.environment);
    if (names.length === 0) return undefined;
    const arns = Object.fromEntries(names.map((name) => [name, exampleArn]));
    return (
      `chatpop:environment sets ${names.join(", ")} in plain text. Store the value in Secrets Manager, name its ARN ` +
      `with: ${set("secrets", { ...s.secrets, ...arns })}, and leave it out here: ` +
      set("environment", without(s.environment, names))
    );
  },

  (s) => {
    const twice = Object.keys(s.environment).filter((name) => name in s.secrets);
    if (twice.length === 0) return undefined;
    return (
      `chatpop:environment and chatpop:secrets both set ${twice.join(", ")}. Leave one of them out, for instance: ` +
      set("environment", without(s.environment, [...twice, ...open(s.environment)]))
    );
  },
];
