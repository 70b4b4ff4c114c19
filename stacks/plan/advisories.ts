import { leaveToPlan } from "./rules/alarms";
import { chatTask } from "./autoscaling";
import { channelLayerLoad, connectionsAt, guideScaleOf, shardsFor, tasksFor } from "../capacity";
import type { CompleteSettings } from "./complete";
import { isOpen } from "./network";
import {
  cpuScaling,
  guide,
  needsProxy,
  outboxFromRooms,
  proxyFromRooms,
  proxyFromTasks,
  replicaFromRooms,
  scales,
} from "../guide";

const number = (value: number) => Math.round(value).toLocaleString("en");

/** Warnings about settings that are allowed but harmful, in one or two sentences each, with the remedy. */
export function advisories(s: CompleteSettings): readonly string[] {
  const { demand } = s;
  const task = chatTask(s);
  const enough = Math.ceil(tasksFor(demand, task));
  const most = connectionsAt(100, demand, task);
  const load = channelLayerLoad(demand, s.maxTasks, s.channelLayer, s.cacheShards);
  const found: (string | false)[] = [
    s.domain === undefined &&
      "No domain: the chat is served over plain HTTP, where secure cookies (login, sessions) do not work, browsers " +
        "withhold microphone and camera, and messages can be read on the way. Set it with: pulumi config set chatpop:domain chat.example.com",

    scales.indexOf(guideScaleOf(demand.rooms)) < scales.indexOf(s.scale) &&
      `chatpop:rooms is ${number(demand.rooms)}, the size of ${guideScaleOf(demand.rooms)}: database, cache and tasks of this ` +
        `${s.scale} stack are sized for it. Size them for ${s.scale} with: pulumi config rm chatpop:rooms`,

    needsProxy(demand.rooms, s.maxTasks) &&
      !s.databaseProxy &&
      `chatpop:databaseProxy is false although ${number(demand.rooms)} rooms with up to ${number(s.maxTasks)} tasks need it ` +
        `(from ${number(proxyFromRooms)} rooms, or ${proxyFromTasks} tasks): ` +
        "a burst of requests will exhaust the database's connections. The policy pack refuses this. " +
        "Leave it to the Plan: pulumi config rm chatpop:databaseProxy",

    demand.rooms >= replicaFromRooms &&
      s.readReplicas === 0 &&
      `chatpop:readReplicas is 0 although ${number(demand.rooms)} rooms need one (from ${number(replicaFromRooms)}). ` +
        "The policy pack refuses this. Leave it to the Plan: pulumi config rm chatpop:readReplicas",

    demand.rooms >= outboxFromRooms &&
      !s.outbox &&
      `chatpop:outbox is false although ${number(demand.rooms)} rooms need it (from ${number(outboxFromRooms)}): a message ` +
        "is lost to its room when a task stops, or Redis is away, at the wrong moment. The policy pack refuses this. " +
        "Leave it to the Plan: pulumi config rm chatpop:outbox",
    s.snapshotIdentifier !== undefined &&
      `chatpop:snapshotIdentifier (${s.snapshotIdentifier}) counts only while the database is created: one that runs keeps ` +
        "its data. When it is restored: pulumi config rm chatpop:snapshotIdentifier",

    !s.deletionProtection &&
      !s.disposable &&
      "Nothing keeps pulumi destroy, or a change that replaces the database, from deleting it (chatpop:deletionProtection " +
        "is false); a last snapshot and the automated backups would be left. Protect it with: " +
        "pulumi config set chatpop:deletionProtection true",

    !isOpen(s.allowedCidrs) &&
      "No smoke test ends a release: it would come from addresses of AWS that chatpop:allowedCidrs keeps out. " +
        "Ask the chat for a page yourself after each release.",

    s.disposable &&
      "chatpop:disposable is true: no snapshot, backup, medium, image or secret outlives the stack. " +
        "Keep them with: pulumi config rm chatpop:disposable",

    s.availability === "standard" &&
      demand.rooms >= guide.medium.rooms &&
      `One zone, database or cache node that fails takes ${number(demand.connections)} connections with it ` +
        "(chatpop:availability is standard). high adds a standby database, a second cache node and a NAT gateway for every " +
        "zone, each at the price of the first. Set it with: pulumi config set chatpop:availability high",

    s.maxTasks < enough &&
      `At most ${s.maxTasks} tasks for ${number(demand.connections)} connections and ${number(demand.messagesPerSecond)} ` +
        `messages a second: a task of ${s.taskCpu} CPU units with ${s.server} was measured to carry ${number(most)} ` +
        `connections with their messages, so full load needs ${number(enough)}. ` +
        `Set it with: pulumi config set chatpop:maxTasks ${Math.ceil(tasksFor(demand, task, cpuScaling.target))}`,

    s.connectionsPerTask !== undefined &&
      s.connectionsPerTask > most &&
      `chatpop:connectionsPerTask is ${number(s.connectionsPerTask)}, but a task of this size was measured to carry ` +
        `${number(most)} connections with their messages: tasks will be overloaded before others join them. ` +
        "Leave it to the Plan: pulumi config rm chatpop:connectionsPerTask",

    load > 1 &&
      `Full load needs ${number(100 * load)} % of Redis's one command thread` +
        `${s.cacheShards > 1 ? ` in each of ${s.cacheShards} caches` : ""} with ${s.maxTasks} tasks: ` +
        "messages will be late and lost. " +
        (s.channelLayer === "core"
          ? "The other layer sends each once: pulumi config set chatpop:channelLayer pubsub"
          : s.cacheShards < shardsFor(demand, s.maxTasks, s.channelLayer)
            ? "Let as many caches share the rooms as they need: pulumi config rm chatpop:cacheShards"
            : "Divide the rooms among several stacks, and plan what one of them carries: " +
              `pulumi config set chatpop:messagesPerSecond ${Math.floor(demand.messagesPerSecond / load)}`),

    s.alarmEmail === undefined &&
      s.alarmWebhook === undefined &&
      "Alarms reach nobody without chatpop:alarmEmail or chatpop:alarmWebhook. " +
        "Set one with: pulumi config set chatpop:alarmEmail on-call@example.com",

    ...Object.entries(s.alarms).map(
      ([key, choice]) =>
        "reason" in choice &&
        `The alarm ${key} is turned off (${choice.reason}). Turn it on with: ${leaveToPlan(s, key)}`,
    ),
  ];
  return found.filter((sentence) => sentence !== false);
}
