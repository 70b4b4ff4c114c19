import { expect } from "chai";
import { refusalOf } from "../provider/harness";
import { openAccount, type Account } from "./cloud";

describe("a Lambda function", function () {
  this.timeout(60_000);
  let account: Account;
  before(async () => {
    account = await openAccount();
  });
  after(() => account.close());

  it("runs its code and answers what the code returns", async () => {
    const fn = await account.fn(
      "adds",
      "exports.handler = async (event, context) => ({ sum: event.a + event.b, name: context.functionName });",
    );
    expect(await account.invoke(fn, { a: 1, b: 2 })).to.deep.equal({ sum: 3, name: fn.outputs.name });
  });

  it("fails its invocation with its own error, and without a stack", async () => {
    const fn = await account.fn(
      "throws",
      "exports.handler = async () => { throw new TypeError('no such room'); };",
    );
    const refusal = await refusalOf(account.invoke(fn, {}));
    expect(refusal).to.equal(
      `creating Lambda Invocation (call-2): Lambda function (${fn.id}) returned error: ` +
        '({"errorType":"TypeError","errorMessage":"no such room"})',
    );
  });
});
