import type { PolicyResource } from "@pulumi/policy";
import { impossibleDay, overSince } from "../../aws/schedules";
import { isAbout, matches } from "../permissions";
import { resourceRule, stackRule } from "../rule";
import { type Statement, statements } from "../statements";
import { has, type Stack } from "../stack";
import { types } from "../../aws/types";
import {
  asText,
  type Entries,
  entryOf,
  type Finding,
  findingIn,
  known,
  parsed,
  type Properties,
} from "../values";

const flat = <T>(entries: Entries<T>) => [entries ?? []].flat().filter((each): each is T => Boolean(each));

/** Whether a document lets a service of AWS do something. */
function letsIn(document: unknown, service: string, action: string): boolean {
  const all = [statements(document)].flat().filter((each): each is Statement => Boolean(each));
  const isFor = ({ Principal }: Statement) => {
    if (Principal === "*") return true;
    const { Service } = ((typeof Principal === "object" && Principal) || {}) as { Service?: Entries<string> };
    return [Service ?? []].flat().some((each) => each === service || each === "*");
  };
  const about = (effect: string) =>
    all.filter((each) => each.Effect === effect && isFor(each) && isAbout(each, action));
  return about("Allow").length > 0 && about("Deny").length === 0;
}

/** Publishers of a topic in this stack. */
function publishers(
  stack: Stack,
  topic: PolicyResource,
): readonly (readonly [service: string, what: string])[] {
  const alarms = [types.alarm, types.compositeAlarm].flatMap((type) =>
    ["alarmActions", "okActions"].flatMap((property) => stack.madeOf(topic, type, property)),
  );
  return [
    ...(alarms.length > 0 ? [["cloudwatch.amazonaws.com", "alarms"] as const] : []),
    ...(stack.madeOf(topic, types.eventTarget, "arn").length > 0
      ? [["events.amazonaws.com", "EventBridge's notices"] as const]
      : []),
    ...(stack.madeOf(topic, types.budget, "notifications").length > 0
      ? [["budgets.amazonaws.com", "a budget's notices"] as const]
      : []),
    ...(stack.madeOf(topic, types.anomalySubscription, "subscribers").length > 0
      ? [["costalerts.amazonaws.com", "notices of unusual cost"] as const]
      : []),
  ];
}

/** Whether a policy that is written by hand is about another topic than the one that has it. */
function ofAnotherTopic(stack: Stack, topic: PolicyResource, policy: PolicyResource): Finding {
  const all = [statements(policy.props["policy"])].flat();
  const named = all.flatMap((each) => (each?.Effect === "Allow" ? flat(each.Resource) : []));
  if (
    named.length === 0 ||
    (policy !== topic && stack.sources(policy, "policy", types.topic).includes(topic))
  )
    return undefined;
  // A name that Pulumi draws is one that nobody writes by hand.
  const name = has(topic, "name")
    ? asText(topic.props["name"])
    : known(() => asText(topic.props["name"] ?? ""));
  const isOwn = (arn: string) =>
    matches(arn, `arn:aws:sns:us-east-1:123456789012:${asText(name)}`) || arn.endsWith(`:${asText(name)}`);
  return !named.some(isOwn) && `lets publish to ${named.join(", ")}, and not to ${topic.name}`;
}

export const noticesArrive = stackRule(
  {
    name: "notices-arrive",
    description:
      "What happens reaches somebody: rules have a target, and topic and key let in CloudWatch, EventBridge, Budgets and Cost Anomaly Detection",
    severity: "high",
    requirements: ["G-129", "GAP-35"],
    remedy:
      "an aws.sns.TopicPolicy that allows sns:Publish, and a key policy that allows kms:Decrypt and kms:GenerateDataKey*, to each service; an aws.cloudwatch.EventTarget for a rule",
  },
  function* (stack) {
    const targets = stack.ofType(types.eventTarget);
    for (const rule of stack.ofType(types.eventRule)) {
      yield* stack.judge(
        rule,
        () =>
          !targets.some((target) =>
            stack.references(target, "rule", types.eventRule, "name").includes(rule),
          ) && "has no target: nobody hears of its events",
      );
    }
    for (const topic of stack.ofType(types.topic)) {
      const policies = [
        ...stack.madeOf(topic, types.topicPolicy, "arn"),
        ...(has(topic, "policy") ? [topic] : []),
      ];
      for (const [service, what] of publishers(stack, topic)) {
        // Without a policy AWS lets in the alarms of the same account, and no other service.
        if (policies.length === 0 && service !== "cloudwatch.amazonaws.com") {
          yield* stack.judge(topic, () => `has no policy that lets ${service} in: ${what} are lost`);
        }
        for (const policy of policies) {
          yield* stack.judge(policy, () => ofAnotherTopic(stack, topic, policy));
          yield* stack.judge(
            policy,
            () =>
              !letsIn(policy.props["policy"], service, "sns:Publish") &&
              `does not let ${service} publish: ${what} are lost`,
          );
        }
        for (const key of stack.sources(topic, "kmsMasterKeyId", types.key)) {
          yield* stack.judge(
            key,
            () => key.props["isEnabled"] === false && `is turned off: ${what} are lost`,
          );
          yield* stack.judge(key, () =>
            findingIn(
              ["kms:Decrypt", "kms:GenerateDataKey"],
              (action) =>
                !letsIn(key.props["policy"], service, action) &&
                `does not let ${service} use ${action}: ${what} are lost`,
            ),
          );
        }
      }
    }
  },
);

