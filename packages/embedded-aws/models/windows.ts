// The maintenance and backup windows of RDS and ElastiCache, in UTC. Days are accepted in any case.
import { text } from "./schema";

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const minutesOfDay = 1_440;
const minutesOfWeek = days.length * minutesOfDay;

/** `03:00-04:00` */
export const dailyWindow = text(
  /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/,
  "a daily window in UTC (hh:mm-hh:mm, 03:00-04:00)",
);

/** `sun:05:00-sun:06:00` */
export const weeklyWindow = text(
  /^(?:sun|mon|tue|wed|thu|fri|sat):(?:[01]\d|2[0-3]):[0-5]\d-(?:sun|mon|tue|wed|thu|fri|sat):(?:[01]\d|2[0-3]):[0-5]\d$/i,
  "a weekly window in UTC (ddd:hh:mm-ddd:hh:mm, sun:05:00-sun:06:00)",
);

/** Start, length and period of a window (minutes). */
interface Span {
  readonly start: number;
  readonly length: number;
  readonly period: number;
}

function spanOf(window: string): Span {
  const moments = [...window.toLowerCase().matchAll(/(?:([a-z]{3}):)?(\d\d):(\d\d)/g)].map(
    ([, day, hours, minutes]) =>
      (day ? days.indexOf(day) * minutesOfDay : 0) + Number(hours) * 60 + Number(minutes),
  );
  const [start = 0, end = 0] = moments;
  const period = /[a-z]/i.test(window) ? minutesOfWeek : minutesOfDay;
  return { start, length: end >= start ? end - start : end - start + period, period };
}

/** Length of a daily or weekly window (minutes). */
export const lengthOf = (window: string): number => spanOf(window).length;

/** Whether the daily window meets the weekly one on any day. */
export function overlap(daily: string, weekly: string): boolean {
  const backup = spanOf(daily);
  const maintenance = spanOf(weekly);
  // A window of length 0 overlaps nothing; RDS refuses it anyway.
  if (backup.length === 0 || maintenance.length === 0) return false;
  // On the circle of a week, two spans overlap if either begins during the other.
  const after = (from: number, to: number) => (to - from + minutesOfWeek) % minutesOfWeek;
  return days.some((_, day) => {
    const start = backup.start + day * minutesOfDay;
    return (
      after(start, maintenance.start) < backup.length || after(maintenance.start, start) < maintenance.length
    );
  });
}
