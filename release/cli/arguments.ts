import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sslModes, type DatabaseAddress, type SslMode } from "../indexes/connection";
import { UsageError } from "../indexes/errors";
import type { IndexOptions } from "../indexes";

/** Commands of `chatpop-indexes`: show the plan, carry it out, or check the result. */
export type Mode = "plan" | "apply" | "verify";

/** A command line, understood. */
export interface Command {
  /** `plan` unless the command line says otherwise. */
  readonly mode: Mode;
  /** Whether the report is for a program. */
  readonly json: boolean;
  /** The instance itself, with user and password. */
  readonly address: DatabaseAddress;
  /** Treatment of equivalent and different indexes, and time limits. */
  readonly options: IndexOptions;
}

/** Text of `--help`. */
export const usage = `chatpop-indexes [--plan | --apply | --verify] [options]

Builds the nine indexes of the ChatPop guide without stopping reads or writes.

  --plan                   say what --apply would do (default)
  --apply                  build what is missing, repair what is INVALID
  --verify                 check, and list every index of the schema with its size

  --database-url <url>     postgresql://user@host:5432/database?sslmode=verify-full
                           default: the environment's DATABASE_URL; the password also from PGPASSWORD.
                           The instance itself: neither a proxy nor a read replica.
  --ca <file>              trusted certificates (PEM), for AWS its global-bundle.pem
  --schema <name>          schema of the application's tables (public)
  --skip-equivalent        leave out an index that another one makes redundant
  --replace                replace an index of the same name but with another definition
  --lock-timeout <time>    longest wait for another transaction (10min; 0: no limit)
  --statement-timeout <t>  longest time for one statement (0: no limit)
  --wait <time>            longest wait for another index build (1h)
  --json                   print the report as JSON
  --help

Times: 500ms, 30s, 10min, 2h.
Exit codes: 0 all indexes valid; 1 failed; 2 wrong usage; 3 --plan or --verify found work to do.`;

/**
 * Understands a command line and the environment; `undefined` when only help was asked for.
 * @throws UsageError
 */
export function parseCommand(
  arguments_: readonly string[],
  environment: NodeJS.ProcessEnv,
): Command | undefined {
  const values = parseOptions(arguments_);
  if (values.help) return undefined;
  const modes = (["plan", "apply", "verify"] as const).filter((mode) => values[mode]);
  if (modes.length > 1) throw new UsageError(`choose one of --${modes.join(" and --")}`);
  return {
    mode: modes[0] ?? "plan",
    json: values.json ?? false,
    address: parseAddress(
      values["database-url"] ?? environment.DATABASE_URL,
      environment.PGPASSWORD,
      values.ca,
    ),
    options: {
      schema: values.schema,
      skipEquivalent: values["skip-equivalent"],
      replace: values.replace,
      lockTimeout: parseTime("lock-timeout", values["lock-timeout"]),
      statementTimeout: parseTime("statement-timeout", values["statement-timeout"]),
      wait: parseTime("wait", values.wait),
    },
  };
}

function parseOptions(arguments_: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const text = { type: "string" } as const;
  const modes = { plan: flag, apply: flag, verify: flag, help: flag, json: flag };
  const choices = { "skip-equivalent": flag, replace: flag, schema: text, ca: text, "database-url": text };
  const times = { "lock-timeout": text, "statement-timeout": text, wait: text };
  try {
    return parseArgs({ args: [...arguments_], options: { ...modes, ...choices, ...times } }).values;
  } catch (error) {
    // Errors repeat an option or a mode only: other words may be an address with a password.
    const wrong = arguments_.find((argument) => (error as Error).message.includes(`'${argument}'`)) ?? "";
    if (Object.hasOwn(modes, wrong))
      throw new UsageError(`cannot understand ${wrong}; did you mean --${wrong}?`);
    const named = /^--?[a-z-]+/.exec(wrong)?.[0];
    throw new UsageError(`cannot understand ${named ?? "the arguments"}; see --help`);
  }
}

const milliseconds = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

function parseTime(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)(ms|s|min|h)$/.exec(text === "0" ? "0ms" : text);
  if (!match)
    throw new UsageError(
      `--${option} ${text}: a whole number with a unit is allowed, as 500ms, 30s, 10min or 2h`,
    );
  return Number(match[1]) * milliseconds[match[2] as keyof typeof milliseconds];
}

/** Understands `postgresql://…`; never repeats it in an error, because it may hold a password. */
export function parseAddress(
  text: string | undefined,
  environmentPassword?: string,
  caFile?: string,
): DatabaseAddress {
  if (!text) throw new UsageError("give --database-url, or set DATABASE_URL in the environment");
  const form = "postgresql://user@host:5432/database";
  if (!URL.canParse(text))
    throw new UsageError(`the database address is not of the form ${form}; write special characters as %xx`);
  const url = new URL(text);
  const [database, username, password] = [url.pathname.slice(1), url.username, url.password].map(plain);
  if (!["postgresql:", "postgres:"].includes(url.protocol) || !url.hostname || !username || !database) {
    throw new UsageError(`the database address lacks a part of ${form}`);
  }
  const sslMode = url.searchParams.get("sslmode") ?? undefined;
  if (sslMode !== undefined && !sslModes.includes(sslMode as SslMode)) {
    throw new UsageError(`sslmode ${sslMode} in the database address: allowed are ${sslModes.join(", ")}`);
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 5432),
    database,
    username,
    password: password || environmentPassword,
    sslMode: sslMode as SslMode | undefined,
    ca: readCertificates(caFile ?? url.searchParams.get("sslrootcert") ?? undefined),
  };
}

/** A part of an address as it is meant. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError("the database address has a % that stands for no character; write it as %25");
  }
}

function readCertificates(file: string | undefined): string | undefined {
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UsageError(`--ca ${file} cannot be read; give a PEM file`);
  }
}
