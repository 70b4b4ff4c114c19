import * as pulumi from "@pulumi/pulumi";
import type { Scale } from "../../stacks/guide";

type Inputs = Record<string, unknown>;

/** A mistake in the real program, and exactly what the pack must say of it. */
export interface Mutant {
  /** Type (its last part) and name of the resource that is changed. */
  readonly resource: readonly [type: string, name: string];
  readonly change?: (inputs: Inputs, seen: ReadonlyMap<string, pulumi.Resource>) => Inputs;
  readonly options?: pulumi.CustomResourceOptions;
  /** Rules that the mistake breaks; the resource is blamed unless another is named after an `@`. */
  readonly breaks: readonly string[];
}

const set =
  (changed: Inputs) =>
  (inputs: Inputs): Inputs => ({ ...inputs, ...changed });
const parameter = (name: string, value: string) => (inputs: Inputs) => ({
  ...inputs,
  parameters: (inputs["parameters"] as { name: string }[]).map((each) =>
    each.name === name ? { ...each, value } : each,
  ),
});

/** Containers of somebody who knows no better. */
const naiveContainers = JSON.stringify([
  {
    name: "chatpop-backend",
    image: "chatpop-backend:latest",
    essential: true,
    portMappings: [{ containerPort: 9000, hostPort: 9000, protocol: "tcp" }],
    environment: [
      { name: "DATABASE_URL", value: "postgresql://chatpop_admin:hunter2@chatpop-db/postgres" },
      { name: "POSTGRES_HOST", value: "chatpop-db.example.com" },
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
const containerRules = [
  "container-logs",
  "image-by-version",
  "no-secret-in-environment",
  "open-files",
  "secrets-by-full-arn",
  "stop-timeout",
];

const group = ["securityGroupId", "ipProtocol", "fromPort", "toPort"] as const;
const openedTo = (cidrIpv4: string) => (inputs: Inputs) => ({
  ...Object.fromEntries(group.map((key) => [key, inputs[key]])),
  cidrIpv4,
});

const service = ["Service", "chatpop-backend-service"] as const;
const database = ["Instance", "chatpop-db"] as const;
const targetGroup = ["TargetGroup", "chatpop-tg"] as const;
const taskDefinition = ["TaskDefinition", "chatpop-backend"] as const;

const small: readonly Mutant[] = [
  { resource: ["LoadBalancer", "chatpop-alb"], change: set({ idleTimeout: 60 }), breaks: ["idle-timeout"] },
  {
    resource: targetGroup,
    change: (inputs) => ({
      ...inputs,
      targetType: "instance",
      deregistrationDelay: 300,
      stickiness: { ...(inputs["stickiness"] as Inputs), cookieDuration: 3_600 },
      healthCheck: { ...(inputs["healthCheck"] as Inputs), path: "/" },
    }),
    breaks: ["drain-time", "sticky-sessions", "target-by-address", "target-health-check"],
  },
  {
    resource: service,
    change: set({
      deploymentMinimumHealthyPercent: 50,
      healthCheckGracePeriodSeconds: 10,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    }),
    options: { dependsOn: [], ignoreChanges: [] },
    breaks: [
      "health-check-grace-period",
      "indexes-before-service",
      "migration-before-service",
      "no-task-before-its-successor",
      "scaling-owns-task-count",
      "spot-for-workers-only",
    ],
  },
  {
    resource: ["Repository", "chatpop-backend"],
    change: set({ imageTagMutability: "MUTABLE" }),
    breaks: ["image-tags-stay"],
  },
  {
    resource: ["LifecyclePolicy", "chatpop-backend"],
    change: set({ repository: "elsewhere" }),
    breaks: ["images-expire@Repository chatpop-backend"],
  },
  {
    resource: database,
    change: set({
      publiclyAccessible: true,
      storageEncrypted: false,
      backupRetentionPeriod: 1,
      storageType: "gp2",
      engineVersion: "14.12",
      allocatedStorage: 20,
      enabledCloudwatchLogsExports: ["postgresql"],
    }),
    breaks: [
      "database-backups",
      "database-encrypted",
      "database-log-retention",
      "database-not-public",
      "database-size-for-scale",
      "database-storage",
      "database-version",
    ],
  },
  {
    resource: ["ParameterGroup", "chatpop-db"],
    change: (inputs) => parameter("timezone", "Europe/Berlin")(parameter("rds.force_ssl", "0")(inputs)),
    breaks: ["database-time-zone", "database-tls"],
  },
  {
    resource: ["ReplicationGroup", "chatpop-redis"],
    change: set({
      atRestEncryptionEnabled: false,
      clusterMode: "compatible",
      transitEncryptionMode: "required",
    }),
    breaks: ["cache-cluster-mode-off", "cache-encrypted", "cache-speaks-plain-redis"],
  },
  {
    resource: ["ParameterGroup", "chatpop-redis"],
    change: set({ parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }] }),
    breaks: ["cache-eviction"],
  },
  {
    resource: ["SecurityGroupIngressRule", "chatpop-alb-to-tasks"],
    change: openedTo("0.0.0.0/0"),
    breaks: ["internet-ingress", "tasks-from-load-balancer-only"],
  },
  {
    resource: ["SecurityGroupIngressRule", "chatpop-tasks-to-redis"],
    change: openedTo("10.0.0.0/8"),
    breaks: ["data-from-tasks-only"],
  },
  {
    resource: ["SubnetGroup", "chatpop-redis"],
    change: (inputs) => ({ ...inputs, subnetIds: (inputs["subnetIds"] as unknown[]).slice(0, 1) }),
    breaks: ["two-zones"],
  },
  {
    resource: ["LogGroup", "chatpop-backend"],
    change: set({ retentionInDays: 365 }),
    breaks: ["log-retention"],
  },
  {
    resource: ["RolePolicyAttachment", "chatpop-execution"],
    change: set({ policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
    breaks: ["no-wildcard-permissions"],
  },
  {
    resource: taskDefinition,
    change: (inputs) => ({
      ...inputs,
      cpu: "256",
      memory: "512",
      taskRoleArn: inputs["executionRoleArn"],
      containerDefinitions: naiveContainers,
    }),
    breaks: [...containerRules, "separate-task-role", "task-size"],
  },
  {
    resource: ["Target", "chatpop-backend"],
    change: set({ maxCapacity: 1 }),
    breaks: ["task-range-for-scale"],
  },
  {
    resource: ["Policy", "chatpop-cpu"],
    change: (inputs) => ({
      ...inputs,
      targetTrackingScalingPolicyConfiguration: {
        ...(inputs["targetTrackingScalingPolicyConfiguration"] as Inputs),
        targetValue: 90,
      },
    }),
    breaks: ["cpu-scaling"],
  },
  // The embedded AWS has no users. What a component is called is all that the rule looks at.
  { resource: ["User", "deploy"], breaks: ["no-static-keys"] },
];

const medium: readonly Mutant[] = [
  {
    resource: ["Listener", "chatpop-http"],
    change: set({
      defaultActions: [
        { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200" } },
      ],
    }),
    breaks: ["http-redirects"],
  },
  {
    resource: ["Listener", "chatpop-https"],
    change: set({ sslPolicy: "ELBSecurityPolicy-2016-08" }),
    breaks: ["listener-tls"],
  },
  {
    resource: ["ParameterGroup", "chatpop-db"],
    change: parameter("shared_buffers", "1048576"),
    breaks: ["database-parameter-units"],
  },
  { resource: database, change: set({ deletionProtection: false }), breaks: ["database-survives-mistakes"] },
  {
    resource: ["ReplicationGroup", "chatpop-redis"],
    change: set({ nodeType: "cache.t3.micro" }),
    breaks: ["cache-size-for-connections", "cache-size-for-scale"],
  },
  {
    resource: ["Target", "chatpop-backend"],
    change: set({ maxCapacity: 60 }),
    breaks: ["database-connections-for-tasks@Instance chatpop-db"],
  },
  { resource: ["Proxy", "chatpop-proxy"], change: set({ requireTls: false }), breaks: ["proxy-tls"] },
  {
    resource: ["SecretVersion", "chatpop-db-password"],
    change: set({ secretString: "hunter2" }),
    breaks: ["proxy-secret-json"],
  },
  {
    resource: ["Route", "chatpop-private-1-internet"],
    change: ({ natGatewayId: _, ...inputs }, seen) => ({
      ...inputs,
      gatewayId: (seen.get("InternetGateway chatpop") as pulumi.CustomResource).id,
    }),
    breaks: [
      "data-in-private-subnets@SubnetGroup chatpop-db",
      "data-in-private-subnets@SubnetGroup chatpop-redis",
    ],
  },
  {
    resource: ["VpcEndpoint", "chatpop-s3"],
    change: set({ serviceName: "com.amazonaws.us-east-1.dynamodb" }),
    breaks: ["s3-endpoint@Stack chatpop-medium"],
  },
  {
    resource: ["Invocation", "chatpop-build-indexes-3"],
    change: (_inputs, seen) => ({
      ..._inputs,
      input: pulumi.jsonStringify({
        host: (seen.get("Proxy chatpop-proxy") as unknown as { endpoint: pulumi.Output<string> }).endpoint,
      }),
    }),
    breaks: ["release-past-proxy"],
  },
];

const large: readonly Mutant[] = [
  {
    resource: ["Instance", "chatpop-db-replica"],
    change: set({ instanceClass: "db.t3.medium" }),
    breaks: ["read-replica-from-5000-rooms"],
  },
  {
    resource: ["ReplicationGroup", "chatpop-redis"],
    change: set({ snapshotRetentionLimit: 0 }),
    breaks: ["cache-snapshots-from-5000-rooms"],
  },
  {
    resource: service,
    change: set({ deploymentMaximumPercent: 200 }),
    breaks: ["deployment-in-steps-from-5000-rooms"],
  },
  {
    resource: taskDefinition,
    change: set({ containerDefinitions: naiveContainers }),
    breaks: [...containerRules, "database-proxy-from-1000-rooms", "tasks-read-from-replica"],
  },
];

/** The mistakes that are made together in one preview of a scale. */
export const mutants: Readonly<Record<Scale, readonly Mutant[]>> = { small, medium, large };

/** `Instance chatpop-db` of a resource. */
export const nameOf = (type: string, name: string) => `${type.split(":").at(-1)} ${name}`;

/** Runs the real program with the mistakes of a scale. */
export function runMutated(scale: Scale): void {
  const seen = new Map<string, pulumi.Resource>();
  pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
    const key = nameOf(type, name);
    seen.set(key, resource);
    const mutant = mutants[scale].find((each) => each.resource.join(" ") === key);
    if (!mutant) return undefined;
    return { props: mutant.change?.(props as Inputs, seen) ?? props, opts: { ...opts, ...mutant.options } };
  });
  if (mutants[scale].some(({ resource }) => resource[0] === "User")) {
    new pulumi.ComponentResource("aws:iam/user:User", "deploy");
  }
}
