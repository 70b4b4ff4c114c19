import type * as pulumi from "@pulumi/pulumi";

export type Inputs = Record<string, unknown>;

/** A mistake in the real program, and exactly what the pack must say of it. */
export interface Mutant {
  /** Type (its last part) and name of the resource that is changed. */
  readonly resource: readonly [type: string, name: string];
  readonly change?: (inputs: Inputs, seen: ReadonlyMap<string, pulumi.Resource>) => Inputs;
  readonly options?: pulumi.CustomResourceOptions;
  /** Rules that the mistake breaks; the resource is blamed unless another is named after an `@`. */
  readonly breaks: readonly string[];
}

/** Gives some inputs another value. */
export const set =
  (changed: Inputs) =>
  (inputs: Inputs): Inputs => ({ ...inputs, ...changed });
/** Gives one parameter of a group another value. */
export const parameter = (name: string, value: string) => (inputs: Inputs) => ({
  ...inputs,
  parameters: (inputs["parameters"] as { name: string }[]).map((each) =>
    each.name === name ? { ...each, value } : each,
  ),
});

/** Containers of somebody who knows no better, with further variables. */
export const naiveContainers = (...environment: readonly { name: string; value: string }[]) =>
  JSON.stringify([
    {
      name: "chatpop-backend",
      image: "chatpop-backend:latest",
      essential: true,
      portMappings: [{ containerPort: 9000, hostPort: 9000, protocol: "tcp" }],
      environment: [
        { name: "DATABASE_URL", value: "postgresql://chatpop_admin:hunter2@chatpop-db/postgres" },
        { name: "POSTGRES_HOST", value: "chatpop-db.example.com" },
        { name: "POSTGRES_SSLMODE", value: "disable" },
        { name: "ALLOWED_HOSTS", value: "*" },
        { name: "DEBUG", value: "True" },
        ...environment,
      ],
      secrets: [
        {
          name: "DJANGO_SECRET_KEY",
          valueFrom: "arn:aws:secretsmanager:us-east-1:123456789012:secret:django-secret-key",
        },
      ],
      ulimits: [{ name: "nofile", softLimit: 1_024, hardLimit: 4_096 }],
    },
  ]);
/** Every rule that they break wherever they run. */
export const containerRules = [
  "connections-encrypted",
  "container-logs",
  "debug-off",
  "hosts-named",
  "image-by-version",
  "media-in-s3",
  "no-secret-in-environment",
  "open-files",
  "secrets-by-full-arn",
  "stop-timeout",
];
