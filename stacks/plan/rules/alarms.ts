import { nearest } from "../../settings/nearest";
import type { AlarmChoice } from "../../settings/alarms";
import type { Rule } from "./rule";
import type { CompleteSettings } from "../complete";
import { set, without } from "../../settings/remedies";
import { alarmKeys, watched } from "../monitoring/watched";
import type { Unit, Watched } from "../monitoring/watched/watched";

/** Accepted thresholds by unit, for alarms without limits of their own (`accepted`). */
const acceptedByUnit: Readonly<Record<Unit, { readonly lowest: number; readonly highest: number }>> = {
  percent: { lowest: 1, highest: 100 },
  count: { lowest: 0, highest: Infinity },
  seconds: { lowest: 0.001, highest: 3_600 },
  microseconds: { lowest: 1_000, highest: 120_000_000 },
  days: { lowest: 1, highest: 366 },
  bytes: { lowest: 1024 ** 2, highest: Infinity },
};

/** Accepted thresholds of an alarm: never one that the metric cannot pass, as no count is below 0 and no share above 100 %. */
function acceptedBy({ unit, alarm }: Watched) {
  const { lowest, highest } = alarm?.accepted ?? acceptedByUnit[unit];
  const [least, most] = alarm?.comparison.startsWith("Less") ? [1, Infinity] : [0, 99];
  return {
    lowest: unit === "count" ? Math.max(lowest, least) : lowest,
    highest: unit === "percent" ? Math.min(highest, most) : highest,
  };
}

function fault(key: string, choice: AlarmChoice): string | undefined {
  if (!(alarmKeys as readonly string[]).includes(key)) {
    const [meant] = nearest(key, alarmKeys);
    const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
    return `names ${JSON.stringify(key)}, which is no alarm.${hint} The alarms are ${alarmKeys.join(", ")}.`;
  }
  if (!("threshold" in choice)) return undefined;
  const row = watched[key];
  if (!row?.alarm) return `gives ${key} a threshold, but no metric raises it; it can only be turned off.`;
  const { lowest, highest } = acceptedBy(row);
  if (choice.threshold >= lowest && choice.threshold <= highest) return undefined;
  const range = highest === Infinity ? `at least ${lowest}` : `from ${lowest} to ${highest}`;
  return `gives ${key} the threshold ${choice.threshold}. Allowed: ${range} (${row.unit}).`;
}

/** The command that returns one alarm to the Plan's values. */
export function leaveToPlan({ alarms }: Pick<CompleteSettings, "alarms">, key: string): string {
  return set("alarms", without(alarms, [key]));
}

/** Rules for an operator's choices of alarms. */
export const alarmRules: readonly Rule[] = [
  (s) =>
    Object.entries(s.alarms)
      .map(([key, choice]) => {
        const wrong = fault(key, choice);
        return wrong && `chatpop:alarms ${wrong} Leave it to the plan with: ${leaveToPlan(s, key)}`;
      })
      .find((complaint) => complaint !== undefined),
];
