import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { scales } from "../../stacks/guide";
import type { Registration } from "../recording/monitor";
import { record, type Recording } from "../recording/recording";

// Refresh after a change that is meant: UPDATE_GOLDEN=1 npx mocha --grep golden

const folder = join(__dirname, "golden");

/** Components with their resources, each `type name`, in an order that does not depend on timing. */
function graph({ registrations }: Recording): string {
  const line = ({ type, name }: Registration) => `${type} ${name}`;
  const below = (parent: string, indent: string): string[] =>
    registrations
      .filter((each) => each.parent === parent)
      .sort((a, b) => (line(a) < line(b) ? -1 : 1))
      .flatMap((each) => [indent + line(each), ...below(each.urn, `${indent}  `)]);
  return `${below("", "").join("\n")}\n`;
}

describe("golden resource graph", () => {
  for (const scale of scales) {
    for (const mode of ["preview", "update"] as const) {
      it(`${scale}, ${mode}: is the one in golden/${scale}.txt`, async () => {
        const path = join(folder, `${scale}.txt`);
        const actual = graph(await record(scale, mode));
        if (process.env["UPDATE_GOLDEN"]) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(path, actual);
        }
        expect(existsSync(path), `${path} exists`).to.be.true;
        expect(actual, "if it is meant: UPDATE_GOLDEN=1 npx mocha tests/program/golden.test.ts").to.equal(
          readFileSync(path, "utf8"),
        );
      });
    }
  }
});
