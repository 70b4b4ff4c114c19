import type { Demand } from "../capacity";
import type { CompleteSettings } from "./complete";
import { taskSize } from "../guide";
import type { ScheduledCommandSettings, WorkerSettings } from "../settings/workers";

/** A background service beside the chat. */
export interface WorkerPlan {
  /** Key in `chatpop:workers`, or `outbox-relay`. */
  readonly name: string;
  /** Word by word, for no shell reads it: `["python", "manage.py", "relay_outbox"]`. */
  readonly command: readonly string[];
  /** Whether the chat is released only after it; a worker that is late or fails does not hold the chat back otherwise. */
  readonly precedesChat: boolean;
  /** Tasks that ECS keeps running, On-Demand and Spot together. */
  readonly tasks: number;
  /** Tasks that run On-Demand; the others run on Spot. */
  readonly onDemandTasks: number;
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  /** Percent of `tasks` that go on working during a deployment. */
  readonly minimumHealthyPercent: number;
  /** Percent of `tasks` that old and new ones together may reach. */
  readonly maximumPercent: number;
  /** Whether ECS Exec may open a shell in a task. */
  readonly executeCommand: boolean;
}

/** Commands that run by the clock. */
export interface ScheduledCommandsPlan {
  /** Whether they run on Spot. */
  readonly spot: boolean;
  /** Minutes over which EventBridge Scheduler may spread the start of a command. */
  readonly window: number;
  /** Seconds for which a task that could not be started is tried again. */
  readonly retryFor: number;
  /** Most further tries in that time. */
  readonly retries: number;
  /** In the order of their names; may be empty. */
  readonly commands: readonly ScheduledCommandPlan[];
}

/** A command and the clock that it follows. */
export interface ScheduledCommandPlan {
  /** Key in `chatpop:scheduledCommands`: `cleanup-expired-photos`. */
  readonly name: string;
  /** Word by word, for no shell reads it. */
  readonly command: readonly string[];
  /** `cron(…)` or `rate(…)`. */
  readonly schedule: string;
  /** Of the IANA database. */
  readonly timezone: string;
}

/** The worker that sends the outbox's messages; `chatpop:workers` may change it under this name. */
export const relayName = "outbox-relay";

/** Default scheduled commands (`docs/app-contract.md`, section 7). */
export const defaultScheduledCommands: Readonly<Record<string, ScheduledCommandSettings>> = {
  "cleanup-expired-photos": {
    command: "python manage.py cleanup_expired_photos",
    schedule: "cron(30 4 * * ? *)",
  },
};

/** Messages a second that a relay was measured to send on one whole core, at the slower of two revisions (`docs/image.md`). */
export const relayRate = 300;

/** A relay is one thread, so that more than one vCPU would be in vain. */
const relaySizes = [
  { cpu: 512, memory: 1_024 },
  { cpu: 1_024, memory: 2_048 },
] as const;

/** Messages a second that a relay of this size sends. */
export const relayCarries = ({ cpu }: { readonly cpu: number }): number =>
  (relayRate * Math.min(cpu, 1_024)) / 1_024;

/** One relay while one can carry the load, because it keeps a room's messages in order. */
function relay({ messagesPerSecond }: Demand): Required<WorkerSettings> {
  const size = relaySizes.find((each) => relayCarries(each) >= messagesPerSecond) ?? relaySizes[1];
  return {
    command: "python manage.py relay_outbox",
    tasks: Math.ceil(messagesPerSecond / relayCarries(size)),
    // Without a relay no message arrives, so that one stays when there is no Spot capacity.
    onDemandTasks: 1,
    ...size,
  };
}

/** A worker's settings with its defaults: one small task on Spot. */
const completed = (settings: WorkerSettings): Required<WorkerSettings> => ({
  command: "",
  tasks: 1,
  onDemandTasks: 0,
  ...taskSize,
  ...settings,
});

/** The settings of every worker by name, with every default filled in. */
export function completeWorkers(s: CompleteSettings): Readonly<Record<string, Required<WorkerSettings>>> {
  const own = Object.entries(s.workers).map(([name, worker]) => [name, completed(worker)] as const);
  return {
    ...Object.fromEntries(own),
    ...(s.outbox && { [relayName]: { ...relay(s.demand), ...s.workers[relayName] } }),
  };
}

/** Every background service of a deployment, in the order of their names. */
export function workerPlans(s: CompleteSettings): readonly WorkerPlan[] {
  return inOrder(completeWorkers(s)).map(([name, { command, ...worker }]) => ({
    name,
    ...worker,
    command: command.split(" "),
    // Once the chat writes into the outbox, only the relay delivers.
    precedesChat: s.outbox && name === relayName,
    stopTimeout: 120, // as long as Spot's notice
    // The new tasks run before the old ones stop; relays share the outbox's rows (FOR UPDATE SKIP LOCKED).
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    executeCommand: s.executeCommand,
  }));
}

/** Every scheduled command, and how hard it is tried to start one. */
export function scheduledCommandsPlan(s: CompleteSettings): ScheduledCommandsPlan {
  return {
    // EventBridge Scheduler gives a task a public address only with the launch type FARGATE, which is On-Demand.
    spot: s.egress !== "public-ip",
    window: 15,
    retryFor: 3_600,
    retries: 10,
    commands: inOrder(s.scheduledCommands).map(([name, { command, schedule, timezone = "UTC" }]) => ({
      name,
      command: command.split(" "),
      schedule,
      timezone,
    })),
  };
}

const inOrder = <T>(record: Readonly<Record<string, T>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
