// The files behind an RDS instance: a PostgreSQL data folder in the account, kept by the instance's resource id.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Resource } from "../account";
import type { Context } from "../models/model";
import { giveToServer, run } from "./binaries";
import { draftOf, folderOf } from "./folder";
import { forcesTls } from "./parameters";
import { scramVerifier } from "./password";
import { loopback } from "./server";

/** The superuser, reserved for AWS. */
const owner = "rdsadmin";
const certificateFile = "server.crt";
const keyFile = "server.key";

/** Time between two attempts, and until another server on the same files counts as permanent (ms). */
const step = 200;
const patience = 30_000;

/** Creates the data folder at the first use, and applies the account's present state to it. Returns its path. */
export async function prepare(instance: Resource, context: Context): Promise<string> {
  const folder = folderOf(instance, context);
  if (!existsSync(folder)) await create(folder, instance);
  const password = (instance.inputs.password ?? instance.inputs.passwordWo) as string | undefined;
  if (password !== undefined) {
    const user = quoted(String(instance.outputs.username));
    await execute(folder, [`ALTER ROLE ${user} PASSWORD '${scramVerifier(password)}'`]);
  }
  write(folder, "pg_hba.conf", accessRules(forcesTls(instance, context)));
  return folder;
}

/** A certificate in PEM, and the settings that make the server use it. */
export interface Certificate {
  readonly certificate: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** Draws a certificate in the instance's name. */
export async function certify(folder: string, instance: Resource): Promise<Certificate> {
  const { generate } = await import("selfsigned");
  const address = String(instance.outputs.address);
  const { cert, private: key } = await generate([{ name: "commonName", value: address }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: address }] }],
  });
  write(folder, certificateFile, cert);
  write(folder, keyFile, key);
  const settings = new Map([
    ["ssl", "on"],
    ["ssl_cert_file", certificateFile],
    ["ssl_key_file", keyFile],
  ]);
  return { certificate: cert, settings };
}

/** Deletes the key's file: the server reads it only when it starts. */
export function forgetKey(folder: string): void {
  rmSync(join(folder, keyFile), { force: true });
}

async function create(folder: string, instance: Resource): Promise<void> {
  const draft = draftOf(folder);
  // A killed command may have left its draft.
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  try {
    giveToServer(draft);
    const words = ["-U", owner, "--auth=reject", "--encoding=UTF8", "--locale=C", "--no-sync"];
    const { failed, output } = await run("initdb", ["-D", draft, ...words]);
    if (failed) throw new Error(`PostgreSQL cannot make its data folder:\n${output.trim()}`);
    await execute(draft, firstStatements(instance));
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Statements for the master user of RDS: no superuser, but it can create roles, databases and extensions. */
function firstStatements({ outputs }: Resource): string[] {
  const user = quoted(String(outputs.username));
  return [
    "CREATE ROLE rds_superuser NOLOGIN",
    "GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser WITH ADMIN OPTION",
    `CREATE ROLE ${user} LOGIN CREATEDB CREATEROLE IN ROLE rds_superuser`,
    // Since PostgreSQL 15 only a database's owner may create tables in it.
    `ALTER DATABASE postgres OWNER TO ${user}`,
    ...(outputs.dbName === undefined
      ? []
      : [`CREATE DATABASE ${quoted(String(outputs.dbName))} OWNER ${user}`]),
  ];
}

function accessRules(forceTls: boolean): string {
  return [
    `host all ${owner} ${loopback}/32 reject`,
    `${forceTls ? "hostssl" : "host"} all all ${loopback}/32 scram-sha-256`,
    "",
  ].join("\n");
}

/** Runs statements, one per line, in single-user mode, so that nobody can connect. */
async function execute(folder: string, statements: readonly string[]): Promise<void> {
  const input = statements.map((statement) => `${statement}\n`).join("");
  const command = ["--single", "-D", folder, "-c", "fsync=off", "postgres"];
  for (let waited = 0; ; waited += step) {
    const { failed, output } = await run("postgres", command, input);
    if (!failed && !/(ERROR|FATAL|PANIC): /.test(output)) return;
    // The server of a killed command may still be shutting down.
    const passing = output.includes('"postmaster.pid" already exists');
    if (!passing) throw new Error(`PostgreSQL cannot be set up:\n${output.trim()}`);
    if (waited >= patience)
      throw new Error(`${folder} is in use: another command runs this database's server`);
    await delay(step);
  }
}

function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  giveToServer(path);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
