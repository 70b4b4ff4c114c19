import type { AlarmKey } from "../../stacks/plan/monitoring/watched";

/** How long an alarm can wait for somebody. */
export type Waits = "now" | "hour" | "morning";

/** The words for it. */
export const waitsText: Readonly<Record<Waits, string>> = {
  now: "at once, also at night",
  hour: "within the hour, before it becomes an outage",
  morning: "it can wait until the morning",
};

/** Meaning of an alarm for the people in the chat, and for the person on call. */
export interface Felt {
  readonly users: string;
  readonly waits: Waits;
}

const felt = (waits: Waits, users: string): Felt => ({ waits, users });

/** Both for every alarm; an alarm without them is a type error. */
export const felts: Readonly<Record<AlarmKey, Felt>> = {
  "chat-is-down": felt("now", "the page does not load, or nothing that they write arrives"),
  "deployment-failed": felt("morning", "nothing: the tasks of the release before go on serving"),
  "command-failed": felt("morning", "nothing at first: what the command cleans up or sends stays undone"),
  "database-failure": felt("now", "errors when they log in, open a room or write"),
  "backup-failed": felt("morning", "nothing"),
  "open-connections": felt("hour", "nothing yet: the next 20 % still fit, and then nobody gets in"),
  "new-connections": felt("hour", "the connection breaks and comes back, again and again"),
  "rejected-connections": felt("now", "new ones do not get in"),
  "certificate-expiry": felt("morning", "nothing until it expires: from then on no browser opens the chat"),
  "service-cpu": felt("hour", "messages come late, some not at all"),
  "service-memory": felt("hour", "nothing until a task is killed: its users reconnect"),
  "tasks-below-minimum": felt("hour", "those of the lost tasks have reconnected; the others get slower"),
  "no-healthy-task": felt("now", "the page does not load (503)"),
  "unhealthy-tasks": felt("hour", "one in so many waits or gets errors, by the task that it has"),
  "worker-not-running": felt("now", "nothing that they write arrives, where it is the relay of the outbox"),
  "worker-below-count": felt("morning", "messages come a little late at full load"),
  "command-not-started": felt(
    "morning",
    "nothing at first: what the command cleans up or sends stays undone",
  ),
  "response-time": felt("hour", "pages open slowly"),
  "application-errors": felt("morning", "an error where they did something, a few of them"),
  "target-connection-errors": felt("morning", "an error, a few of them; a second try works"),
  "lost-messages": felt("hour", "some see a message only after they have loaded the room again"),
  "outbox-backlog": felt("now", "messages arrive seconds or minutes late"),
  "outbox-stuck": felt("morning", "single messages show only after the room is loaded again"),
  "database-cpu": felt("hour", "every page and every message gets slower"),
  "database-connections": felt("hour", "nothing yet: at the limit they get errors"),
  "database-read-latency": felt("morning", "rooms open slowly"),
  "database-write-latency": felt("morning", "messages take longer to send"),
  "database-free-memory": felt("hour", "nothing yet, or slow pages: without memory the database starts anew"),
  "database-swap": felt("morning", "slow pages, while it grows"),
  "database-free-storage": felt("now", "nothing yet: a full database answers nobody"),
  "database-burst-credits": felt("morning", "nothing: it is a matter of the bill"),
  "replica-lag": felt("hour", "a room shows old messages until its live ones come"),
  "replica-fallbacks": felt("morning", "nothing, since the primary answers"),
  "cache-cpu": felt("hour", "messages come late"),
  "cache-engine-cpu": felt("hour", "messages come late"),
  "cache-memory": felt("hour", "nothing yet: a full cache drops what rooms need"),
  "cache-evictions": felt("hour", "rooms lose messages until they are loaded again"),
  "cache-swap": felt("hour", "messages come late"),
  "cache-burst-credits": felt("now", "nothing yet: within the hour messages come late"),
  "proxy-borrow-latency": felt("hour", "pages open slowly, some with an error"),
  "proxy-pinned-sessions": felt("morning", "nothing yet: the proxy runs out of connections sooner"),
  "load-balancer-errors": felt("now", "errors in place of pages (502, 503, 504)"),
  "failing-requests": felt("now", "errors in place of pages, every second time or more"),
};
