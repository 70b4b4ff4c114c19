import { z } from "zod";
import { fargateCpu } from "../../aws/fargate";
import { onOff, structured } from "./types";

/** Name of a worker or command, which is part of names in AWS; a schedule's name is the shortest of them. */
const name = z.string().regex(/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/);

/** Words of a command: no shell reads them. */
export const commandPattern = /^[^\s"'`$\\]+( [^\s"'`$\\]+)*$/;
const command = z.string().regex(commandPattern);

const worker = z.strictObject({
  command: command.optional(),
  tasks: z.int().min(1).max(100).optional(),
  onDemandTasks: z.int().min(0).max(100).optional(),
  cpu: z.literal(fargateCpu).optional(),
  memory: z.int().min(512).max(122_880).optional(),
});

const scheduledCommand = z.strictObject({
  command,
  schedule: z.string().regex(/^(cron|rate)\(.+\)$/),
  timezone: z.string().min(1).optional(),
});

/** An operator's settings of one worker; missing ones get their defaults. */
export type WorkerSettings = Readonly<z.output<typeof worker>>;
/** An operator's settings of one scheduled command. */
export type ScheduledCommandSettings = Readonly<z.output<typeof scheduledCommand>>;

/** Settings of the workers and scheduled commands beside the chat. */
export const workerSettings = {
  outbox: onOff(
    "Sends messages through the outbox and its relay, so that none is lost; the guide requires it from 5,000 rooms.",
  ).optional(),
  workers: structured(z.record(name, worker), {
    description:
      "Background services with the chat's own image, on Fargate Spot except for onDemandTasks; outbox-relay changes the relay.",
    allowed:
      "a JSON object of names (up to 30 lower-case letters, digits and hyphens) and objects of command, tasks (1 to 100), " +
      "onDemandTasks, cpu (CPU units) and memory (MiB)",
    example: `'{"mailer":{"command":"python manage.py send_mail","tasks":2}}'`,
  }).optional(),
  scheduledCommands: structured(z.record(name, scheduledCommand), {
    description: "Scheduled commands, each a one-off task with the chat's own image.",
    allowed:
      "a JSON object of names (up to 30 lower-case letters, digits and hyphens) and objects of command, schedule (cron(…) or " +
      "rate(…)) and timezone (UTC unless given)",
    example: `'{"clearsessions":{"command":"python manage.py clearsessions","schedule":"cron(0 4 * * ? *)"}}'`,
  }).optional(),
};
