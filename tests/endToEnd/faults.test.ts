import { expect } from "chai";
import { exhaustive, itInAll } from "../exhaustive";
import { FaultyStack } from "../faults/faultyStack";
import { changeOfCalls, type End, kill } from "../faults/lives";
import { befall, exceed, retag, scene } from "../faults/scenes";
import { callId, callIn, resourceTypes } from "../faults/table";

describe("faults, a sample of `make faults`", function () {
  this.timeout(900_000);

  itInAll("a state that is lost is put back as the refusal says", () => scene("state file lost"));

  itInAll("credentials that expire in the middle leave a stack that the next update brings to its end", () =>
    scene("credentials expire during up"),
  );

  it("a lock, a quota and calls that fail, one after the other, are made good by the next update", async () => {
    const stack = new FaultyStack();
    try {
      await stack.upAsCommitted();
      stack.requireSound();
      await befall(stack, "lock left behind");
      if (exhaustive) {
        await retag(stack, "first");
        const { struck } = await kill(stack, "up", "engine");
        expect(struck, "the engine was killed").to.equal(true);
        await stack.recover();
        stack.requireRecovered();
      }
      await exceed(stack, "rulesPerSecurityGroup");
      const types = ["aws:rds/instance:Instance", "aws:s3/bucket:Bucket", "aws:secretsmanager/secret:Secret"];
      const ids = types.map((type) => callId("update", callIn(0, resourceTypes.indexOf(type)), type));
      const ended: [string, End][] = [];
      await changeOfCalls(
        stack,
        0,
        (id) => ids.includes(id),
        (id, end) => ended.push([id, end]),
      );
      expect(ended).to.have.deep.members(ids.map((id) => [id, {}]));
      await stack.requireSecrecy();
    } finally {
      stack.remove();
    }
  });
});
