import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { temporaryFolders } from "../offline/temporaryFolder";

const project = join(__dirname, "..", "..");
const entries = ["release/functions/tasks.ts", "release/functions/indexes.ts"];

describe("the code of the release's functions", () => {
  const folder = temporaryFolders();

  /** Hashes of the bundles as a checkout at this place makes them. */
  const hashes = (checkout: string): readonly string[] => {
    const program = `const { bundle } = require("./components/bundle");
for (const entry of ${JSON.stringify(entries)}) console.log(JSON.stringify(bundle(entry)));`;
    const line = ["--require", "./typescript.cjs", "--eval", program];
    const texts = execFileSync(process.execPath, line, { cwd: checkout, encoding: "utf8" })
      .trim()
      .split("\n");
    expect(texts).to.have.length(entries.length);
    for (const text of texts) expect(text).to.contain("handler");
    return texts.map((text) => createHash("sha256").update(text).digest("hex"));
  };

  it("is the same, byte for byte, wherever the sources lie: no machine updates another one's functions", () => {
    const elsewhere = join(folder(), "a checkout", "at another place");
    mkdirSync(elsewhere, { recursive: true });
    const loader = readdirSync(project).filter((name) => name.endsWith(".cjs"));
    for (const part of ["aws", "components", "release", "stacks", "tsconfig.json", "package.json", ...loader])
      cpSync(join(project, part), join(elsewhere, part), { recursive: true });
    symlinkSync(join(project, "node_modules"), join(elsewhere, "node_modules"));
    expect(hashes(elsewhere)).to.deep.equal(hashes(project));
  });
});
