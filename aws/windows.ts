// The weekly and daily windows in which RDS works on a database: `03:00-04:00`, `sun:05:00-sun:06:00`, in UTC.

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const day = 24 * 60;

const time = "([01]\\d|2[0-3]):[0-5]\\d";
const weekday = `(${days.join("|")})`;
/** A window of every day: `03:00-04:00`. */
export const dailyWindow = new RegExp(`^${time}-${time}$`);
/** A window of one day of the week: `sun:05:00-sun:06:00`. */
export const weeklyWindow = new RegExp(`^${weekday}:${time}-${weekday}:${time}$`);

/** Minutes after midnight, or after Saturday's midnight for a moment with a day. */
function minuteOf(moment: string): number {
  const [minutes = 0, hours = 0] = moment.split(":").reverse().map(Number);
  return Math.max(0, days.indexOf(moment.slice(0, 3))) * day + hours * 60 + minutes;
}

/** Minutes that a window lasts; its end may lie behind midnight, or behind Saturday. */
export function lengthOf(window: string): number {
  const [from = 0, to = 0] = window.split("-").map(minuteOf);
  const period = weeklyWindow.test(window) ? 7 * day : day;
  return (to - from + period) % period;
}

/** Minutes of the week at which a window begins; a daily one comes back seven times. */
function beginnings(window: string): readonly number[] {
  const [from = 0] = window.split("-").map(minuteOf);
  return weeklyWindow.test(window) ? [from] : days.map((_, index) => index * day + from);
}

/** Whether two windows have a minute in common: one of them begins while the other lasts. */
export function overlap(one: string, other: string): boolean {
  const week = 7 * day;
  const [length, otherLength] = [lengthOf(one), lengthOf(other)];
  if (length === 0 || otherLength === 0) return false;
  const others = beginnings(other);
  return beginnings(one).some((from) =>
    others.some(
      (begin) => (begin - from + week) % week < length || (from - begin + week) % week < otherLength,
    ),
  );
}

/** `HH:00`, for hours that may lie on the day before or after. */
const clock = (hour: number) => `${String((hour + 24) % 24).padStart(2, "0")}:00`;

/**
 * Full hour (UTC) for one more daily backup: the first after the backup window with an hour's distance from both
 * windows, because RDS takes no other backup in them.
 *
 * @returns undefined when the windows leave none.
 */
export function hourForCopy(backupWindow: string, maintenanceWindow: string): number | undefined {
  const [, to = 0] = backupWindow.split("-").map(minuteOf);
  const first = Math.ceil(to / 60);
  return Array.from({ length: 24 }, (_, offset) => (first + offset) % 24).find((hour) => {
    const around = `${clock(hour - 1)}-${clock(hour + 2)}`;
    return !overlap(around, backupWindow) && !overlap(around, maintenanceWindow);
  });
}
