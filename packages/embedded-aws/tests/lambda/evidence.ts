// Traces of a run: files and processes.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** A function's source that asks a database with `pg`, bundled as the program bundles its functions. */
export const asksDatabase = bundle(`
  import { Client } from "pg";
  export async function handler({ host, port, database, user, password, sql, plain, verified }) {
    const ssl = plain ? false : { rejectUnauthorized: verified === true };
    const client = new Client({ host, port, database, user, password, ssl });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }`);

/** One file of JavaScript, with all that it imports but the AWS SDK. */
export function bundle(source: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: __dirname },
    ...{ bundle: true, write: false, platform: "node", format: "cjs", target: "node20" },
    external: ["@aws-sdk/*", "pg-native"],
  });
  return outputFiles[0]?.text ?? "";
}

/** Files below a folder that hold the text. */
export function filesHolding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(text));
}

/** Command lines of the PostgreSQL servers that run on an account's data. */
export function serversOf(home: string): string[] {
  const lines = execFileSync("ps", ["-eo", "pid,args"]).toString().split("\n");
  return lines.filter((line) => line.includes(`/postgres -D ${home}`));
}

/** Command lines of processes that this one started itself. */
export function children(): string[] {
  const lines = execFileSync("ps", ["-eo", "ppid,args"]).toString().split("\n");
  return lines.filter((line) => Number(line.trim().split(/\s+/)[0]) === process.pid && !/ ps -eo/.test(line));
}
