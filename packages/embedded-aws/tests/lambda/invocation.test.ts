import { expect } from "chai";
import { refusalOf, type Created } from "../provider/harness";
import { asyncHandler, openAccount, types, type Account } from "./cloud";
import { filesHolding } from "./evidence";

describe("an invocation", () => {
  let account: Account;
  let counter: Created;
  const input = (more = {}) => ({ functionName: counter.outputs.name, input: '{"a":1}', ...more });
  before(async () => {
    account = await openAccount();
    counter = await account.fn("echo", asyncHandler("return event;"));
  });
  after(() => account.close());

  it("is replaced by another input, function or trigger, and by nothing else", async () => {
    const made = await account.make("invocation", "one", input({ triggers: { revision: "1" } }));
    const changed = async (more: object) => {
      const { inputs } = await account.cloud.check(
        types.invocation,
        "one",
        input({ triggers: { revision: "1" }, ...more }),
      );
      const diff = await account.cloud.diff(types.invocation, "one", made, inputs);
      return [diff.getDiffsList(), diff.getReplacesList()];
    };
    expect(await changed({})).to.deep.equal([[], []]);
    expect(await changed({ input: '{"a":2}' })).to.deep.equal([["input"], ["input"]]);
    expect(await changed({ triggers: { revision: "2" } })).to.deep.equal([["triggers"], ["triggers"]]);
    expect(await changed({ functionName: "other" })).to.deep.equal([["functionName"], ["functionName"]]);
    expect(await changed({ lifecycleScope: "CRUD" })).to.deep.equal([["lifecycleScope"], []]);
  });

  it("can stand beside the one that it replaces", async () => {
    const one = await account.make("invocation", "twin", input());
    const other = await account.make("invocation", "twin", input());
    expect(other.id).not.to.equal(one.id);
    await account.cloud.delete(types.invocation, "twin", one);
    expect(await account.cloud.read(types.invocation, "twin", other.id)).to.have.property("id", other.id);
  });

  it("calls the function once, when it is created", async () => {
    const counts = await account.fn("prints", asyncHandler("console.log('called once');"));
    const made = await account.make("invocation", "prints", { ...input(), functionName: counts.id });
    await account.cloud.update(types.invocation, "prints", made, { ...made.inputs, terraformKey: "other" });
    await account.cloud.delete(types.invocation, "prints", made);
    expect(filesHolding(account.cloud.home, "called once\n")).to.have.length(1);
  });

  it("with scope CRUD tells the function of creation, change and deletion", async () => {
    const made = await account.make("invocation", "crud", input({ lifecycleScope: "CRUD" }));
    expect(JSON.parse(String(made.outputs.result))).to.deep.equal({ a: 1, tf: { action: "create" } });
    const changed = await account.cloud.update(types.invocation, "crud", made, {
      ...made.inputs,
      input: '{"a":2}',
    });
    expect(JSON.parse(String(changed.outputs.result))).to.deep.equal({
      a: 2,
      tf: { action: "update", prev_input: { a: 1 } },
    });
  });

  it("whose function fails is not in the account", async () => {
    const throws = await account.fn("throws", asyncHandler("throw new Error('no');"));
    await refusalOf(account.make("invocation", "failed", { ...input(), functionName: throws.id }));
    expect(filesHolding(account.cloud.home, "::failed")).to.deep.equal([]);
    expect(filesHolding(account.cloud.home, "::prints"), "another one's name").not.to.be.empty;
  });

  it("is refused with input that is no JSON, without showing it", async () => {
    const refusal = await refusalOf(account.make("invocation", "wrong", input({ input: "hush-hush {" })));
    expect(refusal).to.contain("contains an invalid JSON");
    expect(refusal).not.to.contain("hush-hush");
  });
});
