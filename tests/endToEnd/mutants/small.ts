import { alarms } from "./alarms";
import { containerRules, type Inputs, type Mutant, naiveContainers, parameter, set } from "./mutant";

const group = ["securityGroupId", "ipProtocol", "fromPort", "toPort"] as const;
const openedTo = (cidrIpv4: string) => (inputs: Inputs) => ({
  ...Object.fromEntries(group.map((key) => [key, inputs[key]])),
  cidrIpv4,
});

const service = ["Service", "chatpop-backend-service"] as const;
const database = ["Instance", "chatpop-db"] as const;
const targetGroup = ["TargetGroup", "chatpop-tg"] as const;
const taskDefinition = ["TaskDefinition", "chatpop-backend"] as const;

/** Mistakes that show at every scale. */
export const small: readonly Mutant[] = [
  ...alarms,
  {
    resource: ["LoadBalancer", "chatpop-alb"],
    change: set({ idleTimeout: 60, dropInvalidHeaderFields: false }),
    breaks: ["headers-checked", "idle-timeout"],
  },
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
      waitForSteadyState: false,
    }),
    options: { dependsOn: [], ignoreChanges: [] },
    breaks: [
      "deployment-can-begin",
      "deployment-watched",
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
      backupWindow: undefined,
      engineVersion: "14.12",
      allocatedStorage: 20,
      maxAllocatedStorage: 40,
    }),
    options: { dependsOn: [] },
    breaks: [
      "database-backups",
      "database-encrypted",
      "database-log-retention",
      "database-not-public",
      "database-size-for-scale",
      "database-storage",
      "database-version",
      "database-windows",
    ],
  },
  {
    resource: ["ParameterGroup", "chatpop-db"],
    change: (inputs) =>
      [
        // Not among the guide's parameters.
        (group: Inputs) => ({
          ...group,
          parameters: [...(group["parameters"] as object[]), { name: "autovacuum", value: "0" }],
        }),
        parameter("timezone", "Europe/Berlin"),
        parameter("rds.force_ssl", "0"),
        parameter("idle_in_transaction_session_timeout", "0"),
      ].reduce((changed, change) => change(changed), inputs),
    breaks: ["database-parameters-safe", "database-time-zone", "database-tls", "idle-transactions-end"],
  },
  {
    resource: ["ReplicationGroup", "chatpop-redis"],
    change: set({
      atRestEncryptionEnabled: false,
      clusterMode: "compatible",
      transitEncryptionMode: "required",
      autoMinorVersionUpgrade: true,
    }),
    breaks: ["cache-cluster-mode-off", "cache-encrypted", "cache-speaks-plain-redis", "cache-version"],
  },
  {
    resource: ["ParameterGroup", "chatpop-redis"],
    change: set({
      parameters: [
        { name: "maxmemory-policy", value: "allkeys-lru" },
        { name: "client-output-buffer-limit-pubsub-hard-limit", value: "65536" },
      ],
    }),
    breaks: ["cache-buffers", "cache-eviction"],
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
    resource: ["SecurityGroupEgressRule", "chatpop-tasks-to-internet-443"],
    change: set({ fromPort: 0, toPort: 65_535 }),
    breaks: ["tasks-leave-by-https"],
  },
  {
    resource: ["SubnetGroup", "chatpop-redis"],
    change: (inputs) => ({ ...inputs, subnetIds: (inputs["subnetIds"] as unknown[]).slice(0, 1) }),
    breaks: ["two-zones"],
  },
  {
    resource: ["BucketPublicAccessBlock", "chatpop-media"],
    change: set({ blockPublicPolicy: false }),
    breaks: ["buckets-private"],
  },
  {
    resource: ["BucketPolicy", "chatpop-media"],
    change: set({ bucket: "elsewhere" }),
    breaks: ["buckets-tls-only@Bucket chatpop-media"],
  },
  {
    resource: ["BucketLifecycleConfiguration", "chatpop-media"],
    change: set({
      rules: [{ id: "old", status: "Enabled", transitions: [{ days: 30, storageClass: "STANDARD_IA" }] }],
    }),
    breaks: ["buckets-forget"],
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
      skipDestroy: false,
      taskRoleArn: inputs["executionRoleArn"],
      containerDefinitions: naiveContainers({ name: "OUTBOX_ENABLED", value: "True" }),
    }),
    breaks: [...containerRules, "outbox-has-relay", "revisions-stay", "separate-task-role", "task-size"],
  },
  {
    resource: ["Schedule", "chatpop-schedule-cleanup-expired-photos"],
    change: (inputs) => ({
      ...inputs,
      target: {
        ...(inputs["target"] as Inputs),
        ecsParameters: {
          taskDefinitionArn: "arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-small",
          taskCount: 10,
        },
      },
    }),
    breaks: ["schedule-by-revision", "schedule-runs-once"],
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
  {
    resource: ["Role", "chatpop-task"],
    change: set({
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: {
            Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
          },
          Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:octo-org/*" } },
        },
      }),
    }),
    breaks: ["github-from-one-origin"],
  },
  {
    resource: ["Function", "chatpop-indexes"],
    change: set({ loggingConfig: undefined, timeout: 60 }),
    breaks: ["function-log-retention", "function-outlasts-its-job"],
  },
  {
    resource: ["Role", "chatpop-scheduler"],
    change: set({
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } }],
      }),
    }),
    breaks: ["role-trust-named"],
  },
  { resource: ["TaskDefinition", "agent"], breaks: ["container-logs", "containers-confined"] },
  // The embedded AWS has no queues and no addresses of functions.
  { resource: ["QueuePolicy", "open"], breaks: ["resource-policy-named"] },
  { resource: ["FunctionUrl", "open"], breaks: ["function-access-named"] },
  // The embedded AWS has no users. What a component is called is all that the rule looks at.
  { resource: ["User", "deploy"], breaks: ["no-static-keys"] },
];
