import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Client } from "pg";
import type { Resource } from "../../account";
import { projectFolder } from "../../../../offline/files";
import type { Context } from "../../models/model";
import { acquire, type Lease } from "../../postgres/instances";
import { serversOf } from "../lambda/evidence";
import { temporaryFolders } from "../../../../tests/offline/temporaryFolder";

const password = "S0me-pass word-like";

function instance(
  id: string,
  parameters: Record<string, string> = {},
): { resource: Resource; parameters: object[] } {
  const outputs = {
    ...{ address: `${id}.x.us-east-1.rds.amazonaws.com`, dbName: "chatpop", username: "chat pop" },
    ...{ engineVersionActual: "15.7", instanceClass: "db.t3.small", parameterGroupName: "group" },
  };
  return {
    resource: { type: "aws:rds/instance:Instance", id, urn: id, inputs: { password }, outputs },
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
  };
}

function contextOf(home: string, parameters: object[]): Context {
  const account = { find: () => ({ inputs: { parameters } }) };
  return { home, account } as unknown as Context;
}

async function query(lease: Lease, sql: string): Promise<unknown[]> {
  const client = new Client({
    ...{ host: "127.0.0.1", port: lease.port, database: "chatpop", user: "chat pop", password },
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe("the PostgreSQL server behind an instance", () => {
  const folder = temporaryFolders();
  const until = async (home: string, running: boolean) => {
    while (serversOf(home).length > 0 !== running) await delay(50);
  };

  it("runs as long as anybody uses it", async () => {
    const home = folder();
    const { resource, parameters } = instance("db-A");
    const [one, other] = await Promise.all([
      acquire(resource, contextOf(home, parameters)),
      acquire(resource, contextOf(home, parameters)),
    ]);
    expect(one.port).to.equal(other.port);
    await one.release();
    expect(await query(other, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
    await other.release();
    expect(serversOf(home)).to.deep.equal([]);
  });

  it("can be used again while it is stopping", async () => {
    const home = folder();
    const { resource, parameters } = instance("db-B");
    const first = await acquire(resource, contextOf(home, parameters));
    const stopping = first.release();
    const second = await acquire(resource, contextOf(home, parameters));
    expect(await query(second, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
    await Promise.all([stopping, second.release()]);
  });

  it("lets a superuser of AWS in from nowhere", async () => {
    const home = folder();
    const { resource, parameters } = instance("db-C");
    const lease = await acquire(resource, contextOf(home, parameters));
    const client = new Client({
      host: "127.0.0.1",
      port: lease.port,
      database: "postgres",
      user: "rdsadmin",
    });
    const reason = await client.connect().then(
      () => "connected",
      (error: Error) => error.message,
    );
    expect(reason).to.contain("pg_hba.conf rejects connection");
    await lease.release();
  });

  it("says which setting it does not start with", async () => {
    const { resource, parameters } = instance("db-D", { max_wal_size: "4GB", timezone: "Mars/Olympus" });
    const refusal = await acquire(resource, contextOf(folder(), parameters)).then(
      () => "started",
      (error: Error) => error.message,
    );
    expect(refusal).to.match(
      /^PostgreSQL does not start:\n.*invalid value for parameter "TimeZone": "Mars\/Olympus"/s,
    );
  });

  for (const [value, forced] of [
    ["0", false],
    ["1", true],
  ] as const) {
    it(`${forced ? "refuses" : "accepts"} connections in plain text when rds.force_ssl is ${value}`, async () => {
      const { resource, parameters } = instance("db-E", { "rds.force_ssl": value });
      const lease = await acquire(resource, contextOf(folder(), parameters));
      const client = new Client({
        ...{ host: "127.0.0.1", port: lease.port, database: "chatpop", user: "chat pop", password },
      });
      const reason = await client.connect().then(
        () => client.end(),
        (error: Error) => error.message,
      );
      if (forced) expect(reason).to.contain("no encryption");
      else expect(reason).to.equal(undefined);
      await lease.release();
    });
  }

  it("ends with the process that uses it, also when that is killed, and keeps what was written", async () => {
    const home = folder();
    const { resource, parameters } = instance("db-F");
    const lease = await acquire(resource, contextOf(home, parameters));
    await query(lease, "CREATE TABLE kept AS SELECT 42 AS value");
    await lease.release();
    const script = `
      const { acquire } = require(${JSON.stringify(join(projectFolder, "packages/embedded-aws/postgres/instances.ts"))});
      const account = { find: () => undefined };
      acquire(${JSON.stringify(resource)}, { home: ${JSON.stringify(home)}, account }).then(() => setInterval(() => {}, 1000));`;
    const user = spawn(process.execPath, ["--require", join(projectFolder, "typescript.cjs"), "-e", script]);
    await until(home, true);
    user.kill("SIGKILL");
    await once(user, "exit");
    await until(home, false);
    const again = await acquire(resource, contextOf(home, parameters));
    expect(await query(again, "SELECT value FROM kept")).to.deep.equal([{ value: 42 }]);
    await again.release();
  });
});
