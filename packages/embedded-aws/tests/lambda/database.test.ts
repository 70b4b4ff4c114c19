import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { itInAll } from "../../../../tests/exhaustive";
import { clockOf } from "../../provider/clock";
import { openCloud, refusalOf } from "../provider/harness";
import { openAccount, password, policy, trust, types, type Account } from "./cloud";
import { asksDatabase, filesHolding, serversOf } from "./evidence";

describe("a Lambda function and a database", () => {
  let account: Account;
  const event = (sql: string, more = {}) => ({
    ...{ host: account.host, port: 5432, database: "chatpop", user: "chatpop", password, sql },
    ...more,
  });
  before(async () => {
    account = await openAccount({
      parameters: [
        { name: "work_mem", value: "4096" },
        { name: "min_wal_size", value: "1024" },
        { name: "log_statement", value: "all" },
        { name: "shared_buffers", value: "131072", applyMethod: "pending-reboot" },
      ],
    });
  });
  after(() => account.close());

  it("meet where security groups let them, over TLS, with the master user's password", async () => {
    const fn = await account.fn("inside", asksDatabase, { group: account.allowedGroup });
    const [row] = (await account.invoke(
      fn,
      event("SELECT version(), ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"),
    )) as { version: string; ssl: boolean }[];
    expect(row?.version).to.match(/^PostgreSQL 15\./);
    expect(row?.ssl).to.equal(true);
    expect(serversOf(account.cloud.home)).to.deep.equal([]);
  });

  it("find PostgreSQL set as the parameter group says, in its units, but no larger than this machine bears", async () => {
    const fn = await account.fn("settings", asksDatabase, { group: account.allowedGroup });
    const rows = await account.invoke(
      fn,
      event(
        "SELECT name, current_setting(name) AS value FROM unnest(ARRAY['work_mem', 'min_wal_size', 'shared_buffers', 'TimeZone']) AS name",
      ),
    );
    expect(rows).to.deep.equal([
      { name: "work_mem", value: "4MB" },
      { name: "min_wal_size", value: "1GB" },
      { name: "shared_buffers", value: "32MB" },
      { name: "TimeZone", value: "UTC" },
    ]);
  });

  it("find a master user that is no superuser, and makes extensions and databases all the same", async () => {
    const fn = await account.fn("master", asksDatabase, { group: account.allowedGroup });
    const rights = await account.invoke(
      fn,
      event("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"),
    );
    expect(rights).to.deep.equal([{ rolsuper: false, rolcreatedb: true, rolcreaterole: true }]);
    await account.invoke(fn, event("CREATE EXTENSION pg_trgm"));
  });

  it("keep what was written for the next command", async () => {
    const fn = await account.fn("writes", asksDatabase, { group: account.allowedGroup });
    await account.invoke(fn, event("CREATE TABLE kept AS SELECT 42 AS value"));
    const next = await openCloud({ home: account.cloud.home });
    const inputs = { functionName: fn.outputs.name, input: JSON.stringify(event("SELECT value FROM kept")) };
    const { outputs } = await next.create("aws:lambda/invocation:Invocation", "next", inputs);
    next.close();
    expect(JSON.parse(String(outputs.result))).to.deep.equal([{ value: 42 }]);
  });

  it("do not meet outside the VPC", async () => {
    const fn = await account.fn("outside", asksDatabase);
    expect(await refusalOf(account.invoke(fn, event("SELECT 1")))).to.contain(
      `connect ETIMEDOUT ${account.host}:5432`,
    );
  });

  it("do not meet without a rule in the database's group, nor on another port", async () => {
    const foreign = await account.fn("foreign", asksDatabase, { group: account.foreignGroup });
    expect(await refusalOf(account.invoke(foreign, event("SELECT 1")))).to.contain("ETIMEDOUT");
    const inside = await account.fn("port", asksDatabase, { group: account.allowedGroup });
    expect(await refusalOf(account.invoke(inside, event("SELECT 1", { port: 6432 })))).to.contain(
      "ETIMEDOUT",
    );
  });

  it("do not meet without a rule in the function's own group", async () => {
    const vpcId = await vpcOf(account);
    const { id: silent } = await account.make("securityGroup", "silent", { vpcId });
    const rule = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
    await account.make("ingress", "silent", {
      ...rule,
      securityGroupId: account.databaseGroup,
      referencedSecurityGroupId: silent,
    });
    const fn = await account.fn("silent", asksDatabase, { group: silent });
    expect(await refusalOf(account.invoke(fn, event("SELECT 1")))).to.contain("ETIMEDOUT");
    await account.make("egress", "silent", { ...rule, securityGroupId: silent, cidrIpv4: "10.0.0.0/16" });
    expect(await account.invoke(fn, event("SELECT 1 AS one"))).to.deep.equal([{ one: 1 }]);
  });

  it("meet through a proxy, once it has a target, and its groups let both sides through", async () => {
    const { make, allowedGroup, databaseGroup, subnets } = account;
    const vpcId = await vpcOf(account);
    const { id: proxyGroup } = await make("securityGroup", "proxy", { vpcId });
    const rule = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
    const link = async (from: string, to: string) => {
      await make("egress", `${from}-${to}`, {
        ...rule,
        securityGroupId: from,
        referencedSecurityGroupId: to,
      });
      await make("ingress", `${from}-${to}`, {
        ...rule,
        securityGroupId: to,
        referencedSecurityGroupId: from,
      });
    };
    await link(allowedGroup, proxyGroup);
    const secret = await make("secret", "proxy", { name: "proxy" });
    const secretString = JSON.stringify({ username: "chatpop", password });
    await make("secretVersion", "proxy", { secretId: secret.id, secretString });
    const role = await make("role", "proxy", { assumeRolePolicy: trust("rds") });
    const read = { Action: "secretsmanager:GetSecretValue", Resource: secret.id };
    await make("rolePolicy", "proxy", { role: role.id, policy: policy(read) });
    const proxy = await make("proxy", "proxy", {
      ...{ engineFamily: "POSTGRESQL", roleArn: role.outputs.arn, requireTls: true },
      auths: [{ secretArn: secret.id }],
      ...{ vpcSubnetIds: subnets, vpcSecurityGroupIds: [proxyGroup] },
    });
    const fn = await account.fn("proxied", asksDatabase, { group: allowedGroup });
    const ask = () => account.invoke(fn, event("SELECT 1 AS one", { host: proxy.outputs.endpoint }));
    expect(await refusalOf(ask()), "no target").to.contain("ETIMEDOUT");
    await make("proxyTarget", "proxy", {
      ...{ dbProxyName: proxy.id, targetGroupName: "default" },
      dbInstanceIdentifier: account.database.outputs.identifier,
    });
    expect(await refusalOf(ask()), "no rule from proxy to database").to.contain("ETIMEDOUT");
    await link(proxyGroup, databaseGroup);
    expect(await refusalOf(ask()), "a proxy without connections yet").to.contain("ETIMEDOUT");
    clockOf(account.cloud.home).pass(600);
    expect(await ask()).to.deep.equal([{ one: 1 }]);
  });

  itInAll("meet at a replica's address too, where the same rows are", async () => {
    const fn = await account.fn("replicated", asksDatabase, { group: account.allowedGroup });
    await account.invoke(fn, event("CREATE TABLE replicated AS SELECT 7 AS value"));
    const source = await account.cloud.update(types.database, "database", account.database, {
      ...account.database.inputs,
      backupRetentionPeriod: 7,
    });
    const replica = await account.make("database", "replica", {
      replicateSourceDb: source.outputs.identifier,
      ...{ instanceClass: "db.t3.small", skipFinalSnapshot: true },
      vpcSecurityGroupIds: [account.databaseGroup],
    });
    const rows = account.invoke(fn, event("SELECT value FROM replicated", { host: replica.outputs.address }));
    expect(await rows).to.deep.equal([{ value: 7 }]);
    expect(serversOf(account.cloud.home)).to.deep.equal([]);
  });

  it("know no other host", async () => {
    const fn = await account.fn("lost", asksDatabase, { group: account.allowedGroup });
    const refusal = await refusalOf(account.invoke(fn, event("SELECT 1", { host: "db.example.com" })));
    expect(refusal).to.contain("getaddrinfo ENOTFOUND db.example.com");
  });

  it("refuse each other with a wrong password and without TLS, as RDS does", async () => {
    const fn = await account.fn("refused", asksDatabase, { group: account.allowedGroup });
    expect(await refusalOf(account.invoke(fn, event("SELECT 1", { password: "wrong-password" })))).to.contain(
      'password authentication failed for user \\"chatpop\\"',
    );
    expect(await refusalOf(account.invoke(fn, event("SELECT 1", { plain: true })))).to.match(
      /no pg_hba.conf entry for host .* no encryption/,
    );
  });

  it("prove whose certificate it is where the function trusts Amazon's authorities, as in Lambda's runtime", async () => {
    const group = account.allowedGroup;
    const verified = event("SELECT 1 AS one", { verified: true });
    const trusting = await account.fn("trusting", asksDatabase, {
      group,
      environment: { variables: { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" } },
    });
    expect(await account.invoke(trusting, verified)).to.deep.equal([{ one: 1 }]);
    const distrusting = await account.fn("distrusting", asksDatabase, { group });
    expect(await refusalOf(account.invoke(distrusting, verified))).to.match(/certificate/);
  });

  itInAll("use a password that was changed in the account from the next start on", async () => {
    const { cloud, database } = account;
    const changed = await cloud.update("aws:rds/instance:Instance", "database", database, {
      ...database.inputs,
      password: "An0ther!password-43",
    });
    const fn = await account.fn("rotated", asksDatabase, { group: account.allowedGroup });
    expect(await refusalOf(account.invoke(fn, event("SELECT 1")))).to.contain(
      "password authentication failed",
    );
    const rows = await account.invoke(fn, event("SELECT 1 AS one", { password: "An0ther!password-43" }));
    expect(rows).to.deep.equal([{ one: 1 }]);
    await cloud.update("aws:rds/instance:Instance", "database", changed, database.inputs);
  });

  it("leave the password in no file of the account, and in no error", async () => {
    const fn = await account.fn(
      "tells",
      "exports.handler = async (event) => { console.log('password is', event.password); throw new Error(`bad ${event.password}`); };",
    );
    expect(await refusalOf(account.invoke(fn, event("")))).to.contain('"errorMessage":"bad ***"');
    expect(filesHolding(account.cloud.home, "password is ***")).not.to.be.empty;
    expect(filesHolding(account.cloud.home, password)).to.deep.equal([]);
  });

  it("go away together: no data stays when the instance is deleted", async () => {
    const other = await openAccount();
    const fn = await other.fn("fills", asksDatabase, { group: other.allowedGroup });
    await other.invoke(fn, { ...event("SELECT 1"), host: other.host });
    const folder = join(other.cloud.home, "postgres");
    expect(readdirSync(folder)).to.deep.equal([other.database.id]);
    await other.cloud.delete("aws:rds/instance:Instance", "database", other.database);
    expect(existsSync(folder) && readdirSync(folder)).to.deep.equal([]);
    other.close();
  });

  it("come back from the last snapshot of an instance, with another password", async () => {
    const other = await openAccount();
    const { cloud, database } = other;
    const fn = await other.fn("keeps", asksDatabase, { group: other.allowedGroup });
    await other.invoke(fn, { ...event("CREATE TABLE kept AS SELECT 42 AS value"), host: other.host });
    const named = { skipFinalSnapshot: false, finalSnapshotIdentifier: "last" };
    const inputs = { ...database.inputs, ...named };
    await cloud.delete(
      types.database,
      "database",
      await cloud.update(types.database, "database", database, inputs),
    );
    expect(readdirSync(join(cloud.home, "postgres"))).to.deep.equal([]);

    const restored = await cloud.create(types.database, "database", {
      ...inputs,
      ...{ identifier: "restored", snapshotIdentifier: "last", finalSnapshotIdentifier: "later" },
      password: "An0ther!password-43",
    });
    const ask = (secret: string) =>
      other.invoke(fn, {
        ...event("SELECT value FROM kept", { password: secret }),
        host: restored.outputs.address,
      });
    expect(await ask("An0ther!password-43")).to.deep.equal([{ value: 42 }]);
    expect(await refusalOf(ask(password))).to.contain("password authentication failed");

    const twin = await cloud.create(types.database, "twin", { ...restored.inputs, identifier: "twin" });
    await other.invoke(fn, {
      ...event("DELETE FROM kept", { password: "An0ther!password-43" }),
      host: twin.outputs.address,
    });
    expect(await ask("An0ther!password-43"), "a copy of its own").to.deep.equal([{ value: 42 }]);
    other.close();
  });

  itInAll("live beside those of another account", async () => {
    const other = await openAccount();
    const [here, there] = [
      await account.fn("here", asksDatabase, { group: account.allowedGroup }),
      await other.fn("there", asksDatabase, { group: other.allowedGroup }),
    ];
    const both = await Promise.all([
      account.invoke(here, event("SELECT 'here' AS place, pg_sleep(0.2)::text")),
      other.invoke(there, { ...event("SELECT 'there' AS place, pg_sleep(0.2)::text"), host: other.host }),
    ]);
    expect(both.map((rows) => (rows as { place: string }[])[0]?.place)).to.deep.equal(["here", "there"]);
    other.close();
  });
});

async function vpcOf({ cloud, subnets }: Account): Promise<unknown> {
  const subnet = await cloud.read("aws:ec2/subnet:Subnet", "a", String(subnets[0]));
  return subnet?.outputs.vpcId;
}
