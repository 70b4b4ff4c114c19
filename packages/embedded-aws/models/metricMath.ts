// Metric math of scaling policies and alarms: metrics with ids, and expressions over them.
import type { z } from "zod";
import { refusal } from "./refusal";
import { text } from "./schema";

export const metricId = text(
  /^[a-z][A-Za-z0-9_]{0,254}$/,
  "a metric's id: letters, digits and underscores, beginning with a lower-case letter",
);

const percent = "(100(\\.0+)?|\\d{1,2}(\\.\\d{1,10})?)";
const bound = "\\d+(\\.\\d+)?";

/** Statistics with their shorthand and their ranges: `p99.9`, `tm90`, `TM(10%:90%)`, `PR(:300)`, `IQM`. */
export const statistic = text(
  new RegExp(
    `^(Average|Minimum|Maximum|Sum|SampleCount|IQM|(p|tm|wm|tc|ts)${percent}|` +
      `(TM|WM|TC|TS|PR)\\((${percent}%:(${percent}%)?|:${percent}%|${bound}:(${bound})?|:${bound})\\))$`,
  ),
  "a statistic: Average, Minimum, Maximum, Sum, SampleCount, p95, TM(10%:90%) …",
);

const amounts = ["bytes", "bits"].flatMap((word) =>
  ["", "Kilo", "Mega", "Giga", "Tera"].map((size) => (size ? size + word : word.replace("b", "B"))),
);

/** Units of metrics. */
export const units: readonly string[] = [
  ...["Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"],
  ...amounts,
  ...amounts.map((amount) => `${amount}/Second`),
];

/** Functions of metric math. */
const functions = new Set(
  (
    "ABS ANOMALY_DETECTION_BAND AVG CEIL DATAPOINT_COUNT DB_PERF_INSIGHTS DAY DATE DIFF DIFF_TIME EPOCH FILL FIRST " +
    "FLOOR HOUR IF INSIGHT_RULE_METRIC LAMBDA LAST LOG LOG10 MAX METRIC_COUNT METRICS MIN MINUTE MONTH PERIOD RATE " +
    "REMOVE_EMPTY RUNNING_SUM SERVICE_QUOTA SLICE SORT STDDEV SUM TIME_SERIES YEAR"
  ).split(" "),
);
const mathToken =
  /\s*(?:(\d+(?:\.\d+)?|"[^"]*"|'[^']*')|([A-Za-z]\w*)(\s*\()?|(==|!=|<=|>=|<|>|&&|\|\||[-+*/^])|([(),[\]]))\s*/y;

/** The fault of an expression of metric math: a bracket, an operator or a function that does not fit. */
function mathFault(expression: string): string | undefined {
  // A query of Metrics Insights has a grammar of its own.
  if (/^\s*SELECT\b/i.test(expression)) return undefined;
  if (/\bSEARCH\s*\(/.test(expression)) return "SEARCH is not supported here";
  const open: string[] = [];
  let wantsValue = true;
  mathToken.lastIndex = 0;
  while (mathToken.lastIndex < expression.length) {
    const at = mathToken.lastIndex;
    const [, literal, word, call, operator, mark] = mathToken.exec(expression) ?? [];
    const found = literal ?? word ?? operator ?? mark;
    if (found === undefined) return `unexpected ${expression.slice(at)}`;
    if (call !== undefined && !functions.has(word ?? "")) return `unsupported function ${word}`;
    const joins = operator !== undefined || (/^(AND|OR)$/.test(word ?? "") && call === undefined);
    if (joins ? wantsValue && operator !== "-" : /^[)\],]$/.test(found) ? false : !wantsValue)
      return `unexpected ${found}`;
    if (call !== undefined || found === "(" || found === "[") open.push(found === "[" ? "]" : ")");
    if ((found === ")" || found === "]") && open.pop() !== found) return `unexpected ${found}`;
    wantsValue = joins || call !== undefined || ["(", "[", ","].includes(found);
  }
  return open.length > 0 ? `missing ${open.at(-1)}` : wantsValue ? "it ends where a value is due" : undefined;
}

interface Member {
  readonly id: string;
  readonly expression?: string;
  readonly returnData?: boolean;
}

/** Refuses duplicate and missing ids, and metric math without exactly one result. */
export function refuseMath(
  members: readonly Member[],
  context: z.RefinementCtx,
  returnsByDefault: boolean,
): void {
  const refuse = refusal(context);
  const ids = members.map(({ id }) => id);
  const returning = members.filter(({ returnData = returnsByDefault }) => returnData);
  if (returning.length !== 1) {
    refuse(
      "0.returnData",
      `Exactly one metric must return data, not ${returning.length}: set returnData: ${returnsByDefault ? "false on all others" : "true on one"} (it is ${returnsByDefault} by default)`,
    );
  }
  members.forEach(({ id, expression }, index) => {
    if (ids.indexOf(id) < index) refuse(`${index}.id`, `the id ${id} is used twice`);
    const fault = expression === undefined ? undefined : mathFault(expression);
    if (fault)
      refuse(`${index}.expression`, `Error in expression '${id}': ${fault} in ${String(expression)}`);
    // Functions are in capitals, so a word that begins with a small letter is a metric's id.
    const named = expression?.replace(/"[^"]*"|'[^']*'/g, "").match(/\b[a-z]\w*/g) ?? [];
    const missing = named.find((each) => !ids.includes(each));
    if (missing !== undefined)
      refuse(`${index}.expression`, `${expression} names ${missing}, but no metric has that id`);
  });
}
