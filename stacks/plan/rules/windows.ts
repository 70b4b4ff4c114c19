import { hourForCopy, lengthOf, overlap } from "../../../aws/windows";
import { set } from "../../settings/remedies";
import type { CompleteSettings } from "../complete";
import type { Rule } from "./rule";

type Windows = Pick<CompleteSettings, "databaseBackupWindow" | "databaseMaintenanceWindow">;
const keys = ["databaseBackupWindow", "databaseMaintenanceWindow"] as const;

const value = (s: Windows, key: (typeof keys)[number]) => `chatpop:${key} (${s[key]})`;

const clock = (hour: number, minutes: string) => `${String(hour).padStart(2, "0")}:${minutes}`;
const hours = Array.from({ length: 23 }, (_, after) => (9 + after) % 23);
/** Windows of an hour, those of quiet hours first. */
const candidates: Readonly<Record<keyof Windows, readonly string[]>> = {
  databaseBackupWindow: hours.map((hour) => `${clock(hour, "00")}-${clock(hour + 1, "00")}`),
  databaseMaintenanceWindow: hours.map(
    (hour) => `sun:${clock((hour + 1) % 23, "30")}-sun:${clock(((hour + 1) % 23) + 1, "30")}`,
  ),
};

const isFree = (s: Windows) => !overlap(s.databaseBackupWindow, s.databaseMaintenanceWindow);
const leavesTimeForCopy = (s: Windows) =>
  isFree(s) && hourForCopy(s.databaseBackupWindow, s.databaseMaintenanceWindow) !== undefined;

/** The command that moves one of the windows so that both fit; both windows where neither alone can. */
function moved(s: Windows, fits: (s: Windows) => boolean, first: keyof Windows): string {
  const other = keys.find((key) => key !== first)!;
  for (const key of [first, other]) {
    const window = candidates[key].find((each) => fits({ ...s, [key]: each }));
    if (window !== undefined) return set(key, window);
  }
  return keys.map((key) => set(key, candidates[key][0])).join(" and ");
}

/** Rules for the database's windows. */
export const windowRules: readonly Rule[] = [
  ...keys.map((key): Rule => {
    return (s) =>
      lengthOf(s[key]) >= 30
        ? undefined
        : `${value(s, key)} must last 30 minutes or more. Set it with: ${set(key, candidates[key][0])}`;
  }),

  (s) =>
    isFree(s)
      ? undefined
      : `${value(s, "databaseBackupWindow")} must not overlap ${value(s, "databaseMaintenanceWindow")}. ` +
        `Change one of them, for instance: ${moved(s, isFree, "databaseMaintenanceWindow")}`,

  (s) =>
    s.backupCopyRegion === undefined || leavesTimeForCopy(s)
      ? undefined
      : `${value(s, "databaseBackupWindow")} and ${value(s, "databaseMaintenanceWindow")} leave no three hours a day ` +
        `in which the copy for chatpop:backupCopyRegion (${s.backupCopyRegion}) could be taken. ` +
        `Shorten one of them, for instance: ${moved(s, leavesTimeForCopy, "databaseBackupWindow")}`,
];
