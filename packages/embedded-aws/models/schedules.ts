// Schedule expressions. EventBridge rules and AWS Backup demand `rate(1 hour)` and `rate(2 hours)`; EventBridge Scheduler and
// Application Auto Scaling accept either unit with any number.

/** Schedule expressions of a service beside `cron(…)`. */
export interface Grammar {
  /** Whether the unit of a rate must agree with its number. */
  readonly strictUnits: boolean;
  /** Whether a single moment, `at(…)`, is allowed. */
  readonly moments: boolean;
}

/** EventBridge rules and AWS Backup plans. */
export const recurring: Grammar = { strictUnits: true, moments: false };
/** EventBridge Scheduler. */
export const scheduler: Grammar = { strictUnits: false, moments: true };
/** Scheduled actions of Application Auto Scaling. */
export const scalingAction: Grammar = { strictUnits: false, moments: true };

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdays = "SUN MON TUE WED THU FRI SAT".split(" ");

/** The six fields of a cron expression: lowest and highest value, names from the lowest on, forms of the field alone. */
const cronFields = [
  { name: "minutes", range: [0, 59] },
  { name: "hours", range: [0, 23] },
  { name: "day of month", range: [1, 31], alone: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", range: [1, 12], names: months },
  { name: "day of week", range: [1, 7], names: weekdays, alone: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: "year", range: [1970, 2199] },
] as const satisfies readonly {
  name: string;
  range: readonly [number, number];
  names?: readonly string[];
  alone?: RegExp;
}[];
type CronField = {
  name: string;
  range: readonly [number, number];
  names?: readonly string[];
  alone?: RegExp;
};

/** The fault of an expression in this grammar; undefined if it is valid. */
export function scheduleFault(expression: string, grammar: Grammar): string | undefined {
  const parts = /^([a-z]+)\(([^()]*)\)$/.exec(expression);
  if (parts?.[1] === "cron") return cronFault(parts[2]!);
  if (parts?.[1] === "rate") return rateFault(parts[2]!, grammar);
  if (parts?.[1] === "at" && grammar.moments) return momentFault(parts[2]!);
  const forms = grammar.moments ? "cron(…), rate(…) or at(…)" : "cron(…) or rate(…)";
  return `${JSON.stringify(expression)} is not of the form ${forms}`;
}

function momentFault(body: string): string | undefined {
  const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body) ? new Date(`${body}Z`) : undefined;
  // JavaScript takes the 31st of February for the 3rd of March.
  return moment && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(body)
    ? undefined
    : `at(${body}) is not of the form at(yyyy-mm-ddThh:mm:ss)`;
}

function rateFault(body: string, { strictUnits }: Grammar): string | undefined {
  const parts = /^(\d+) (minute|hour|day)(s?)$/.exec(body);
  if (!parts || Number(parts[1]) === 0) return `rate(${body}) is not of the form rate(5 minutes)`;
  const wanted = Number(parts[1]) === 1 ? "" : "s";
  if (!strictUnits || parts[3] === wanted) return undefined;
  return `rate(${body}) needs the ${wanted ? "plural" : "singular"} of its unit`;
}

function cronFault(body: string): string | undefined {
  const values = body.trim().split(/\s+/);
  if (values.length !== cronFields.length) {
    return `cron(${body}) has ${values.length} fields, not six: ${cronFields.map(({ name }) => name).join(", ")}`;
  }
  if ([values[2], values[4]].filter((value) => value === "?").length !== 1) {
    return `cron(${body}): exactly one of day of month and day of week must be ?`;
  }
  for (const [index, field] of cronFields.entries()) {
    const value = values[index]!;
    if (!accepts(field, value)) {
      return `cron(${body}): ${value} is no valid ${field.name} (${field.range[0]} to ${field.range[1]})`;
    }
  }
  return undefined;
}

function accepts(field: CronField, value: string): boolean {
  if (field.alone?.test(value)) return true;
  return value.split(",").every((item) => {
    const parts = /^(?:(\*)|([A-Za-z]+|\d+)(?:-([A-Za-z]+|\d+))?)(?:\/([1-9]\d*))?$/.exec(item);
    if (!parts) return false;
    return [parts[2], parts[3]].every((end) => end === undefined || isWithin(field, end));
  });
}

function isWithin({ range: [lowest, highest], names = [] }: CronField, text: string): boolean {
  const value = /^\d+$/.test(text) ? Number(text) : lowest + names.indexOf(text.toUpperCase());
  return value >= lowest && value <= highest;
}

/** Whether the IANA database has a time zone of this name; an offset such as +02:00 is no name. */
export function isTimezone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
