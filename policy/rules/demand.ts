import type { PolicyResource } from "@pulumi/policy";
import {
  type ChannelLayer,
  channelLayerLoad,
  type Server,
  taskCapacity,
  tasksFor,
} from "../../stacks/capacity";
import measured from "../../stacks/measured.json";
import { types } from "../../aws/types";
import { valuesOfVariable } from "../containers";
import { stackRule } from "../rule";
import type { Stack } from "../stack";

/** One of the names that were measured, from a variable of the task; undefined for a program that has no such variable. */
const measuredOf = <Name extends string>(
  task: PolicyResource,
  variable: string,
  names: Readonly<Record<Name, unknown>>,
): Name | undefined => valuesOfVariable(task.props, variable).find((value): value is Name => value in names);

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Every service of the chat with its task and its limits. */
function* scaled(stack: Stack) {
  for (const service of stack.chatServices()) {
    for (const task of stack.sources(service, "taskDefinition", types.taskDefinition)) {
      for (const target of stack.scalingTargets(service)) yield { task, target };
    }
  }
}

export const tasksForDemand = stackRule(
  {
    name: "tasks-for-demand",
    description:
      "The most tasks that autoscaling may start carry the stack's load, by what a task was measured to do",
    severity: "high",
    level: "advisory",
    requirements: ["G-20", "GAP-11"],
    remedy: "raise maxCapacity, or cpu and memory of the task",
    keys: ["maxTasks", "taskCpu", "taskMemory"],
  },
  function* (stack) {
    const demand = stack.demand();
    for (const { task, target } of scaled(stack)) {
      yield* stack.judge(target, () => {
        // The faster server where a program does not name its own, so that no deployment is called too small wrongly.
        const server: Server = measuredOf(task, "CHATPOP_SERVER", measured.servers) ?? "uvicorn";
        const outbox = valuesOfVariable(task.props, "OUTBOX_ENABLED").includes("True");
        const [cpu, memory, most] = [
          task.props["cpu"],
          task.props["memory"],
          target.props["maxCapacity"],
        ].map(Number);
        const needed = tasksFor(
          demand,
          taskCapacity({ cpu: cpu!, memory: memory!, server, outbox, usersPerRoom: demand.usersPerRoom }),
        );
        return (
          needed > most! &&
          `${most} tasks of ${cpu} CPU units and ${memory} MiB with ${server} carry ${Math.floor((100 * most!) / needed)} % of ` +
            `${demand.connections.toLocaleString("en")} connections and ${demand.messagesPerSecond.toLocaleString("en")} messages a second`
        );
      });
    }
  },
);

export const channelLayerForDemand = stackRule(
  {
    name: "channel-layer-for-demand",
    description:
      "Redis's one command thread carries the stack's messages to as many tasks as autoscaling may start",
    severity: "high",
    requirements: ["GAP-39"],
    remedy: "a channel layer that sends each message once (pub/sub), or fewer rooms on each cache",
    keys: ["channelLayer", "messagesPerSecond"],
  },
  function* (stack) {
    const demand = stack.demand();
    for (const { task, target } of scaled(stack)) {
      yield* stack.judge(target, () => {
        const layer: ChannelLayer | undefined = measuredOf(task, "CHANNEL_LAYER", measured.channelLayers);
        if (layer === undefined) return undefined;
        const most = Number(target.props["maxCapacity"]);
        const load = channelLayerLoad(demand, most, layer);
        return (
          load > 1 &&
          `the ${layer} channel layer takes ${percent(load)} of Redis's command thread with ${most} tasks: messages will be late and lost`
        );
      });
    }
  },
);
