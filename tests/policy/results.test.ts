import { expect } from "chai";
import { rules } from "../../policy/pack";
import { deferredBy, outcomeOf } from "../../policy/results";
import type { Registration } from "../recording/monitor";
import { record } from "../recording/recording";
import { types } from "../recording/types";
import { unknownWire } from "../recording/wire";
import { analyze, cannotRun } from "./analysis";
import { add, all, set } from "./mutations";

/** How every rule came out. */
async function outcomes(resources: readonly Registration[]) {
  const said = (await analyze(resources)).map(({ message }) => message);
  const of = new Map(rules.map(({ name }) => [name, outcomeOf(name, "mandatory")]));
  return { of, said };
}

describe("a rule that finds nothing to judge", () => {
  it("does not claim to hold: of buckets only the rules about buckets say anything", async () => {
    const buckets = ["a", "b", "c", "d"].map((name) => add(types.bucket, name));
    const { of } = await outcomes(all(...buckets)([]));
    const judging = [...of].filter(([, outcome]) => outcome !== "notApplicable").map(([name]) => name);
    expect(judging.sort()).to.deep.equal(["buckets-private", "buckets-tls-only"]);
  });

  it("does not claim to hold where the scale does not ask for it", async () => {
    const { of } = await outcomes((await record("small", "update")).registrations);
    for (const name of ["database-proxy-from-1000-rooms", "read-replica-from-5000-rooms", "outbox-advised"]) {
      expect(of.get(name), name).to.equal("notApplicable");
    }
    expect(of.get("sticky-sessions")).to.equal("holds");
  });
});

describe("an alarm that a setting turns off", () => {
  it("has its reason there, and needs none in the pack's configuration", async () => {
    const reason = "another tool watches it";
    const alarms = JSON.stringify({ "database-cpu": { enabled: false, reason } });
    const found = await analyze((await record("small", "preview", { alarms })).registrations);
    expect(found.filter(({ level }) => level === "mandatory")).to.deep.equal([]);
    expect(outcomeOf("alarm-database-cpu", "mandatory")).to.equal("accepted");
    const told = found.filter(({ policy }) => policy === "alarm-database-cpu");
    expect(told.map(({ message }) => message.endsWith(`Accepted: ${reason}`))).to.deep.equal([true]);
  });
});

describe("a rule that cannot know yet", () => {
  it("waits for the plan where the rooms come from it, and is counted (G-6)", async () => {
    const { registrations } = await record("large", "preview");
    const { of, said } = await outcomes(
      set({ type: "pulumi:pulumi:Stack" }, "plan", unknownWire)(registrations),
    );
    expect(said.filter((message) => message.includes(cannotRun))).to.deep.equal([]);
    for (const { name, about } of rules.filter((rule) => "rooms" in (rule.about.settings ?? {}))) {
      expect(of.get(name), about.description).to.equal("deferred");
    }
  });

  it("waits for the address of the database, which a first preview does not know (G-6, G-113)", async () => {
    await analyze((await record("large", "preview")).registrations);
    expect(deferredBy("database-proxy-from-1000-rooms")).to.include("chatpop-backend");
    expect(deferredBy("tasks-read-from-replica")).to.deep.equal(["chatpop-backend"]);
  });

  it("waits for no argument that was not given: a group's rules of its own (G-52)", async () => {
    await analyze((await record("large", "preview")).registrations);
    expect(deferredBy("internet-ingress")).to.deep.equal([]);
    expect(deferredBy("data-from-tasks-only")).to.deep.equal([]);
  });
});
