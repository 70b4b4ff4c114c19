import type { PolicyResource } from "@pulumi/policy";
import { staticParameters } from "../../aws/staticParameters";
import { sizeOf } from "../../aws/instanceClasses";
import { resourceRule, stackRule } from "../rule";
import { number } from "../settings";
import type { Parameter } from "../parameters";
import { types } from "../../aws/types";
import { asNumber, asText, type Entries, type Finding, findingIn, type Properties } from "../values";

const parameters = (properties: Properties) => properties["parameters"] as Entries<Parameter>;

const KiB = 1024;
const MiB = KiB * KiB;
const GiB = KiB * MiB;

/*
 * RDS counts in PostgreSQL's base units. Whoever takes one unit for another is wrong by a factor of eight or a thousand,
 * so a generous share tells a slip from a choice. The guide's own example, shared_buffers 1048576, is 8 GiB (GAP-2).
 */
const memoryParameters: Readonly<Record<string, { readonly unit: number; readonly most: number }>> = {
  shared_buffers: { unit: 8 * KiB, most: 0.4 },
  effective_cache_size: { unit: 8 * KiB, most: 1 },
  maintenance_work_mem: { unit: KiB, most: 0.25 },
  work_mem: { unit: KiB, most: 0.05 },
  wal_buffers: { unit: 8 * KiB, most: 0.05 },
};
const storageParameters: Readonly<Record<string, { readonly unit: number; readonly most: number }>> = {
  min_wal_size: { unit: MiB, most: 0.2 },
  max_wal_size: { unit: MiB, most: 0.5 },
};

const memoryOf = ({ props }: PolicyResource) => (sizeOf(asText(props["instanceClass"]))?.memory ?? 0) * GiB;
const storageOf = ({ props }: PolicyResource) =>
  ((props["allocatedStorage"] as number | undefined) ?? 0) * GiB;

/** Bytes of a value: a number in the parameter's unit, or `{DBInstanceClassMemory*3/32768}`. */
function bytes(value: string, unit: number, database: PolicyResource): number | undefined {
  const formula = /^\{DBInstanceClassMemory(?:\*(\d+))?(?:\/(\d+))?\}$/.exec(value);
  if (formula) return ((memoryOf(database) * asNumber(formula[1] ?? 1)) / asNumber(formula[2] ?? 1)) * unit;
  const number = asNumber(value);
  // -1 leaves the value to PostgreSQL; longer formulas are left to RDS.
  return Number.isFinite(number) && number >= 0 ? number * unit : undefined;
}

function excess({ name, value }: Parameter, database: PolicyResource): Finding {
  const [limits, whole, ofWhat] =
    asText(name) in memoryParameters
      ? ([memoryParameters[name], memoryOf(database), "memory"] as const)
      : ([storageParameters[name], storageOf(database), "storage"] as const);
  if (!limits || !whole) return undefined;
  const size = bytes(value, limits.unit, database);
  if (size === undefined) return undefined;
  if (size <= limits.most * whole) return false;
  const percent = Math.round((100 * size) / whole);
  return `${name} ${value} is ${+(size / GiB).toFixed(2)} GiB, ${percent} % of the ${ofWhat} (${limits.unit / KiB} kB a unit)`;
}

export const databaseParameterUnits = stackRule(
  {
    name: "database-parameter-units",
    description: "Memory and log sizes of the parameter group fit the instance, in the units of RDS",
    subject: "parameter of a size",
    severity: "critical",
    requirements: ["G-90", "G-91", "G-92", "G-93", "G-95", "G-96", "G-97", "GAP-2"],
    remedy: "write values in the unit of RDS (8 kB pages, kB, MB), or as {DBInstanceClassMemory/32768}",
  },
  function* (stack) {
    for (const group of stack.ofType(types.databaseParameterGroup)) {
      const databases = stack
        .ofType(types.database)
        .filter((each) =>
          stack.references(each, "parameterGroupName", types.databaseParameterGroup, "name").includes(group),
        );
      for (const database of databases) {
        yield* stack.judge(group, () =>
          findingIn(parameters(group.props), (parameter) => excess(parameter, database)),
        );
      }
    }
  },
);

export const staticParametersAtReboot = resourceRule(
  {
    name: "static-parameters-at-reboot",
    type: types.databaseParameterGroup,
    description: "Static parameters wait for a restart; RDS refuses to apply them at once",
    severity: "medium",
    requirements: ["G-103", "GAP-41"],
    remedy: 'applyMethod: "pending-reboot"',
  },
  [
    (properties) =>
      // Other engines have other static parameters, some by the same names.
      /postgres/.test(asText(properties["family"]))
        ? findingIn(
            parameters(properties),
            ({ name, applyMethod = "immediate" }) =>
              staticParameters.includes(name) &&
              applyMethod !== "pending-reboot" &&
              `${name} is static, and cannot be applied ${asText(applyMethod)}`,
          )
        : undefined,
  ],
);

