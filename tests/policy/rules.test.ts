import { expect } from "chai";
import { policies, rules } from "../../policy/pack";
import { deferredBy } from "../../policy/results";
import { exhaustive, sample } from "../exhaustive";
import { label, record } from "../recording/recording";
import { types } from "../recording/types";
import { analyze } from "./analysis";
import { allowances, violations } from "./cases";
import type { Case, Violation } from "./cases/case";
import { all, set } from "./mutations";

type Mode = "preview" | "update";

/** What the pack refuses, and which resource it blames. */
async function refusals({ scale, config, mutation }: Case, mode: Mode) {
  const { registrations } = await record(scale, mode, config);
  const resources = mutation ? mutation(registrations) : registrations;
  const blamed = new Map(resources.map((each) => [each.urn, label(each)]));
  const found = (await analyze(resources)).map((each) => ({ ...each, blames: blamed.get(each.urn) }));
  return {
    mandatory: found.filter(({ level }) => level === "mandatory"),
    advisory: found.filter(({ level }) => level !== "mandatory"),
  };
}

const optional = new Set(rules.filter(({ about }) => about.level).map(({ name }) => name));

async function refuses(violation: Violation, mode: Mode): Promise<void> {
  const { mandatory } = await refusals(violation, mode);
  const named = new Set(mandatory.map(({ policy }) => policy));
  if (violation.deferred && mode === "preview") {
    expect(mandatory).to.deep.equal([]);
    // The rule itself waits, and for the resource that the update will blame.
    expect(deferredBy(violation.policy)).to.include(violation.blames?.split(" ")[1]);
    return;
  }
  expect([...named]).to.have.members([violation.policy, ...(violation.also ?? [])]);
  const matching = mandatory.filter(
    ({ policy, message, blames }) =>
      policy === violation.policy && violation.says.test(message) && blames === violation.blames,
  );
  expect(matching, JSON.stringify(mandatory, undefined, 1)).to.have.length(1);
  expect(matching[0]!.message).to.match(/ \(((G|GAP)-\d+(, )?)+\)\. Remedy: \S/);
  expect(matching[0]!.message).to.not.contain("\n");
}

