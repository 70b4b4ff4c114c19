import { expect } from "chai";
import { costOf } from "../../forecast/cost/estimate";
import { makePlan } from "../../stacks/plan";
import { usualHabits } from "../../stacks/plan/price";
import { record } from "../recording/recording";
import { types } from "../recording/types";
import { analyze } from "./analysis";
import { type Mutation, set } from "./mutations";

const same: Mutation = (resources) => resources;
const budget = { type: types.budget };

/** What monthly-budget says of the large scale with a budget of so many dollars. */
async function advised(monthlyBudget: number, mode: "preview" | "update", mutation = same) {
  const { registrations } = await record("large", mode, { monthlyBudget: "300" });
  const limited = set(budget, "limitAmount", String(monthlyBudget))(registrations);
  const found = await analyze(mutation(limited));
  return found.flatMap((each) => (each.policy === "monthly-budget" ? [each] : []));
}

/** The price of the large scale with its fewest tasks and without a user, by the forecast. */
async function leastPrice(): Promise<number> {
  const { registrations } = await record("large", "update", { monthlyBudget: "300" });
  const { minimum } = costOf({
    ...{ resources: registrations, demand: makePlan({ scale: "large" }).demand },
    ...{ habits: usualHabits, region: "us-east-1", curve: "constant" },
  });
  // A budget, its monitor and its subscription cost nothing.
  expect(minimum.unknown).to.be.empty;
  const tasks = minimum.lines.filter(({ group, kind }) => group === "compute" && kind === "usage");
  return minimum.fixed + tasks.reduce((total, { usd }) => total + usd, 0);
}

describe("the policy monthly-budget", () => {
  it("advises against a budget below the forecast's least price, in a first preview already (GAP-12)", async () => {
    const least = await leastPrice();
    for (const mode of ["preview", "update"] as const) {
      const [finding, ...others] = await advised(Math.floor(least) - 1, mode);
      expect(others, mode).to.be.empty;
      expect(finding, mode).to.include({ level: "advisory" });
      expect(finding!.message, mode).to.contain(
        `but the stack costs $${Math.round(least).toLocaleString("en")} without a user (list prices of us-east-1, fewest tasks)`,
      );
      expect(finding!.message, mode).to.match(/Remedy: a higher limitAmount, /);
      expect(await advised(Math.ceil(least) + 1, mode), mode).to.be.empty;
    }
  });

  it("leaves budgets alone that count something else: a day, gigabytes, one service", async () => {
    for (const [property, value] of [
      ["timeUnit", "DAILY"],
      ["budgetType", "USAGE"],
      ["limitUnit", "GB"],
      ["costFilters", [{ name: "Service", values: ["AWS Key Management Service"] }]],
    ] as const) {
      expect(await advised(1, "update", set(budget, property, value as never)), property).to.be.empty;
    }
    expect(await advised(1, "update", set(budget, "costFilters", []))).to.have.length(1);
  });
});
