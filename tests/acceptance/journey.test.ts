import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { estimate, perHour } from "../../acceptance/estimate";
import { NeedsAccount, type Step, travel } from "../../acceptance/journey";

const region = "us-east-1";

describe("a run of the acceptance", () => {
  const step = (name: string, given: Partial<Step> = {}): Step => ({
    ...{ name, does: `does ${name}`, scale: "small", usual: 1, atMost: 10 },
    run: async () => `${name} is done`,
    ...given,
  });
  const fails = async () => {
    throw new Error("AWS said no");
  };
  const destroy = step("destroy", { always: true });

  async function taken(steps: readonly Step[], given: { budget?: number; stop?: AbortSignal } = {}) {
    const { budget = 100, stop = new AbortController().signal } = given;
    const arrival = await travel(steps, { budget, region, stop, say: () => undefined });
    return Object.fromEntries(arrival.steps.map(({ step: name, state, says }) => [name, { state, says }]));
  }

  it("takes its steps in their order, and keeps what each has seen", async () => {
    const seen = await taken([step("up"), step("probe"), destroy]);
    expect(seen).to.deep.equal({
      up: { state: "done", says: "up is done" },
      probe: { state: "done", says: "probe is done" },
      destroy: { state: "done", says: "destroy is done" },
    });
  });

  it("destroys after a failure, and takes no step in between", async () => {
    const seen = await taken([step("up", { run: fails }), step("probe"), destroy]);
    expect(seen["up"]).to.deep.equal({ state: "failed", says: "AWS said no" });
    expect(seen["probe"]).to.deep.equal({ state: "not-reached", says: "up has failed" });
    expect(seen["destroy"]?.state).to.equal("done");
  });

  it("goes on after a step that the others can do without", async () => {
    const seen = await taken([step("ask", { run: fails, optional: true }), step("scale"), destroy]);
    expect(seen["scale"]?.state).to.equal("done");
  });

  it("says of a step that only an account can take that it needs one", async () => {
    const run = async () => {
      throw new NeedsAccount("nothing runs here");
    };
    const seen = await taken([step("probe", { run }), step("scale"), destroy]);
    expect(seen["probe"]).to.deep.equal({
      state: "needs-account",
      says: "needs a real account: nothing runs here",
    });
    expect(seen["scale"]?.state).to.equal("done");
  });

  it("keeps the money for the destruction: a step that the budget does not bear is not begun", async () => {
    const hours = { usual: 60, atMost: 60 };
    const hour = perHour("small", region, true);
    const steps = [step("up", hours), step("longer", { usual: 60, atMost: 180 }), { ...destroy, ...hours }];
    const enough = await taken(steps, { budget: 4.1 * hour });
    expect(enough["longer"]?.state, "three hours and the destruction's").to.equal("done");
    const short = await taken(steps, { budget: 3.9 * hour });
    expect(short["up"]?.state).to.equal("done");
    expect(short["longer"]?.state).to.equal("not-reached");
    expect(short["longer"]?.says).to.contain(`the budget of $${3.9 * hour} does not bear longer`);
    expect(short["destroy"]?.state).to.equal("done");
  });

  it("keeps the time for the destruction as well", async () => {
    const journey = { budget: 100, region, stop: new AbortController().signal, say: () => undefined };
    const states = async (minutes: number) =>
      (await travel([step("up"), destroy], { ...journey, minutes })).steps.map(({ state }) => state);
    expect(await states(20.1), "10 minutes each").to.deep.equal(["done", "done"]);
    expect(await states(19.9)).to.deep.equal(["not-reached", "done"]);
  });

  it("counts the hours that went by: a slow step leaves less for the next", async () => {
    let time = 0;
    const hours = { usual: 60, atMost: 60 };
    const slow = step("up", { ...hours, run: async () => String((time += 3_600_000)) });
    const hour = perHour("small", region, true);
    const journey = { region, stop: new AbortController().signal, say: () => undefined, now: () => time };
    const steps = [slow, step("next", hours), { ...destroy, ...hours }];
    const short = await travel(steps, { ...journey, budget: 2.5 * hour });
    expect(short.steps.map(({ state }) => state)).to.deep.equal(["done", "not-reached", "done"]);
    expect(short.spent).to.be.closeTo(hour, hour / 1_000);
  });

  it("ends a step whose time is over, and destroys", async () => {
    const endless = (signal: AbortSignal) => sleep(600_000, "never", { signal });
    const seen = await taken([step("up", { atMost: 0.001, run: endless }), step("probe"), destroy]);
    expect(seen["up"]?.state).to.equal("failed");
    expect(seen["up"]?.says).to.contain("not done within 0.001 minutes");
    expect(seen["destroy"]?.state).to.equal("done");
  });

  it("ends its step when somebody stops it, and then destroys, which nobody stops", async () => {
    const controller = new AbortController();
    const endless = (signal: AbortSignal) => {
      controller.abort("stopped by SIGINT");
      return sleep(600_000, "never", { signal });
    };
    const lasting = async (signal: AbortSignal) => `destroyed, stopped: ${signal.aborted}`;
    const seen = await taken(
      [step("up", { run: endless }), step("probe"), step("destroy", { always: true, run: lasting })],
      { stop: controller.signal },
    );
    expect(seen["up"]?.says).to.contain("stopped by SIGINT");
    expect(seen["probe"]).to.deep.equal({ state: "not-reached", says: "stopped by SIGINT" });
    expect(seen["destroy"]?.says).to.equal("destroyed, stopped: false");
  });
});

describe("the forecast of a run", () => {
  const hour = { usual: 60, atMost: 60 };

  it("is the project's own price of each step's scale, by the hour", () => {
    const small = estimate([{ ...hour, scale: "small" }], region);
    const both = estimate(
      [
        { ...hour, scale: "small" },
        { ...hour, scale: "medium" },
      ],
      region,
    );
    expect(small.expected).to.equal(perHour("small", region));
    expect(both.expected - small.expected).to.be.closeTo(perHour("medium", region), 1e-9);
    expect(perHour("medium", region)).to.be.above(perHour("small", region));
    expect(both.minutes).to.deep.equal({ usual: 120, atMost: 120 });
  });

  it("is at most what the longest times cost, with as many tasks as autoscaling allows", () => {
    const { expected, atMost } = estimate([{ scale: "medium", usual: 30, atMost: 60 }], region);
    expect(atMost).to.be.above(2 * expected);
  });
});
