import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { fileAccount, unreadable } from "../../adoption/account";
import { readWords, UsageError } from "../../adoption/commandLine";
import { readEnvironment } from "../../adoption/environment";
import { importFile } from "../../adoption/importFile";
import { report } from "../../adoption/report";
import { trapsOf } from "../../adoption/traps";

const account = fileAccount("tests/adoption/guide.json");
const options = { stack: "prod", file: "adopt-prod.json" };

describe("adopting the guide's environment, from a file", () => {
  it("finds what the guide names, and secrets by the name before AWS's six characters", async () => {
    const { found } = await readEnvironment(account, {});
    expect(found).to.deep.equal({
      database: "chatpop-db",
      databaseSecret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:chatpop-db-password-Ab1Cd2",
      djangoSecret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:django-secret-key-Ef3Gh4",
      repository: "chatpop-backend",
      logGroup: "/ecs/chatpop-backend",
    });
  });

  it("puts every resource into the component that will own it", async () => {
    const { resources } = importFile(await readEnvironment(account, {}));
    const names = resources.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const { component, parent, id } of resources) {
      expect(
        component === undefined ? [id, parent].every(Boolean) : id === undefined && parent === undefined,
      ).to.equal(true);
      if (parent) expect(names).to.include(parent);
    }
  });

  it("names each trap of the guide, and none where there is none", async () => {
    const environment = await readEnvironment(account, {});
    const traps = trapsOf(environment)
      .map(({ what }) => what)
      .join("\n");
    for (const word of [
      "public",
      "encrypted",
      "backups",
      "shared_buffers",
      "tags",
      "logs",
      "launch type",
      ":latest",
    ]) {
      expect(traps).to.include(word);
    }
    const mended = {
      database: { StorageEncrypted: true, BackupRetentionPeriod: 7, DeletionProtection: true },
      parameters: { Parameters: { shared_buffers: "65536" } },
      repository: { ImageTagMutability: "IMMUTABLE" },
      logGroup: { RetentionInDays: 7 },
      service: { CapacityProviderStrategy: [] },
      task: { ContainerDefinitions: [{ Image: "chat:1" }, { Image: "chat@sha256:0" }] },
    };
    expect(trapsOf({ found: {}, properties: mended })).to.deep.equal([]);
  });

  it("says first what cannot be taken over, then what is, then what to type", async () => {
    const text = report(await readEnvironment(account, {}), options);
    const places = ["default VPC", "Taken over in place", "Mended by", "Yours to do", "Next:"].map((part) =>
      text.indexOf(part),
    );
    expect(places)
      .to.deep.equal([...places].sort((one, other) => one - other))
      .and.not.to.include(-1);
    expect(text).to.include(`NAMES="mediaBucket=<name>"`);
    expect(text).to.match(/pulumi preview --stack prod .*--expect-no-changes$/);
  });

  it("leaves to the update what it mends, and gives a command for each other trap", async () => {
    const environment = await readEnvironment(account, {});
    const text = report(environment, { ...options, pulumi: "offline/pulumi" });
    const [, mended = "", yours = ""] =
      /Mended by the update:\n([^]*)\n\nYours to do:\n([^]*)\n\nNext, /.exec(text)!;
    for (const { what, command } of trapsOf(environment)) {
      expect(command ? yours : mended).to.include(what);
      expect(command ? mended : yours).not.to.include(what);
    }
    const commands = yours.split("\n").filter((line) => line.startsWith("    "));
    // They would reach a real account.
    expect(/^ {2}aws /m.test(text.split("\nNext, ")[1]!)).to.equal(false);
    expect(commands.map((line) => line.trim().split(" '")[0])).to.have.members([
      "echo",
      "offline/pulumi config set --stack prod chatpop:deletionProtection true",
      "offline/pulumi config set --stack prod chatpop:image",
      "aws ecs delete-service --cluster chatpop-cluster --service chatpop-backend-service --force",
    ]);
  });

  it("stops the old service and takes a snapshot before the update, which it checks", async () => {
    const environment = await readEnvironment(account, {});
    const commands = (of: typeof environment) => report(of, options).split("Next:\n")[1]!;
    const text = commands(environment);
    const places = [
      "import",
      "chatpop:image",
      "pulumi preview",
      "--desired-count 0",
      "create-db-snapshot",
      "pulumi up",
    ];
    const found = [...places, "--expect-no-changes"].map((part) => text.indexOf(part));
    expect(found)
      .to.deep.equal([...found].sort((one, other) => one - other))
      .and.not.to.include(-1);
    expect(text).to.include(
      "pulumi up --stack prod --policy-pack policy --policy-pack-config adopt-policies.json",
    );
    const database = { ...environment.properties.database, StorageEncrypted: true };
    const encrypted = { ...environment, properties: { ...environment.properties, database } };
    expect(commands(encrypted))
      .to.include("--policy-pack policy\n")
      .and.not.to.include("--policy-pack-config");
  });

  it("names the image's repository, and offline the commands that say it in a few lines", async () => {
    const environment = await readEnvironment(account, {});
    const text = report(environment, { ...options, pulumi: "offline/pulumi" });
    expect(text).to.include(
      "chatpop:image '123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop-backend:<tag>'",
    );
    expect(text).to.match(
      /make preview STACK=prod OPTIONS="--policy-pack-config adopt-policies.json --expect-no-changes"$/,
    );
  });

  it("refuses a name that is not there, with those that are", async () => {
    const refused = async (words: readonly string[]) => {
      try {
        await readEnvironment(account, readWords(words));
      } catch (error) {
        expect(error).to.be.instanceOf(UsageError);
        return (error as Error).message;
      }
      throw new Error("was taken");
    };
    expect(await refused(["database=chat-db"])).to.equal(
      'NAMES gives database the name "chat-db", which the account does not have in this region. It has chatpop-db. ' +
        'Give one of them, for instance: NAMES="database=chatpop-db"',
    );
    expect(await refused(["mediaBucket=voices"])).to.include(
      "It has no AWS::S3::Bucket. Leave mediaBucket out",
    );
    expect(await refused(["databas=chatpop-db"])).to.include(
      'no "databas". Did you mean database? Allowed: database, ',
    );
    expect(await refused(["mediaBucket"])).to.include("NAMES has mediaBucket without a name.");
    // The remedy's own words are taken.
    expect((await readEnvironment(account, readWords(["database=chatpop-db"]))).found).to.have.property(
      "database",
    );
  });

  it("says of a file that is not there, or is of another form, what one looks like", () => {
    const folder = mkdtempSync(join(tmpdir(), "chatpop-"));
    const file = join(folder, "account.json");
    expect(() => fileAccount(file)).to.throw(UsageError, /account\.json, which cannot be opened\. Allowed: /);
    for (const [text, fault] of [
      ["{", /which is no JSON/],
      ["[]", /which is of another form/],
      ['{"AWS::RDS::DBInstance": ["chatpop-db"]}', /which is of another form/],
    ] as const) {
      writeFileSync(file, text);
      expect(() => fileAccount(file)).to.throw(UsageError, fault);
    }
    rmSync(folder, { recursive: true });
  });

  it("says how the account can be read", () => {
    expect(unreadable("Region is missing")).to.include("export AWS_REGION=");
    expect(unreadable("Could not load credentials from any providers")).to.include("aws configure sso");
    expect(unreadable("User: me is not authorized to perform: cloudformation:GetResource")).to.include(
      "ReadOnlyAccess",
    );
  });

  it("has nothing to type where nothing is there", async () => {
    const empty = await readEnvironment(
      { get: () => Promise.resolve(undefined), list: () => Promise.resolve([]) },
      {},
    );
    const text = report(empty, options);
    expect(text).to.include("Nothing was found").and.not.to.include("pulumi ");
    expect(text).to.match(/Nothing was written, .*\nNext: make adopt with NAMES, /);
    expect(importFile(empty).resources).to.deep.equal([]);
  });
});
