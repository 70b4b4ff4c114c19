import { record } from "../recording/recording";
import { mediaDistribution } from "../signingKey";
import { analyze } from "./analysis";
import { set } from "./mutations";
import { types } from "../../aws/types";
import { canonical } from "../../aws/types";

const everything = {
  ...Object.fromEntries(Object.entries(mediaDistribution).map(([key, value]) => [key, String(value)])),
  domain: "chat.example.com",
  backupCopyRegion: "us-west-2",
};
describe("x", function () {
  this.timeout(600_000);
  it("y", async () => {
    const { registrations } = await record("large", "preview", everything);
    const judged = new Set<string>(Object.values(types));
    const seen = new Set<string>();
    const t0 = Date.now();
    for (const r of registrations) {
      if (!judged.has(canonical(r.type))) continue;
      for (const property of Object.keys(r.wireInputs)) {
        const key = `${r.type.split("/")[0]}.${r.type.split(":").at(-1)}.${property}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const m = set({ type: r.type, name: r.name }, property, undefined)(registrations);
        const found = (await analyze(m, (each) => each.urn === r.urn)).filter(
          ({ level }) => level === "mandatory",
        );
        console.log(key, r.name, [...new Set(found.map((f) => f.policy))].join(","));
      }
    }
    console.log(Date.now() - t0);
  });
});
