import { expect } from "chai";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { copyOf, renewCopy, UsageError } from "../../launcher/projectCopy";
import { temporaryFolders } from "../../../../tests/offline/temporaryFolder";

const committed = "# A comment.\nconfig:\n  chatpop:scale: small\n";
const salt = "encryptionsalt: v1:salt=:v1:check==";

describe("offline copy of the configuration", () => {
  const folder = temporaryFolders();
  let project: string;
  let copies: string;
  let said: string[];

  const committedFile = () => join(project, "Pulumi.small.yaml");
  const copy = () => readFileSync(copyOf("small", copies), "utf8");
  const renew = () => renewCopy("small", copies, (line) => said.push(line), project);

  beforeEach(() => {
    project = folder();
    copies = join(project, ".offline", "config");
    said = [];
    writeFileSync(join(project, "Pulumi.yaml"), "name: chatpop\nruntime: nodejs\n");
    writeFileSync(committedFile(), committed);
    renew();
  });

  it("has the committed file's text, which stays as it is to the byte", () => {
    expect(copy()).to.equal(committed);
    expect(readFileSync(committedFile(), "utf8")).to.equal(committed);
  });

  it("lets the engine run the program where it is", () => {
    expect(readFileSync(join(copies, "Pulumi.yaml"), "utf8")).to.equal(
      "name: chatpop\nruntime: nodejs\nmain: ../..\n",
    );
  });

  it("keeps what a command wrote into it while the committed file is unchanged", () => {
    writeFileSync(copyOf("small", copies), `${salt}\n${committed}  chatpop:rooms: 7\n`);
    renew();
    expect(copy()).to.contain("chatpop:rooms: 7");
    expect(said).to.deep.equal([]);
  });

  it("is made anew when the committed file changes, keeps its salt, and says so", () => {
    writeFileSync(copyOf("small", copies), `${committed}  chatpop:rooms: 7\n${salt}\n`);
    writeFileSync(committedFile(), `${committed}  chatpop:zones: 3\n`);
    renew();
    expect(copy()).to.equal(`${salt}\n${committed}  chatpop:zones: 3\n`);
    expect(said).to.deep.equal(["Pulumi.small.yaml has changed: its offline copy is made anew"]);
  });

  it("follows a change of Pulumi.yaml", () => {
    writeFileSync(join(project, "Pulumi.yaml"), "name: chatpop\nruntime: go\nmain: program\n");
    renew();
    expect(readFileSync(join(copies, "Pulumi.yaml"), "utf8")).to.equal(
      "name: chatpop\nruntime: go\nmain: ../../program\n",
    );
  });

  it("leaves out the real stack's encryption and stands in for its secret values", () => {
    writeFileSync(
      committedFile(),
      [
        "secretsprovider: awskms://alias/chatpop",
        "encryptedkey: AQICAH",
        "encryptionsalt: v1:real",
        "config:",
        "  chatpop:token:",
        "    secure: v1:cipher",
        "  chatpop:scale: small",
        "",
      ].join("\n"),
    );
    renew();
    expect(copy()).to.equal("config:\n  chatpop:token: offline\n  chatpop:scale: small\n");
  });

  for (const [form, value] of [
    ["inline", "{secure: v1:cipher}"],
    ["quoted", '{"secure": "v1:cipher"}'],
    ["inside a list", "[{secure: v1:cipher}]"],
    ["deep inside", "{key: {inner: {secure: v1:cipher}}}"],
  ] as const) {
    it(`stands in for a secret value that is written ${form}`, () => {
      writeFileSync(committedFile(), `config:\n  chatpop:token: ${value}\n`);
      renew();
      expect(copy()).to.contain("offline").and.not.to.contain("cipher").and.not.to.contain("secure");
    });
  }

  it("refuses a stack without a file, naming those that have one", () => {
    writeFileSync(join(project, "Pulumi.large.yaml"), committed);
    expect(() => renewCopy("huge", copies, () => {}, project)).to.throw(
      UsageError,
      /^Pulumi\.huge\.yaml does not exist\. Choose one of: large, small \(--stack large; with make STACK=large\), or make it: pulumi stack init huge --copy-config-from large$/,
    );
    expect(() => renewCopy("", copies, () => {}, project)).to.throw(
      UsageError,
      /^No stack is named\. Choose/,
    );
    expect(() => renewCopy("my stack", copies, () => {}, project, { tool: "offline/pulumi" })).to.throw(
      UsageError,
      /^"my stack" is no name of a stack, which has letters, digits, .* Choose one of: large, small /,
    );
  });

  it("names the stacks that were made offline, too, in the order that the tool gives them", () => {
    renew();
    writeFileSync(copyOf("staging", copies), `${salt}\n`);
    const order = (written: string, names: readonly string[]) => [...names].sort().reverse().concat(written);
    expect(() => renewCopy("stagign", copies, () => {}, project, { suggestions: order })).to.throw(
      UsageError,
      /Choose one of: staging, small, stagign \(--stack staging;/,
    );
  });

  it("takes a stack that was made offline, and any in a project that has none", () => {
    const make = (stack: string, making: boolean) => renewCopy(stack, copies, () => {}, project, { making });
    make("staging", true);
    expect(() => make("staging", false)).to.throw(UsageError);
    writeFileSync(copyOf("staging", copies), `${salt}\n`);
    make("staging", false);
    expect(readFileSync(copyOf("staging", copies), "utf8")).to.equal(`${salt}\n`);

    rmSync(committedFile());
    make("dev", false);
    expect(() => make("", false)).to.throw(UsageError);
  });

  it("leaves where the real stacks are kept out of the copy", () => {
    writeFileSync(
      join(project, "Pulumi.yaml"),
      "name: chatpop\nruntime: nodejs\nbackend:\n  url: s3://real\nstackConfigDir: stacks\n",
    );
    renew();
    expect(readFileSync(join(copies, "Pulumi.yaml"), "utf8")).to.equal(
      "name: chatpop\nruntime: nodejs\nmain: ../..\n",
    );
  });
});
