import type { Rule } from "./rule";
import { set, without } from "../../settings/remedies";
import type { SettingKey } from "../../settings";
import { looksSecret } from "../../../aws/secretVariables";

/** Variables that the program itself gives the application, with the settings that decide them; none: a fixed value. */
const givenBy: Readonly<Record<string, readonly SettingKey[]>> = {
  ALLOWED_HOSTS: ["domain", "frontendOrigins"],
  AWS_CLOUDFRONT_KEY_ID: ["mediaDistribution", "mediaPublicKey"],
  AWS_S3_ADDRESSING_STYLE: ["media"],
  AWS_S3_CUSTOM_DOMAIN: ["mediaDistribution", "mediaDomain"],
  AWS_S3_REGION_NAME: ["media"],
  AWS_STORAGE_BUCKET_NAME: ["media"],
  CHANNEL_LAYER: ["channelLayer"],
  CHANNEL_LAYER_HOSTS: ["cacheShards"],
  CHATPOP_DRAIN_SECONDS: [],
  CHATPOP_FRAME_LIMIT: ["frameLimit"],
  CHATPOP_SAME_SITE: ["frontendOrigins"],
  CHATPOP_SERVER: ["server"],
  CORS_ALLOWED_ORIGINS: ["domain", "frontendOrigins"],
  CSRF_TRUSTED_ORIGINS: ["domain", "frontendOrigins"],
  DEBUG: [],
  DJANGO_SECRET_KEY: ["djangoSecretKeyVersion"],
  OUTBOX_ENABLED: ["outbox"],
  POSTGRES_DB: [],
  POSTGRES_HOST: ["databaseProxy"],
  POSTGRES_PASSWORD: ["databasePasswordVersion"],
  POSTGRES_PORT: [],
  POSTGRES_REPLICA_HOST: ["readReplicas"],
  POSTGRES_SSLMODE: [],
  POSTGRES_USER: [],
  REDIS_HOST: [],
  REDIS_PORT: [],
  SECRET_VERSIONS: ["databasePasswordVersion", "djangoSecretKeyVersion"],
};

/** Environment variables that the program itself gives the application. */
export const reservedEnvironment: readonly string[] = Object.keys(givenBy);

/** Which setting decides a reserved variable, in a sentence. */
function decided(name: string): string {
  const settings = givenBy[name]!.map((key) => `chatpop:${key}`);
  return settings.length > 0 ? `${name} follows ${settings.join(" and ")}. ` : "";
}

const exampleArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chatpop-a1B2c3";

const open = (environment: Readonly<Record<string, string>>) =>
  Object.keys(environment).filter((name) => looksSecret(name, environment[name]!));

/** Rules for the application's further variables. No complaint repeats a possible secret. */
export const environmentRules: readonly Rule[] = [
  ...(["environment", "secrets"] as const).map((key): Rule => {
    return (s) => {
      const taken = reservedEnvironment.filter((name) => name in s[key]);
      if (taken.length === 0) return undefined;
      return (
        `chatpop:${key} sets ${taken.join(", ")}, which this program gives the application itself. ` +
        taken.map(decided).join("") +
        `Leave it out with: ${set(key, without(s[key], taken))}`
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
      set("environment", without(s.environment, twice))
    );
  },
];
