// The parameters of a PostgreSQL parameter group: names, accepted values, and formulas.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isTimezone } from "./schedules";

interface Parameter {
  readonly type: "integer" | "real" | "boolean" | "enum" | "string";
  readonly apply: "static" | "dynamic";
  readonly min?: number;
  readonly max?: number;
  /** Unit of a bare number: `8kB`, `kB`, `ms` … */
  readonly unit?: string;
  readonly allowed?: readonly string[];
  /** RDS's own value. */
  readonly default?: string;
}

const data = (file: string) =>
  JSON.parse(readFileSync(join(__dirname, "../data", file), "utf8")) as Record<string, never>;

const catalogue: Readonly<Record<string, Parameter | undefined>> = data("postgres-parameters.json");
const classes: Readonly<Record<string, Readonly<Record<string, number>> | undefined>> =
  data("db-instance-classes.json");
const versions: Readonly<Record<string, { from: number; to: number } | undefined>> =
  data("postgres-versions.json");

/** Libraries that RDS lets PostgreSQL load at its start. */
const libraries = [
  ...["auto_explain", "orafce", "pgactive", "pgaudit", "pglogical", "pg_bigm", "pg_cron", "pg_hint_plan"],
  ...["pg_ad_mapping", "pg_partman_bgw", "pg_prewarm", "pg_proctab", "pg_similarity", "pg_stat_statements"],
  ...["pg_tle", "pg_transport", "pgcollection", "plprofiler", "plrust", "rdsutils", "wal2json"],
];

const giB = 1024 ** 3;

/** Memory of an instance class in bytes; undefined for a class that RDS does not have. */
export function memoryOf(instanceClass: string): number | undefined {
  const cut = instanceClass.lastIndexOf(".");
  const size = classes[instanceClass.slice(0, cut)]?.[instanceClass.slice(cut + 1)];
  return size === undefined ? undefined : size * giB;
}

/** The full version that RDS runs for `15` or `15.7`; undefined if it offers none. */
export function fullVersion(version: string): string | undefined {
  const [major = "", minor] = version.split(".");
  const offered = versions[major];
  if (!offered || !/^\d+(\.\d+)?$/.test(version)) return undefined;
  if (minor === undefined) return `${major}.${offered.to}`;
  return Number(minor) >= offered.from && Number(minor) <= offered.to ? version : undefined;
}

/** The newest version that RDS offers, the default of an instance. */
export function newestVersion(): string {
  const majors = Object.keys(versions).filter((key) => /^\d+$/.test(key));
  const newest = Math.max(...majors.map(Number));
  return `${newest}.${versions[newest]?.to}`;
}

/** Families of the major versions that RDS offers: `postgres15`. */
export const families = Object.keys(versions)
  .filter((key) => /^\d+$/.test(key))
  .map((major) => `postgres${major}`);

/** RDS's own value of a parameter; undefined if PostgreSQL's default applies. */
export const defaultOf = (name: string): string | undefined => catalogue[name]?.default;

