// The windows of RDS and ElastiCache, which take the names of days in any case.
import * as windows from "../../stacks/windows";
import { text } from "./schema";

/** `03:00-04:00` */
export const dailyWindow = text(windows.dailyWindow, "a daily window in UTC (hh:mm-hh:mm, 03:00-04:00)");

/** `sun:05:00-sun:06:00` */
export const weeklyWindow = text(
  new RegExp(windows.weeklyWindow, "i"),
  "a weekly window in UTC (ddd:hh:mm-ddd:hh:mm, sun:05:00-sun:06:00)",
);

/** How long a daily or weekly window is, in minutes. */
export const lengthOf = (window: string): number => windows.lengthOf(window.toLowerCase());

/** Whether the daily window meets the weekly one on any day. */
export const overlap = (daily: string, weekly: string): boolean =>
  windows.overlap(daily, weekly.toLowerCase());
