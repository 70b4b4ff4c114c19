import { expect } from "chai";
import fc from "fast-check";
import { makePlan } from "../../stacks/plan";
import { parseSettings, SettingsError } from "../../stacks/settings";
import { exhaustive } from "../exhaustive";
import { run } from "../recording/program";
import { type Raw, randomSettings } from "../stacks/settings/randomSettings";
import { analyze } from "./analysis";

const isAccepted = (raw: Raw) => {
  try {
    makePlan(parseSettings(raw));
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
};

describe("random settings that are accepted", () => {
  const count = exhaustive ? 300 : 6;
  const cases = fc.sample(randomSettings.filter(isAccepted), {
    numRuns: count,
    ...(exhaustive ? {} : { seed: 17 }),
  });

  it("are registered by the program, and the pack accepts them or names the rule that they weaken", async () => {
    const accepted: Raw[] = [];
    for (const raw of cases) {
      const { error, registrations } = await run({ config: raw, preview: true });
      expect(error?.stack, JSON.stringify(raw)).to.equal(undefined);
      const mandatory = (await analyze(registrations)).filter(({ level }) => level === "mandatory");
      for (const { message, policy } of mandatory) {
        expect(policy).to.match(/^[a-z0-9-]+$/);
        expect(message, JSON.stringify(raw))
          .to.match(/\w.*\./)
          .and.not.to.match(/undefined|NaN|\[object/);
      }
      if (mandatory.length === 0) accepted.push(raw);
    }
    expect(accepted.length).to.be.greaterThan(count / 10);
  });
});
