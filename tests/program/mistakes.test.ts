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

  for (const [what, region, config, says] of [
    [
      "a region that does not exist",
      "us-west-9",
      {},
      /^aws:region is us-west-9, which is no region of AWS\. Allowed: .*eu-central-1.* aws:region us-west-1$/,
    ],
    [
      "a region of another partition",
      "us-gov-west-1",
      {},
      /^aws:region is us-gov-west-1, which lies in another partition/,
    ],
    [
      "a region and a folder, both at once,",
      "us-west-9",
      { imageContext: "/nowhere" },
      /^chatpop:imageContext is "\/nowhere".*\naws:region is us-west-9, /,
    ],
    [
      "a certificate of another region",
      "eu-central-1",
      {
        domain: "chat.example.com",
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
      },
      /a certificate of us-east-1, but a load balancer takes those of its own region, eu-central-1, only\. .*config rm .*chatpop:certificateArn/,
    ],
  ] as const) {
    it(`${what} ends the program before it registers anything`, async () => {
      const before = process.env["AWS_REGION"];
      process.env["AWS_REGION"] = region;
      try {
        const { error, registrations } = await run({ config: { scale: "small", ...config }, preview: true });
        expect(error!.message).to.match(says);
        expect(registrations.map(({ type }) => type)).to.deep.equal([types.stack]);
      } finally {
        if (before === undefined) delete process.env["AWS_REGION"];
        else process.env["AWS_REGION"] = before;
      }
    });
  }

  for (const [what, tags, says] of [
    [
      "a budget without the tag that its cost is found by",
      {},
      /^chatpop:monthlyBudget finds the stack's cost by its tag Stack, but aws:defaultTags has none\. Allowed: test\. Set it with: .*config set .*--path aws:defaultTags\.tags\.Stack test/,
    ],
    [
      "a budget with the tag of another stack",
      { Stack: "small" },
      /aws:defaultTags says "small"\. Allowed: test/,
    ],
  ] as const) {
    it(`${what} ends the program before it registers anything`, async () => {
      const config = { scale: "small", monthlyBudget: "500" };
      const { error, registrations } = await run({ config, preview: true, tags });
      expect(error!.message).to.match(says);
      expect(registrations.map(({ type }) => type)).to.deep.equal([types.stack]);
      expect((await run({ config, preview: true, tags: { Stack: "test" } })).error).to.be.undefined;
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
    expect(warnings).to.have.length(3);
    expect(warnings[0]).to.match(/^No domain: /);
    expect(warnings[1]).to.match(/^Nothing keeps pulumi destroy/);
    expect(warnings[2]).to.match(/^Alarms reach nobody /);
  });
});
