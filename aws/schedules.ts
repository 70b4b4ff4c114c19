// The schedule expressions of AWS: cron(…), rate(…) and at(…).

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const fields: readonly Field[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "day of month", from: 1, to: 31 },
  {
    name: "month",
    from: 1,
    to: 12,
    words: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  { name: "day of week", from: 1, to: 7, words: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
  { name: "year", from: 1970, to: 2199 },
];

/** Why AWS refuses the schedule; undefined if it accepts it. */
export function scheduleFault(expression: string): string | undefined {
  const [, kind, body = ""] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case "cron":
      return cronFault(body);
    case "rate":
      return rateFault(body);
    case "at":
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) && !Number.isNaN(Date.parse(`${body}Z`))
        ? undefined
        : `at(${body}) is not of the form at(yyyy-mm-ddThh:mm:ss)`;
    default:
      return `${JSON.stringify(expression)} is not of the form cron(…), rate(…) or at(…)`;
  }
}

function rateFault(body: string): string | undefined {
  const [, count, unit] = /^([1-9]\d*) (minutes?|hours?|days?)$/.exec(body) ?? [];
  if (count === undefined) return `rate(${body}) is not of the form rate(5 minutes)`;
  const plural = unit?.endsWith("s") ?? false;
  return plural === (count !== "1")
    ? undefined
    : `rate(${body}) needs the ${plural ? "singular" : "plural"} of its unit`;
}

function cronFault(body: string): string | undefined {
  const parts = body.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    return `cron(${body}) has ${parts.length} fields, not six: minutes, hours, day of month, month, day of week, year`;
  }
  const [dayOfMonth = "", dayOfWeek = ""] = [parts[2], parts[4]];
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    return `cron(${body}): exactly one of day of month and day of week must be ?`;
  }
  const wrong = fields.find((field, index) => !isField(parts[index] ?? "", field));
  return wrong
    ? `cron(${body}): ${parts[fields.indexOf(wrong)]} is no valid ${wrong.name} (${wrong.from} to ${wrong.to})`
    : impossibleDay(`cron(${body})`);
}

/** Values that a field of a cron expression names one by one; undefined for one that names them in another way. */
function named(text: string, field: Field): readonly number[] | undefined {
  const values = text.split(",").map((part): readonly number[] => {
    const [from = NaN, to = from] = part.split("-").map((end) => valueOf(end, field));
    return Number.isNaN(from + to)
      ? [NaN]
      : Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  return values.flat().some(Number.isNaN) ? undefined : values.flat();
}

const partsOf = (expression: string) =>
  (/^cron\((.*)\)$/.exec(expression.trim())?.[1] ?? "").trim().split(/\s+/);

/** The longest that months are, January first. */
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day that an expression waits for and none of its months has; undefined where there is one. */
export function impossibleDay(expression: string): string | undefined {
  const [, , day = "", month = ""] = partsOf(expression);
  const days = named(day, fields[2]!);
  const months = named(month, fields[3]!);
  if (!days || !months) return undefined;
  const comes = months.some((each) => Math.min(...days) <= (longest[each - 1] ?? 0));
  return comes ? undefined : `${expression}: no such month has a day ${Math.min(...days)}`;
}

/** The last year, or moment, of an expression that is over; undefined where it still comes. */
export function overSince(expression: string, now: Date): string | undefined {
  const moment = /^at\((.*)\)$/.exec(expression.trim())?.[1];
  if (moment !== undefined) return Date.parse(`${moment}Z`) < now.getTime() ? moment : undefined;
  const years = named(partsOf(expression)[5] ?? "", fields[5]!);
  const last = years && Math.max(...years);
  return last !== undefined && last < now.getUTCFullYear() ? String(last) : undefined;
}

function isField(text: string, field: Field): boolean {
  if (text === "?") return field.name.startsWith("day of");
  if (field.name === "day of month" && /^(L|LW|\d{1,2}W)$/.test(text)) return true;
  if (field.name === "day of week" && /^([1-7]?L|[1-7]#[1-5])$/.test(text)) return true;
  return text.split(",").every((part) => {
    const [range = "", step, ...rest] = part.split("/");
    if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    if (range === "*") return true;
    const ends = range.split("-").map((end) => valueOf(end, field));
    return ends.length <= 2 && ends.every((end) => end >= field.from && end <= field.to);
  });
}

function valueOf(text: string, { words = [], from }: Field): number {
  const word = words.indexOf(text.toUpperCase());
  if (word >= 0) return word + from;
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

/** Whether the IANA database has a time zone of this name. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
