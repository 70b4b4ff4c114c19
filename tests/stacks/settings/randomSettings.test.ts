import { expect } from "chai";
import fc from "fast-check";
import { makePlan } from "../../../stacks/plan";
import { parseSettings, settingKeys, SettingsError } from "../../../stacks/settings";
import { commandsIn, fromFile } from "../../../stacks/settings/remedies";
import { exhaustive } from "../../exhaustive";
import { otherPublicKey, publicKey } from "../../signingKey";
import { type Raw, randomSettings, spoiltSettings, values } from "./randomSettings";

/** The operator's messages about settings, a line each; none when they are accepted. */
function complaints(raw: Raw): readonly string[] {
  try {
    makePlan(parseSettings(raw));
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split("\n");
    throw error;
  }
}

/** Content of the file that a command reads: the former key is another one. */
const keyFile = (key: string) => (key === "mediaFormerPublicKey" ? otherPublicKey : publicKey);

/** Settings after the commands of a message, typed one after the other. */
function mended(raw: Raw, message: string): Raw {
  const changed: Record<string, string | undefined> = { ...raw };
  for (const [key, text] of commandsIn(message))
    changed[key] = text === fromFile ? keyFile(key) : text?.replace("…", "1");
  return Object.fromEntries(Object.entries(changed).filter(([, text]) => text !== undefined)) as Raw;
}

describe("random settings", () => {
  // The same in every run but the nightly one, which looks for others.
  const drawn = <T>(arbitrary: fc.Arbitrary<T>, daily: number) =>
    fc.sample(arbitrary, exhaustive ? { numRuns: 20_000 } : { numRuns: daily, seed: 17 });
  const cases = drawn(randomSettings, 1_000);

  it("have values for every setting", () =>
    expect(Object.keys(values)).to.have.members(settingKeys.filter((key) => key !== "imageContext")));

  it("are accepted after all remedies of their message, none of which suggests what is in force", () => {
    let refused = 0;
    for (const raw of cases) {
      const told = complaints(raw);
      const shown = `${JSON.stringify(raw)}\n${told.join("\n")}`;
      if (told.length > 0) refused++;
      let before = raw;
      for (const line of told) {
        const after = mended(before, line);
        expect(after, `${shown}\nchanges nothing: ${line}`).to.not.deep.equal(before);
        before = after;
      }
      expect(complaints(before), shown).to.deep.equal([]);
      expect(new Set(told).size, shown).to.equal(told.length);
    }
    // Both kinds are there in number, so that neither is judged by a handful.
    expect(refused).to.be.within(cases.length / 4, (cases.length * 19) / 20);
  });

  it("with nonsense among them are accepted after the remedies of its message, and of the next if there is one", () => {
    let refused = 0;
    const spoilt = drawn(spoiltSettings, 250);
    for (const raw of spoilt) {
      const nonsense = complaints(raw);
      if (nonsense.length > 0) refused++;
      const readable = nonsense.reduce(mended, raw);
      // Settings are judged together once each of them can be read.
      const together = complaints(readable);
      expect(
        complaints(together.reduce(mended, readable)),
        JSON.stringify([raw, nonsense, together]),
      ).to.deep.equal([]);
    }
    expect(refused).to.be.greaterThan(spoilt.length / 2);
  });
});
