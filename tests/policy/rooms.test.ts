import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import { configureChat } from "./configure";
import { databaseProxyFrom1000Rooms, readReplicaFrom5000Rooms } from "../../policy/rules/scale";

class NotApplicable extends Error {}

/** Lets a rule judge a stack without any database, and tells how often it complained. */
async function complaints(
  rule: StackValidationPolicy,
  size: Readonly<Record<string, number>>,
  outputs: object,
): Promise<number> {
  let count = 0;
  configureChat(size);
  const stack = {
    type: "pulumi:pulumi:Stack",
    name: "chatpop-test",
    props: outputs,
    propertyDependencies: {},
  };
  // By its components the pack knows the chat.
  const component = { ...stack, type: "chatpop:data:Database", name: "chatpop", props: {} };
  const args = {
    resources: [stack, component],
    getConfig: () => ({}),
    notApplicable: (reason: string) => {
      throw new NotApplicable(reason);
    },
  } as unknown as StackValidationArgs;
  await rule.validateStack(args, () => count++);
  return count;
}

const planned = (rooms: number) => ({ plan: { demand: { rooms } } });

describe("the rooms that a rule goes by", () => {
  after(() => configureChat({}));

  for (const [rule, threshold] of [
    [databaseProxyFrom1000Rooms, 1_000],
    [readReplicaFrom5000Rooms, 5_000],
  ] as const) {
    it(`are the plan's, to the room: ${rule.name} (G-6, G-7)`, async () => {
      expect(await complaints(rule, {}, planned(threshold - 1))).to.equal(0);
      expect(await complaints(rule, {}, planned(threshold))).to.equal(1);
    });

    it(`are the pack's configuration when it says so: ${rule.name}`, async () => {
      expect(await complaints(rule, { rooms: threshold }, planned(1))).to.equal(1);
      expect(await complaints(rule, { rooms: 1 }, planned(threshold))).to.equal(0);
      expect(await complaints(rule, { rooms: threshold }, {})).to.equal(1);
    });

    it(`are needed: without them ${rule.name} says that it does not apply`, async () => {
      const error = await complaints(rule, {}, {}).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(NotApplicable);
      expect((error as Error).message).to.contain("number of rooms");
    });
  }
});
