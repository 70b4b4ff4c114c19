import type { PolicyResource } from "@pulumi/policy";
import { outboxFromRooms, outboxRecommendedFromRooms } from "../../stacks/guide";
import { containers, valuesOfVariable } from "../containers";
import { give, leave, leaveNames } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { capacityProviders } from "../scaling";
import { has, type Stack } from "../stack";
import { types } from "../../aws/types";
import type { Properties } from "../values";

const remedy = "OUTBOX_ENABLED True, and `manage.py relay_outbox` as a service of its own";

/** Whether a worker of the settings is the relay, which the Plan adds by itself. */
const isRelay = (worker: string) => worker === "outbox-relay";

const writesIntoOutbox = ({ props }: PolicyResource) =>
  valuesOfVariable(props, "OUTBOX_ENABLED").some((value) => value.toLowerCase() === "true");

/** Whether a service keeps a relay running. */
const relays = (stack: Stack, service: PolicyResource): boolean =>
  service.props["desiredCount"] !== 0 &&
  stack
    .sources(service, "taskDefinition", types.taskDefinition)
    .some(({ props }) => containers(props).some(({ command }) => command.includes("relay_outbox")));

export const outboxFrom5000Rooms = stackRule(
  {
    name: "outbox-from-5000-rooms",
    description: "From 5,000 rooms messages travel through the outbox, so that none is lost",
    severity: "high",
    requirements: ["G-23", "G-171", "GAP-7"],
    remedy,
    mends: [leave("outbox")],
  },
  function* (stack) {
    if (!stack.reaches(outboxFromRooms)) return;
    const rooms = stack.rooms();
    yield* stack.judge(
      undefined,
      () =>
        stack.workers().length === 0 &&
        `${rooms.toLocaleString("en")} rooms, but no service that could relay an outbox`,
    );
    for (const task of stack.chatTasks()) {
      yield* stack.judge(
        task,
        () =>
          !writesIntoOutbox(task) &&
          "OUTBOX_ENABLED is not True, so a message is lost when its task stops after saving it",
      );
    }
  },
);

export const outboxHasRelay = stackRule(
  {
    name: "outbox-has-relay",
    description: "A chat that writes into the outbox has a relay, without which no message reaches a room",
    severity: "high",
    requirements: ["G-171", "GAP-7"],
    remedy,
    mends: [leaveNames("workers", isRelay)],
  },
  function* (stack) {
    for (const task of stack.chatTasks()) {
      yield* stack.judge(
        task,
        () =>
          writesIntoOutbox(task) &&
          !stack.workers().some((service) => relays(stack, service)) &&
          "OUTBOX_ENABLED is True, but no service runs relay_outbox, so no message is delivered",
      );
    }
  },
);

export const relayOutlivesSpot = stackRule(
  {
    name: "relay-outlives-spot",
    description:
      "One relay of the outbox at least runs On-Demand, because Spot may have no capacity for hours",
    severity: "medium",
    requirements: ["G-175"],
    remedy: 'capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1 }, …]',
    mends: [leaveNames("workers", isRelay)],
  },
  function* (stack) {
    for (const service of stack.workers()) {
      yield* stack.judge(service, () => {
        const onDemand = [capacityProviders(service.props)]
          .flat()
          .some(
            (each) =>
              !/SPOT/.test(each?.capacityProvider ?? "") && (each?.base ?? 0) + (each?.weight ?? 0) > 0,
          );
        return (
          has(service, "capacityProviderStrategies") &&
          !onDemand &&
          relays(stack, service) &&
          "every relay runs on Spot"
        );
      });
    }
  },
);

export const outboxAdvised = stackRule(
  {
    name: "outbox-advised",
    description:
      "From 1,000 rooms the outbox is recommended, for messages that survive the loss of a task or of Redis",
    severity: "low",
    level: "advisory",
    requirements: ["G-23", "G-164"],
    remedy: "OUTBOX_ENABLED True in the chat's containers, and a service that runs `manage.py relay_outbox`",
    mends: [give("outbox", "true")],
  },
  function* (stack) {
    if (!stack.reaches(outboxRecommendedFromRooms) || !stack.staysBelow(outboxFromRooms)) return;
    for (const task of stack.chatTasks()) {
      yield* stack.judge(task, () => !writesIntoOutbox(task) && "messages travel without an outbox");
    }
  },
);

export const scheduleByRevision = resourceRule(
  {
    name: "schedule-by-revision",
    type: types.schedule,
    description: "A scheduled task runs the revision that was released, not whichever is registered last",
    severity: "medium",
    requirements: ["GAP-30"],
    remedy: "give the schedule the task definition's ARN with its revision",
  },
  [
    ({ target }) => {
      const { ecsParameters } = (target ?? {}) as { ecsParameters?: { taskDefinitionArn?: string } };
      const arn = ecsParameters?.taskDefinitionArn;
      return arn !== undefined && !/:\d+$/.test(arn) && `${arn} names no revision`;
    },
  ],
);

interface Scheduled {
  readonly ecsParameters?: { readonly taskCount?: number };
  readonly retryPolicy?: { readonly maximumRetryAttempts?: number };
}

/** The target of a schedule that starts tasks. */
const scheduledTask = ({ target }: Properties): Scheduled | undefined =>
  (target as Scheduled | undefined)?.ecsParameters ? (target as Scheduled) : undefined;

export const scheduleRunsOnce = resourceRule(
  {
    name: "schedule-runs-once",
    type: types.schedule,
    description: "A scheduled command runs once, and is started again where there was no room for it",
    severity: "medium",
    requirements: ["GAP-30"],
    remedy: "ecsParameters.taskCount: 1, retryPolicy.maximumRetryAttempts above 0",
    subject: "task that it starts",
  },
  [
    (properties) => {
      const { taskCount = 1 } = scheduledTask(properties)?.ecsParameters ?? {};
      return taskCount > 1 && `runs ${taskCount} times at once (taskCount)`;
    },
    (properties) => {
      const { maximumRetryAttempts = 185 } = scheduledTask(properties)?.retryPolicy ?? {};
      return maximumRetryAttempts < 1 && "is not tried again when no task can start (maximumRetryAttempts)";
    },
  ],
);
