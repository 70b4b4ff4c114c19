import { createRequire } from "node:module";
import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { decodeOnce } from "../../policy/engine";
import { record } from "../recording/recording";
import { analyze } from "./analysis";

const sdk = createRequire(__filename)("@pulumi/policy/deserialize") as { deserializeProperties: unknown };

describe("what the engine hands to the pack", () => {
  const decode = sdk.deserializeProperties;
  const toJavaScript = Struct.prototype.toJavaScript;
  let decoded: Struct[] = [];
  before(() => {
    decodeOnce();
    Struct.prototype.toJavaScript = function (this: Struct) {
      decoded.push(this);
      return toJavaScript.call(this);
    };
  });
  after(() => {
    sdk.deserializeProperties = decode;
    Struct.prototype.toJavaScript = toJavaScript;
  });

  /** A policy that notes the network of each resource, when it is registered and at the end. */
  const reader = (name: string, seen: unknown[]): ResourceValidationPolicy & StackValidationPolicy => ({
    name,
    description: "Reads each resource",
    enforcementLevel: "mandatory",
    validateResource: ({ props }) => void seen.push(props["cidrBlock"]),
    validateStack: ({ resources }) => void seen.push(...resources.map(({ props }) => props["cidrBlock"])),
  });

  it("is decoded once, however many rules read it, and all read the same", async () => {
    const { registrations } = await record("small", "update");
    const seen: unknown[][] = [[], [], []];
    const policies: Policies = seen.map((each, index) => reader(`reader-${index}`, each));
    decoded = [];
    await analyze(registrations, () => true, policies, true);
    expect(seen[0]).to.include("10.0.0.0/16");
    expect(seen[1]).to.deep.equal(seen[0]);
    expect(seen[2]).to.deep.equal(seen[0]);
    expect(decoded.length).to.be.at.least(registrations.length);
    expect(new Set(decoded)).to.have.lengthOf(decoded.length);
  });
});
