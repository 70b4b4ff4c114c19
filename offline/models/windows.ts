// The weekly and daily windows of RDS and ElastiCache, in UTC.
import { text } from "./schema";

const time = "([01]\\d|2[0-3]):[0-5]\\d";
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const week = 7 * 24 * 60;

/** `03:00-04:00` */
export const dailyWindow = text(
  new RegExp(`^${time}-${time}$`),
  "a daily window in UTC (hh:mm-hh:mm, 03:00-04:00)",
);

/** `sun:05:00-sun:06:00` */
export const weeklyWindow = text(
  new RegExp(`^(${days.join("|")}):${time}-(${days.join("|")}):${time}$`, "i"),
  "a weekly window in UTC (ddd:hh:mm-ddd:hh:mm, sun:05:00-sun:06:00)",
);

interface Span {
  /** Minutes after the beginning of the week (or day). */
  readonly start: number;
  readonly length: number;
}

function minutes(clock: string): number {
  const [hour = "0", minute = "0"] = clock.split(":");
  return Number(hour) * 60 + Number(minute);
}

function daily(window: string): Span {
  const [from = "", to = ""] = window.split("-");
  const start = minutes(from);
  return { start, length: (minutes(to) - start + 1440) % 1440 };
}

function weekly(window: string): Span {
  const at = (end: string) => days.indexOf(end.slice(0, 3).toLowerCase()) * 1440 + minutes(end.slice(4));
  const [from = "", to = ""] = window.split("-");
  return { start: at(from), length: (at(to) - at(from) + week) % week };
}

/** How long a daily or weekly window is, in minutes. */
export function lengthOf(window: string): number {
  return (/^\d/.test(window) ? daily(window) : weekly(window)).length;
}

/** Whether the daily window meets the weekly one on any day. */
export function overlap(dailyText: string, weeklyText: string): boolean {
  const day = daily(dailyText);
  const maintenance = weekly(weeklyText);
  // A window may run over the end of the week, so a day before and a day after count as well.
  return [-1, 0, 1, 2, 3, 4, 5, 6, 7].some((offset) => {
    const start = offset * 1440 + day.start;
    const ends = maintenance.start + maintenance.length;
    const meets = (from: number) => from < ends && maintenance.start < from + day.length;
    return meets(start) || meets(start + week) || meets(start - week);
  });
}
