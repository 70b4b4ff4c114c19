import { type ChannelLayer, channelLayerLoad, taskCapacity, tasksFor } from "../../stacks/capacity";
import measured from "../../stacks/measured.json";
import { valuesOfVariable } from "../containers";
import { leave } from "../mends";
import { stackRule } from "../rule";
import { asMeasured, measuredOf, scaled } from "../measuredTask";
import { asNumber } from "../values";

const percent = (share: number) => `${Math.round(100 * share)} %`;

export const tasksForDemand = stackRule(
  {
    name: "tasks-for-demand",
    description:
      "The most tasks that autoscaling may start carry the stack's load, by what a task was measured to do",
    severity: "high",
    level: "advisory",
    requirements: ["G-20", "GAP-11"],
    remedy: "raise maxCapacity, or cpu and memory of the task",
    mends: [leave("maxTasks"), leave("taskCpu"), leave("taskMemory")],
  },
  function* (stack) {
    const demand = stack.demand();
    for (const { definition, target } of scaled(stack)) {
      yield* stack.judge(target, () => {
        const task = asMeasured(definition, demand);
        const { cpu, memory, server } = task;
        const most = asNumber(target.props["maxCapacity"]);
        const needed = tasksFor(demand, taskCapacity(task));
        return (
          needed > most &&
          `${most} tasks of ${cpu} CPU units and ${memory} MiB with ${server} carry ${Math.floor((100 * most) / needed)} % of ` +
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
    remedy: "a channel layer that sends each message once (pub/sub), or more caches that share the rooms",
    mends: [leave("channelLayer"), leave("cacheShards")],
  },
  function* (stack) {
    const demand = stack.demand();
    for (const { definition, target } of scaled(stack)) {
      yield* stack.judge(target, () => {
        const layer: ChannelLayer | undefined = measuredOf(
          definition,
          "CHANNEL_LAYER",
          measured.channelLayers,
        );
        if (layer === undefined) {
          const [other] = valuesOfVariable(definition.props, "CHANNEL_LAYER");
          if (other === undefined || !stack.runsTheChat()) return undefined;
          return `CHANNEL_LAYER is ${other}, which does not carry messages from task to task`;
        }
        const most = asNumber(target.props["maxCapacity"]);
        const [hosts = ""] = valuesOfVariable(definition.props, "CHANNEL_LAYER_HOSTS");
        const shards = hosts.split(",").length;
        const load = channelLayerLoad(demand, most, layer, shards);
        return (
          load > 1 &&
          `the ${layer} channel layer takes ${percent(load)} of Redis's command thread` +
            `${shards > 1 ? ` in each of ${shards} caches` : ""} with ${most} tasks: messages will be late and lost`
        );
      });
    }
  },
);
