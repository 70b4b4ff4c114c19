import { expect } from "chai";
import fc from "fast-check";
import { makePlan } from "../../stacks/plan";
import { type SettingKey, parseSettings, SettingsError } from "../../stacks/settings";
import { exhaustive } from "../exhaustive";
import { run } from "../recording/program";
import { type Raw, randomSettings } from "../stacks/settings/randomSettings";
import { analyze } from "./analysis";

/**
 * Settings by which an operator weakens a stack knowingly: the program does what they say, and the pack says what that costs
 * (`overrides.test.ts`). All others decide between things that are right.
 */
const knowingly: readonly SettingKey[] = [
  ...(["databaseProxy", "deletionProtection", "disposable", "media", "finalSnapshot"] as const),
  ...(["scheduledScaling", "outbox", "readReplicas", "minTasks", "maxTasks", "desiredTasks"] as const),
  // Sizes that somebody chose by hand, perhaps below what the demand needs.
  ...(["taskCpu", "taskMemory", "cacheNodeType", "databaseClass", "connectionsPerTask"] as const),
];

const without = (raw: Raw): Raw =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => !knowingly.includes(key as SettingKey))) as Raw;

function isAccepted(raw: Raw): boolean {
  try {
    makePlan(parseSettings(raw));
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

/** Which of the pack's mandatory rules refuse the program with settings, each with what it says. */
async function refusals(raw: Raw): Promise<readonly string[]> {
  const { registrations, error } = await run({ config: raw as Record<string, string>, preview: true });
  if (error) throw error;
  const found = await analyze(registrations);
  return found
    .filter(({ level }) => level === "mandatory")
    .map(({ policy, message }) => `${policy}: ${message}`);
}

describe("settings that the plan accepts", () => {
  const wanted = exhaustive ? 2_000 : 24;

  it(`pass the pack, ${wanted} of them at random`, async () => {
    // The same in every run but the nightly one, which looks for others.
    const drawn = fc.sample(randomSettings, { numRuns: 10 * wanted, ...(exhaustive ? {} : { seed: 17 }) });
    const accepted = drawn.map(without).filter(isAccepted).slice(0, wanted);
    expect(accepted).to.have.length(wanted);
    for (const raw of accepted) expect(await refusals(raw), JSON.stringify(raw)).to.deep.equal([]);
  });
});
