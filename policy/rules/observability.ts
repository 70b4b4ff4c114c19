import { containers } from "../containers";
import { change } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import { has, type Stack } from "../stack";
import { types } from "../../aws/types";
import { asNumber, asText, type Entries, findingIn, inDays, known, type Properties } from "../values";

const daysKept = (properties: Properties) => (properties["retentionInDays"] as number | undefined) ?? 0;

export const logRetention = resourceRule(
  {
    name: "log-retention",
    type: types.logGroup,
    description: "Logs are kept for 7 to 30 days; by default they are kept, and paid, for ever",
    severity: "low",
    requirements: ["G-178", "G-196", "GAP-45"],
    remedy: "retentionInDays 7, 14 or 30",
    mends: [
      change("logRetentionDays", (_text, { longest }) =>
        [30, 14, 7].find((days) => days <= asNumber(longest)),
      ),
    ],
    publicChecks: ["CKV_AWS_66"],
    settings: {
      shortest: number(7, "Least days that logs are kept."),
      longest: number(30, "Most days that logs are kept."),
    },
  },
  [
    (properties) => daysKept(properties) === 0 && "logs are kept for ever",
    // A law may demand a longer retention.
    {
      of: "chatpop",
      judge: (properties, { shortest, longest }) => {
        const days = daysKept(properties);
        return (
          days !== 0 &&
          !(days >= shortest && days <= longest) &&
          `logs are kept for ${inDays(days)}, not ${shortest} to ${longest}`
        );
      },
    },
  ],
);

/** Whether the stack has a log group of this name. */
const existsGroup = (stack: Stack, name = ""): boolean =>
  name !== "" && stack.ofType(types.logGroup).some(({ props }) => known(() => props["name"]) === name);

export const containerLogs = stackRule(
  {
    name: "container-logs",
    description: "Containers log to a group of the stack, which exists and forgets in time",
    severity: "medium",
    requirements: ["G-70", "GAP-5"],
    remedy: 'logConfiguration with "awslogs-group": the name of an aws.cloudwatch.LogGroup',
    publicChecks: ["ECS7", "ECS.9"],
  },
  function* (stack) {
    for (const task of stack.ofType(types.taskDefinition)) {
      yield* stack.judge(task, () =>
        findingIn(
          containers(task.props),
          ({ name, logDriver }) =>
            logDriver === "none" && `container ${name} throws its log away (logDriver none)`,
        ),
      );
      const made = stack.sources(task, "containerDefinitions", types.logGroup).length > 0;
      yield* stack.judge(task, () =>
        findingIn(containers(task.props), ({ name, logs }) => !logs && `container ${name} logs nowhere`),
      );
      // Others have their logs elsewhere, as long as they have them.
      if (!stack.is("chatpop")) continue;
      yield* stack.judge(
        task,
        () =>
          !made &&
          !containers(task.props).some(({ logGroup }) => existsGroup(stack, logGroup)) &&
          "logs to no group of this stack",
      );
    }
  },
);

interface LogDelivery {
  readonly destination?: string;
  readonly destinationType?: string;
}

export const databaseLogs = stackRule(
  {
    name: "database-log-retention",
    description: "What database and cache write to CloudWatch goes to a group with a retention",
    subject: "log that goes to CloudWatch",
    severity: "low",
    requirements: ["G-178", "GAP-36"],
    remedy:
      'an aws.cloudwatch.LogGroup named "/aws/rds/instance/<identifier>/postgresql", made before the instance',
  },
  function* (stack) {
    const made = stack.ofType(types.logGroup);
    for (const database of stack.ofType(types.database)) {
      const before = database.dependencies.filter((each) => made.includes(each));
      if (!has(database, "enabledCloudwatchLogsExports")) {
        if (before.length === 0) continue;
        yield* stack.judge(
          database,
          () =>
            `writes nothing into ${before[0]!.name}, which waits for its log (enabledCloudwatchLogsExports)`,
        );
        continue;
      }
      yield* stack.judge(
        database,
        () => before.length === 0 && "exports its logs to a group that AWS makes and keeps for ever",
      );
    }
    for (const cache of stack.caches()) {
      if (stack.sources(cache, "logDeliveryConfigurations", types.logGroup).length > 0) continue;
      yield* stack.judge(cache, () =>
        findingIn(
          cache.props["logDeliveryConfigurations"] as Entries<LogDelivery>,
          ({ destination, destinationType }) =>
            destinationType === "cloudwatch-logs" &&
            !existsGroup(stack, destination) &&
            `writes its logs to ${asText(destination)}, a group that AWS makes and keeps for ever`,
        ),
      );
    }
  },
);

export const functionLogs = stackRule(
  {
    name: "function-log-retention",
    description: "What a function writes to CloudWatch goes to a group with a retention",
    severity: "low",
    requirements: ["G-178", "G-196"],
    remedy:
      'loggingConfig with the name of an aws.cloudwatch.LogGroup, or one named "/aws/lambda/<function>"',
  },
  function* (stack) {
    for (const each of stack.ofType(types.function)) {
      const made =
        stack.sources(each, "loggingConfig", types.logGroup).length > 0 ||
        stack.madeOf(each, types.logGroup, "name").length > 0;
      yield* stack.judge(each, () => {
        if (made) return false;
        const config = has(each, "loggingConfig") ? each.props["loggingConfig"] : {};
        const { logGroup } = config as { logGroup?: string };
        // A name that Pulumi draws is one that no group is given by hand.
        const own = has(each, "name") ? `/aws/lambda/${asText(each.props["name"])}` : undefined;
        return (
          !existsGroup(stack, logGroup || own) &&
          "writes its logs to a group that AWS makes and keeps for ever"
        );
      });
    }
  },
);
