import { expect } from "chai";
import fc from "fast-check";
import { parsed } from "../../policy/values";
import { exhaustive } from "../exhaustive";
import type { Registration } from "../recording/monitor";
import { type Path, pathsIn, replaceAt, valueAt } from "../recording/paths";
import { record } from "../recording/recording";
import { types } from "../recording/types";
import type { Wire } from "../recording/wire";
import { mediaDistribution } from "../signingKey";
import { analyze } from "./analysis";
import { all, container, set } from "./mutations";

/** Values that no rule expects, but JSON can hold. */
const odd = fc.oneof(
  ...[fc.constant(null), fc.integer(), fc.boolean(), fc.string(), fc.constant(""), fc.constant("[")],
  ...[fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Wire>, fc.json({ maxDepth: 3 })],
) as fc.Arbitrary<Wire>;

/** What stands in a JSON document; undefined for any other value. */
const documentIn = (value: Wire | undefined): Wire | undefined =>
  typeof value === "string" && /^\s*[[{]/.test(value) ? (parsed(value) as Wire | undefined) : undefined;

/** Gives one value of a resource another shape, also within a JSON document that is one of its values. */
function misshapen(resource: Registration, pick: number, value: Wire): Registration {
  const at = (wire: Wire, choice: number, paths: readonly Path[] = [...pathsIn(wire)]): Wire => {
    const path = paths[choice % paths.length];
    if (!path) return value;
    const document = documentIn(valueAt(wire, path));
    const next =
      document === undefined ? value : JSON.stringify(at(document, Math.floor(choice / paths.length)));
    return replaceAt(wire, path, next);
  };
  const wireOutputs = at(resource.wireOutputs, pick) as Registration["wireOutputs"];
  return { ...resource, wireInputs: wireOutputs, wireOutputs };
}

const everything = {
  ...Object.fromEntries(Object.entries(mediaDistribution).map(([key, value]) => [key, String(value)])),
  domain: "chat.example.com",
  backupCopyRegion: "us-west-2",
};

describe("values of another shape than rules expect", () => {
  it("end no rule, wherever they are, also within JSON documents", async () => {
    const { registrations } = await record("large", "update", everything);
    const judged = registrations.filter(({ type }) => type.startsWith("aws:"));
    const mistake = fc.record({ pick: fc.nat(), value: odd });
    await fc.assert(
      fc.asyncProperty(
        fc.array(mistake, { minLength: judged.length, maxLength: judged.length }),
        async (mistakes) => {
          const others = registrations.filter((each) => !judged.includes(each));
          const changed = judged.map((each, index) =>
            misshapen(each, mistakes[index]!.pick, mistakes[index]!.value),
          );
          await analyze([...others, ...changed]);
        },
      ),
      // The same values in every run but the nightly one, so that a change is judged by what it changes.
      { numRuns: exhaustive ? 500 : 25, seed: exhaustive ? undefined : 20, endOnFailure: true },
    );
  });

  for (const [what, mutation] of [
    ["a variable without a value", container({ environment: [{ name: "SENTRY_DSN" }] })],
    ["a container that lacks everything", container({ name: null, image: null, environment: null })],
    [
      "a build that reports in another form",
      all(...["chatpop-build-indexes-await-3"].map((name) => set({ name }, "result", "done"))),
    ],
    [
      "an object that names a function",
      set({ type: types.loadBalancer }, "xffHeaderProcessingMode", { toString: 1 }),
    ],
    ["a list that holds one", set({ type: types.logGroup }, "name", [{ valueOf: [] }])],
    ["a role's policy that is no JSON", set({ type: types.role }, "assumeRolePolicy", "none")],
  ] as const) {
    it(`are ordinary: ${what}`, async () => {
      const { registrations } = await record("small", "update");
      const found = await analyze(mutation(registrations));
      expect(found.filter(({ message }) => message.includes("SENTRY"))).to.deep.equal([]);
    });
  }
});
