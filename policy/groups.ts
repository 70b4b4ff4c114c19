import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { canonical, types } from "../aws/types";
import { type GuideMetric, guideMetrics } from "../stacks/guideMetrics";
import { configuredSize, type PlannedOutputs, type Size } from "./chat";
import { containers } from "./containers";
import { configuration } from "./engine";
import { isOwn } from "./results";
import { asText, type Entries, findingIn, type Properties } from "./values";

/**
 * Kinds of programs that rules apply to: any program on ECS, RDS and Redis; one with open WebSockets; one with Django;
 * the chat of the guide.
 */
export const groups = ["aws", "websocket", "django", "chatpop"] as const;
export type Group = (typeof groups)[number];

/** Rules that do not apply to every program, by their group; a rule in no list applies to every program. */
const members: Readonly<Record<Exclude<Group, "aws">, readonly string[]>> = {
  websocket: [
    ...["connection-scale-in", "drain-time", "idle-timeout", "open-files", "stop-timeout"],
    ...["no-task-before-its-successor", "spot-for-workers-only"],
  ],
  django: [
    ...["health-check-grace-period", "migration-before-service", "migration-lock-timeout"],
    ...["database-time-zone", "idle-transactions-end"],
  ],
  chatpop: [
    ...["message-partitioning", "tasks-read-from-replica", "task-size", "task-limit", "task-range-for-scale"],
    ...["database-proxy-from-1000-rooms", "read-replica-from-5000-rooms", "database-connections-for-tasks"],
    ...[
      "channel-layer-for-demand",
      "tasks-for-demand",
      "cache-size-for-connections",
      "cache-size-for-scale",
      "database-size-for-scale",
      "cpu-scaling",
    ],
    ...["connection-scaling-from-1000-rooms", "scheduled-limits", "sticky-sessions"],
    ...["deployment-in-steps-from-5000-rooms", "outbox-advised", "outbox-from-5000-rooms"],
    ...["outbox-has-relay", "relay-outlives-spot", "schedule-by-revision", "index-catalogue-complete"],
    ...["indexes-before-service", "release-past-proxy", "release-steps-run-again", "database-storage"],
    ...["database-parameter-group", "database-survives-mistakes", "backup-copies-elsewhere"],
    ...["cache-cluster-mode-off", "cache-eviction", "cache-snapshots-from-5000-rooms", "media-in-s3"],
    ...["media-take-acls", "media-survive-mistakes", "media-get-cheaper", "media-stay", "buckets-forget"],
    ...["alias-follows-target", "stack-survives-mistakes", "function-outlasts-its-job"],
    ...["cache-buffers", "deployment-watched", "proxy-pool", "revisions-stay", "schedule-runs-once"],
    ...["tasks-leave-by-https", "topic-encrypted", "alarm-database-free-storage", "alarm-no-healthy-task"],
    ...[
      "budget-tells",
      "web-firewall-guards",
      "secrets-drawn",
      "load-balancer-reaches-tasks",
      "tasks-reach-data",
      "tasks-without-public-address",
    ],
    ...[
      "alarm-has-data",
      "load-balancer-reachable",
      "failed-deployment-told",
      "dashboard",
      "nat-gateways-for-scale",
      "s3-endpoint",
    ],
    ...Object.entries<GuideMetric>(guideMetrics).flatMap(([key, { threshold }]) =>
      threshold === undefined ? [] : [`alarm-${key}`],
    ),
  ],
};

const listed = new Map(
  Object.entries(members).flatMap(([group, rules]) => rules.map((rule) => [rule, group as Group] as const)),
);

/** Names in the lists: a test knows whether each is a rule. */
export const listedRules: readonly string[] = [...listed.keys()];

/** The group of a rule. */
export const groupOf = (rule: string): Group => listed.get(rule) ?? "aws";

/** Name under which the configuration turns groups on and off. */
const name = "groups";
const settings: Readonly<Record<Exclude<Group, "aws">, string>> = {
  websocket: "Whether the program keeps WebSockets open; without it the pack looks for evidence.",
  django: "Whether the program runs Django; without it the pack looks for evidence.",
  chatpop: "Whether the program is the guide's chat; without it the pack looks for evidence.",
};

/** Keeps the groups that the configuration turns on or off. */
export const groupsPolicy: StackValidationPolicy = {
  name,
  description: "Which groups of rules judge the program",
  severity: "low",
  enforcementLevel: "advisory",
  configSchema: {
    properties: Object.fromEntries(
      Object.entries(settings).map(([group, description]) => [group, { type: "boolean", description }]),
    ),
  },
  validateStack: () => {},
};

