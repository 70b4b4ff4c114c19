import { expect } from "chai";
import { makePlan } from "../../../stacks/plan";
import { parseSettings, settingKeys } from "../../../stacks/settings";
import { overrides } from "./overrides";

/** Paths of everything that differs. */
function differences(before: unknown, after: unknown, path: readonly string[] = []): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isRecord = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isRecord(before) || !isRecord(after)) return [path.join(".")];
  const [left, right] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => differences(left[key], right[key], [...path, key]));
}

describe("one setting changes only what depends on it", () => {
  const planned = (raw: object) => makePlan(parseSettings({ scale: "medium", ...raw }));
  for (const key of settingKeys) {
    const { text, changes, with: others } = overrides[key];
    it(`${key} = ${text}`, () => {
      expect(differences(planned({}), planned({ ...others, [key]: text }))).to.have.members([...changes]);
    });
  }
});
