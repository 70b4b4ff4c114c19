import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { catalogue } from "../../stacks/guideIndexes";
import { itInAll } from "../exhaustive";
import { accountResources, accountTraces } from "./account";
import { passwordOf, queryDatabase } from "./database";
import { sections, shell } from "./documentBlocks";
import { OfflineStack, type StateResource } from "./offlineStack";

/** Conditions after each block of a procedure, as the page says. */
type Checks = readonly (() => Promise<unknown> | void)[];

describe("the procedures of docs/operations.md, as they are written", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());
  const { home } = stack;

  const run = shell(home);
  const contents = "operations.md";
  const pages = readFileSync(join(projectFolder, "docs", contents), "utf8").matchAll(
    /\]\((operations\/[\w-]+\.md)#/g,
  );
  const procedures = [...new Set([contents, ...[...pages].map(([, page]) => page!)])].flatMap(sections);

  const resource = async (type: string, name: string): Promise<StateResource> => {
    const found = stack.resources().find((each) => each.type === type && each.urn.endsWith(`::${name}`));
    expect(found, `${type} ${name}`).to.not.equal(undefined);
    return found!;
  };
  const database = () => resource("aws:rds/instance:Instance", "chatpop-db");
  const cache = () => resource("aws:elasticache/replicationGroup:ReplicationGroup", "chatpop-redis");
  const service = () => resource("aws:ecs/service:Service", "chatpop-backend-service");
  const task = () => resource("aws:ecs/taskDefinition:TaskDefinition", "chatpop-backend");
  const image = async () => String((await task()).inputs?.["containerDefinitions"]);
  const proxies = () => accountResources(home).filter(({ type }) => type === "aws:rds/proxy:Proxy").length;
  const rows = async () => (await queryDatabase(home, "SELECT value FROM kept")) as { value: number }[];
  const snapshots = () => accountTraces(home).filter(({ kind }) => kind === "DB snapshot");
  const nothing = () => undefined;

  let [databaseId, cacheId, password, key] = ["", "", "", ""];
  const keyVersion = async () =>
    String(
      (await resource("aws:secretsmanager/secretVersion:SecretVersion", "chatpop-django-secret-key")).id,
    );
  const samePlace = async () => {
    expect((await database()).id).to.equal(databaseId);
    expect((await cache()).id).to.equal(cacheId);
  };
  const allValid = Object.fromEntries(catalogue.map(({ name }) => [name, "valid"]));

  const checks: Readonly<Record<string, Checks>> = {
    Procedures: [
      async () => {
        [databaseId, cacheId] = [String((await database()).id), String((await cache()).id)];
        await queryDatabase(home, "CREATE TABLE kept AS SELECT 42 AS value");
      },
    ],
    "Scale up and down": [
      async () => {
        await samePlace();
        expect((await database()).inputs).to.include({
          instanceClass: "db.t3.medium",
          allocatedStorage: 50, // RDS grows by itself; a change of scale does not touch the volume
        });
        expect(proxies()).to.equal(1);
      },
      nothing,
      async () => {
        await samePlace();
        expect((await database()).inputs).to.include({ instanceClass: "db.t3.small" });
        expect(proxies()).to.equal(0);
      },
    ],
    "Release, and roll back": [
      async () => expect(await image()).to.contain(":1.4.2"),
      async () => {
        expect(await image()).to.contain(":initial");
        password = passwordOf(home);
      },
    ],
    "Rotate the database password": [
      async () => {
        await samePlace();
        expect(passwordOf(home)).to.not.equal(password);
        expect(await rows()).to.deep.equal([{ value: 42 }]);
        const refused = await queryDatabase(home, "SELECT 1", password).catch(
          (error: Error) => error.message,
        );
        expect(refused).to.contain("password authentication failed");
        expect(await image()).to.contain('"2.1"');
        [password, key] = [passwordOf(home), await keyVersion()];
      },
    ],
    "Rotate Django's secret key": [
      async () => {
        expect(await keyVersion()).to.not.equal(key);
        expect(passwordOf(home)).to.equal(password);
        expect(await image()).to.contain('"2.2"');
      },
    ],
    "Open a shell": [
      async () => expect((await service()).inputs?.["enableExecuteCommand"]).to.equal(true),
      async () => expect((await service()).inputs?.["enableExecuteCommand"]).to.equal(false),
    ],
    "From Redis to Valkey": [
      async () => {
        await samePlace();
        expect((await cache()).inputs).to.include({ engine: "valkey" });
      },
    ],
    "From x86_64 to arm64": [
      async () =>
        expect((await task()).inputs).to.have.nested.property("runtimePlatform.cpuArchitecture", "ARM64"),
    ],
    "From PostgreSQL 15 to 16": [
      async () => {
        await samePlace();
        expect((await database()).outputs?.["engineVersionActual"]).to.match(/^16\./);
        expect(await rows()).to.deep.equal([{ value: 42 }]);
      },
    ],
    "Restore the database": [
      () => void expect(accountResources(home)).to.be.empty,
      async () => {
        expect((await database()).id).to.not.equal(databaseId);
        expect(passwordOf(home)).to.not.equal(password);
        expect(await rows()).to.deep.equal([{ value: 42 }]);
        expect((await stack.outputs())["indexes"]).to.deep.equal(allValid);
        databaseId = String((await database()).id);
        await queryDatabase(home, "DELETE FROM kept");
      },
      async () => {
        expect((await database()).id).to.not.equal(databaseId);
        expect(await rows()).to.deep.equal([{ value: 42 }]);
        expect(snapshots(), "of the deleted and of the replaced database").to.have.length(2);
      },
      async () => expect((await stack.outputs())["indexes"]).to.deep.equal(allValid),
    ],
    "Leave the account": [
      () => {
        expect(accountResources(home)).to.be.empty;
        expect(snapshots(), "and of the last one").to.have.length(3);
      },
    ],
  };

  for (const { title, blocks } of procedures) {
    blocks.forEach((block, index) => {
      itInAll(`${title}, block ${index + 1} of ${blocks.length}`, async () => {
        await run(block);
        await checks[title]?.[index]?.();
      });
    });
  }

  it("are all checked, and no others", () => {
    const counts = (each: Readonly<Record<string, readonly unknown[]>>) =>
      Object.entries(each).map(([title, list]) => [title, list.length]);
    const written = Object.fromEntries(procedures.map(({ title, blocks }) => [title, blocks]));
    expect(counts(checks)).to.have.deep.members(counts(written));
  });
});