export const databaseSpeaksTls = resourceRule(
  {
    name: "database-tls",
    type: [types.databaseParameterGroup, types.database],
    description: "The database refuses plain connections, and shows a certificate that is valid",
    severity: "high",
    requirements: ["GAP-26"],
    remedy:
      'parameters: [{ name: "rds.force_ssl", value: "1" }], or none: 1 is the default from PostgreSQL 15',
    publicChecks: ["CKV2_AWS_69"],
  },
  [
    (properties) =>
      findingIn(
        parameters(properties),
        ({ name, value }) =>
          name === "rds.force_ssl" && !["1", "on", "true"].includes(value) && `rds.force_ssl is ${value}`,
      ),
    // Both authorities of before have ended, in 2020 and in August 2024.
    ({ caCertIdentifier }) =>
      /^rds-ca-20(15|19)$/.test(asText(caCertIdentifier)) &&
      `its certificate is of ${asText(caCertIdentifier)}, which has ended: clients that look at it refuse it`,
  ],
);

const isOff = (value: string) => /^(0|off|false|no)$/i.test(value);

/** What a parameter does to data, or to what users say; undefined where it does neither. */
const harms: Readonly<Record<string, (value: string) => Finding>> = {
  autovacuum: (value) => isOff(value) && "tables grow, and stop the database in the end",
  track_counts: (value) => isOff(value) && "nothing tells autovacuum what to clean up",
  synchronous_commit: (value) => isOff(value) && "a crash loses what users were told is saved",
};

/** Fewest milliseconds of a slow statement: below, nearly all of them are written down. */
const slow = 100;
const tellsAll: Readonly<Record<string, (value: string) => Finding>> = {
  log_statement: (value) => /^(all|mod)$/i.test(value) && "every message stands in the log",
  log_min_duration_statement: (value) =>
    asNumber(value) >= 0 && asNumber(value) < slow && "nearly every message stands in the log",
};

const inParameters =
  (harmful: typeof harms) =>
  (properties: Properties): Finding =>
    findingIn(parameters(properties), ({ name, value }) => {
      const harm = Object.hasOwn(harmful, name) && harmful[name]!(asText(value));
      return harm && `${name} is ${value}: ${harm}`;
    });

export const databaseParametersSafe = resourceRule(
  {
    name: "database-parameters-safe",
    type: types.databaseParameterGroup,
    description: "The database cleans up, keeps what it has confirmed, and writes no messages into its log",
    severity: "high",
    requirements: ["G-89", "G-100"],
    remedy:
      "leave autovacuum, track_counts and synchronous_commit to PostgreSQL; log_min_duration_statement 100 or more, and no log_statement",
  },
  [inParameters(harms), { of: "chatpop", judge: inParameters(tellsAll) }],
);

const idleTimeout = "idle_in_transaction_session_timeout";

export const idleTransactionsEnd = resourceRule(
  {
    name: "idle-transactions-end",
    type: types.databaseParameterGroup,
    description: "The database ends transactions that nobody goes on with: migrations wait behind them",
    severity: "medium",
    requirements: ["GAP-43"],
    remedy: `parameters: [{ name: "${idleTimeout}", value: "60000" }]`,
    settings: { longest: number(600, "Longest time that a transaction may be idle (s).") },
  },
  [
    (properties, { longest }) => {
      if (!asText(properties["family"]).startsWith("postgres")) return undefined;
      let isSet = false;
      const finding = findingIn(parameters(properties), (parameter) => {
        if (parameter.name !== idleTimeout) return undefined;
        isSet = true;
        const seconds = asNumber(parameter.value) / 1000;
        if (seconds === 0) return `an idle transaction lives for ever (${idleTimeout} 0)`;
        return seconds > longest && `an idle transaction lives for ${seconds} s, longer than ${longest} s`;
      });
      return finding ?? (!isSet && `RDS allows an idle transaction a day (no ${idleTimeout})`);
    },
  ],
);

export const databaseTimeZone = resourceRule(
  {
    name: "database-time-zone",
    type: types.databaseParameterGroup,
    description:
      "The database's time zone is exactly UTC, or Django sets it on every connection and pins the proxy's",
    severity: "medium",
    requirements: ["G-105", "GAP-26"],
    remedy: 'parameters: [{ name: "timezone", value: "UTC" }], or none',
  },
  [
    (properties) =>
      // MySQL calls it time_zone, and names zones otherwise.
      asText(properties["family"] ?? "postgres").startsWith("postgres") &&
      findingIn(
        parameters(properties),
        ({ name, value }) => /^timezone$/i.test(name) && value !== "UTC" && `the time zone is ${value}`,
      ),
  ],
);
