import { types } from "../../aws/types";
import type { Edit } from "./edits";
import { add, all, container, edited, merge, type Mutation, remove, set, variable } from "./mutations";

const service = { type: types.service, name: "chatpop-backend-service" };
const relay = { type: types.service, name: "chatpop-worker-outbox-relay" };
const database = { type: types.database, name: "chatpop-db" };
const cpu = { type: types.scalingPolicy, name: "chatpop-cpu" };
const filter = { type: types.logMetricFilter };
const large = { scale: "large" } as const;

const tracking = (fields: Parameters<typeof merge>[2]): Mutation =>
  merge(cpu, "targetTrackingScalingPolicyConfiguration", fields);

const into = (group: string, fields: Parameters<typeof add>[2], from?: string): Mutation =>
  add(
    types.ingressRule,
    "debug",
    { ipProtocol: "tcp", ...fields },
    {
      securityGroupId: [`${types.securityGroup} ${group}`],
      ...(from && { referencedSecurityGroupId: [`${types.securityGroup} ${from}`] }),
    },
  );

const security: readonly Edit[] = [
  [
    "a secret that is gone at once",
    "stack-survives-mistakes",
    set({ type: types.secret, name: "chatpop-db-password" }, "recoveryWindowInDays", 0),
  ],
  [
    "the VPC into the tasks",
    "tasks-from-load-balancer-only",
    into("chatpop-tasks", { fromPort: 9000, toPort: 9000, cidrIpv4: "10.0.0.0/16" }),
  ],
  [
    "the load balancer into the cache",
    "data-from-tasks-only",
    into("chatpop-redis", { fromPort: 6379, toPort: 6379 }, "chatpop-alb"),
  ],
  [
    "a password in a function",
    "no-secret-in-environment",
    set({ type: types.function, name: "chatpop-indexes" }, "environment", {
      variables: { PGPASSWORD: "hunter2-hunter2" },
    }),
  ],
  [
    "media that go with the stack",
    "media-survive-mistakes",
    set({ type: types.bucket }, "forceDestroy", true),
  ],
  [
    "images that nobody scans",
    "image-tags-stay",
    set({ type: types.repository }, "imageScanningConfiguration", { scanOnPush: false }),
  ],
  [
    "a user with a key for uploads",
    "no-static-keys",
    all(add(types.user, "uploads"), add(types.accessKey, "uploads", {}, { user: [`${types.user} uploads`] })),
  ],
  ["sessions that travel openly", "connections-encrypted", variable("SESSION_COOKIE_SECURE", "0")],
];

const availability: readonly Edit[] = [
  [
    "a failed release that stays",
    "no-task-before-its-successor",
    set(service, "deploymentCircuitBreaker", { enable: true, rollback: false }),
  ],
  ["alarms that roll nothing back", "deployment-watched", merge(service, "alarms", { rollback: false })],
  [
    "zones that are balanced while users talk",
    "deployment-watched",
    set(service, "availabilityZoneRebalancing", "ENABLED"),
  ],
  ["no wait for the new tasks", "deployment-watched", set(service, "waitForSteadyState", undefined)],
  [
    "half of the tasks during a deployment",
    "no-task-before-its-successor",
    set(service, "deploymentMinimumHealthyPercent", 50),
  ],
  ["ten seconds to start", "health-check-grace-period", set(service, "healthCheckGracePeriodSeconds", 10)],
  [
    "a cookie for a minute",
    "sticky-sessions",
    set({ type: types.targetGroup }, "stickiness", { enabled: true, type: "lb_cookie", cookieDuration: 60 }),
  ],
  [
    "a limit that is the minimum",
    "task-range-for-scale",
    set({ type: types.scalingTarget }, "maxCapacity", 2),
  ],
  ["scaling at 95 % CPU", "cpu-scaling", tracking({ targetValue: 95 })],
  ["scaling out every half an hour", "cpu-scaling", tracking({ scaleOutCooldown: 1800 })],
  [
    "scaling that is suspended",
    "cpu-scaling",
    set({ type: types.scalingTarget }, "suspendedState", { dynamicScalingOutSuspended: true }),
  ],
  [
    "a proxy that gives up after a second",
    "proxy-pool",
    merge({ type: types.proxyTargets }, "connectionPoolConfig", { connectionBorrowTimeout: 1 }),
  ],
  [
    "backups that go with the database",
    "database-survives-mistakes",
    set(database, "deleteAutomatedBackups", true),
  ],
  ["Redis of 2018", "cache-version", set({ type: types.cache }, "engineVersion", "5.0.6")],
  [
    "one zone without a way out",
    "tasks-pull-their-image",
    remove({ type: types.route, name: "chatpop-private-2-internet" }),
  ],
];

const messages: readonly Edit[] = [
  ["a filter for words that nobody writes", "alarm-has-data", set(filter, "pattern", '"lost a message"')],
  [
    "a relay on Spot only",
    "relay-outlives-spot",
    set(relay, "capacityProviderStrategies", [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]),
    large,
  ],
  ["no relay", "outbox-has-relay", set(relay, "desiredCount", 0), large],
  ["a channel layer in memory", "channel-layer-for-demand", variable("CHANNEL_LAYER", "memory")],
];

const operations: readonly Edit[] = [
  [
    "logs for ten years",
    "log-retention",
    set({ type: types.logGroup, name: "chatpop-backend" }, "retentionInDays", 3653),
  ],
  ["images for ever", "images-expire", remove({ type: types.lifecyclePolicy })],
  ["media through the NAT gateway", "s3-endpoint", remove({ type: types.vpcEndpoint })],
  [
    "a clean-up that is tried once",
    "schedule-runs-once",
    edited(
      { type: types.schedule },
      (inputs) =>
        JSON.parse(
          JSON.stringify(inputs).replace('"maximumRetryAttempts":10', '"maximumRetryAttempts":0'),
        ) as typeof inputs,
    ),
  ],
  [
    "migrations of three seconds",
    "function-outlasts-its-job",
    set({ type: types.function, name: "chatpop-release" }, "timeout", 3),
  ],
  ["a log that nobody keeps", "container-logs", container({ logConfiguration: { logDriver: "none" } })],
  [
    "an alarm that is silenced",
    "alarm-action",
    set({ type: types.alarm, name: "chatpop-test-no-healthy-task" }, "actionsEnabled", false),
  ],
];

/** What somebody in a hurry would try, written down before a look at the rules: one in two got by. */
export const hurriedEdits: readonly Edit[] = [...security, ...availability, ...messages, ...operations];