const looksLike: Readonly<Record<Group, string>> = {
  aws: "a program on AWS",
  websocket: "a program that keeps WebSockets open",
  django: "a program that runs Django",
  chatpop: "a chat whose size is known",
};

/** Property that a program lacks if the rules of a group do not judge it. */
export const evidenceFor = (group: Group): string =>
  `no sign of ${looksLike[group]} (${name}: { "${group}": true } turns these rules on)`;

/** Whether this is the project's own program, by its components. */
export const isOurs = (resources: readonly Pick<PolicyResource, "type">[]): boolean =>
  resources.some(({ type }) => type.startsWith("chatpop:"));

/** Commands and variables of a container. */
interface Trace {
  readonly command: RegExp;
  readonly variable: RegExp;
  readonly value: RegExp;
}

const traces: Readonly<Record<"websocket" | "django", Trace>> = {
  websocket: {
    command:
      /\b(daphne|channels|websockets?|socket\.?io|centrifugo|soketi|anycable|action_?cable|laravel-?websockets|reverb)\b/i,
    variable: /WEB_?SOCKET|SOCKET_?IO|CHANNEL_LAYER|(^|_)WSS?_(URL|HOST|PORT|ORIGIN)/i,
    value: /^wss?:\/\//i,
  },
  django: {
    command: /\bmanage\.py\b|\bdjango\b|\bdaphne\b/i,
    variable: /^DJANGO_/,
    value: /^django\./,
  },
};

const shows = ({ props }: PolicyResource, { command, variable, value }: Trace) =>
  findingIn(containers(props), (container) =>
    findingIn<() => boolean>(
      [
        () => command.test([container.image, ...container.entryPoint, ...container.command].join(" ")),
        ...container.environment.map((each) => () => variable.test(each.name) || value.test(each.value)),
      ],
      (isTrace) => isTrace() && "shown",
    ),
  );

/** Paths of listener rules to which browsers open WebSockets. */
const socketPath = /^\/(ws|wss|websocket|socket\.io|cable)(\/|\*|$)/i;

const routesSockets = ({ props }: PolicyResource) =>
  findingIn(
    props["conditions"] as Entries<{ pathPattern?: { values?: Entries<string> } } & Properties>,
    ({ pathPattern }) => findingIn(pathPattern?.values, (path) => socketPath.test(asText(path)) && path),
  );

/** Evidence for a group, one resource at a time; an unknown value hides no other evidence. */
const evidence: Readonly<Record<Exclude<Group, "aws">, (resources: readonly PolicyResource[]) => boolean>> = {
  chatpop: (resources) => {
    if (isOurs(resources) || sizeIsConfigured()) return true;
    const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const demand = (stack?.props as PlannedOutputs | undefined)?.plan?.demand;
    return sizes.some((size) => typeof demand?.[size] === "number");
  },
  websocket: (resources) =>
    Boolean(
      findingIn(resources, (each) => {
        if (canonical(each.type) === types.listenerRule) return routesSockets(each);
        return canonical(each.type) === types.taskDefinition && shows(each, traces.websocket);
      }),
    ),
  django: (resources) =>
    Boolean(
      findingIn(
        resources,
        (each) => canonical(each.type) === types.taskDefinition && shows(each, traces.django),
      ),
    ),
};

const sizes: readonly Size[] = ["rooms", "connections"];
const sizeIsConfigured = () => sizes.some((size) => configuredSize(size) !== undefined);

/** The configuration's decision on a group; undefined without one. */
function configuredGroup(group: Group): boolean | undefined {
  const configured = configuration().get(name)?.values[group];
  return typeof configured === "boolean" ? configured : undefined;
}

/** Whether messages may name requirements and settings: the program is the project's own, and the configuration agrees. */
export const knowsTheGuide = (): boolean => isOwn() && configuredGroup("chatpop") !== false;

/** Whether it is sure, before all resources are known, that the rules of a group judge the program. */
export const isOnAlready = (group: Group): boolean =>
  group === "aws" || (configuredGroup(group) ?? (isOwn() || sizeIsConfigured()));

/**
 * Whether the rules of a group judge a program: the configuration says so, else what its resources show. The chat runs
 * Django and keeps WebSockets open.
 *
 * @throws UnknownValueError where a preview cannot know it.
 */
export function isOn(group: Group, resources: readonly PolicyResource[]): boolean {
  if (group === "aws") return true;
  const configured = configuredGroup(group);
  if (configured !== undefined) return configured;
  if (group !== "chatpop" && isOn("chatpop", resources)) return true;
  return evidence[group](resources);
}
