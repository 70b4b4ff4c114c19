import { expect } from "chai";
import { fileAccount } from "../../adoption/account";
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
