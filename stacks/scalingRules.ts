import type { Rule } from "./consistency";
import type { CompleteSettings } from "./defaults";
import type { ScheduledLimitsSettings } from "./scalingSettings";
import { isTimezone, scheduleFault } from "./schedules";

const setPath = (name: string, field: keyof ScheduledLimitsSettings, value: string | number) =>
  `Set it with: pulumi config set --path 'chatpop:scheduledScaling.${name}.${field}' ${value}`;

/** The first complaint about one of the scheduled limits. */
function aboutLimits(
  complain: (name: string, limits: ScheduledLimitsSettings, s: CompleteSettings) => string | undefined,
): Rule {
  return (s) =>
    Object.entries(s.scheduledScaling)
      .map(([name, limits]) => complain(name, limits, s))
      .find((complaint) => complaint !== undefined);
}

/** What must hold among the settings of autoscaling. */
export const scalingRules: readonly Rule[] = [
  aboutLimits((name, { schedule }) => {
    const fault = scheduleFault(schedule);
    return (
      fault &&
      `chatpop:scheduledScaling.${name}: ${fault}. ${setPath(name, "schedule", "'cron(0 23 * * ? *)'")}`
    );
  }),

  aboutLimits((name, { timezone = "UTC" }) =>
    isTimezone(timezone)
      ? undefined
      : `chatpop:scheduledScaling.${name}: ${timezone} is no time zone of the IANA database. ` +
        setPath(name, "timezone", "Europe/Berlin"),
  ),

  aboutLimits((name, { minTasks, maxTasks }, s) =>
    minTasks <= (maxTasks ?? s.maxTasks)
      ? undefined
      : `chatpop:scheduledScaling.${name}: minTasks (${minTasks}) is above maxTasks (${maxTasks ?? s.maxTasks}). ` +
        setPath(name, "minTasks", maxTasks ?? s.maxTasks),
  ),

  // The database and its connections are chosen for so many tasks.
  aboutLimits((name, { maxTasks = 0 }, s) =>
    maxTasks <= s.maxTasks
      ? undefined
      : `chatpop:scheduledScaling.${name}: maxTasks (${maxTasks}) is above chatpop:maxTasks (${s.maxTasks}), which the ` +
        `database is sized for. Set it with: pulumi config set chatpop:maxTasks ${maxTasks}`,
  ),

  ...(["minTasks", "maxTasks"] as const).map((key): Rule => {
    return (s) => {
      const limits = Object.entries(s.scheduledScaling).map(
        ([name, each]) => [name, each[key] ?? s[key]] as const,
      );
      const lowest = limits.find(([, tasks]) => tasks < s[key]);
      if (!lowest || limits.some(([, tasks]) => tasks >= s[key])) return undefined;
      const morning = { schedule: "cron(0 7 * * ? *)", minTasks: s.minTasks };
      return (
        `chatpop:scheduledScaling.${lowest[0]} lowers ${key} to ${lowest[1]}, and nothing raises it to chatpop:${key} ` +
        `(${s[key]}) again. Set it with: pulumi config set chatpop:scheduledScaling ` +
        `'${JSON.stringify({ ...s.scheduledScaling, morning })}'`
      );
    };
  }),
];
