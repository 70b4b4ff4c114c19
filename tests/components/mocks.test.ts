import { expect } from "chai";
import { execFileSync } from "node:child_process";

// As Pulumi's documentation tests a program: mocks first, then a dynamic import. Mocks hold for a whole process.
const program = (call: string) => `
  const pulumi = require("@pulumi/pulumi");
  const zones = "aws:index/getAvailabilityZones:getAvailabilityZones";
  (async () => {
    await pulumi.runtime.setMocks({
      newResource: (args) => ({ id: args.name + "-id", state: args.inputs }),
      call: ${call},
    });
    const { Network } = await import("./components/network.ts");
    const { makePlan } = await import("./stacks/plan/index.ts");
    const network = new Network("shop", makePlan({ scale: "small" }).network);
    pulumi.all([network.vpcId, ...network.privateSubnetIds]).apply((ids) => console.log(ids.join(" ")));
  })();`;

function run(call: string): string {
  try {
    const options = { encoding: "utf8", timeout: 60_000, stdio: "pipe" } as const;
    return execFileSync(process.execPath, ["--require", "./typescript.cjs", "-e", program(call)], options);
  } catch (error) {
    const { stderr, signal } = error as { stderr: string; signal: string | null };
    expect(signal, "it hangs").to.equal(null);
    return stderr;
  }
}

describe("a component under Pulumi's mocks", () => {
  it("is made with the zones that the mock names", () => {
    const call = `({ token, inputs }) => (token === zones ? { names: ["a", "b"] } : inputs)`;
    expect(run(call).trim()).to.equal("shop-id shop-private-1-id shop-private-2-id");
  });

  it("says which answer is missing where the mock returns what it is given", () => {
    expect(run("(args) => args.inputs")).to.include("getAvailabilityZones was answered without `names`");
  });
});