/** The reason for which RDS refuses a parameter; undefined if it accepts it. */
export function objection(name: string, value: string, applyMethod: string): string | undefined {
  const parameter = catalogue[name];
  if (!parameter && /^[a-z_]+(\.[a-z_]+)?$/.test(name))
    return `The embedded AWS does not know the parameter: Could not find parameter with name: ${name} (packages/embedded-aws/data/postgres-parameters.json)`;
  if (!parameter) return `Could not find parameter with name: ${name}`;
  if (parameter.apply === "static" && applyMethod === "immediate") {
    return `cannot use immediate apply method for static parameter ${name}: use applyMethod "pending-reboot"`;
  }
  const invalid = (allowed: string) => {
    const unit = parameter.unit ? ` (in units of ${parameter.unit})` : "";
    return `Invalid parameter value: ${value} for: ${name} allowed values are: ${allowed}${unit}`;
  };
  if (parameter.type === "boolean") return ["0", "1"].includes(value) ? undefined : invalid("0,1");
  if (parameter.allowed)
    return parameter.allowed.includes(value) ? undefined : invalid(parameter.allowed.join(","));
  if (name === "timezone" && !isTimezone(value)) return invalid("names of PostgreSQL's time zones");
  if (name === "shared_preload_libraries") {
    const unknown = value.split(",").find((each) => each !== "" && !libraries.includes(each.trim()));
    if (unknown !== undefined)
      return `The embedded AWS does not know the library ${unknown}, or it is no valid value for: ${name}: it knows ${libraries.join(", ")}`;
  }
  if (parameter.type === "string") return undefined;
  const allowed = `${parameter.min}-${parameter.max}`;
  if (isFormula(value))
    return evaluate(value, 8 * giB) === undefined ? invalid(`${allowed}, or a formula`) : undefined;
  const number = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
  const whole = parameter.type === "real" || Number.isInteger(number);
  return whole && number >= (parameter.min ?? 0) && number <= (parameter.max ?? 0)
    ? undefined
    : invalid(allowed);
}

/**
 * The reason for which PostgreSQL cannot start with so much memory, if there is one. It maps `shared_buffers` and
 * `wal_buffers` at its start, and takes other memory when it needs it.
 */
export function exceeds(
  parameters: readonly { name: string; value: string }[],
  memory: number,
): string | undefined {
  for (const { name, value } of parameters) {
    if (name !== "shared_buffers" && name !== "wal_buffers") continue;
    const pages = evaluate(value, memory) ?? 0;
    const bytes = pages * 8192;
    if (bytes >= memory) {
      const size = (count: number) => `${Math.round((count / giB) * 10) / 10} GiB`;
      return `${name} = ${value} is counted in pages of 8 kB and asks for ${size(bytes)}, but the instance class has ${size(memory)}`;
    }
  }
  return undefined;
}

function isFormula(value: string): boolean {
  return /^(\{|GREATEST\(|LEAST\(|SUM\()/.test(value);
}

/**
 * The value of a number or formula (`{DBInstanceClassMemory/32768}`, `GREATEST(…,…)`) for an instance's memory;
 * undefined for other text.
 */
export function evaluate(formula: string, memory: number): number | undefined {
  const tokens = formula.match(/\d+(\.\d+)?|[A-Za-z]+|[{}(),*/+-]/g) ?? [];
  if (tokens.join("") !== formula.replace(/\s/g, "")) return undefined;
  let position = 0;
  const accept = (token: string) => tokens[position] === token && (position += 1) > 0;
  const functions: Readonly<Record<string, (...values: number[]) => number>> = {
    GREATEST: Math.max,
    LEAST: Math.min,
    SUM: (...values) => values.reduce((sum, value) => sum + value, 0),
  };

  function term(): number {
    if (accept("-")) return -term();
    for (const [open, close] of [
      ["{", "}"],
      ["(", ")"],
    ] as const) {
      if (accept(open)) {
        const inner = sum();
        return accept(close) ? inner : NaN;
      }
    }
    const token = tokens[position++] ?? "";
    if (token === "DBInstanceClassMemory") return memory;
    const apply = functions[token];
    if (!apply) return /^\d/.test(token) ? Number(token) : NaN;
    if (!accept("(")) return NaN;
    const values = [sum()];
    while (accept(",")) values.push(sum());
    return accept(")") ? apply(...values) : NaN;
  }

  function product(): number {
    let value = term();
    for (;;) {
      if (accept("*")) value *= term();
      else if (accept("/")) value /= term();
      else return value;
    }
  }

  function sum(): number {
    let value = product();
    for (;;) {
      if (accept("+")) value += product();
      else if (accept("-")) value -= product();
      else return value;
    }
  }

  const value = sum();
  return position === tokens.length && Number.isFinite(value) ? Math.trunc(value * 1e6) / 1e6 : undefined;
}
