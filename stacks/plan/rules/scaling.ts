import type { Rule } from "./rule";
import type { CompleteSettings } from "../complete";
import { set } from "../../settings/remedies";
import type { ScheduledLimitsSettings } from "../../settings/scaling";
import { isTimezone, scheduleFault } from "../../../aws/schedules";

/** The whole setting with one name's limits changed. */
const setLimits = (s: CompleteSettings, name: string, change: Partial<ScheduledLimitsSettings>) => {
  const limits = { ...s.scheduledScaling, [name]: { ...s.scheduledScaling[name], ...change } };
  return `Set it with: ${set("scheduledScaling", limits)}`;
};

/** The first complaint about one of the scheduled limits. */
function aboutLimits(
  complain: (name: string, limits: ScheduledLimitsSettings, s: CompleteSettings) => string | undefined,
): Rule {
  return (s) =>
    Object.entries(s.scheduledScaling)
      .map(([name, limits]) => complain(name, limits, s))
      .find((complaint) => complaint !== undefined);
}

/** Rules for the settings of autoscaling together. */
export const scalingRules: readonly Rule[] = [
  aboutLimits((name, { schedule }, s) => {
    const fault = scheduleFault(schedule);
    return (
      fault &&
      `chatpop:scheduledScaling.${name}: ${fault}. ${setLimits(s, name, { schedule: "cron(0 23 * * ? *)" })}`
    );
  }),

  aboutLimits((name, { timezone = "UTC" }, s) =>
    isTimezone(timezone)
      ? undefined
      : `chatpop:scheduledScaling.${name}: ${timezone} is no time zone of the IANA database. ` +
        setLimits(s, name, { timezone: "Europe/Berlin" }),
  ),

  aboutLimits((name, { minTasks, maxTasks }, s) =>
    minTasks <= (maxTasks ?? s.maxTasks)
      ? undefined
      : `chatpop:scheduledScaling.${name}: minTasks (${minTasks}) is above maxTasks (${maxTasks ?? s.maxTasks}). ` +
        setLimits(s, name, { minTasks: maxTasks ?? s.maxTasks }),
  ),

  // The Plan sizes the database and its connections for chatpop:maxTasks.
  aboutLimits((name, { maxTasks = 0 }, s) =>
    maxTasks <= s.maxTasks
      ? undefined
      : `chatpop:scheduledScaling.${name}: maxTasks (${maxTasks}) is above chatpop:maxTasks (${s.maxTasks}), which the ` +
        `database is sized for. Set it with: ${set("maxTasks", maxTasks)}`,
  ),

  ...(["minTasks", "maxTasks"] as const).map((key): Rule => {
    return (s) => {
      const limits = Object.entries(s.scheduledScaling).map(
        ([name, each]) => [name, each[key] ?? s[key]] as const,
      );
      // A new name, because the entries that exist are meant for other hours.
      const raised = ["morning", "day", "usual"].find((name) => !(name in s.scheduledScaling)) ?? "evening";
      const lowest = limits.find(([, tasks]) => tasks < s[key]);
      if (!lowest || limits.some(([, tasks]) => tasks >= s[key])) return undefined;
      return (
        `chatpop:scheduledScaling.${lowest[0]} lowers ${key} to ${lowest[1]}, and nothing raises it to chatpop:${key} ` +
        `(${s[key]}) again. ${setLimits(s, raised, { schedule: "cron(0 7 * * ? *)", minTasks: s.minTasks })}`
      );
    };
  }),
];
