import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { generated, insert } from "../docs/generate";
import { settingKeys } from "../stacks/settings";

const root = join(__dirname, "..");
const parts = generated();

describe("generated documentation", () => {
  for (const part of parts) {
    it(`${part.file}: "${part.name ?? "all of it"}" is what the program says; refresh with npm run docs`, () => {
      const current = readFileSync(join(root, part.file), "utf8");
      expect(insert(current, part)).to.equal(current);
      expect(current).to.contain(part.text);
    });
  }

  it("says something of every setting, in Pulumi.yaml and in README.md", () => {
    const text = (file: string) => readFileSync(join(root, file), "utf8");
    for (const key of settingKeys) {
      expect(text("Pulumi.yaml")).to.contain(`  chatpop:${key}:\n`);
      expect(text("README.md")).to.contain(`| \`${key}\` |`);
    }
  });

  it("fails loudly when a file lost the place for it", () => {
    const part = parts[0]!;
    expect(() => insert("nothing", part)).to.throw(`${part.file} has no part "settings:begin"`);
  });
});
