import { guide, scales } from "../stacks/guide";
import { complete } from "../stacks/plan/complete";

/** Load of each scale and the task that carries its share, for the load test (`loadtest/scales.json`). */
export function loadtestScales(): string {
  const of = (scale: (typeof scales)[number]) => {
    const settings = complete({ scale });
    return {
      rooms: guide[scale].rooms,
      users_per_room: guide[scale].usersPerRoom,
      messages_per_second: guide[scale].messagesPerSecond,
      tasks: settings.desiredTasks,
      cpu: settings.taskCpu,
      memory: settings.taskMemory,
      server: settings.server,
      layer: settings.channelLayer,
      outbox: settings.outbox,
    };
  };
  return `${JSON.stringify(Object.fromEntries(scales.map((scale) => [scale, of(scale)])), null, 2)}\n`;
}