/** Names that services of AWS really write into their events. */
const eventNames: Readonly<Record<string, readonly string[]>> = {
  "ECS Deployment State Change": [
    ...["SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_FAILED"],
  ],
  "ECS Service Action": [
    ...["SERVICE_STEADY_STATE", "TASKSET_STEADY_STATE", "CAPACITY_PROVIDER_STEADY_STATE"],
    ...[
      "SERVICE_DESIRED_COUNT_UPDATED",
      "SERVICE_TASK_START_IMPAIRED",
      "SERVICE_DISCOVERY_INSTANCE_UNHEALTHY",
    ],
    ...["SERVICE_DISCOVERY_OPERATION_THROTTLED", "SERVICE_TASK_PLACEMENT_FAILURE"],
    ...[
      "SERVICE_TASK_CONFIGURATION_FAILURE",
      "SERVICE_HEALTH_UNKNOWN",
      "SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED",
    ],
  ],
};
/** Categories of RDS's events, as they stand in the events themselves. */
const rdsCategories: readonly string[] = [
  ...[
    "availability",
    "backtrack",
    "backup",
    "configuration change",
    "creation",
    "deletion",
    "failover",
    "failure",
  ],
  ...[
    "low storage",
    "maintenance",
    "migration",
    "notification",
    "read replica",
    "recovery",
    "restoration",
    "security",
  ],
  ...["security patching", "serverless", "global failover", "global-failover", "rds proxy", "RDS proxy"],
];
const sources: Readonly<Record<string, RegExp>> = {
  "aws.ecs":
    /^ECS (Task State Change|Container Instance State Change|Deployment State Change|Service Action)$/,
  "aws.rds":
    /^RDS DB (Instance|Cluster|Snapshot|Cluster Snapshot|Parameter Group|Security Group|Proxy) Event$/,
};

interface Pattern {
  readonly source?: Entries<string>;
  readonly "detail-type"?: Entries<string>;
  readonly detail?: { readonly eventName?: Entries<unknown>; readonly EventCategories?: Entries<unknown> };
}

function patternFault(text: unknown): Finding {
  const pattern = parsed(text) as Pattern | undefined;
  const kinds = flat(pattern?.["detail-type"]);
  const source = flat(pattern?.source).find((each) => entryOf(sources, each));
  const strange = source && kinds.find((kind) => typeof kind === "string" && !sources[source]!.test(kind));
  if (strange) return `waits for "${strange}", which ${source} never sends`;
  const sender = Object.keys(sources).find((each) => kinds.some((kind) => sources[each]!.test(asText(kind))));
  const given = flat(pattern?.source);
  if (sender && given.length > 0 && !source && given.every((each) => typeof each === "string"))
    return `waits for events of ${given.join(", ")}, which ${sender} sends`;
  const category = flat(pattern?.detail?.EventCategories).find(
    (each) => typeof each === "string" && source === "aws.rds" && !rdsCategories.includes(each),
  );
  if (category !== undefined) return `waits for the category ${asText(category)}, which no event of RDS has`;
  const known = kinds.flatMap((kind) => eventNames[kind] ?? []);
  const unknownName = flat(pattern?.detail?.eventName).find(
    (name) => typeof name === "string" && known.length > 0 && !known.includes(name),
  );
  return unknownName !== undefined && `waits for ${asText(unknownName)}, which never comes`;
}

/** When something happens by the clock; empty where it does not. */
const scheduleOf = ({ scheduleExpression, schedule }: Properties) =>
  asText(scheduleExpression ?? schedule ?? "");

export const eventsAreReal = resourceRule(
  {
    name: "event-rule-goes-off",
    type: [types.eventRule, types.schedule, types.scheduledAction],
    description: "A rule or schedule is on, and waits for events and days that exist",
    severity: "high",
    requirements: ["GAP-35"],
    remedy: 'state: "ENABLED", a day that comes, and names as AWS lists them: SERVICE_DEPLOYMENT_FAILED',
  },
  [
    {
      of: "chatpop",
      judge: ({ state, isEnabled }: Properties) =>
        (state === "DISABLED" || isEnabled === false) && "is turned off: nothing happens at its events",
    },
    ({ eventPattern }) => known(() => eventPattern) !== undefined && patternFault(eventPattern),
    (properties) => {
      const impossible = impossibleDay(scheduleOf(properties));
      return impossible !== undefined && `never goes off: ${impossible}`;
    },
    // Another program may keep what has run once.
    {
      of: "chatpop",
      judge: (properties) => {
        const now = new Date();
        const until = properties["endDate"] ?? properties["endTime"];
        const over =
          overSince(scheduleOf(properties), now) ??
          (until !== undefined && Date.parse(asText(until)) < now.getTime() ? asText(until) : undefined);
        return over !== undefined && `never goes off again: its last time was ${over}`;
      },
    },
  ],
);