describe("the policy pack", () => {
  for (const mode of ["preview", "update"] as const) {
    for (const size of ["small", "medium", "large"] as const) {
      it(`refuses nothing of the ${size} program, and advises only what is optional (${mode})`, async () => {
        const { mandatory, advisory } = await refusals({ what: "", scale: size }, mode);
        expect(mandatory).to.deep.equal([]);
        const others = advisory.filter(({ policy }) => !optional.has(policy));
        expect(others.map(({ policy }) => policy)).to.deep.equal(
          mode === "preview" ? ["deferred-to-update"] : [],
        );
      });
    }

    // An update's values are those of a preview, and more: in `make test` one mistake of each rule, and those that wait.
    const judged =
      mode === "preview"
        ? violations
        : [
            ...new Set([
              ...sample(violations, ({ policy }) => policy),
              ...violations.filter(({ deferred }) => deferred),
            ]),
          ];
    for (const violation of judged) {
      it(`${violation.policy} refuses ${violation.what} (${mode})`, () => refuses(violation, mode));
    }

    for (const allowance of mode === "preview" || exhaustive ? allowances : []) {
      it(`allows ${allowance.what} (${mode})`, async () => {
        expect((await refusals(allowance, mode)).mandatory).to.deep.equal([]);
      });
    }
  }

  it("is violated here by every one of its mandatory rules", () => {
    const violated = new Set(violations.map(({ policy }) => policy));
    const mandatory = rules.filter(({ about }) => !about.level).map(({ name }) => name);
    expect(mandatory.filter((name) => !violated.has(name))).to.be.empty;
    expect([...violated].filter((name) => !mandatory.includes(name))).to.be.empty;
  });

  it("misses flow logs only where there are none (GAP-13)", async () => {
    const advised = async (config: Case["config"]) =>
      (await refusals({ what: "", scale: "small", config }, "update")).advisory.map(({ policy }) => policy);
    expect(await advised({})).to.not.include("flow-logs");
    expect(await advised({ flowLogs: "none" })).to.include("flow-logs");
  });

  it("misses thrift only where a small stack has a NAT gateway for each zone (GAP-46)", async () => {
    const advised = async (config: Case["config"]) =>
      (await refusals({ what: "", scale: "small", config }, "preview")).advisory.map(({ policy }) => policy);
    expect(await advised({ egress: "nat" })).to.not.include("nat-gateways-for-scale");
    expect(await advised({ egress: "nat-per-zone" })).to.include("nat-gateways-for-scale");
    expect(await advised({ egress: "nat-per-zone", rooms: "1000" })).to.not.include("nat-gateways-for-scale");
  });

  it("misses a cheaper storage class only where media stay in the dearest (G-177)", async () => {
    const advised = async (mutation?: Case["mutation"]) =>
      (await refusals({ what: "", scale: "small", mutation }, "update")).advisory.map(({ policy }) => policy);
    const cleanUp = { id: "clean-up", status: "Enabled", abortIncompleteMultipartUpload: {} };
    expect(await advised()).to.not.include("media-get-cheaper");
    expect(await advised(set({ type: types.bucketLifecycle }, "rules", [cleanUp]))).to.include(
      "media-get-cheaper",
    );
  });

  it("misses a certificate in the public logs only where it is kept out of them (GAP-14)", async () => {
    const config = { domain: "chat.example.com" };
    const advised = async (mutation?: Case["mutation"]) =>
      (await refusals({ what: "", scale: "small", config, mutation }, "update")).advisory.map(
        ({ policy }) => policy,
      );
    const logged = (preference: string) =>
      set({ type: types.certificate }, "options", { certificateTransparencyLoggingPreference: preference });
    expect(await advised()).to.not.include("certificate-transparency");
    expect(await advised(logged("ENABLED"))).to.not.include("certificate-transparency");
    expect(await advised(logged("DISABLED"))).to.include("certificate-transparency");
  });

  it("misses a key only where the topic of the alarms has none (G-195)", async () => {
    const advised = async (mutation?: Case["mutation"]) =>
      (await refusals({ what: "", scale: "small", mutation }, "update")).advisory.map(({ policy }) => policy);
    expect(await advised()).to.not.include("topic-encrypted");
    expect(await advised(set({ type: types.topic }, "kmsMasterKeyId", undefined))).to.include(
      "topic-encrypted",
    );
  });

  it("advises no more tasks than were measured to be needed twice over (G-20)", async () => {
    const advised = async (config: Case["config"]) =>
      (await refusals({ what: "", scale: "small", config }, "update")).advisory.map(({ policy }) => policy);
    expect(await advised({ sizing: "measured" })).to.not.include("task-limit");
    expect(await advised({ maxTasks: "4" })).to.not.include("task-limit");
    expect(await advised({ maxTasks: "5" })).to.include("task-limit");
  });

  // Tests hand all policies the same resources, the engine each policy its own.
  it("finds the same where each policy is handed resources of its own", async () => {
    for (const mode of ["preview", "update"] as const) {
      const { registrations } = await record("large", mode);
      const broken = all(
        set({ type: types.database }, "backupRetentionPeriod", 0),
        set({ type: types.targetGroup }, "deregistrationDelay", 1),
        set({ type: types.proxy }, "requireTls", false),
        set({ type: types.cache }, "atRestEncryptionEnabled", undefined),
      )(registrations);
      const together = await analyze(broken);
      expect(together).to.deep.equal(await analyze(broken, () => true, policies, true));
      expect(together).to.have.length.above(3);
    }
  });

  it("names each rule once", () => {
    expect(new Set(policies.map(({ name }) => name)).size).to.equal(policies.length);
  });
});
