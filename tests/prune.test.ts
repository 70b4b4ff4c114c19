import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { models } from "../packages/embedded-aws/models/registry";
import { namespaces } from "../packages/embedded-aws/models/metricTable";

/** The text of all TypeScript files below some folders. */
function textOf(...folders: string[]): string {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}

// A model that no program and no case asks for can be wrong for years: it goes, or it gets a case.
describe("what the embedded AWS knows is asked for", () => {
  const program = textOf("components", "stacks", "release") + readFileSync("index.ts", "utf8");
  const cases = textOf("tests", "packages/embedded-aws/tests");

  for (const { type } of models.values()) {
    it(type, () => {
      const [, module = "", file = "", name = ""] = /^\w+:([\w-]+)\/(\w+):(\w+)$/.exec(type) ?? [];
      const asked = program.includes(`${module}.${name}(`) || program.includes(type);
      // The other package has one folder only.
      const random = type.startsWith("random:") && cases.includes(name.replace("Random", ""));
      const tried =
        random || [type, `"${module}/${file}"`, `${module}.${name}(`].some((text) => cases.includes(text));
      expect(asked || tried, `nothing makes a ${type}: give it a case, or take the model out`).to.equal(true);
    });
  }

  for (const [namespace, { families }] of Object.entries(namespaces)) {
    it(`metrics of ${namespace}`, () => {
      const metrics = families.flatMap((family) => Object.keys(family.metrics));
      const used = metrics.filter((metric) => program.includes(metric) || cases.includes(metric));
      expect(used, `nothing looks at a metric of ${namespace}`).not.to.deep.equal([]);
    });
  }
});
