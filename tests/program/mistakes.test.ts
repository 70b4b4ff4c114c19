import { expect } from "chai";
import { RunError } from "@pulumi/pulumi";
import { types } from "../recording/types";
import { run } from "../recording/program";

describe("a mistake in the settings", () => {
  for (const [what, config, says] of [
    [
      "a scale that does not exist",
      { scale: "huge" },
      /^chatpop:scale is "huge"\. Allowed: small, medium, large\./,
    ],
    ["no scale", {}, /^chatpop:scale is missing/],
    ["an unknown key", { scale: "small", room: "1" }, /^chatpop:room is not a setting/],
    ["settings that contradict each other", { scale: "small", hostedZone: "example.com" }, /chatpop:domain/],
  ] as const) {
    it(`${what} ends the program before it registers anything, without a stack trace`, async () => {
      const { error, registrations } = await run({ config, preview: true });
      expect(error).to.be.instanceOf(RunError);
      expect(error!.message).to.match(says);
      expect(registrations.map(({ type }) => type)).to.deep.equal([types.stack]);
    });
  }

  it("never shows a value that the stack file encrypts", async () => {
    const config = { scale: "small", environment: "hunter2" };
    const { error, warnings } = await run({ config, preview: true, secretKeys: ["environment"] });
    expect(error!.message).to.contain("chatpop:environment has a secret value");
    expect([error!.message, ...warnings].join("\n")).not.to.contain("hunter2");
  });
});

describe("advisories", () => {
  it("reach the operator as warnings", async () => {
    const { warnings } = await run({ config: { scale: "small" }, preview: true });
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.match(/^No domain: /);
    expect(warnings[1]).to.match(/^Nobody is told /);
  });
});
