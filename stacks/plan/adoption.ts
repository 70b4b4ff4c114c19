// Resources that a stack can adopt from an environment built by hand, without replacing them.
import type { AdoptedKind } from "../settings/adoption";

export type { AdoptedKind };

/** A resource of the program that may exist before the stack. */
export interface Adoptable {
  /** The resource's type. */
  readonly type: string;
  /** The end of its name: `db` of `chatpop-db`. */
  readonly suffix: string;
  /** The component that it belongs to. */
  readonly component: string;
  /** Arguments that stay as they were made: AWS changes them by replacing the resource, or others know it by them. */
  readonly kept: readonly string[];
  /** The name that the guide gives it; undefined where the guide gives none. */
  readonly guide?: string;
}

/** By the word of `chatpop:adopted`. */
export const adoptables: Readonly<Record<AdoptedKind, Adoptable>> = {
  database: {
    type: "aws:rds/instance:Instance",
    suffix: "db",
    component: "chatpop:data:Database",
    kept: ["identifier", "kmsKeyId", "storageEncrypted"],
    guide: "chatpop-db",
  },
  databaseSecret: {
    type: "aws:secretsmanager/secret:Secret",
    suffix: "db-password",
    component: "chatpop:data:Secrets",
    kept: ["name"],
    guide: "chatpop-db-password",
  },
  djangoSecret: {
    type: "aws:secretsmanager/secret:Secret",
    suffix: "django-secret-key",
    component: "chatpop:data:Secrets",
    kept: ["name"],
    guide: "django-secret-key",
  },
  repository: {
    type: "aws:ecr/repository:Repository",
    suffix: "backend",
    component: "chatpop:compute:Image",
    kept: ["encryptionConfigurations", "name"],
    guide: "chatpop-backend",
  },
  mediaBucket: {
    type: "aws:s3/bucket:Bucket",
    suffix: "media",
    component: "chatpop:data:Media",
    kept: ["bucket"],
  },
  logGroup: {
    type: "aws:cloudwatch/logGroup:LogGroup",
    suffix: "backend",
    component: "chatpop:compute:TaskDefinition",
    kept: ["name", "namePrefix"],
    guide: "/ecs/chatpop-backend",
  },
};
