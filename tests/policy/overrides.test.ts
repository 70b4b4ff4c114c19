import { expect } from "chai";
import { type SettingKey, settingKeys } from "../../stacks/settings";
import { record } from "../recording/recording";
import { overrides } from "../stacks/settings/overrides";
import { analyze } from "./analysis";

/** Settings that weaken a medium stack knowingly, with the rules that say so. */
const weakening: Readonly<Partial<Record<SettingKey, readonly string[]>>> = {
  databaseProxy: ["database-proxy-from-1000-rooms"],
  deletionProtection: ["database-survives-mistakes"],
  disposable: ["database-survives-mistakes", "media-survive-mistakes"],
  media: ["media-in-s3"],
  finalSnapshot: ["database-survives-mistakes"],
  scheduledScaling: ["scheduled-limits"],
  taskCpu: ["task-size"],
};

describe("what an operator sets", () => {
  // A build context has to be a checkout, which tests/endToEnd/image.test.ts has.
  for (const key of settingKeys.filter((each) => each !== "imageContext")) {
    const { text, with: others } = overrides[key];
    const rules = weakening[key] ?? [];
    it(`${key} = ${text}: ${rules.length > 0 ? `is refused by ${rules.join(" and ")}` : "is clean"}`, async () => {
      const { registrations } = await record("medium", "preview", { ...others, [key]: text });
      const mandatory = (await analyze(registrations)).filter(({ level }) => level === "mandatory");
      expect([...new Set(mandatory.map(({ policy }) => policy))].sort()).to.deep.equal(rules);
    });
  }
});
