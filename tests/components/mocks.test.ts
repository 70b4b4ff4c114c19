import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

const project = join(__dirname, "..", "..");

const program = `
  import { Network } from "chatpop-on-aws/components/network";
  import { makePlan } from "chatpop-on-aws/stacks/plan";
  export const network = new Network("shop", makePlan({ scale: "small" }).network);`;

// As Pulumi's documentation tests a program: mocks first, then the program by a dynamic import.
const test = (call: string) => `
  import * as pulumi from "@pulumi/pulumi";
  const zones = "aws:index/getAvailabilityZones:getAvailabilityZones";
  (async () => {
    await pulumi.runtime.setMocks({
      newResource: (args) => ({ id: args.name + "-id", state: args.inputs }),
      call: ${call},
    });
    const { network } = await import("./program");
    const { Network } = await import("chatpop-on-aws/components/network");
    if (!(network instanceof Network)) throw new Error("there are two of the component");
    pulumi.all([network.vpcId, ...network.privateSubnetIds]).apply((ids) => console.log(ids.join(" ")));
  })();`;

describe("a component under Pulumi's mocks, in a project of its own", () => {
  const folder = mkdtempSync(join(tmpdir(), "chatpop-mocks-"));
  before(() => {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "program.ts"), program);
    symlinkSync(project, join(folder, "node_modules", "chatpop-on-aws"));
    symlinkSync(join(project, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(call: string): string {
    writeFileSync(join(folder, "test.ts"), test(call));
    try {
      const options = { cwd: folder, encoding: "utf8", timeout: 60_000, stdio: "pipe" } as const;
      return execFileSync(
        process.execPath,
        ["--require", "chatpop-on-aws/typescript.cjs", "test.ts"],
        options,
      );
    } catch (error) {
      const { stderr, signal } = error as { stderr: string; signal: string | null };
      expect(signal, "it hangs").to.equal(null);
      return stderr;
    }
  }

  it("is made with the zones that the mock names", () => {
    const call = `({ token, inputs }) => (token === zones ? { names: ["a", "b"] } : inputs)`;
    expect(run(call).trim()).to.equal("shop-id shop-private-1-id shop-private-2-id");
  });

  it("says which answer is missing where the mock returns what it is given", () => {
    expect(run("(args) => args.inputs")).to.include("getAvailabilityZones was answered without `names`");
  });
});
