import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { models } from "../../models/registry";
import { rowOf } from "../../provider/table";

/** The arguments and outputs that @pulumi/aws and @pulumi/random declare for a type. */
function declared(type: string): { args: string[]; outputs: string[] } {
  const [, pkg, module, file] = /^(\w+):([\w-]+)\/(\w+):/.exec(type) ?? [];
  const folder = `node_modules/@pulumi/${pkg}/${module === "index" ? "" : `${module}/`}`;
  const text = readFileSync(`${folder}${file}.d.ts`, "utf8");
  const [body = ""] = /export declare class [\s\S]*?\n}/.exec(text) ?? [];
  const [args = ""] = /export interface \w+Args [\s\S]*?\n}/.exec(text) ?? [];
  return {
    args: [...args.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => name as string),
    outputs: [...body.matchAll(/readonly (\w+): pulumi\.Output</g)].map(([, name]) => name as string),
  };
}

describe("the registry of models", () => {
  for (const model of models.values()) {
    it(`${model.type} calls its arguments and outputs as the SDK does`, () => {
      const { args, outputs } = declared(model.type);
      const inputs = Object.keys((model.inputs as unknown as { shape: object }).shape);
      expect(inputs).not.to.be.empty;
      expect(args, "arguments").to.include.members(inputs);
      expect(outputs, "outputs").to.include.members([...model.computed, ...(model.changesOnUpdate ?? [])]);
      const named = [
        ...Object.keys(model.defaults ?? {}),
        ...(model.documents ?? []),
        ...(model.replace ?? []),
        ...(model.unique ?? []).flatMap(({ property, within = [] }) => [property, ...within]),
        ...(model.references ?? []).map(({ path }) => path.split(".")[0] as string),
        ...(model.autoName ? [model.autoName.property] : []),
      ];
      expect(inputs, "what its rules name").to.include.members(named);
    });

    it(`${model.type} knows which changes replace it`, () => {
      const measured = Object.keys(rowOf(model.type)).length > 0;
      expect(measured || model.replace !== undefined, "a row of the table, or a list of its own").to.be.true;
      for (const reference of model.references ?? []) {
        const exists = models.get(reference.to) !== undefined || Object.keys(rowOf(reference.to)).length > 0;
        expect(exists, reference.to).to.be.true;
      }
    });
  }

  it("loads no model of AWS for the random package", () => {
    const script = `
      const { models } = require("./packages/embedded-aws/models/registry.ts");
      const loaded = () => Object.keys(require.cache).filter((file) => file.endsWith("packages/embedded-aws/models/vpc.ts")).length;
      models.get("random:index/randomId:RandomId");
      const before = loaded();
      models.get("aws:ec2/vpc:Vpc");
      console.log(before, loaded());`;
    const printed = execFileSync(process.execPath, ["--require", "./typescript.cjs", "-e", script]);
    expect(String(printed).trim()).to.equal("0 1");
  });
});
