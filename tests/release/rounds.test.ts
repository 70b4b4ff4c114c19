import { expect } from "chai";
import { inRounds, type Outcome, type Round } from "../../release/functions/rounds";

const context = { getRemainingTimeInMillis: () => 900_000 };

describe("work in rounds", () => {
  const calls: (Outcome | undefined)[] = [];
  const answers: Outcome[] = [];
  const work = inRounds<Round, Outcome>("The work", (_event, _context, previous) => {
    calls.push(previous);
    return Promise.resolve(answers.shift() ?? { state: "succeeded" });
  });
  beforeEach(() => calls.splice(0));

  it("begins without a result of a round before", async () => {
    answers.push({ state: "running" });
    expect(await work({ round: 1, rounds: 3 }, context)).to.deep.equal({ state: "running" });
    expect(calls).to.deep.equal([undefined]);
  });

  it("goes on with what is still running", async () => {
    const previous = JSON.stringify({ state: "running", taskArn: "arn" });
    expect(await work({ round: 2, rounds: 3, previous }, context)).to.deep.equal({ state: "succeeded" });
    expect(calls).to.deep.equal([{ state: "running", taskArn: "arn" }]);
  });

  it("does nothing again that is finished, and passes its result on", async () => {
    const previous = JSON.stringify({ state: "succeeded", taskArn: "arn" });
    expect(await work({ round: 3, rounds: 3, previous }, context)).to.deep.equal({
      state: "succeeded",
      taskArn: "arn",
    });
    expect(calls).to.be.empty;
  });

  it("fails when the last round ends and the work does not", async () => {
    answers.push({ state: "running" });
    let message = "";
    await work({ round: 3, rounds: 3 }, context).catch((error: Error) => (message = error.message));
    expect(message).to.contain("The work is still running after 3 rounds").and.to.contain("pulumi up");
  });
});
