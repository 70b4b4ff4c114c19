import { expect } from "chai";
import fc from "fast-check";
import { rules } from "../../policy/pack";
import { makePlan } from "../../stacks/plan";
import { parseSettings, type SettingKey, SettingsError } from "../../stacks/settings";
import { exhaustive } from "../exhaustive";
import { run } from "../recording/program";
import { type Raw, randomSettings } from "../stacks/settings/randomSettings";
import { analyze, type Diagnostic } from "./analysis";

const keysOf = new Map<string, readonly SettingKey[]>(
  rules.map(({ name, about }) => [name, (about.mends ?? []).map(({ key }) => key)]),
);

function isAccepted(raw: Raw): boolean {
  try {
    makePlan(parseSettings(raw));
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

/** What the pack's mandatory rules say of the program with settings. */
async function refusals(raw: Raw): Promise<readonly Diagnostic[]> {
  const { registrations, error } = await run({ config: raw as Record<string, string>, preview: true });
  if (error) throw error;
  return (await analyze(registrations)).filter(({ level }) => level === "mandatory");
}

/** Settings by which an operator weakens the stack knowingly, of those that a finding's remedy names. */
const blamed = (raw: Raw, { policy }: Diagnostic) => (keysOf.get(policy) ?? []).filter((key) => key in raw);

const without = (raw: Raw, keys: readonly SettingKey[]): Raw =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => !keys.includes(key as SettingKey)));

/** Kinds of findings whose remedy was followed already. */
const followed = new Set<string>();

/** Follows the remedies of all findings: what they name is left to the plan again, which is refused nothing. */
async function follow(raw: Raw, found: readonly Diagnostic[]): Promise<void> {
  const kinds = found.map((each) => `${each.policy} ${blamed(raw, each).join()}`);
  if (kinds.every((kind) => followed.has(kind))) return;
  const mended = without(
    raw,
    found.flatMap((each) => blamed(raw, each)),
  );
  if (!isAccepted(mended)) return;
  for (const kind of kinds) followed.add(kind);
  expect(
    await refusals(mended),
    `${JSON.stringify(raw)} without what ${kinds.join("; ")} name`,
  ).to.deep.equal([]);
}

/** A day of its own in the nightly run, the same in all others; `CHATPOP_SEED` repeats one. */
const today = Math.floor(Date.now() / 86_400_000);
const first = Number(process.env["CHATPOP_SEED"] ?? (exhaustive ? 1_000 * today : 17));
const [shards, each] = exhaustive ? [20, 100] : [1, 16];

describe("settings that the plan accepts", () => {
  for (let seed = first; seed < first + shards; seed++) {
    it(`are refused only for what they set themselves, and the remedy mends it: ${each} at random, seed ${seed}`, async () => {
      const drawn = fc.sample(randomSettings, { numRuns: 20 * each, seed });
      const accepted = drawn.filter(isAccepted).slice(0, each);
      expect(accepted).to.have.length(each);
      const unasked: string[] = [];
      for (const raw of accepted) {
        const found = await refusals(raw);
        const unexplained = found.filter((one) => blamed(raw, one).length === 0);
        unasked.push(
          ...unexplained.map(({ policy, message }) => `${policy}: ${message} ${JSON.stringify(raw)}`),
        );
        if (unexplained.length === 0 && found.length > 0) await follow(raw, found);
      }
      expect(unasked).to.deep.equal([]);
    });
  }
});
