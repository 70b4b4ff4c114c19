import type { Rule } from "./rule";
import type { CompleteSettings } from "../complete";
import { fargateOffers, leastMemory, memoryFor } from "../../../aws/fargate";
import { set } from "../../settings/remedies";
import { isTimezone, scheduleFault } from "../../../aws/schedules";
import { completeWorkers, relayName } from "../workers";
import type { ScheduledCommandSettings, WorkerSettings } from "../../settings/workers";

/** The whole setting with one name's part changed. */
function setWith<Key extends "workers" | "scheduledCommands">(
  s: CompleteSettings,
  key: Key,
  name: string,
  change: Partial<CompleteSettings[Key][string]>,
): string {
  const whole = { ...s[key], [name]: { ...s[key][name], ...change } };
  return `Set it with: ${set(key, whole)}`;
}

/** The first complaint about one of the workers, whose settings are complete. */
function aboutWorkers(
  complain: (name: string, worker: Required<WorkerSettings>, s: CompleteSettings) => string | undefined,
): Rule {
  return (s) =>
    Object.entries(completeWorkers(s))
      .map(([name, worker]) => complain(name, worker, s))
      .find((complaint) => complaint !== undefined);
}

/** The first complaint about one of the scheduled commands. */
function aboutCommands(
  complain: (name: string, command: ScheduledCommandSettings, s: CompleteSettings) => string | undefined,
): Rule {
  return (s) =>
    Object.entries(s.scheduledCommands)
      .map(([name, command]) => complain(name, command, s))
      .find((complaint) => complaint !== undefined);
}

/** Rules for the settings of workers and scheduled commands together. */
export const workerRules: readonly Rule[] = [
  (s) =>
    s.outbox || !(relayName in s.workers)
      ? undefined
      : `chatpop:workers.${relayName}: there is no relay while chatpop:outbox is false. ` +
        "Set it with: pulumi config set chatpop:outbox true",

  aboutWorkers((name, { command }, s) =>
    command !== "" || (name === relayName && !s.outbox)
      ? undefined
      : `chatpop:workers.${name} has no command. ${setWith(s, "workers", name, { command: "python manage.py …" })}`,
  ),

  aboutWorkers((name, { tasks, onDemandTasks }, s) =>
    onDemandTasks <= tasks
      ? undefined
      : `chatpop:workers.${name}: onDemandTasks (${onDemandTasks}) is above tasks (${tasks}). ` +
        setWith(s, "workers", name, { onDemandTasks: tasks }),
  ),

  aboutWorkers((name, { cpu, memory }, s) =>
    fargateOffers(cpu, memory)
      ? undefined
      : `chatpop:workers.${name}: memory (${memory}) does not go with cpu (${cpu}). Allowed: ${memoryFor(cpu)}. ` +
        setWith(s, "workers", name, { memory: leastMemory(cpu) }),
  ),

  aboutCommands((name, { schedule }, s) => {
    const fault = scheduleFault(schedule);
    return (
      fault &&
      `chatpop:scheduledCommands.${name}: ${fault}. ` +
        setWith(s, "scheduledCommands", name, { schedule: "cron(30 4 * * ? *)" })
    );
  }),

  aboutCommands((name, { timezone = "UTC" }, s) =>
    isTimezone(timezone)
      ? undefined
      : `chatpop:scheduledCommands.${name}: ${timezone} is no time zone of the IANA database. ` +
        setWith(s, "scheduledCommands", name, { timezone: "Europe/Berlin" }),
  ),
];
