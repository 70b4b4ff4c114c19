import { expect } from "chai";
import type { Scale } from "../../stacks/guide";
import { record } from "../recording/recording";
import { types } from "../recording/types";
import { analyze } from "./analysis";
import { container, type Mutation, set } from "./mutations";

const policy = "tasks-for-demand";
const same: Mutation = (resources) => resources;

async function advised(
  scale: Scale,
  mutation: Mutation = same,
  config: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const { registrations } = await record(scale, "preview", config);
  const found = await analyze(mutation(registrations));
  return found.flatMap((each) => (each.policy === policy ? [each.message] : []));
}

const atMost = (tasks: number) => set({ type: types.autoscalingTarget }, "maxCapacity", tasks);

describe("the policy tasks-for-demand", () => {
  it("says nothing of the guide's scales (G-20)", async () => {
    for (const scale of ["small", "medium", "large"] as const) {
      expect(await advised(scale), scale).to.deep.equal([]);
    }
  });

  /** The fewest tasks of large that the pack takes without a word. */
  let needed = 40;
  before(async () => {
    while (needed > 1 && (await advised("large", atMost(needed - 1))).length === 0) needed -= 1;
  });

  it("advises against fewer tasks than the load was measured to need, in a first preview already (GAP-11)", async () => {
    expect(needed).to.be.within(2, 25);
    const [message] = await advised("large", atMost(needed - 1));
    expect(message).to.match(
      /\d+ tasks of 512 CPU units and 1024 MiB with uvicorn carry \d\d % of 250,000 connections and 1,000 messages a second/,
    );
    expect(message).to.match(/Remedy: raise maxCapacity/);
  });

  it("goes by the messages that the plan says, not by the guide's", async () => {
    const [message] = await advised("medium", same, { messagesPerSecond: "2000" });
    expect(message).to.match(/of 20,000 connections and 2,000 messages a second/);
  });

  it("counts a task of one vCPU as two of half a one, and the slower server as slower", async () => {
    const large = { taskCpu: "1024", taskMemory: "2048", server: "uvicorn" };
    const half = Math.ceil(needed / 2) + 1;
    expect(await advised("large", atMost(half))).to.have.length(1);
    expect(await advised("large", atMost(half), large)).to.deep.equal([]);
    const daphne = container({
      environment: [
        { name: "CHATPOP_SERVER", value: "daphne" },
        { name: "OUTBOX_ENABLED", value: "True" },
      ],
    });
    const slower: Mutation = (resources) => daphne(atMost(needed)(resources));
    expect((await advised("large", slower))[0]).to.match(/with daphne carry \d\d %/);
  });
});
