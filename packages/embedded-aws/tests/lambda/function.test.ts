import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { clockOf } from "../../provider/clock";
import { refusalOf, type Created } from "../provider/harness";
import { archive, asyncHandler, openAccount, trust, types, type Account } from "./cloud";
import { children, filesHolding } from "./evidence";

describe("a Lambda function", () => {
  let account: Account;
  let number = 0;
  const fn = (body: string, more = {}) => account.fn(`fn-${++number}`, asyncHandler(body), more);
  const failureOf = async (made: Created, event: unknown = {}) => {
    const [, error = "none"] =
      /returned error: \((.*)\)$/s.exec(await refusalOf(account.invoke(made, event))) ?? [];
    return JSON.parse(error) as unknown;
  };
  before(async () => {
    account = await openAccount();
  });
  after(() => account.close());

  it("runs its code and answers what the code returns", async () => {
    const made = await fn("return { sum: event.a + event.b, name: context.functionName };");
    expect(await account.invoke(made, { a: 1, b: 2 })).to.deep.equal({ sum: 3, name: made.outputs.name });
    expect(await account.invoke(await fn(""), {})).to.equal(null);
  });

  it("may answer through a callback, and lie in a file of another name", async () => {
    const made = await account.fn("callback", "", {
      handler: "work.run",
      code: archive({ "work.mjs": "export const run = (event, context, done) => done(null, event.x + 1);" }),
    });
    expect(await account.invoke(made, { x: 1 })).to.equal(2);
  });

  it("fails its invocation with its own error, and without a stack", async () => {
    const made = await fn("throw new TypeError('no such room');");
    const refusal = await refusalOf(account.invoke(made, {}));
    expect(refusal).to.match(/^creating Lambda Invocation \(call-\d+\): /);
    expect(refusal).to.contain(
      `Lambda function (${made.id}) returned error: ({"errorType":"TypeError","errorMessage":"no such room"})`,
    );
  });

  it("is cut off when its time is over, even in a loop that never ends", async () => {
    const { errorType, errorMessage } = (await failureOf(await fn("for (;;);", { timeout: 1 }))) as Record<
      string,
      string
    >;
    expect(errorType).to.equal("Sandbox.Timedout");
    expect(errorMessage).to.match(/^RequestId: [\w-]+ Error: Task timed out after 1.00 seconds$/);
    expect(children().filter((line) => line.includes("offline/lambda"))).to.deep.equal([]);
  });

  it("knows how much of its time is left", async () => {
    const made = await fn("return context.getRemainingTimeInMillis();", { timeout: 7 });
    expect(await account.invoke(made, {})).to.be.within(1, 7000);
  });

  const waiting = (seconds: number) => `
    const { setTimeout: wait } = require("node:timers/promises");
    return wait(${seconds} * 1000).then(() => context.getRemainingTimeInMillis());`;

  it("waits in simulated time, of which it has as much as its limit allows", async () => {
    const clock = clockOf(account.cloud.home);
    const before = clock.now();
    const left = await account.invoke(await fn(waiting(600), { timeout: 900 }), {});
    expect(left).to.be.within(1, 300_000);
    expect(clock.now().getTime() - before.getTime()).to.be.at.least(600_000);
  });

  it("is cut off when it waits for longer", async () => {
    const { errorType } = (await failureOf(await fn(waiting(601), { timeout: 600 }))) as Record<
      string,
      string
    >;
    expect(errorType).to.equal("Sandbox.Timedout");
  });

  it("fails when it ends its process, or has no handler", async () => {
    expect(await failureOf(await fn("process.exit(3);"))).to.have.property("errorType", "Runtime.ExitError");
    const wrong = await account.fn("wrong", "exports.other = 1;");
    expect(await failureOf(wrong)).to.deep.equal({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: "index.handler is undefined or not exported",
    });
  });

  it("sees Lambda's environment and its own variables, and nothing of this machine's", async () => {
    process.env.CHATPOP_TEST_SECRET = "of the shell";
    const made = await fn("return process.env;", { environment: { variables: { SCALE: "small" } } });
    const seen = (await account.invoke(made, {})) as Record<string, string>;
    delete process.env.CHATPOP_TEST_SECRET;
    expect(seen).to.include({
      SCALE: "small",
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: made.id,
      AWS_LAMBDA_LOG_GROUP_NAME: account.logGroup,
    });
    expect(Object.keys(seen)).not.to.include.members(["CHATPOP_TEST_SECRET"]);
    expect(Object.keys(seen)).not.to.include("HOME");
  });

  it("finds the AWS SDK, and no module of this project", async () => {
    const made = await fn("require('@aws-sdk/client-ecs'); require('pg');");
    const { errorMessage } = (await failureOf(made)) as { errorMessage: string };
    expect(errorMessage).to.match(/^Cannot find module 'pg'/);
  });

  it("writes what it prints to its log group, unless its role may not", async () => {
    await account.invoke(await fn("console.log('seen in the log');"), {});
    expect(filesHolding(account.cloud.home, "seen in the log\n")).to.have.length(1);
    const mute = await account.make("role", "mute", { assumeRolePolicy: trust("lambda") });
    await account.invoke(await fn("console.log('said by ' + 'the mute');", { role: mute.outputs.arn }), {});
    expect(filesHolding(account.cloud.home, "said by the mute")).to.deep.equal([]);
  });

  it("keeps its variables and an invocation's input encrypted on disk", async () => {
    const made = await fn("return 1;", { environment: { variables: { TOKEN: "variable-not-on-disk" } } });
    await account.invoke(made, { password: "input-not-on-disk" });
    for (const text of ["variable-not-on-disk", "input-not-on-disk"]) {
      expect(filesHolding(account.cloud.home, text), text).to.deep.equal([]);
    }
  });

  it("runs its new code after an update, and is gone after a deletion", async () => {
    const made = await fn("return 'old';");
    const code = archive({ "index.js": asyncHandler("return 'new';") });
    const updated = await account.cloud.update(types.function, `fn-${number}`, made, {
      ...made.inputs,
      code,
    });
    expect(updated.outputs.codeSha256).not.to.equal(made.outputs.codeSha256);
    expect(await account.invoke(updated, {})).to.equal("new");
    await account.cloud.delete(types.function, `fn-${number}`, updated);
    expect(existsSync(join(account.cloud.home, "lambda", "us-east-1", made.id))).to.equal(false);
    expect(await refusalOf(account.invoke(updated, {}))).to.contain(
      "ResourceNotFoundException: Function not found",
    );
  });

  it("is not changed by an archive that holds the same", async () => {
    const made = await fn("return 1;");
    const moved = { ...made.inputs, code: { ...(made.inputs.code as object), uri: "elsewhere" } };
    expect((await account.cloud.diff(types.function, "fn", made, moved)).getDiffsList()).to.deep.equal([]);
    const other = { ...made.inputs, code: archive({ "index.js": "" }) };
    const diff = await account.cloud.diff(types.function, "fn", made, other);
    expect([diff.getDiffsList(), diff.getReplacesList()]).to.deep.equal([["code"], []]);
  });

  describe("is refused", () => {
    for (const [what, more, reason] of [
      [
        "with a runtime that AWS does not have",
        { runtime: "nodejs10.x" },
        "Member must satisfy enum value set",
      ],
      [
        "with a runtime that runs only in AWS",
        { runtime: "python3.13" },
        "The embedded AWS does not run python3.13",
      ],
      [
        "with a handler that names no export",
        { handler: "index" },
        '"index" is not <file>.<exported function>',
      ],
      ["with more time than there is", { timeout: 901 }, "expected timeout to be at most 900, got 901"],
      ["with too little memory", { memorySize: 64 }, "expected memorySize to be at least 128, got 64"],
      ["with too long a name", { name: "x".repeat(65) }, "is not a function's name"],
      [
        "with one of Lambda's own variables",
        { environment: { variables: { AWS_REGION: "x" } } },
        "Reserved keys used in this request: AWS_REGION",
      ],
      [
        "with more variables than fit",
        { environment: { variables: { LONG: "x".repeat(5000) } } },
        "exceeded the 4KB limit",
      ],
      ["with code that is no archive", { code: "exports.handler" }, "code is an archive"],
      [
        "with a log group that is not there",
        { loggingConfig: { logFormat: "Text", logGroup: "/none" } },
        "The log group /none does not exist",
      ],
      [
        "with a role that is not there",
        { role: "arn:aws:iam::123456789012:role/none" },
        "InvalidParameterValueException",
      ],
    ] as const) {
      it(what, async () => expect(await refusalOf(fn("", more))).to.contain(reason));
    }

    it("with a role that Lambda may not take on", async () => {
      const role = await account.make("role", "tasks", { assumeRolePolicy: trust("ecs-tasks") });
      expect(await refusalOf(fn("", { role: role.outputs.arn }))).to.contain(
        "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
      );
    });

    it("with a role that may not put it into its VPC", async () => {
      const role = await account.make("role", "grounded", { assumeRolePolicy: trust("lambda") });
      expect(await refusalOf(fn("", { role: role.outputs.arn, group: account.allowedGroup }))).to.contain(
        "does not have permissions to call CreateNetworkInterface on EC2",
      );
    });

    it("with a security group of another VPC, or with subnets only", async () => {
      const vpc = await account.make("vpc", "other", { cidrBlock: "10.9.0.0/16" });
      const group = await account.make("securityGroup", "other", { vpcId: vpc.id });
      expect(await refusalOf(fn("", { group: group.id }))).to.contain("required to be in the same VPC");
      const vpcConfig = { subnetIds: account.subnets, securityGroupIds: [] };
      expect(await refusalOf(fn("", { vpcConfig }))).to.contain("must coexist");
    });
  });
});
