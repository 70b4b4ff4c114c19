import { z } from "zod";
import { structured, wholeNumber } from "./types";

/** Name of scheduled limits, which is part of names in AWS. */
const name = z.string().regex(/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/);
const tasks = z.int().min(1).max(5_000);

const scheduledLimits = z.strictObject({
  schedule: z.string().regex(/^(cron|at)\(.+\)$/),
  timezone: z.string().min(1).optional(),
  minTasks: tasks,
  maxTasks: tasks.optional(),
});

/** An operator's task limits from a time of day on. */
export type ScheduledLimitsSettings = Readonly<z.output<typeof scheduledLimits>>;

/** Settings of autoscaling beyond the task counts. */
export const scalingSettings = {
  connectionsPerTask: wholeNumber(
    1,
    100_000,
    "Adds scaling on open connections per task, with this target; if left out, the Plan adds it from 1,000 rooms on.",
  ).optional(),
  scheduledScaling: structured(z.record(name, scheduledLimits), {
    description: "Scheduled task limits, such as fewer tasks at night.",
    allowed:
      "a JSON object of names (up to 30 lower-case letters, digits and hyphens) and objects of schedule (cron(…) or at(…)), " +
      "timezone (UTC unless given), minTasks and maxTasks (chatpop:maxTasks unless given)",
    example:
      `'{"night":{"schedule":"cron(0 23 * * ? *)","minTasks":2},` +
      `"morning":{"schedule":"cron(0 7 * * ? *)","minTasks":10}}'`,
  }).optional(),
};
