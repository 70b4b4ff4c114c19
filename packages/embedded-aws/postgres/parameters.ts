// The server's settings from a parameter group: RDS's defaults for the instance class, overridden by the group's
// values.
import type { Resource } from "../account";
import type { Context } from "../models/model";
import { evaluate, memoryOf } from "../models/rdsParameters";

/** RDS's own defaults where they differ from PostgreSQL's. */
const defaults: Readonly<Record<string, string>> = {
  max_connections: "LEAST({DBInstanceClassMemory/9531392},5000)",
  shared_buffers: "{DBInstanceClassMemory/32768}",
  timezone: "UTC",
};

/** Upper limits for this machine, because the server takes this memory at its start. */
const most: Readonly<Record<string, number>> = {
  autovacuum_max_workers: 3,
  max_connections: 200,
  max_worker_processes: 16,
  shared_buffers: 4096,
  wal_buffers: 2048,
};

/**
 * Parameters without effect here: huge pages may be missing on a laptop or in a container, compression methods in this
 * build.
 */
const leftOut = ["huge_pages", "wal_compression"];

/** Whether every connection must be encrypted: RDS's default from PostgreSQL 15 on. */
export function forcesTls(instance: Resource, context: Context): boolean {
  const given = groupOf(instance, context).get("rds.force_ssl");
  const major = Number(String(instance.outputs.engineVersionActual).split(".")[0]);
  return given === undefined ? major >= 15 : given === "1";
}

/**
 * Settings of the instance's server at its start. RDS's own names (`rds.…`) are applied elsewhere or have no effect.
 */
export function settingsOf(instance: Resource, context: Context): Map<string, string> {
  const memory = memoryOf(String(instance.outputs.instanceClass)) ?? 1024 ** 3;
  const settings = new Map<string, string>();
  const group = groupOf(instance, context);
  if (group.get("rds.logical_replication") === "1") settings.set("wal_level", "logical");
  for (const [name, value] of new Map([...Object.entries(defaults), ...group])) {
    if (/^(rds|cron)\./.test(name) || leftOut.includes(name)) continue;
    settings.set(
      name,
      name === "shared_preload_libraries" ? libraries(value) : inNumbers(name, value, memory),
    );
  }
  return settings;
}

function groupOf(instance: Resource, { account }: Context): Map<string, string> {
  const name = instance.outputs.parameterGroupName;
  const group = account.find("aws:rds/parameterGroup:ParameterGroup", "name", name);
  const parameters = (group?.inputs.parameters ?? []) as { name: string; value: string }[];
  return new Map(parameters.map(({ name: parameter, value }) => [parameter, value]));
}

function inNumbers(name: string, value: string, memory: number): string {
  const number = evaluate(value, memory);
  if (number === undefined) return value;
  return String(
    Math.min(Number.isInteger(Number(value)) ? number : Math.trunc(number), most[name] ?? Infinity),
  );
}

/** Libraries without AWS's own, which only RDS has. */
function libraries(value: string): string {
  const here = ["auto_explain", "pg_prewarm", "pg_stat_statements"];
  const wanted = value.split(",").map((library) => library.trim());
  return wanted.filter((library) => here.includes(library)).join(",");
}
