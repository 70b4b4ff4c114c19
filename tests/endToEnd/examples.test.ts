import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { itInAll } from "../exhaustive";
import { accountResources } from "./account";
import { blocksIn, shell } from "./documentBlocks";

/** Conditions after the commands of an example's README. */
const afterwards: Readonly<Record<string, (home: string, printed: string) => void>> = {
  "network-and-database": (home) => {
    const made = accountResources(home);
    expect(made.filter(({ type }) => type === "aws:ec2/subnet:Subnet")).to.have.lengthOf(4);
    const database = made.find(({ type }) => type === "aws:rds/instance:Instance");
    expect(database?.outputs).to.include({ backupRetentionPeriod: 14, publiclyAccessible: false });
    expect(JSON.stringify(made)).not.to.contain('"chatpop-');
  },
  frontend: (home) => {
    const names = accountResources(home)
      .filter(({ type }) => type === "aws:ecs/service:Service")
      .map(({ outputs }) => String(outputs["name"]).replace(/-[0-9a-f]+$/, ""));
    expect(names).to.have.members(["chatpop-backend-service", "frontend"]);
  },
  "staging-and-production": (_, printed) => {
    expect(printed).to.match(/db\.t3\.small[^]*db\.t3\.medium/);
  },
};

describe("the examples, as their pages say", function () {
  this.timeout(900_000);
  const homes: string[] = [];
  after(() => homes.forEach((home) => rmSync(home, { recursive: true, force: true, maxRetries: 5 })));

  const folder = join(projectFolder, "examples");
  const examples = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  for (const example of examples) {
    // The chat with its frontend is up for a minute; `tests/policy/frontend.test.ts` judges it without an engine.
    (example === "frontend" ? itInAll : it)(example, async () => {
      const home = mkdtempSync(join(tmpdir(), "chatpop-example-"));
      homes.push(home);
      const blocks = blocksIn(readFileSync(join(folder, example, "README.md"), "utf8"));
      expect(blocks).not.to.be.empty;
      let printed = "";
      for (const block of blocks) printed += await shell(home)(block);
      afterwards[example]!(home, printed);
    });
  }
});
